"""Simulations for people: a definition by its file, its folder, or its key in the library or among those published, with its assumptions."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from definitions.calendars.reader import load_calendar
from definitions.loader import LIBRARY, load
from definitions.trials.assumptions import Assumptions, assumptions_beside, read_assumptions
from engine import Process
from engine.simulation.figures import Figures, Replicate
from engine.simulation.run import replicate, simulate
from huying.errors import NotFound
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class Subject:
    """What is simulated: its name as given, the process, and what is assumed of it."""

    name: str
    process: Process
    assumptions: Assumptions


def subject(name: str, assumptions: str | None, house: Callable[[], House]) -> Subject:
    """The definition that a name means; ``house`` is asked for only when it is a published one.

    ``Unreadable``, ``Unsound`` or ``OSError`` for a file that is wrong, ``NotFound`` for a name that nothing has.
    """
    path = _file(name)
    if path is not None:
        definition = load(path.read_bytes(), str(path))
        process, beside = Process(definition, load_calendar(definition.calendar)), assumptions_beside(path)
    else:
        process, beside = _published(name, house()), LIBRARY / name / "simulation.yaml"
    chosen = Path(assumptions) if assumptions else beside
    if assumptions or chosen.is_file():
        return Subject(name, process, read_assumptions(chosen.read_bytes(), str(chosen), process.definition))
    return Subject(name, process, Assumptions())


def run(subject: Subject, issues: int, seed: int, progress: Callable[[int], None] = lambda opened: None) -> Figures:
    """Simulate it."""
    return simulate(subject.process, subject.assumptions, issues, seed, progress)


#: Seeds of replicates lie so far apart that those of neighbouring seeds are not the same.
_APART = 1_000_003


def run_replicates(
    subject: Subject, issues: int, seed: int, replicates: int, progress: Callable[[int], None] = lambda opened: None
) -> Figures:
    """Simulate it in several runs of a share of the issues each, side by side in processes.

    Each begins with an empty office and a seed of its own. The figures depend on the seed and the number of runs, not on how many processors there
    are. Not to be called where threads run: the processes are forked.
    """
    shares = [issues // replicates + (number < issues % replicates) for number in range(replicates)]
    most = min(replicates, os.cpu_count() or 1)
    work = partial(replicate, subject.process, subject.assumptions)
    with ProcessPoolExecutor(most, get_context("fork"), initializer=_begin_with, initargs=(work,)) as pool:
        found = []
        for one in pool.map(_replicate, shares, (seed + _APART * number for number in range(replicates))):
            found.append(one)
            progress(sum(shares[: len(found)]))
    return Figures.of(found, subject.process.calendar)


class _Here:
    """What a forked process runs: it is inherited, for a process cannot be sent."""

    work: Callable[[int, int], Replicate]


def _begin_with(work: Callable[[int, int], Replicate]) -> None:
    _Here.work = staticmethod(work)


def _replicate(issues: int, seed: int) -> Replicate:
    return _Here.work(issues, seed)


def _file(name: str) -> Path | None:
    for path in (Path(name), Path(name) / "definition.yaml", LIBRARY / name / "definition.yaml"):
        if path.is_file():
            return path
    return None


def _published(name: str, house: House) -> Process:
    """``KEY`` in force, or ``KEY@3``."""
    key, _, number = name.partition("@")
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound(f"“{name}”：版本应为数字，如 {key}@2。", f"“{name}”: a version is a number, as in {key}@2.")
    try:
        found = house.processes.version(key, int(number)) if number else house.processes.newest(key)
        return house.processes.process(found.id)
    except NotFound:
        raise NotFound(
            f"没有名为“{name}”的流程文件、流程库条目或已发布流程。",
            f"“{name}” is no file, no process of the library, and none that was published.",
        ) from None

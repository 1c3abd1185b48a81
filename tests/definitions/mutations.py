"""Mutations of the shipped definitions: something is deleted, swapped or led elsewhere; whether that breaks anything is found by running it.

A mutant is *harmful* when it cannot be read, or when issues that are run through it by the kernel end in an error or get stuck, which the original's
do not. Whether the checks *find* it is asked separately.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from definitions.calendars.reader import load_calendar
from definitions.loader import LIBRARY, examine, examine_body, library, restore
from definitions.model.definition import Definition
from definitions.model.step import STAGES
from definitions.trials.assumptions import Assumptions, assumptions_beside, read_assumptions
from engine import Process
from engine.simulation.run import simulate

ISSUES, SEED = 25, 1


@dataclass(frozen=True)
class Mutant:
    """A composed body with one thing other than in the library."""

    name: str
    what: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, and why it is harmful."""

    what: str
    harmful: bool
    why: str
    found: bool


def _body(path: Path) -> dict[str, Any]:
    body = examine(path.read_bytes(), path.name).body
    assert isinstance(body, dict)
    return body


@cache
def _bodies() -> dict[str, dict[str, Any]]:
    return {path.parent.name: _body(path) for path in library()}


def mutants(chance: random.Random, count: int) -> Iterator[Mutant]:
    """So many mutants of any definitions, each by one mutation."""
    names = sorted(_bodies())
    made = 0
    while made < count:
        name = chance.choice(names)
        body = deepcopy(_bodies()[name])
        what = chance.choice(MUTATIONS)(body, chance)
        if what is not None:
            made += 1
            yield Mutant(name, f"{name}: {what}", body)


def judge(mutant: Mutant) -> Verdict:
    """Run a mutant, and ask the checks about it."""
    why = _breaks(mutant)
    found = bool(examine_body(mutant.body, mutant.name).findings)
    return Verdict(mutant.what, why is not None, why or "", found)


def _breaks(mutant: Mutant) -> str | None:
    try:
        definition = restore(mutant.body)
    except Exception as error:  # no more can be said of it than that
        return f"cannot be read: {type(error).__name__}"
    try:
        stuck = _lives(mutant.name, definition)
    except Exception as error:  # whatever it is, a definition in force would end in it
        return f"fails: {type(error).__name__} {error}"
    # those that merely had not ended when the simulation did are counted too: a simulation goes on until nothing is left to happen
    more = {step: count for step, count in stuck.items() if step not in _usual(mutant.name)}
    return f"stuck at {', '.join(sorted(more))}" if more else None


@cache
def _usual(name: str) -> frozenset[str]:
    """Where the original's issues are when the simulation ends."""
    return frozenset(_lives(name, restore(_bodies()[name])))


def _lives(name: str, definition: Definition) -> dict[str, int]:
    beside = assumptions_beside(LIBRARY / name / "definition.yaml")
    assumed = Assumptions()
    if beside.is_file():
        original = restore(_bodies()[name])
        assumed = read_assumptions(beside.read_bytes(), "simulation.yaml", original)
    process = Process(definition, load_calendar(definition.calendar))
    return dict(simulate(process, assumed, ISSUES, SEED).stuck)


def _steps(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(stage, key) for stage in STAGES for key in body.get(stage) or {}]


def _ways(part: Any) -> Iterator[dict[str, Any]]:
    """Every mapping with a ``to`` in a step."""
    if isinstance(part, dict):
        if isinstance(part.get("to"), str):
            yield part
        for one in part.values():
            yield from _ways(one)
    elif isinstance(part, list):
        for one in part:
            yield from _ways(one)


def _delete_step(body: dict[str, Any], chance: random.Random) -> str:
    stage, key = chance.choice(_steps(body))
    del body[stage][key]
    return f"without step {key}"


def _delete_in_step(name: str) -> Any:
    def delete(body: dict[str, Any], chance: random.Random) -> str | None:
        several = [(stage, key) for stage, key in _steps(body) if name in body[stage][key]]
        if not several:
            return None
        stage, key = chance.choice(several)
        del body[stage][key][name]
        return f"{key} without {name}"

    return delete


def _delete_action(body: dict[str, Any], chance: random.Random) -> str | None:
    several = [(stage, key) for stage, key in _steps(body) if body[stage][key].get("actions")]
    stage, key = chance.choice(several)
    action = chance.choice(sorted(body[stage][key]["actions"]))
    del body[stage][key]["actions"][action]
    return f"{key} without action {action}"


def _delete_of(part: str) -> Any:
    def delete(body: dict[str, Any], chance: random.Random) -> str | None:
        if not body.get(part):
            return None
        key = chance.choice(sorted(body[part]))
        del body[part][key]
        return f"without {part} {key}"

    return delete


def _delete_target(body: dict[str, Any], chance: random.Random) -> str | None:
    stage, key = chance.choice(_steps(body))
    ways = list(_ways(body[stage][key]))
    if not ways:
        return None
    way = chance.choice(ways)
    return f"{key}: a way without to {way.pop('to')}"


def _lead_elsewhere(body: dict[str, Any], chance: random.Random) -> str | None:
    stage, key = chance.choice(_steps(body))
    ways = list(_ways(body[stage][key]))
    if not ways:
        return None
    way, other = chance.choice(ways), chance.choice(_steps(body))[1]
    before, way["to"] = way["to"], other
    return f"{key}: to {other} instead of {before}"


def _swap_targets(body: dict[str, Any], chance: random.Random) -> str | None:
    stage, key = chance.choice(_steps(body))
    ways = list(_ways(body[stage][key]))
    if len(ways) < 2:
        return None
    one, other = chance.sample(ways, 2)
    one["to"], other["to"] = other["to"], one["to"]
    return f"{key}: {one['to']} and {other['to']} swapped"


def _mappings(part: Any) -> Iterator[dict[str, Any]]:
    """Every mapping at any depth that has something in it."""
    if isinstance(part, dict):
        if part:
            yield part
        for one in part.values():
            yield from _mappings(one)
    elif isinstance(part, list):
        for one in part:
            yield from _mappings(one)


def _delete_anywhere(body: dict[str, Any], chance: random.Random) -> str:
    """Any key at any depth: the words of the language that come later are among them."""
    part = chance.choice([*_mappings(body)])
    key = chance.choice([*part])
    del part[key]
    return f"without {key}, one of {', '.join(map(str, part)) or 'nothing else'}"


def _names(body: dict[str, Any], kind: str) -> list[str]:
    return [key for _, key in _steps(body)] if kind == "step" else sorted(body.get(kind) or ())


def _places(part: Any, names: list[str]) -> Iterator[tuple[Any, Any]]:
    """Where one of these names stands as a value: the mapping or list, and the key or index."""
    if isinstance(part, dict | list):
        for key, one in part.items() if isinstance(part, dict) else enumerate(part):
            if isinstance(one, str) and one in names:
                yield part, key
            yield from _places(one, names)


def _name_another(kind: str) -> Any:
    def name(body: dict[str, Any], chance: random.Random) -> str | None:
        names = _names(body, kind)
        places = [*_places(body, names)]
        if not places or len(names) < 2:
            return None
        part, key = chance.choice(places)
        before, part[key] = part[key], chance.choice(names)
        return f"{kind} {part[key]} instead of {before} at {key}"

    return name


def _move_a_part(body: dict[str, Any], chance: random.Random) -> str | None:
    """What stands under a key in one step stands there in another, too."""
    stage, key = chance.choice(_steps(body))
    other_stage, other = chance.choice(_steps(body))
    said = [name for name in body[stage][key] if name in body[other_stage][other]]
    if not said or other == key:
        return None
    name = chance.choice(said)
    body[other_stage][other][name] = deepcopy(body[stage][key][name])
    return f"{other} with {name} of {key}"


MUTATIONS = (
    _delete_step,
    _delete_in_step("within"),
    _delete_in_step("overdue"),
    _delete_in_step("to"),
    _delete_in_step("actions"),
    _delete_action,
    _delete_of("roles"),
    _delete_of("fields"),
    _delete_of("resolutions"),
    _delete_target,
    _delete_target,
    _lead_elsewhere,
    _lead_elsewhere,
    _swap_targets,
    _delete_anywhere,
    _delete_anywhere,
    _delete_anywhere,
    _name_another("step"),
    _name_another("roles"),
    _name_another("fields"),
    _name_another("resolutions"),
    _move_a_part,
)

"""The commands ``simulate`` and ``replay``: how long issues would take, where they would wait, and what share would be late, beside another version;
and which issues of the past would have gone elsewhere.

``--format json`` prints one object, or with ``--against`` a list of two: ``{definition, name, seed, issues, closed, events, days_median, days_p90,
overdue, steps, roles, resolutions, stuck}``. ``replay`` prints ``{definition, issues, same, late: {before, now}, courses, stranded}``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from definitions.finding import Unreadable
from definitions.loader import Unsound
from huying.cli.command import FINDINGS, add, number, opened, said, speaks
from huying.logs import xes
from huying.logs.history import traces
from huying.processes.findings import CheckReport
from huying.settings import read
from huying.trials import replay
from huying.trials.experience import entered, learn
from huying.trials.picture import picture
from huying.trials.replay import replay_all
from huying.trials.report import lines, plain
from huying.trials.simulation import Subject, run, subject

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the commands."""
    one = add(commands, "simulate", _simulate, "推演一个流程。 Simulate a definition.")
    one.add_argument("name", metavar="NAME", help="流程文件、流程库名或已发布的名。 A file, or a key (KEY@2).")
    one.add_argument("--issues", type=number, default=1000, metavar="N", help="多少件。 How many.")
    one.add_argument("--seed", type=number, default=1, metavar="S", help="随机种子。 The same seed, the same result.")
    one.add_argument("--against", metavar="NAME", help="同时推演另一版，作比较。 Another version beside it.")
    one.add_argument("--assumptions", metavar="FILE", help="假设文件（YAML）。 What is assumed.")
    one.add_argument(
        "--learn",
        nargs="?",
        const="",
        metavar="LOG.xes",
        help="从本单位的办理历史或事件日志得出假设。 Learn what is assumed from the history, or from an event log.",
    )
    one.add_argument("--svg", metavar="FILE", help="把图画到文件。 Draw a picture into a file.")
    one.add_argument("--format", choices=("text", "json"), default="text")
    speaks(one)
    _add_replay(commands)


def _add_replay(commands: Commands) -> None:
    one = add(commands, "replay", _replay, "用新版重放办理历史。 Decide the history again by another version.")
    one.add_argument("name", metavar="NAME", help="新版的文件，或 KEY@2。 The other version: a file, or KEY@2.")
    one.add_argument("--issues", type=number, default=10_000, metavar="N", help="最近多少件。 The latest so many.")
    one.add_argument("--format", choices=("text", "json"), default="text")
    speaks(one)


def _replay(options: argparse.Namespace) -> int:
    house = opened(read())
    options.assumptions, options.learn = None, None
    try:
        process = _subject(options, options.name).process
    except (Unreadable, Unsound) as error:
        print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
        return FINDINGS
    found = replay_all(house, process, options.issues)
    if options.format == "json":
        print(orjson.dumps(replay.plain(found, process.definition)).decode())
    else:
        print("\n".join(replay.lines(found, process.definition)))
    return 0


def _simulate(options: argparse.Namespace) -> int:
    if not options.issues:
        print("--issues：至少 1 件。 At least 1.", file=sys.stderr)
        return 2
    try:
        several = [_subject(options, name) for name in (options.name, options.against) if name]
    except (Unreadable, Unsound) as error:
        print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
        return FINDINGS
    except xes.NotXes as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"文件打不开。 The file cannot be read: {error}", file=sys.stderr)
        return 2
    ran = [(one, run(one, options.issues, options.seed, _progress(options.issues))) for one in several]
    if options.svg:
        Path(options.svg).write_text(picture(ran), encoding="utf-8")
    if options.format == "json":
        data = [plain(one, options.seed) for one in ran]
        print(orjson.dumps(data if options.against else data[0]).decode())
    else:
        print("\n".join(lines(ran, options.seed)))
    return 0


def _subject(options: argparse.Namespace, name: str) -> Subject:
    found = subject(name, options.assumptions, lambda: opened(read()))
    if options.learn is None:
        return found
    process = found.process
    if options.learn:
        with Path(options.learn).open("rb") as log:
            return Subject(name, process, learn(xes.read(log), process.definition, process.calendar))
    house = opened(read())
    assumed = learn(traces(house, process.definition.id), process.definition, process.calendar)
    return Subject(name, process, assumed.model_copy(update={"values": entered(house, process.definition)}))


def _progress(issues: int) -> Callable[[int], None]:
    """Says how far it is, where somebody looks on."""
    begun = time.monotonic()

    def tell(opened_so_far: int) -> None:
        left = (time.monotonic() - begun) * (issues - opened_so_far) / opened_so_far
        end = "\n" if opened_so_far >= issues else ""
        print(f"\r{opened_so_far:,} / {issues:,}（还需 left {left:.0f} s） ", end=end, file=sys.stderr, flush=True)

    return tell if sys.stderr.isatty() else lambda opened_so_far: None

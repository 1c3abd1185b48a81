"""The commands ``migrate`` and ``migrations``: running issues go on by another version of their definition, under a plan that is checked first.

``migrate KEY`` without ``--begin`` changes nothing: it prints the plan that it proposes, and what would become of every open issue. ``--format
json`` prints a list of ``{leaving, entering, plan, questions, asked, moves, mapping, blocked, reasons}``. It answers 0 when every issue can move
(or has moved), 1 when some cannot.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from definitions.finding import Unreadable
from definitions.versions.migration import MigrationFile, read_migration
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, add, at_most, number, opened, said, speaks
from huying.house.house import House
from huying.migrations.batches import Tally, begin, carry_on, found, is_waiting, revert, survey, tally, try_again
from huying.migrations.plans import Prepared, definition_of, plain, prepare
from huying.migrations.records import list_migrations, versions_in_use
from huying.migrations.words import plan_lines, tally_line, tally_lines
from huying.processes.findings import CheckReport
from huying.settings import read

if TYPE_CHECKING:
    from huying.cli.command import Commands

#: So long (seconds) issues that are just moving are waited for, before the dispatcher is left to do the rest.
_PATIENCE = 30.0


def add_to(commands: Commands) -> None:
    """Add the commands."""
    one = add(commands, "migrate", _migrate, "把在办事项转到新版流程。 Let running issues go on by another version.")
    one.add_argument("key", help="流程名。 The definition's key.")
    one.add_argument(
        "--from",
        dest="leaving",
        type=number,
        metavar="N",
        help="原版，默认所有旧版。 The old version; all, if not said.",
    )
    one.add_argument(
        "--to",
        dest="entering",
        type=number,
        metavar="N",
        help="新版，默认现行版。 The new version; the one in force, if not said.",
    )
    one.add_argument(
        "--plan",
        metavar="FILE",
        help="计划文件（YAML），补充自动提出的计划。 A plan; what it does not say is proposed.",
    )
    one.add_argument("--begin", action="store_true", help="开始转；不写则只看。 Do it; otherwise nothing is changed.")
    one.add_argument("--reason", default="", type=at_most(500), help="理由，写入办理记录。 Why: kept in each history.")
    one.add_argument("--by", default="命令行 command line", type=at_most(100), help="经办人。 Who asks for it.")
    one.add_argument("--format", choices=("text", "json"), default="text")
    speaks(one)
    several = add(
        commands, "migrations", _migrations, "列出、续办、撤回转版。 List migrations, carry them on, take one back."
    )
    several.add_argument(
        "--resume", type=number, metavar="ID", help="把没转成的再转一次。 Try again what could not move."
    )
    several.add_argument("--revert", type=number, metavar="ID", help="转回原版。 Let its issues go back.")
    several.add_argument("--reason", default="", type=at_most(500), help="理由。 Why.")
    several.add_argument("--by", default="命令行 command line", type=at_most(100), help="经办人。 Who asks for it.")


def _migrate(options: argparse.Namespace) -> int:
    house = opened(read())
    entering = options.entering or house.processes.in_force(options.key, datetime.now(UTC)).version
    house.processes.version(options.key, entering)
    leaving = [options.leaving] if options.leaving else versions_in_use(house, options.key, but=entering)
    if not leaving:
        print("没有要转的事项。 There is nothing to migrate." if options.format == "text" else "[]")
        return SOUND
    try:
        prepared = [_prepared(house, options, version, entering) for version in leaving]
    except Unreadable as error:
        print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
        return UNREADABLE
    except OSError as error:
        print(f"计划文件打不开。 The plan cannot be opened: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    if options.begin:
        if not options.reason.strip():
            print("请用 --reason 写明理由。 Please give a reason with --reason.", file=sys.stderr)
            return UNREADABLE
        return max(_begin(house, options, one) for one in prepared)
    return _looked_at(house, options, prepared)


def _prepared(house: House, options: argparse.Namespace, leaving: int, entering: int) -> Prepared:
    file: MigrationFile | None = None
    if options.plan:
        bare = prepare(house, options.key, leaving, entering)
        source, name = Path(options.plan).read_bytes(), options.plan
        file = read_migration(source, name, definition_of(house, bare.leaving), definition_of(house, bare.entering))
    return prepare(house, options.key, leaving, entering, file)


def _looked_at(house: House, options: argparse.Namespace, prepared: list[Prepared]) -> int:
    told: list[dict[str, Any]] = []
    code = SOUND
    for one in prepared:
        found_out = Tally(0)
        for found_out in survey(house, one, datetime.now(UTC)):
            _progress(f"已看 {found_out.moves + found_out.mapping + found_out.blocked} / {found_out.asked}")
        code = max(code, FINDINGS if found_out.moves < found_out.asked else SOUND)
        told.append(_as_json(one, found_out))
        if options.format == "text":
            print("\n".join([*plan_lines(house, one), *tally_lines(house, found_out, would=True), ""]))
    if options.format == "json":
        print(orjson.dumps(told).decode())
    return code


def _as_json(one: Prepared, counted: Tally) -> dict[str, Any]:
    return {
        "leaving": one.leaving.version,
        "entering": one.entering.version,
        "plan": plain(one.plan),
        "questions": [{"kind": q.kind, "name": q.name, "nearest": q.nearest} for q in one.questions],
        "asked": counted.asked,
        "moves": counted.moves,
        "mapping": counted.mapping,
        "blocked": counted.blocked,
        "reasons": [
            {"kind": why.kind, "about": why.about, "zh": why.zh, "en": why.en, "issues": many}
            for why, many in counted.reasons
        ],
    }


def _begin(house: House, options: argparse.Namespace, prepared: Prepared) -> int:
    now = datetime.now(UTC)
    migration = begin(house, prepared, reason=options.reason, by=options.by, now=now)
    print(
        f"第 {migration} 号转版 migration {migration}: {options.key} v{prepared.leaving.version} → v{prepared.entering.version}"
    )
    return _carried_on(house, migration)


def _carried_on(house: House, migration: int) -> int:
    """Carry a migration on until every issue has moved or stays; what is just moving is waited for a little."""
    ends = time.monotonic() + _PATIENCE
    while found(house, migration).status == "running":
        if carry_on(house, datetime.now(UTC), 100, migration):
            ends = time.monotonic() + _PATIENCE
            _progress(tally_line(tally(house, migration)))
        elif time.monotonic() > ends:
            break
        else:
            time.sleep(0.2)
    done = tally(house, migration)
    print("\n".join(tally_lines(house, done, would=False)))
    if done.waiting:
        print("其余由派发程序继续办理。 The dispatcher carries on with the rest.")
    return SOUND if done.moves + done.gone == done.asked else FINDINGS


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{words}", end="", file=sys.stderr, flush=True)


def _migrations(options: argparse.Namespace) -> int:
    house = opened(read())
    now = datetime.now(UTC)
    if options.revert:
        if not options.reason.strip():
            print("请用 --reason 写明理由。 Please give a reason with --reason.", file=sys.stderr)
            return UNREADABLE
        return _carried_on(house, revert(house, options.revert, reason=options.reason, by=options.by, now=now))
    if options.resume:
        found(house, options.resume)
        try_again(house, options.resume, now)
        return _carried_on(house, options.resume)
    for one in list_migrations(house):
        counted = tally(house, one.id)
        print(
            f"{one.id}  {one.key} v{one.leaving} → v{one.entering}  {one.asked_at:%Y-%m-%d %H:%M}Z  {one.asked_by}  {one.reason}"
        )
        print(f"    {tally_line(counted)}")
    return FINDINGS if is_waiting(house, now) else SOUND

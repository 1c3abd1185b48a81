"""Migrations as they are looked at beforehand, begun and carried on, said while they go."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from huying.cli.command import FINDINGS, SOUND
from huying.cli.output import show_json
from huying.database.connections import Writing
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.migrations.batches import Tally, carry_on, found, note_begin, survey, tally
from huying.migrations.plans import Prepared, plain
from huying.migrations.words import plan_lines, tally_line, tally_lines

if TYPE_CHECKING:
    from argparse import Namespace

#: So long (seconds) issues that are just moving are waited for, before the dispatcher is left to do the rest.
_PATIENCE = 30.0


def looked_at(house: House, options: Namespace, prepared: list[Prepared]) -> int:
    """Say what would become of every open issue; the exit code."""
    told: list[dict[str, Any]] = []
    code = SOUND
    for one in prepared:
        found_out = Tally(0)
        for found_out in survey(house, one, datetime.now(UTC)):
            _progress(f"已看 {found_out.moves + found_out.mapping + found_out.blocked} / {found_out.asked}")
        code = max(code, FINDINGS if found_out.moves < found_out.asked else SOUND)
        told.append(_row(one, found_out))
        if options.format == "text":
            print("\n".join([*plan_lines(house, one), *tally_lines(house, found_out, would=True), ""]))
    if options.format == "json":
        show_json(told)
    return code


def _row(one: Prepared, counted: Tally) -> dict[str, Any]:
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


def begun(house: House, options: Namespace, prepared: Prepared, beside: Writing | None) -> int:
    """Begin a migration, and carry it on; the exit code. ``beside`` is written in the transaction that begins it."""
    with house.database.writing() as connection:
        if beside is not None:
            beside(connection)
        migration = note_begin(connection, prepared, Imprint(options.by, datetime.now(UTC), options.reason), None)
    print(
        f"第 {migration} 号转版 migration {migration}: {options.key} v{prepared.leaving.version} → v{prepared.entering.version}"
    )
    return carried_on(house, migration)


def carried_on(house: House, migration: int) -> int:
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

"""``migrations``: those that were begun are listed, carried on, or taken back. It answers 1 while issues wait for the dispatcher."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from definitions.text import Said
from huying.cli.approval import by_two, permitted
from huying.cli.arguments import at_most, by, number
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.house import opened
from huying.cli.issues.migrate import REASON
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from sqlalchemy import Row

    from huying.cli.parser import Parser
    from huying.house.house import House

_COLUMNS = ("id", "key", "leaving", "entering", "status", "asked_at", "asked_by", "reason")
_COUNTS = ("asked", "moves", "waiting", "mapping", "blocked", "gone")


def _arguments(parser: Parser) -> None:
    parser.take("--resume", zh="把没转成的再转一次。", en="Try again what could not move.", type=number, metavar="ID")
    parser.take("--revert", zh="转回原版。", en="Let its issues go back.", type=number, metavar="ID")
    parser.take("--reason", zh="理由。", en="Why.", default="", type=at_most(500))
    by(parser, "经办人。", "Who asks for it.")
    by_two(parser)


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.cli.issues.progress import carried_on
    from huying.migrations.batches import found, is_waiting, try_again
    from huying.migrations.records import list_migrations

    house, now = opened(), datetime.now(UTC)
    if options.revert:
        if not options.reason.strip():
            print(REASON.read(options.languages), file=sys.stderr)
            return UNREADABLE
        return _reverted(house, options)
    if options.resume:
        found(house, options.resume)
        try_again(house, options.resume, now)
        return carried_on(house, options.resume)
    _list(house, list_migrations(house), options)
    return FINDINGS if is_waiting(house, now) else SOUND


def _reverted(house: House, options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.approvals.proposals import NewProposal
    from huying.cli.issues.progress import carried_on
    from huying.house.imprint import Imprint
    from huying.migrations.batches import found, note_revert

    done = found(house, options.revert)
    body = {"migration": done.id, "reason": options.reason}
    about = f"{done.key} {done.entering} → {done.leaving}"
    beside = permitted(house, options, [NewProposal("revert", body, about, "", options.reason)])
    if beside is None:
        return SOUND
    with house.database.writing() as connection:
        beside(connection)
        back = note_revert(connection, done, Imprint(options.by, datetime.now(UTC), options.reason), None)
    return carried_on(house, back)


def _list(house: House, several: Sequence[Row[Any]], options: Namespace) -> None:
    from huying.migrations.batches import tally
    from huying.migrations.words import tally_line

    counted = [(one, tally(house, one.id)) for one in several]
    if options.format == "json":
        show_json(
            [
                {name: getattr(one, name) for name in _COLUMNS} | {name: getattr(each, name) for name in _COUNTS}
                for one, each in counted
            ]
        )
        return
    for one, each in counted:
        print(
            f"{one.id}  {one.key} v{one.leaving} → v{one.entering}  {one.asked_at:%Y-%m-%d %H:%M}Z  {one.asked_by}  {one.reason}"
        )
        print(f"    {tally_line(each)}")


COMMAND = Command(
    "migrations",
    Said("列出、续办、撤回转版。", "List migrations, carry them on, take one back."),
    _run,
    _arguments,
    json=(
        (
            "",
            "[{id, key, leaving, entering, status, asked_at, asked_by, reason, asked, moves, waiting, mapping, blocked, gone}]",
        ),
    ),
)

"""What takes two where the office says so, at the command line: refused, unless it is proposed, or done alone with a reason that all are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import at_most

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from huying.approvals.proposals import NewProposal
    from huying.cli.parser import Parser
    from huying.database.connections import Writing
    from huying.house.by import By
    from huying.house.house import House

#: Whoever works at the machine has no account there; this much is said of them.
HAND = "命令行 command line"


def by_two(parser: Parser) -> None:
    """The ways out where the office wants two."""
    which = parser.one_of()
    parser.take(
        "--propose",
        zh="须两人同意时：以这个用户名提请。",
        en="Where it takes two: propose it in this user's name.",
        metavar="LOGIN",
        within=which,
    )
    parser.take(
        "--alone",
        zh="须两人同意而紧急时：一人办理，写明理由，记录在案并通知可以批准的人。",
        en="Where it takes two, in an emergency: do it alone, for this reason; it is noted, and those who may approve are told.",
        metavar="WHY",
        type=at_most(500),
        within=which,
    )


def permitted(house: House, options: Namespace, wishes: Sequence[NewProposal]) -> Writing | None:
    """What is to be written in the transaction that does it; ``None`` where it was proposed instead, and nothing is left to do.

    Where one is enough it is nothing. ``Unavailable`` where the office wants two, and neither way out was taken.
    """
    from datetime import UTC, datetime

    from engine.refusal import Unavailable
    from huying.approvals.proposals import wants_two
    from huying.house.by import By

    now = datetime.now(UTC)
    if options.propose:
        _propose(house, options, wishes, now)
        return None
    if not wants_two(house):
        return _nothing
    if not (options.alone or "").strip():
        raise Unavailable(
            "本单位要求两人同意。请在门户的页面上办，或加 --propose 用户名 提请；紧急时加 --alone 理由，会记录在案并通知可以批准的人。",
            "This office wants two people for it. Do it on the portal's page, or propose it with --propose LOGIN;"
            " in an emergency add --alone WHY, which is noted, and told to those who may approve.",
        )
    return _alone(options, wishes, By(None, now))


def _nothing(connection: Connection) -> None:
    """Where one is enough."""


def _alone(options: Namespace, wishes: Sequence[NewProposal], by: By) -> Writing:
    from dataclasses import replace

    from huying.approvals.proposals import note_alone

    def note(connection: Connection) -> None:
        for wish in wishes:
            note_alone(connection, replace(wish, reason=options.alone), hand(options), by)

    return note


def _propose(house: House, options: Namespace, wishes: Sequence[NewProposal], now: datetime) -> None:
    """Propose it in somebody's name, who is told so."""
    from huying.access import accounts
    from huying.access.viewer import viewer
    from huying.approvals.proposals import propose
    from huying.house.by import By
    from huying.rights.refusal import Unentitled

    with house.database.reading() as connection:
        person = accounts.person_by_login(connection, options.propose)
        if not viewer(connection, person).may("see proposals", now):
            raise Unentitled("see proposals")
    for wish in wishes:
        number = propose(house, wish, By(person, now), hand(options))
        said = Said(f"已提请，第 {number} 号，等人批准。", f"Proposed as {number}; it waits to be approved.")
        print(said.read(options.languages))


def hand(options: Namespace) -> str:
    """The name that was given."""
    return str(getattr(options, "by", None) or HAND)


def done(house: House, *writings: Writing) -> None:
    """Write all of it in one transaction."""
    with house.database.writing() as connection:
        for write in writings:
            write(connection)

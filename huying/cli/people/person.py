"""``person``: somebody is invited, lets their passphrase be set anew, or is shut out; for whoever has no browser at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser

_DEEDS = ("invite", "reset", "disable", "enable")


def _arguments(parser: Parser) -> None:
    parser.take(
        "deed",
        zh="invite 邀请，reset 重设口令，disable 停用，enable 恢复。",
        en="invite, reset (the passphrase), disable, or enable.",
        choices=_DEEDS,
    )
    parser.take("login", zh="用户名。", en="The user name.", metavar="LOGIN")
    parser.take(
        "--message",
        zh="链接用消息发给本人，不印在这里。",
        en="Send the link to them by a message, instead of printing it.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.access import accounts
    from huying.house.by import By
    from huying.settings import read

    settings = read()
    house, by = opened(settings), By(None, datetime.now(UTC))
    with house.database.reading() as connection:
        person = accounts.person_by_login(connection, options.login)
    if options.deed in ("invite", "reset"):
        from huying.cli.people.link import show_link
        from huying.messages.invitations import send_link

        with house.database.writing() as connection:
            if options.message:
                send_link(connection, person, by)
                print(Said("已交付发送。", "It waits to be sent.").read(options.languages))
            else:
                made = accounts.link_for(connection, person, "command", by)
                show_link(made, settings.portal_url, house.zone, options)
        return SOUND
    change = accounts.disable if options.deed == "disable" else accounts.enable
    change(house, person, by)
    print(Said("好了。", "Done.").read(options.languages))
    return SOUND


COMMAND = Command(
    "person",
    Said("邀请、重设口令、停用、恢复一个人。", "Invite somebody, reset their passphrase, disable or enable them."),
    _run,
    _arguments,
)

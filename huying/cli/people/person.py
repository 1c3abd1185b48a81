"""``person``: somebody is invited, lets their passphrase be set anew, or is shut out; for whoever has no browser at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.by import By
    from huying.house.house import House

_DEEDS = ("invite", "reset", "disable", "enable", "sign-out")


def _arguments(parser: Parser) -> None:
    parser.take(
        "deed",
        zh="invite 邀请，reset 重设口令，disable 停用，enable 恢复，sign-out 退出登录。",
        en="invite, reset (the passphrase), disable, enable, or sign-out.",
        choices=_DEEDS,
    )
    parser.take("login", zh="用户名。", en="The user name.", metavar="LOGIN", nargs="?")
    parser.take(
        "--message",
        zh="链接用消息发给本人，不印在这里。",
        en="Send the link to them by a message, instead of printing it.",
        action="store_true",
    )
    parser.take(
        "--everybody",
        zh="与 sign-out 同用：退出所有人的登录，须写 --reason。",
        en="With sign-out: sign everybody out; say why with --reason.",
        action="store_true",
    )
    parser.take(
        "--reason", zh="理由，记入审计日志。", en="Why; it stands in the audit log.", metavar="TEXT", default=""
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.house.by import By
    from huying.settings import read

    _assure_meant(options)
    settings = read()
    house, by = opened(settings), By(None, datetime.now(UTC))
    if options.everybody:
        return _everybody(house, by, options)
    from huying.access import accounts

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
    changes = {"disable": accounts.disable, "enable": accounts.enable, "sign-out": accounts.sign_out_person}
    changes[options.deed](house, person, by)
    print(Said("好了。", "Done.").read(options.languages))
    return SOUND


def _assure_meant(options: Namespace) -> None:
    """Either one person is named, or (to be signed out) everybody."""
    from engine.refusal import Refusal

    if options.everybody and (options.login or options.deed != "sign-out"):
        raise Refusal(
            "--everybody 只能与 sign-out 同用，不写用户名。",
            "--everybody stands with sign-out alone, without a user name.",
        )
    if not options.everybody and not options.login:
        raise Refusal("请写用户名。", "Name somebody by their user name.")


def _everybody(house: House, by: By, options: Namespace) -> int:
    from huying.access.sessions import sign_out_everybody

    people = sign_out_everybody(house, options.reason, by)
    said = Said(f"已退出 {people} 人的登录。", f"Signed out: {people} people.")
    print(said.read(options.languages))
    return SOUND


COMMAND = Command(
    "person",
    Said(
        "邀请、重设口令、停用、恢复、退出登录。",
        "Invite somebody, reset their passphrase, disable, enable or sign them out; or sign everybody out.",
    ),
    _run,
    _arguments,
)

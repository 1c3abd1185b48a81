"""``connect``: other systems that definitions call are named, and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.approval import by_two, done, permitted
from huying.cli.arguments import number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json
from huying.cli.secret import secret_argument, secret_of

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.house import House


def _arguments(parser: Parser) -> None:
    parser.take("key", zh="流程里用的名字；不写则列出。", en="Its name in definitions; left out: list all.", nargs="?")
    parser.take("url", zh="地址。", en="Its address.", nargs="?")
    secret_argument(parser, "双方约定的、用于签名的密钥，", "The secret with which both sign")
    parser.take(
        "--seconds",
        zh="最多等它几秒，默认 10。",
        en="How long it may take to answer; 10 if not said.",
        type=number,
        metavar="N",
    )
    parser.take("--off", zh="停用。", en="Call it no more.", action="store_true")
    by_two(parser)


def _run(options: Namespace) -> int:
    from huying.connections.calls import known_connections

    secret = secret_of(options)
    house = opened()
    if options.key and not _changed(house, options, secret):
        return SOUND
    known = known_connections(house)
    if options.format == "json":
        show_json(
            [
                {"key": one.key, "url": one.url, "signed": bool(one.secret), "seconds": one.timeout_seconds}
                for one in known
            ]
        )
        return SOUND
    for one in known:
        signed = "已签名 signed" if one.secret else "不签名 unsigned"
        print(f"{one.key}\t{one.url}\t{signed}\t{one.timeout_seconds} 秒 s")
    return SOUND


def _changed(house: House, options: Namespace, secret: str | None) -> bool:
    """Name it, change it, or call it no more; ``False`` where that was proposed."""
    from huying.approvals.proposals import NewProposal
    from huying.connections.calls import connecting, disconnecting
    from huying.webhooks.subscriptions import place_of

    key, url = options.key, options.url or ""
    if options.off:
        write, wish = disconnecting(house, key), NewProposal("disconnect", {"key": key}, key)
    else:
        write = connecting(house, key, url, secret, options.seconds)
        body = {"key": key, "url": url, "secret": secret, "seconds": options.seconds}
        wish = NewProposal("connect", body, key, place_of(url) if url else "")
    beside = permitted(house, options, [wish])
    if beside is not None:
        done(house, write, beside)
    return beside is not None


COMMAND = Command(
    "connect",
    Said("登记流程要调用的外部系统。", "Name another system that definitions may call."),
    _run,
    _arguments,
    json=(("", "[{key, url, signed, seconds}]"),),
)

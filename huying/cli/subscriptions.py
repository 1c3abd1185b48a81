"""The command for webhooks out of the house: subscribe, list, stop, let go on, change the secret, try out, send again."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from engine.refusal import Invalid
from huying.cli.command import add, at_most, number, opened
from huying.house.house import House
from huying.settings import read
from huying.webhooks import subscriptions
from huying.webhooks.happenings import KINDS
from huying.webhooks.subscriptions import NewSubscription, Subscription, subscribe

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    one = add(
        commands, "subscribe", _subscribe, "把办理进展推送给其他系统。 Tell other systems of what happens to issues."
    )
    one.add_argument("url", nargs="?", help="接收地址；不写则列出订阅。 Where to post; left out: list all.")
    one.add_argument("--name", type=at_most(100), help="名称，默认为主机名。 A name; by default the host.")
    one.add_argument("--definition", action="append", default=[], metavar="KEY", help="只推送这些流程。 Only these.")
    one.add_argument(
        "--happening", action="append", default=[], metavar="KIND", help=f"只推送这些事件。 Only these: {', '.join(KINDS)}."
    )  # fmt: skip
    one.add_argument("--station", metavar="CODE", help="只推送这个站点。 Only this station.")
    one.add_argument("--secret", help="双方已约定的密钥；不写则生成。 A secret both know; left out: one is made.")
    one.add_argument("--by", default="命令行 command line", type=at_most(100), help="登记人。 Who subscribes.")
    which = one.add_mutually_exclusive_group()
    which.add_argument("--show", type=number, metavar="ID", help="看近期推送。 Show the newest events.")
    which.add_argument("--stop", type=number, metavar="ID", help="停止推送。 Send nothing more.")
    which.add_argument("--resume", type=number, metavar="ID", help="恢复推送。 Send again.")
    which.add_argument("--rotate", type=number, metavar="ID", help="更换密钥，旧的再用一天。 Change the secret.")
    which.add_argument("--trial", type=number, metavar="ID", help="发一条试推。 Send a trial.")
    which.add_argument("--resend", type=number, metavar="ID", help="重发未送达的。 Send again what was given up.")
    one.add_argument(
        "--days", type=number, help="与 --resend 合用：近几天的全部重发。 All of the last days, with --resend."
    )
    one.add_argument("--format", choices=("text", "json"), default="text")


def _subscribe(options: argparse.Namespace) -> int:
    settings, now = read(), datetime.now(UTC)
    house = opened(settings)
    if options.url:
        return _new(house, options, settings.allow_private_webhooks, now)
    if options.show is not None:
        return _show(house, options)
    if options.stop is not None:
        subscriptions.stop(house, options.stop, f"{options.by}")
    elif options.resume is not None:
        subscriptions.go_on(house, options.resume)
    elif options.rotate is not None:
        print(
            f"新密钥（只显示这一次） The new secret, shown this once: {subscriptions.rotate(house, options.rotate, now)}"
        )
    elif options.trial is not None:
        subscriptions.try_out(house, options.trial, now)
        print("试推已排队。 The trial is on its way.")
    elif options.resend is not None:
        since = now - timedelta(days=options.days) if options.days else None
        count = subscriptions.send_again(house, options.resend, now, since=since)
        print(f"{count} 条将重发。 {count} events will be sent again.")
    return _list(house, options)


def _new(house: House, options: argparse.Namespace, allow_private: bool, now: datetime) -> int:
    new = NewSubscription(
        name=options.name or subscriptions.place_of(options.url).partition("//")[2] or options.url[:100],
        url=options.url,
        definitions=options.definition,
        happenings=options.happening,
        station=options.station,
        secret=options.secret,
    )
    try:
        made, secret = subscribe(house, new, by=options.by, allow_private=allow_private, now=now)
    except Invalid as wrong:
        for name, message in wrong.errors.items():
            print(f"{name}：{message['zh']} {message['en']}", file=sys.stderr)
        return 1
    if options.format == "json":
        print(orjson.dumps({"id": made.id, "secret": secret}).decode())
        return 0
    print(f"已订阅，编号 {made.id}。 Subscribed as {made.id}.")
    if options.secret is None:
        print(f"密钥（只显示这一次） The secret, shown this once: {secret}")
    return 0


def _list(house: House, options: argparse.Namespace) -> int:
    found = subscriptions.subscription_list(house)
    if options.format == "json":
        print(orjson.dumps([_row(one) for one in found]).decode())
        return 0
    for one in found:
        wishes = " ".join([*one.definitions, *one.happenings, *([one.station] if one.station else [])]) or "全部 all"
        state = "推送中 active" if one.active else f"已停止 stopped（{one.stopped}）"
        print(f"{one.id}\t{one.name}\t{one.place}\t{wishes}\t{state}\t待推 {one.waiting}\t未成 {one.failed}")
    return 0


def _row(one: Subscription) -> dict[str, object]:
    names = ("id", "name", "place", "definitions", "happenings", "station", "active", "stopped", "waiting", "failed")
    return {name: getattr(one, name) for name in names}


def _show(house: House, options: argparse.Namespace) -> int:
    subscriptions.subscription(house, options.show)
    for one in subscriptions.told(house, options.show):
        said = f"{one.id}\t{one.created_at:%Y-%m-%dT%H:%MZ}\t{one.kind}\t{one.number}\t{one.sequence}\t{one.status}"
        print(f"{said}\t{one.attempts}\t{one.reason or ''}".rstrip())
    return 0

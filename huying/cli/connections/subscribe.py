"""``subscribe``: webhooks out of the house: subscribe, list, stop, let go on, change the secret, try out, send again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from definitions.text import Said
from huying.cli.approval import by_two, permitted
from huying.cli.arguments import at_most, by, number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json
from huying.cli.secret import secret_argument, secret_of

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.settings import Settings

#: The kinds of happenings, of which one may wish for some alone; a test compares them with those that there are.
KINDS = (
    "opened",
    "entered",
    "item-done",
    "overdue",
    "escalated",
    "incident",
    "deadline-moved",
    "shelved",
    "suspended",
    "resumed",
    "closed",
    "reopened",
)
_COLUMNS = ("id", "name", "place", "definitions", "happenings", "station", "active", "stopped", "waiting", "failed")
_TOLD = ("id", "kind", "number", "sequence", "status", "attempts", "created_at", "ended_at", "reason")


def _arguments(parser: Parser) -> None:
    parser.take("url", zh="接收地址；不写则列出订阅。", en="Where to post; left out: list all.", nargs="?")
    parser.take("--name", zh="名称，默认为主机名。", en="A name; by default the host.", type=at_most(100))
    _wishes(parser)
    secret_argument(parser, "双方已约定的密钥（不写则生成），", "A secret that both know (left out: one is made)")
    by(parser, "登记人。", "Who subscribes.")
    by_two(parser)
    _deeds(parser)
    parser.take(
        "--days",
        zh="与 --resend 合用：近几天的全部重发。",
        en="All of the last days, with --resend.",
        type=number,
        metavar="N",
    )


def _wishes(parser: Parser) -> None:
    several: dict[str, Any] = {"action": "append", "default": []}
    parser.take(
        "--definition", zh="只推送这个流程，可多次。", en="Only this one; may be repeated.", metavar="KEY", **several
    )
    parser.take(
        "--happening",
        zh=f"只推送这类事件，可多次：{'、'.join(KINDS)}。",
        en=f"Only this kind; may be repeated: {', '.join(KINDS)}.",
        metavar="KIND",
        **several,
    )
    parser.take("--station", zh="只推送这个站点。", en="Only this station.", metavar="CODE")


def _deeds(parser: Parser) -> None:
    which = parser.one_of()
    for name, zh, en in (
        ("--show", "看近期推送。", "Show the newest events."),
        ("--stop", "停止推送。", "Send nothing more."),
        ("--resume", "恢复推送。", "Send again."),
        ("--rotate", "更换密钥，旧的再用一天。", "Change the secret; the old one counts for a day."),
        ("--trial", "发一条试推。", "Send a trial."),
        ("--resend", "重发未送达的。", "Send again what was given up."),
    ):
        parser.take(name, zh=zh, en=en, type=number, metavar="ID", within=which)


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.settings import read

    secret, settings, now = secret_of(options), read(), datetime.now(UTC)
    house = opened(settings)
    if options.url:
        return _new(house, options, settings, secret, now)
    if options.show is not None:
        return _show(house, options)
    if options.rotate is not None:
        return _rotate(house, options, now)
    said = _done(house, options, now)
    if said and options.format == "text":
        print(said)
    return _list(house, options)


def _done(house: House, options: Namespace, now: datetime) -> str:
    """Do what is asked for with a subscription, and say so."""
    from datetime import timedelta

    from huying.webhooks import subscriptions

    if options.stop is not None:
        subscriptions.stop(house, options.stop, f"{options.by}")
    elif options.resume is not None:
        subscriptions.go_on(house, options.resume)
    elif options.trial is not None:
        subscriptions.try_out(house, options.trial, now)
        return "试推已排队。 The trial is on its way."
    elif options.resend is not None:
        since = now - timedelta(days=options.days) if options.days else None
        count = subscriptions.send_again(house, options.resend, now, since=since)
        return f"{count} 条将重发。 {count} events will be sent again."
    return ""


def _rotate(house: House, options: Namespace, now: datetime) -> int:
    from huying.webhooks import subscriptions

    secret = subscriptions.rotate(house, options.rotate, now)
    if options.format == "json":
        show_json({"id": options.rotate, "secret": secret})
        return SOUND
    print(f"新密钥（只显示这一次） The new secret, shown this once: {secret}")
    return _list(house, options)


def _new(house: House, options: Namespace, settings: Settings, given: str | None, now: datetime) -> int:
    from huying.approvals.proposals import NewProposal
    from huying.webhooks.subscriptions import NewSubscription, assure_fits, new_secret, place_of, subscribe

    new = NewSubscription(
        name=options.name or place_of(options.url).partition("//")[2] or options.url[:100],
        url=options.url,
        definitions=options.definition,
        happenings=options.happening,
        station=options.station,
        secret=given,
    )
    private = settings.allow_private_webhooks
    assure_fits(house, new, given or new_secret(), allow_private=private)
    wish = NewProposal("subscribe", {**asdict(new), "private": private}, f"{new.name} {place_of(new.url)}")
    beside = permitted(house, options, [wish])
    if beside is None:
        return SOUND
    made, secret = subscribe(house, new, by=options.by, allow_private=private, now=now, beside=beside)
    if options.format == "json":
        show_json({"id": made.id, "secret": secret})
        return SOUND
    print(f"已订阅，编号 {made.id}。 Subscribed as {made.id}.")
    if given is None:
        print(f"密钥（只显示这一次） The secret, shown this once: {secret}")
    return SOUND


def _list(house: House, options: Namespace) -> int:
    from huying.webhooks.subscriptions import subscription_list

    found = subscription_list(house)
    if options.format == "json":
        show_json([{name: getattr(one, name) for name in _COLUMNS} for one in found])
        return SOUND
    for one in found:
        wishes = " ".join([*one.definitions, *one.happenings, *([one.station] if one.station else [])]) or "全部 all"
        state = "推送中 active" if one.active else f"已停止 stopped（{one.stopped}）"
        print(f"{one.id}\t{one.name}\t{one.place}\t{wishes}\t{state}\t待推 {one.waiting}\t未成 {one.failed}")
    return SOUND


def _show(house: House, options: Namespace) -> int:
    from huying.webhooks import subscriptions

    subscriptions.subscription(house, options.show)
    told = subscriptions.told(house, options.show)
    if options.format == "json":
        show_json([{name: getattr(one, name) for name in _TOLD} for one in told])
        return SOUND
    for one in told:
        said = f"{one.id}\t{one.created_at:%Y-%m-%dT%H:%MZ}\t{one.kind}\t{one.number}\t{one.sequence}\t{one.status}"
        print(f"{said}\t{one.attempts}\t{one.reason or ''}".rstrip())
    return SOUND


COMMAND = Command(
    "subscribe",
    Said("把办理进展推送给其他系统。", "Tell other systems of what happens to issues."),
    _run,
    _arguments,
    json=(
        ("", "[{id, name, place, definitions, happenings, station, active, stopped, waiting, failed}]"),
        ("URL", "{id, secret}"),
        ("--rotate", "{id, secret}"),
        ("--show", "[{id, kind, number, sequence, status, attempts, created_at, ended_at, reason}]"),
    ),
)

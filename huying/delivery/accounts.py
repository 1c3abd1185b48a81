"""Senders as whoever keeps connections sees and changes them: named, tried on oneself, on trial, with guests, live, or paused."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from definitions.text import Said
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.tables import addresses, deliveries, participants, senders
from huying.delivery.receipts import take_receipts
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.messages.approved import registers
from huying.processes.outlets import wanted_of
from huying.words.mask import mask
from huying.words.occasions import OCCASION_TITLES
from notifications import (
    ANY,
    CHANNELS,
    KINDS,
    NO_TEMPLATES,
    AccountAddress,
    DeliveryResult,
    Hook,
    HookAnswer,
    Mailbox,
    OutgoingMessage,
    Transports,
    deliver,
)

MODES: Mapping[str, Said] = {
    "test": Said("试用：不发给任何人", "On trial: to nobody"),
    "guests": Said("内测：只发给名单上的人", "Guests: only to those named"),
    "live": Said("正式：发给所有人", "Live: to everybody"),
}
_KEY = re.compile(r"[a-z][a-z0-9-]{1,39}")
_TRIAL = Said("呼应：这是一条试发的消息。", "Huying: this is a trial message.")
_s, _d = senders.c, deliveries.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderEntry:
    """A sender as entered. ``guests``: log-ins; an empty secret stays as it is."""

    key: str
    kind: str
    title: str
    fields: Mapping[str, str]
    mode: str = "test"
    guests: Sequence[str] = ()
    per_minute: str = ""
    per_person_day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderLine:
    """A sender on the page. ``hook``: the end of the address for its receipts, where its provider sends any.

    ``checkable``: the provider can be asked whether it knows the account. ``templates``: it takes approved ones alone.
    """

    key: str
    title: str
    channel: Said
    kind: str
    kind_title: Said
    mode: str
    state: str
    per_minute: int | None
    per_person_day: int | None
    fields: Mapping[str, str]
    guests: Sequence[str]
    waiting: int
    failed: int
    checked_at: datetime | None
    last_error: str
    hook: str
    checkable: bool
    templates: bool


def sender_lines(house: House) -> list[SenderLine]:
    """All of them."""
    with house.database.reading() as connection:
        rows = connection.execute(select(senders).order_by(_s.channel, _s.rank, _s.key)).all()
        return [_line(connection, row) for row in rows]


def _line(connection: Connection, row: Row[Any]) -> SenderLine:
    kind, channel = KINDS.get(row.kind), CHANNELS.get(row.channel)
    logins = select(participants.c.login).where(
        participants.c.id.in_(row.guests or []), participants.c.login.is_not(None)
    )
    return SenderLine(
        key=row.key,
        title=row.title,
        channel=channel.title if channel else Said(row.channel, row.channel),
        kind=row.kind,
        kind_title=kind.title if kind else Said(row.kind, row.kind),
        mode=row.mode,
        state=row.state,
        per_minute=row.per_minute,
        per_person_day=row.per_person_day,
        fields=dict(row.fields or {}),
        guests=sorted(connection.execute(logins).scalars()),
        waiting=_count(connection, row.key, "pending"),
        failed=_count(connection, row.key, "failed", "undelivered"),
        checked_at=row.checked_at,
        last_error=row.last_error or "",
        hook=f"/hooks/{row.key}/{(row.hook_secret or {}).get('value', '')}" if kind and kind.reads else "",
        checkable=bool(kind and kind.check),
        templates=bool(kind and kind.templates),
    )


def _count(connection: Connection, key: str, *states: str) -> int:
    query = select(func.count()).where(_d.sender_key == key, _d.status.in_(states))
    return int(connection.execute(query).scalar_one())


def keep_sender(house: House, entry: SenderEntry, by: By) -> None:
    """Name a sender, or change it; ``Invalid`` says what is wrong."""
    kind = KINDS.get(entry.kind)
    if kind is None:
        raise Invalid({"kind": {"zh": "请选择一种。", "en": "Please choose one."}})
    if not _KEY.fullmatch(entry.key):
        words = {"zh": "用小写字母、数字和短横，字母开头。", "en": "Small letters, digits and hyphens, a letter first."}
        raise Invalid({"key": words})
    wanted = wanted_of(house, kind.channel, by.now) if kind.templates is not None and entry.mode != "test" else []
    with house.database.writing() as connection:
        row = connection.execute(select(senders).where(_s.key == entry.key)).one_or_none()
        values = _values(connection, entry, row)
        if kind.templates is not None and entry.mode != "test":
            _assure_templates(connection, entry.key, wanted)
        if row is None:
            fresh = {"key": entry.key, "kind": entry.kind, "channel": kind.channel, "created_at": by.now}
            hook = {"value": secrets.token_urlsafe(24)}
            connection.execute(insert(senders).values(**fresh, hook_secret=hook, **values))
        else:
            connection.execute(update(senders).where(_s.key == entry.key).values(**values))
        told = AuditNote(
            what="sender-kept",
            object=f"sender:{entry.key}",
            by=by.somebody,
            detail={"mode": entry.mode, "fields": sorted(entry.fields)},
            at=by.now,
        )
        note(connection, told)


def _assure_templates(connection: Connection, key: str, wanted: Sequence[str]) -> None:
    """``Invalid`` where a sender would be in force that has no words for what processes have told by its channel, or none at all."""
    register = registers(connection).get(key, NO_TEMPLATES)
    if not register.lines:
        zh = "还没有经批准的模板：请先保存为“试用”，再到“模板”里登记。"
        en = "No template is approved yet: save it on trial first, and register templates."
        raise Invalid({"mode": {"zh": zh, "en": en}})
    bare = [OCCASION_TITLES[one] for one in wanted if register.find(one, "zh") is None and one in OCCASION_TITLES]
    if bare:
        zh, en = "、".join(one.zh for one in bare), ", ".join(one.en for one in bare)
        words = {
            "zh": f"流程要用它告知，却没有经批准的模板：{zh}。",
            "en": f"Processes tell these by it, and no template is approved: {en}.",
        }
        raise Invalid({"mode": words})


def _values(connection: Connection, entry: SenderEntry, row: Row[Any] | None) -> dict[str, Any]:
    kind = KINDS[entry.kind]
    kept = dict(row.secret or {}) if row is not None else {}
    fields, secret, errors = dict[str, str](), dict[str, str](), dict[str, dict[str, str]]()
    for one in kind.asks:
        given = entry.fields.get(one.name, "").strip() or (kept.get(one.name, "") if one.secret else "")
        if (one.required and not given) or len(given) > one.longest:
            errors[one.name] = {"zh": f"请填写{one.title.zh}。", "en": f"Please enter: {one.title.en}."}
        elif one.secret:
            secret[one.name] = given
        else:
            fields[one.name] = given
    if row is not None and row.kind != entry.kind:
        errors["kind"] = {"zh": "已有的账号不能换种类。", "en": "The kind of a sender stays."}
    if errors:
        raise Invalid(errors)
    try:
        kind.credential(fields, secret)
    except ValueError as wrong:
        zh, _, en = str(wrong).partition("。 ")
        raise Invalid({kind.asks[0].name if kind.asks else "kind": {"zh": f"{zh}。", "en": en or zh}}) from None
    return {
        "title": entry.title.strip()[:100] or kind.title.zh,
        "fields": fields,
        "secret": secret or None,
        "mode": entry.mode if entry.mode in MODES else "test",
        "guests": _guests(connection, entry.guests),
        "per_minute": _limit(entry.per_minute, "per_minute") or kind.per_minute,
        "per_person_day": _limit(entry.per_person_day, "per_person_day") or kind.per_person_day,
        "last_error": None,
    }


def _guests(connection: Connection, logins: Sequence[str]) -> list[int]:
    wanted = [one for one in logins if one]
    query = select(participants.c.id, participants.c.login).where(participants.c.login.in_(wanted))
    found = {row.login: row.id for row in connection.execute(query)} if wanted else {}
    if missing := [one for one in wanted if one not in found]:
        raise Invalid({"guests": {"zh": f"没有这个用户名：{missing[0]}", "en": f"No such user name: {missing[0]}"}})
    return sorted(found.values())


def _limit(entered: str, name: str) -> int | None:
    if not entered.strip():
        return None
    if not entered.strip().isascii() or not entered.strip().isdigit() or not 1 <= int(entered) <= 1_000_000:
        raise Invalid({name: {"zh": "请填写一个正整数。", "en": "This is a whole number from 1."}})
    return int(entered)


def pause(house: House, key: str, by: By, *, state: str) -> None:
    """Send nothing through it, or send again (``active``); what waits is sent then."""
    with house.database.writing() as connection:
        changed = connection.execute(update(senders).where(_s.key == key).values(state=state))
        if not changed.rowcount:
            raise NotFound("没有这个发送账号。", "There is no such sender.")
        if state == "active":
            waits = _d.sender_key == key, _d.status == "pending", _d.available_at > by.now, _d.attempts == 0
            connection.execute(update(deliveries).where(*waits).values(available_at=by.now, reason=None))
        told = AuditNote(what="sender-kept", object=f"sender:{key}", by=by.somebody, detail={"state": state}, at=by.now)
        note(connection, told)


def try_sender(house: House, key: str, target: str, by: By) -> DeliveryResult:
    """Send a trial to whoever asks for it, at ``target`` or at their own address on this channel; what came of it stands with the sender."""
    with house.database.reading() as connection:
        row = connection.execute(select(senders).where(_s.key == key)).one_or_none()
        if row is None or row.kind not in KINDS:
            raise NotFound("没有这个发送账号。", "There is no such sender.")
        mine = addresses.c.participant_id == by.somebody, addresses.c.channel == row.channel
        own = connection.execute(select(addresses.c.target).where(*mine).order_by(addresses.c.rank)).scalars().first()
    to = target.strip() or own or ""
    if not to or not CHANNELS[row.channel].fits(to):
        raise Invalid({"target": {"zh": "请填写您自己在这里的地址。", "en": "Please enter your own address there."}})
    kind = KINDS[row.kind]
    with house.database.reading() as connection:
        templates = registers(connection).get(key, NO_TEMPLATES)
    credential = kind.credential(dict(row.fields or {}), dict(row.secret or {}))
    address = AccountAddress(row.kind, to, credential, templates)
    occasion = next((one for one, _ in templates.lines if one != ANY), "task")
    result = deliver(_trial(key, occasion), address, Transports(mail=Mailbox(house.files)))
    _tried(house, key, result, by.now)
    return result


def _trial(key: str, occasion: str) -> OutgoingMessage:
    return OutgoingMessage(
        key=f"trial.{key}.{secrets.token_hex(6)}",
        subject=_TRIAL.zh,
        text=_TRIAL.read(("zh", "en")),
        html=f"<p>{_TRIAL.read(('zh', 'en'))}</p>",
        fields={"number": "SY-2026-00001", "what": "试发", "until": "今天", "who": "呼应", "code": "000000"},
        occasion=occasion,
    )


def check_sender(house: House, key: str, by: By) -> DeliveryResult:
    """Ask the provider whether it knows the account, without sending; what it says stands with the sender."""
    with house.database.reading() as connection:
        row = connection.execute(select(senders).where(_s.key == key)).one_or_none()
    kind = KINDS.get(row.kind) if row is not None else None
    if row is None or kind is None or kind.check is None:
        raise NotFound("没有这个发送账号。", "There is no such sender.")
    result = kind.check(kind.credential(dict(row.fields or {}), dict(row.secret or {})))
    _tried(house, key, result, by.now)
    return result


def _tried(house: House, key: str, result: DeliveryResult, now: datetime) -> None:
    error = None if result.status in ("accepted", "unknown") else mask(result.reason)[:1000]
    with house.database.writing() as connection:
        connection.execute(update(senders).where(_s.key == key).values(checked_at=now, last_error=error))


def take_hook(house: House, key: str, secret: str, hook: Hook, now: datetime) -> HookAnswer:
    """What a provider sent to a sender's address; ``NotFound`` where that is none, ``Invalid`` for what is nothing of the provider's."""
    with house.database.reading() as connection:
        row = connection.execute(select(senders).where(_s.key == key)).one_or_none()
    kind = KINDS.get(row.kind) if row is not None else None
    wanted = str((row.hook_secret or {}).get("value", "")) if row is not None else ""
    if not hmac.compare_digest(wanted.encode(), secret.encode()) or not wanted or kind is None or kind.reads is None:
        raise NotFound("没有这个地址。", "There is no such address.")
    assert row is not None
    try:
        found = kind.reads(kind.credential(dict(row.fields or {}), dict(row.secret or {})), hook)
    except (ValueError, RecursionError):
        raise Invalid({"body": {"zh": "看不懂这份回执。", "en": "This is no receipt."}}) from None
    with house.database.writing() as connection:
        take_receipts(connection, key, found.receipts, now)
    return found.answer

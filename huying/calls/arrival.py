"""What a call centre says of a call: who says it is made sure of, their words become ours, and the row moves on, in whatever order they come.

A repeat changes nothing. Nothing that came late takes back what is known.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from definitions.channels.telephone import OWN_FORM, CallMapping, restore_mapping
from definitions.expressions.expression import Expression, ExpressionError
from engine.refusal import Invalid, NotAllowed, Refusal
from huying.calls.number import plain_number
from huying.connections.calls import signature
from huying.database.tables import calls, connections, participants
from huying.house.house import House

#: Older messages, and messages from the future, are taken for replays; makers that sign no moment repeat for a day at most.
_WINDOW, _OF_OTHERS = timedelta(minutes=5), timedelta(days=1)
_LONGEST = 64 * 1024
#: So many new calls a minute a connection may tell of; a telephone system that rings more often is broken, or none.
_MOST_A_MINUTE = 300
_MOMENTS = {"ringing": "rang_at", "answered": "answered_at", "ended": "ended_at"}


class TooManyCalls(Refusal):
    """A connection tells of more calls than any desk takes."""

    code = "too-many"

    def __init__(self) -> None:
        super().__init__("来电通知太多，请稍后再发。", "Too many calls are told of; try again later.")


@dataclass(frozen=True, slots=True)
class SentEvent:
    """What came: headers by lower-case name, and the body as it stands."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Told:
    call: str
    event: str
    number: str
    agent: str
    login: str
    at: datetime
    recording: str


def take_call_event(house: House, key: str, sent: SentEvent, now: datetime) -> bool:
    """Take it; whether anything is new. One ``NotAllowed`` for an unknown sender, a wrong signature and an old moment; ``Invalid`` for nonsense."""
    if len(sent.body) > _LONGEST:
        raise NotAllowed
    with house.database.reading() as connection:
        row = connection.execute(
            select(connections).where(connections.c.key == key, connections.c.active)
        ).one_or_none()
    if row is None or not row.secret:
        raise NotAllowed
    mapping = restore_mapping(row.calls["body"] if row.calls else OWN_FORM)
    if mapping.signed.by == "own":
        _assure_signed(row.secret, sent, now)
    said = _object(sent.body)
    if mapping.signed.by != "own":
        _assure_theirs(mapping, row.secret, sent, said)
    told = _told(mapping, said, now)
    if abs(now - told.at) > _OF_OTHERS:
        raise NotAllowed
    for _ in range(3):
        try:
            return _kept(house, key, told, now)
        except IntegrityError:
            # two events of a new call came at the same moment
            continue
    return False


def _assure_signed(secret: str, sent: SentEvent, now: datetime) -> None:
    moment, given = sent.headers.get("huying-moment", ""), sent.headers.get("huying-signature", "")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise NotAllowed from None
    right = hmac.compare_digest(signature(secret, moment, sent.body).encode(), given.encode())
    if not right or at.tzinfo is None or abs(now - at) > _WINDOW:
        raise NotAllowed


def _assure_theirs(mapping: CallMapping, secret: str, sent: SentEvent, said: Mapping[str, Any]) -> None:
    how = mapping.signed
    given = sent.headers.get(how.header.lower(), "") if how.header else str(said.get(how.field, ""))
    right = secret
    if how.by == "md5":
        text = "".join(str(said.get(name, "")) for name in how.of) + secret
        right = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        given = given.lower()
    if not given or not hmac.compare_digest(right.encode(), given.encode()):
        raise NotAllowed


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    if said is None and b"=" in body:
        # some send a form
        said = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=200)) or None
    if not isinstance(said, dict):
        raise _nonsense("body")
    return said


def _nonsense(part: str) -> Invalid:
    return Invalid({part: {"zh": "看不懂这条来电通知。", "en": "This says nothing of a call that we understand."}})


def _told(mapping: CallMapping, said: Mapping[str, Any], now: datetime) -> _Told:
    call = _text(mapping.call, said)
    theirs = _text(mapping.event, said)
    event = mapping.events.get(theirs, theirs)
    if not call or len(call) > 100:
        raise _nonsense("call")
    if event not in (*_MOMENTS, "recording"):
        raise _nonsense("event")
    agent = _text(mapping.agent, said)[:60]
    return _Told(
        call=call,
        event=event,
        number=plain_number(_text(mapping.number, said)),
        agent=agent,
        login=mapping.agents.get(agent, agent),
        at=_moment(_text(mapping.at, said), mapping.zone, now),
        recording=_recording(_text(mapping.recording, said)),
    )


def _text(expression: Expression | None, said: Mapping[str, Any]) -> str:
    try:
        # some names, such as “caller”, are those of the language of expressions: “said.caller” is theirs
        value = expression.evaluate({**said, "said": said}) if expression is not None else None
    except ExpressionError:
        value = None
    return "" if value is None or isinstance(value, Mapping | list | tuple) else str(value).strip()[:1000]


def _moment(text: str, zone: str, now: datetime) -> datetime:
    """A moment as they write it: with a zone, without one, or in seconds or milliseconds since 1970."""
    if not text:
        return now
    try:
        if text.isdigit():
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, now.tzinfo)
        found = datetime.fromisoformat(text.replace("/", "-"))
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(now.tzinfo)
    except (ValueError, OverflowError, OSError, LookupError):
        raise _nonsense("at") from None


def _recording(text: str) -> str:
    return text if text.startswith(("https://", "http://")) else ""


def _kept(house: House, key: str, told: _Told, now: datetime) -> bool:
    with house.database.writing() as connection:
        found = connection.execute(
            select(calls).where(calls.c.connection == key, calls.c.call_id == told.call)
        ).one_or_none()
        agent = participants.c.login == told.login
        person = (
            connection.execute(select(participants.c.id).where(agent, participants.c.active)).scalar()
            if told.login
            else None
        )
        new: dict[str, Any] = {}
        if told.number and (found is None or found.number is None):
            new |= {"number": told.number, "number_index": told.number}
        if told.agent and (found is None or not found.agent or told.event == "answered"):
            # whoever answers has it, not at whom it rang first
            new |= {"agent": told.agent, "agent_id": person}
        name = _MOMENTS.get(told.event)
        if name and (found is None or found._mapping[name] is None):
            new[name] = told.at
        if told.recording and (found is None or found.recording is None):
            new["recording"] = told.recording
        new |= _outcome(found, new)
        if found is None:
            minute = calls.c.told_at > now - timedelta(minutes=1)
            many = select(func.count()).select_from(calls).where(calls.c.connection == key, minute)
            if connection.execute(many).scalar_one() >= _MOST_A_MINUTE:
                raise TooManyCalls
            row = {"connection": key, "call_id": told.call, "agent": "", "told_at": now, **new}
            connection.execute(insert(calls), row)
            return True
        new = {part: value for part, value in new.items() if found._mapping[part] != value}
        if new:
            connection.execute(update(calls).where(calls.c.id == found.id).values(**new))
        return bool(new)


def _outcome(found: Any, new: Mapping[str, Any]) -> dict[str, Any]:
    """A call that ended and that nobody answered was missed; one that turns out to have been answered was not."""
    was = found._mapping if found is not None else {}
    answered = new.get("answered_at") or was.get("answered_at")
    ended = new.get("ended_at") or was.get("ended_at")
    outcome = was.get("outcome")
    if ended and not answered and outcome is None:
        return {"outcome": "abandoned"}
    return {"outcome": None} if answered and outcome == "abandoned" else {}

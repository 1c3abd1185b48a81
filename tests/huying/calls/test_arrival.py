"""Two makers and our own form tell of calls: signed, in whatever order, repeated, forged, in a flood."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import orjson
import pytest
from sqlalchemy import func, insert, select

from engine.refusal import Invalid, NotAllowed
from huying.access.viewer import viewer
from huying.calls.arrival import SentEvent, TooManyCalls, take_call_event
from huying.calls.forms import keep_mapping
from huying.calls.number import known_as, plain_number
from huying.calls.view import last_calls, ringing_for, take_over
from huying.connections.calls import signature
from huying.database import tables as t
from tests.huying.town import Town

SECRET = "两边都知道"
#: A maker that signs by MD5 of parameters and a secret, writes moments without a zone, and calls everything otherwise.
MAKER_A = """call: callId
event: state
events: {RING: ringing, LINK: answered, HANGUP: ended}
number: said.caller
agent: cno
agents: {"8001": clerk}
at: time
recording: recordUrl
signed: {by: md5, field: sign, of: [callId, state, time]}
"""
#: One that puts all under “data”, sends a fixed key in a header, and counts milliseconds.
MAKER_B = """call: data.session
event: type
events: {incoming: ringing, established: answered, released: ended, record: recording}
number: data.from
agent: data.user
at: data.ts
recording: data.file
signed: {by: key, header: X-Token}
"""


def _connect(town: Town, key: str, mapping: str = "") -> None:
    row = {"key": key, "url": "https://calls.example", "secret": SECRET, "timeout_seconds": 5, "active": True}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.connections).values(**row))
    if mapping:
        assert keep_mapping(town.house, key, mapping) == ()


def _own(town: Town, sent: datetime | None = None, **said: Any) -> SentEvent:
    body = orjson.dumps(said)
    moment = (sent or town.clock.now).isoformat(timespec="seconds")
    return SentEvent({"huying-moment": moment, "huying-signature": signature(SECRET, moment, body)}, body)


def _a(state: str, time: str, call: str = "c1", **more: str) -> SentEvent:
    said = {"callId": call, "state": state, "time": time, "caller": "0592-5147085", "cno": "8001", **more}
    said["sign"] = hashlib.md5((call + state + time + SECRET).encode(), usedforsecurity=False).hexdigest().upper()
    return SentEvent({}, orjson.dumps(said))


def _row(town: Town, call: str = "c1") -> Any:
    with town.house.database.reading() as connection:
        return connection.execute(select(t.calls).where(t.calls.c.call_id == call)).one()


def _reader(town: Town, login: str) -> Any:
    with town.house.database.reading() as connection:
        return viewer(connection, town.people[login])


def test_our_own_form_rings_at_the_agents_desk(town: Town) -> None:
    _connect(town, "hotline")
    now = town.clock.now
    sent = _own(town, call="c1", event="ringing", number="+86 138 0013 8000", agent="clerk", at=now.isoformat())
    assert take_call_event(town.house, "hotline", sent, now)
    assert not take_call_event(town.house, "hotline", sent, now)
    (line,) = ringing_for(town.house, town.people["clerk"], now)
    assert (line.number, line.ringing) == ("+86 138 0013 8000", True)
    assert ringing_for(town.house, town.people["deputy"], now) == ()
    take_over(town.house, line.id, town.people["clerk"])
    assert ringing_for(town.house, town.people["clerk"], now) == ()
    with pytest.raises(Exception, match="taken this caller over"):
        take_over(town.house, line.id, town.people["deputy"])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_events_out_of_order_and_twice_come_to_the_same(town: Town, order: tuple[int, ...]) -> None:
    _connect(town, "maker", MAKER_A)
    events = [
        _a("RING", "2026-11-23 09:29:00"),
        _a("LINK", "2026-11-23 09:29:10"),
        _a("HANGUP", "2026-11-23 09:29:50", recordUrl="https://calls.example/c1.wav"),
    ]
    for at in (*order, *order):
        take_call_event(town.house, "maker", events[at], town.clock.now)
    row = _row(town)
    assert row.agent_id == town.people["clerk"]
    assert (row.answered_at - row.rang_at, row.ended_at - row.answered_at) == (
        timedelta(seconds=10),
        timedelta(seconds=40),
    )
    # nine o'clock in Beijing
    assert row.rang_at.hour == 1
    assert row.outcome is None
    assert row.recording == "https://calls.example/c1.wav"


def test_another_maker_and_a_missed_call(town: Town) -> None:
    _connect(town, "b", MAKER_B)
    begun = int(town.clock.now.timestamp() * 1000)
    for kind in ("incoming", "released"):
        said = {"type": kind, "data": {"session": 7, "from": "anonymous", "user": "clerk", "ts": begun}}
        take_call_event(town.house, "b", SentEvent({"x-token": SECRET}, orjson.dumps(said)), town.clock.now)
    row = _row(town, "7")
    assert (row.outcome, row.number, row.number_index) == ("abandoned", None, None)
    (line,) = last_calls(town.house, _reader(town, "clerk"), "missed")
    assert line.missed


def test_what_is_forged_old_or_nonsense_leaves_nothing(town: Town) -> None:
    _connect(town, "hotline")
    _connect(town, "maker", MAKER_A)
    now = town.clock.now
    good = _own(town, call="c1", event="ringing", number="13800138000")
    bad = [
        ("hotline", SentEvent({**good.headers, "huying-signature": "0" * 64}, good.body)),
        ("hotline", SentEvent(good.headers, good.body.replace(b"1380", b"1390"))),
        ("hotline", _own(town, now - timedelta(minutes=6), call="c1", event="ringing", number="13800138000")),
        ("hotline", SentEvent({}, good.body)),
        ("unknown", good),
        ("maker", SentEvent({}, _a("RING", "2026-11-23 09:29:00").body.replace(b"RING", b"LINK"))),
        ("maker", _a("RING", "2026-11-20 09:29:00")),
    ]
    for key, sent in bad:
        with pytest.raises(NotAllowed):
            take_call_event(town.house, key, sent, now)
    nonsense: tuple[dict[str, Any], ...] = (
        {},
        {"call": "c1"},
        {"call": "c1", "event": "sneezed"},
        {"call": "c1", "event": "ringing", "at": "soon"},
    )
    for said in nonsense:
        with pytest.raises(Invalid):
            take_call_event(town.house, "hotline", _own(town, **said), now)
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.calls)).scalar_one() == 0


def test_a_flood_is_stopped_and_calls_that_are_known_go_on(town: Town) -> None:
    _connect(town, "hotline")
    for number in range(300):
        sent = _own(town, call=f"c{number}", event="ringing", number="13800138000", agent="clerk")
        take_call_event(town.house, "hotline", sent, town.clock.now)
    with pytest.raises(TooManyCalls):
        take_call_event(town.house, "hotline", _own(town, call="more", event="ringing", number=""), town.clock.now)
    assert take_call_event(
        town.house, "hotline", _own(town, call="c1", event="answered", agent="clerk"), town.clock.now
    )


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("13800138000", ("13800138000",)),
        ("１３８００１３８０００", ("13800138000",)),
        ("0086-13800138000", ("13800138000",)),
        ("013800138000", ("13800138000",)),
        ("17951 13800138000", ("13800138000",)),
        ("5147085", ("05925147085", "5147085")),
        ("0592-5147085转8", ("05925147085", "5147085")),
        ("+86 592 5147085", ("05925147085", "5147085")),
        ("400-810-8888", ("4008108888",)),
        ("(0592)5147085 ext. 12", ("05925147085", "5147085")),
        ("12345", ()),
        ("95588", ()),
        ("anonymous", ()),
        ("", ()),
    ],
)
def test_a_number_is_known_however_it_is_written(written: str, known: tuple[str, ...]) -> None:
    assert known_as(written, "0592") == known


def test_a_withheld_number_is_none() -> None:
    assert plain_number("anonymous") == plain_number("unknown@10.0.0.1") == plain_number("") == ""

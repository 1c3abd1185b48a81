"""Every way on which what people wrote leaves the house, one line each: no mobile, identity or card number in a free text goes along."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from flows.view.issue_card import issue_card
from huying.calendars.agenda import agenda
from huying.calendars.feeds import make_feed, open_feed
from huying.database import tables as t
from huying.effects.carriers import carry
from huying.figures.board import circular
from huying.figures.ledger import ledger
from huying.house.by import By
from huying.issues.deeds import comment
from huying.logs import ocel, xes
from huying.logs.history import traces
from huying.outbox.claims import claim_effects
from huying.webhooks.subscriptions import NewSubscription, subscribe
from huying.words.private_text import masked, masked_within
from tests.huying.town import Town

MOBILE, IDENTITY, CARD = "13812345678", "11010519491231002X", "6222021234567890128"
NUMBERS = (MOBILE, IDENTITY, CARD)
TEXT = f"请打 {MOBILE}，证号 {IDENTITY}，卡号 {CARD}"


@pytest.fixture
def issue(town: Town) -> int:
    """An issue whose every text holds such numbers; long overdue by now, so that boards name it."""
    new = NewSubscription(name="市热线", url="https://hotline.example/hook")
    subscribe(town.house, new, by="测试", allow_private=True, now=town.clock.now)
    number = town.report(subject=f"路灯不亮，{TEXT}", details=TEXT)
    comment(town.house, number, TEXT, By(town.people["clerk"], town.clock.now, "remark"), public=True)
    town.act(number, "clerk", "accept")
    town.act(number, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    town.act(number, "lighting", "reply", town.departments["cg"], reply=TEXT)
    for errand in claim_effects(town.house, town.clock.now):
        carry(town.house, errand, town.clock.now)
    town.clock.now += timedelta(days=30)
    return number


def _run(town: Town, issue: int) -> str:
    return str(issue_card(town.house, issue, "http://portal", town.clock.now))


def _messages(town: Town, issue: int) -> str:
    d = t.deliveries.c
    with town.house.database.reading() as connection:
        found = connection.execute(select(d.subject, d.text, d.html)).all()
    assert len(found) > 3
    assert "路灯不亮" in str(found)
    return str(found)


def _events(town: Town, issue: int) -> str:
    with town.house.database.reading() as connection:
        found = connection.execute(select(t.event_deliveries.c.payload)).all()
    assert found
    return str(found)


def _xes(town: Town, issue: int) -> str:
    into = io.StringIO()
    assert xes.write(traces(town.house), into) == 1
    return into.getvalue()


def _ocel(town: Town, issue: int) -> str:
    return orjson.dumps(ocel.document(traces(town.house))).decode()


def _feed(town: Town, issue: int) -> str:
    then = town.clock.now - timedelta(days=30)
    other = town.report(subject=f"路灯不亮，{TEXT}", details="又一件")
    assert other != issue
    token = make_feed(town.house, town.people["clerk"], subjects=True, now=then)
    found = str(agenda(town.house, open_feed(town.house, token, then), "http://portal", then))
    assert "路灯不亮" in found
    return found


def _circular(town: Town, issue: int) -> str:
    found = str(circular(town.house, town.people["office"], "zh", town.clock.now))
    assert "路灯不亮" in found
    return found


def _tables(town: Town, issue: int) -> str:
    found = str(ledger(town.house, town.clock.now))
    assert "路灯不亮" in found
    return found


#: What leaves the house, and how it is had. What is called and what is published goes through ``masked_within``.
WAYS: dict[str, Callable[[Town, int], str]] = {
    "names and cards of runs": _run,
    "messages": _messages,
    "events for other systems": _events,
    "event logs (XES)": _xes,
    "event logs (OCEL)": _ocel,
    "calendar feeds": _feed,
    "circular of what is late": _circular,
    "tables in Prefect": _tables,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_private_number_in_a_free_text_leaves_the_house(town: Town, issue: int, way: str) -> None:
    found = WAYS[way](town, issue)
    assert [number for number in NUMBERS if number in found] == []


def test_what_is_sent_to_other_systems_and_what_becomes_public_is_masked_unless_it_was_asked_for_as_a_number() -> None:
    sent = {"text": f"请打 {MOBILE}", "phone": MOBILE, "rows": ({"note": f"{IDENTITY}。"},), "count": 3}
    assert masked_within(sent) == {
        "text": "请打 138****78",
        "phone": MOBILE,
        "rows": ({"note": "110****2X。"},),
        "count": 3,
    }
    assert masked(MOBILE) == "138****78"

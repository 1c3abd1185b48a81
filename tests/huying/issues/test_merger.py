"""Merging in the house: in bulk the survivor survives, what is said arrives there, and two at the same moment do not close each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select, update

from engine.event import Answer, Ask, Merge, Urge, Withdraw
from engine.refusal import Invalid, Refusal
from engine.state import State
from huying.database.tables import history, issues
from huying.effects.carriers import carry
from huying.house.by import MERGED, By
from huying.issues.attachments import attach
from huying.issues.bulk import in_bulk
from huying.issues.decision import Receipt
from huying.issues.deeds import comment, happen
from huying.issues.opening import Report, open_issue
from huying.issues.verification import verify
from huying.outbox.claims import claim_effects
from tests.conftest import Office
from tests.huying.town import PIXEL


@pytest.fixture
def three(office: Office, now: datetime) -> list[int]:
    """Three reports: two of the resident, one of a colleague who called too."""
    reporters = [office.city["resident"], office.city["resident"], office.city["power_handler"]]
    return [
        open_issue(
            office.house,
            Report(definition="office", station="XG", reporter=reporter, values={"subject": "路灯不亮"}),
            request_id=f"one-{number}",
            now=now,
        ).issue_id
        for number, reporter in enumerate(reporters)
    ]


def by(office: Office, who: str, now: datetime, key: str | None = None) -> By:
    return By(office.city[who], now, key)


def state(office: Office, issue_id: int) -> State:
    with office.house.database.reading() as connection:
        found: State = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        return found


def said(office: Office, issue_id: int) -> list[tuple[str, str | None]]:
    """What was said of an issue through another, as (kind, text)."""
    with office.house.database.reading() as connection:
        rows = connection.execute(select(history).where(history.c.issue_id == issue_id, history.c.via == MERGED))
        return [(row.kind, getattr(row.event, "text", None) or getattr(row.event, "reason", None)) for row in rows]


def carried_out(office: Office, now: datetime) -> None:
    while errands := claim_effects(office.house, now):
        for errand in errands:
            carry(office.house, errand, now)


def merge(office: Office, one: int, into: int, now: datetime) -> Receipt:
    return happen(office.house, one, Merge(f"issue:{into}", "同一盏灯"), by(office, "clerk", now))


def test_of_several_merged_into_one_of_them_that_one_survives(office: Office, three: list[int], now: datetime) -> None:
    event = Merge(f"issue:{three[0]}", "同一盏灯")
    report = in_bulk(office.house, three, lambda _: event, by(office, "clerk", now, "bulk"))
    assert report.done == (three[1], three[2])
    assert "照常办理" in report.refused[three[0]]["zh"]
    assert [state(office, one).status for one in three] == ["open", "closed", "closed"]
    assert verify(office.house).faults == []


def test_a_chain_leads_to_its_end_and_what_is_said_arrives_there(
    office: Office, three: list[int], now: datetime
) -> None:
    a, b, c = three[2], three[1], three[0]
    merge(office, a, b, now)
    merge(office, b, c, now)
    carried_out(office, now)
    caller = f"participant:{office.city['power_handler']}"
    assert caller in state(office, c).followers
    comment(office.house, a, "又灭了", by(office, "power_handler", now), public=True)
    attach(office.house, a, "灯.png", PIXEL, by(office, "power_handler", now))
    happen(office.house, a, Urge("三天了"), by(office, "power_handler", now))
    carried_out(office, now)
    assert said(office, c) == [("comment", "又灭了"), ("attach", None), ("urge", "三天了")]
    assert said(office, b) == []
    happen(office.house, a, Withdraw("已经好了"), by(office, "power_handler", now))
    carried_out(office, now)
    assert caller not in state(office, c).followers
    assert verify(office.house).faults == []


def test_what_was_asked_before_is_answered_where_it_goes_on(office: Office, three: list[int], now: datetime) -> None:
    item = state(office, three[0]).items[0].number
    resident = f"participant:{office.city['resident']}"
    happen(office.house, three[0], Ask(item, resident, "哪一盏？"), by(office, "clerk", now))
    asked = state(office, three[0]).items[-1].number
    merge(office, three[0], three[2], now)
    happen(office.house, three[0], Answer(asked, "东门那盏"), by(office, "resident", now))
    carried_out(office, now)
    assert said(office, three[2]) == [("comment", "东门那盏")]


def test_two_merged_into_each_other_at_the_same_moment_leave_one_open(
    office: Office, three: list[int], now: datetime
) -> None:
    def one_into(pair: tuple[int, int]) -> str:
        try:
            merge(office, *pair, now)
        except Refusal as refusal:
            return refusal.code
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(one_into, [(three[0], three[1]), (three[1], three[0])]))
    assert done == ["invalid", "merged"]
    assert sorted(state(office, one).status for one in three[:2]) == ["closed", "open"]


def test_what_is_merged_into_nothing_is_found(office: Office, three: list[int], now: datetime) -> None:
    merge(office, three[0], three[1], now)
    with pytest.raises(Invalid):
        merge(office, three[1], three[0], now)
    circle = state(office, three[0])
    with office.house.database.writing() as connection:
        # as if both had been merged by a house of old, which looked at neither
        connection.execute(update(issues).where(issues.c.id == three[1]).values(state=circle))
    faults = " ".join(verify(office.house).faults)
    assert "并来并去" in faults

"""Incidents: opened where something is given up, told once, tried again or gone on without, and fixed only when it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from engine.refusal import Invalid, NotAllowed
from huying.database.tables import deliveries, history, incidents, memberships, outbox, stations
from huying.effects.carriers import carry
from huying.effects.failure import failed
from huying.house.by import By
from huying.incidents.remedy import Righted, right
from huying.incidents.settlement import settle
from huying.incidents.view import IncidentFilter, incident_list
from huying.outbox.claims import ATTEMPTS, claim_effects, errand
from huying.timers.sweep import HOLDS_BACK, sweep
from tests.conftest import Office
from tests.huying.story import Story
from tests.huying.timers.test_sweep import break_issue, mend_issue


def give_up(office: Office, now: datetime, count: int = 1) -> list[int]:
    """So many effects that failed as often as may be; their ids."""
    for number in range(count):
        Story(office, now).open(f"open-{number}", subject=f"路灯 {number}")
    with office.house.database.reading() as connection:
        ids = list(connection.execute(select(outbox.c.id).where(outbox.c.kind == "tell")).scalars())[:count]
    for one in ids:
        for attempt in range(ATTEMPTS):
            failed(office.house, one, attempt, "ConnectionError: clerk@example.org 13812345678 refused", now)
    return ids


def rows(office: Office) -> list[tuple[str, str | None]]:
    with office.house.database.reading() as connection:
        found = connection.execute(select(incidents.c.status, incidents.c.outcome).order_by(incidents.c.id)).all()
        return [(row.status, row.outcome) for row in found]


def ids(office: Office) -> list[int]:
    with office.house.database.reading() as connection:
        return list(connection.execute(select(incidents.c.id).order_by(incidents.c.id)).scalars())


def ask(office: Office, which: list[int], do: str, now: datetime, who: str = "clerk", reason: str = "") -> Righted:
    actor = office.city[who]
    return right(office.house, which, do, reason, By(actor, now, "r1"))  # type: ignore[arg-type]


def test_only_what_is_given_up_becomes_an_incident_without_private_data(office: Office, now: datetime) -> None:
    Story(office, now).open()
    (first, *_) = claim_effects(office.house, now)
    for attempt in range(ATTEMPTS - 1):
        failed(office.house, first.id, attempt, "boom", now)
    assert rows(office) == []
    failed(office.house, first.id, ATTEMPTS - 1, "clerk@example.org 13812345678", now)
    assert rows(office) == [("open", None)]
    with office.house.database.reading() as connection:
        reason = connection.execute(select(incidents.c.reason)).scalar_one()
    assert "example" in reason
    assert "clerk@" not in reason
    assert "13812345678" not in reason


def test_staff_of_the_station_are_told_once_and_of_many_only_of_the_first(office: Office, now: datetime) -> None:
    give_up(office, now, 9)
    with office.house.database.reading() as connection:
        told = connection.execute(select(deliveries).where(deliveries.c.occasion == "incident")).all()
    assert {row.participant_id for row in told} == {office.city["clerk"]}
    assert len(told) == 5
    assert "没有办成" in told[0].text
    assert "XG-2026-00001" in told[0].subject


def test_tried_again_it_is_fixed_only_once_it_has_succeeded(office: Office, now: datetime) -> None:
    (one,) = give_up(office, now)
    assert ask(office, ids(office), "retry", now) == Righted(1, 1, 0, 0, {})
    assert rows(office) == [("retrying", None)]
    assert settle(office.house, now) == 0, "not yet"
    for attempt in range(ATTEMPTS):
        failed(office.house, one, attempt, "still away", now)
    assert rows(office) == [("open", None)], "the same incident, open again"
    ask(office, ids(office), "retry", now)
    carry(office.house, errand(office.house, one), now)
    assert settle(office.house, now) == 1
    assert rows(office) == [("closed", "fixed")]


def test_what_is_skipped_is_never_carried_out_and_the_history_says_who_and_why(office: Office, now: datetime) -> None:
    (one,) = give_up(office, now)
    with pytest.raises(Invalid):
        ask(office, ids(office), "skip", now)
    assert ask(office, ids(office), "skip", now, reason="已电话告知").done == 1
    assert rows(office) == [("closed", "skipped")]
    later = now + timedelta(days=1)
    assert one not in [claimed.id for claimed in claim_effects(office.house, later)]
    with office.house.database.reading() as connection:
        (said,) = connection.execute(select(history.c.event).where(history.c.kind == "skip")).scalars()
    assert (said.reason, said.thing) == ("已电话告知", f"effect:{one}")


def test_the_counts_of_many_add_up(office: Office, now: datetime) -> None:
    give_up(office, now, 4)
    first, *others = ids(office)
    ask(office, [first], "skip", now, reason="不需要")
    found = ask(office, [first, *others, 999_999], "retry", now)
    assert (found.asked, found.done, found.refused, found.gone) == (5, 3, 0, 2)
    assert ask(office, others, "retry", now).done == 3, "asked twice is no harm"


def test_only_those_who_look_after_the_station_may_and_see_it(office: Office, now: datetime) -> None:
    give_up(office, now)
    with pytest.raises(NotAllowed):
        ask(office, ids(office), "retry", now, who="resident")
    with office.house.database.writing() as connection:
        other = {"code": "YF", "name_zh": "别站", "name_en": "Other", "kind": "area"}
        area = connection.execute(select(stations.c.area_id)).scalar_one()
        number = connection.execute(insert(stations).returning(stations.c.id), {**other, "area_id": area}).scalar_one()
        served = update(memberships).where(memberships.c.participant_id == office.city["clerk"])
        connection.execute(served.values(station_id=number))
    assert ask(office, ids(office), "retry", now) == Righted(1, 0, 0, 1, {})
    assert incident_list(office.house, office.city["clerk"], IncidentFilter(), "zh").total == 0


def test_the_list_says_it_in_words_and_narrows(office: Office, now: datetime) -> None:
    give_up(office, now, 2)
    ask(office, ids(office)[:1], "skip", now, reason="不需要")
    clerk = office.city["clerk"]
    (line,) = incident_list(office.house, clerk, IncidentFilter(), "zh").lines
    assert (line.what, line.said, line.attempts) == ("生成通知", "待处理", ATTEMPTS)
    assert line.number.startswith("XG-")
    assert incident_list(office.house, clerk, IncidentFilter("any"), "en").total == 2
    (over,) = incident_list(office.house, clerk, IncidentFilter("closed"), "en").lines
    assert (over.said, over.note) == ("Skipped", "不需要")
    assert incident_list(office.house, clerk, IncidentFilter(kind="timer"), "en").total == 0
    assert incident_list(office.house, clerk, IncidentFilter(station="XG"), "en").total == 1


def test_a_deadline_that_cannot_fire_is_one_too_and_is_fixed_when_it_fires(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    break_issue(office, story.issue_id)
    later = now + timedelta(days=3)
    for _ in range(HOLDS_BACK):
        later += timedelta(hours=2)
        sweep(office.house, later)
    assert ("open", None) in rows(office)
    assert ask(office, ids(office), "skip", now, reason="x").refused == len(ids(office))
    mend_issue(office, story.issue_id)
    ask(office, ids(office), "retry", later)
    while sweep(office.house, later).fired:
        pass
    settle(office.house, later)
    assert set(rows(office)) == {("closed", "fixed")}


def test_what_was_given_up_is_an_incident_or_nothing_is(office: Office, now: datetime) -> None:
    """Giving up and the incident are one transaction: where the one fails, so does the other."""
    Story(office, now).open()
    (first, *_) = claim_effects(office.house, now)
    with office.house.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE incident RENAME TO incident_away")
    with pytest.raises(Exception, match="incident"):
        failed(office.house, first.id, ATTEMPTS - 1, "boom", now)
    with office.house.database.reading() as connection:
        assert connection.execute(select(outbox.c.status).where(outbox.c.id == first.id)).scalar_one() == "pending"

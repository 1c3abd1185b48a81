"""Who leaves, moves or comes with a new term: the plan that is shown is what happens afterwards, and nothing happens before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from huying.database.tables import duties, mandates, memberships, organisations, participants, stations, successors
from huying.issues.departures import count_departed, see_off
from huying.issues.succession import Going, carried_out, foreseen
from huying.issues.successors import TaskOf
from huying.register.changes import Change, Stamp, WrongChanges, apply
from huying.register.shapes import Values
from huying.register.turnover import Leaving, NewTerm, WrongDay, closing, deputies_of, leaving, new_term
from tests.conftest import Office
from tests.huying.story import Story

TODAY = date(2026, 3, 2)
LAST = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def _office(office: Office) -> Iterator[None]:
    """Somebody looks after what nobody else does; and the house believes the day of the story."""
    office.house.database.day.believe(TODAY)
    with office.house.database.writing() as connection:
        row: dict[str, Any] = {"code": "RDB", "kind": "office", "active": True, "name_zh": "机构", "name_en": ""}
        number = connection.execute(insert(organisations).returning(organisations.c.id), row).scalar_one()
        member = {"participant_id": office.city["power_handler"], "organisation_id": number, "function": "clerk"}
        connection.execute(insert(memberships), member)
    yield
    office.house.database.day.believe(None)


def stamp(now: datetime) -> Stamp:
    return Stamp("page", now, why="调离")


def asked(office: Office, who: Leaving) -> list[Change]:
    with office.house.database.reading() as connection:
        return leaving(connection, who, TODAY)


def follow(office: Office, now: datetime) -> None:
    for _ in range(10):
        if count_departed(office.house):
            see_off(office.house, now)


def name_of(office: Office, who: str) -> str:
    with office.house.database.reading() as connection:
        query = select(participants.c.name).where(participants.c.id == office.city[who])
        return str(connection.execute(query).scalar_one())


def test_the_plan_says_who_would_take_over_and_changes_nothing(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    follow(office, now)
    before, clerk = story.state, office.city["clerk"]
    changes = asked(office, Leaving(clerk, LAST))
    plan = foreseen(office.house, changes, Going([clerk], LAST + timedelta(days=1)), stamp(now), "zh")
    assert plan.issues == 1
    assert name_of(office, "clerk") in plan.lines[0].now
    assert plan.lines[0].then != plan.lines[0].now
    assert story.state == before
    with office.house.database.reading() as connection:
        mine = select(memberships.c.until).where(memberships.c.participant_id == clerk)
        assert set(connection.execute(mine).scalars()) == {None}


def test_what_was_shown_happens_on_the_day_after_and_not_before(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    follow(office, now)
    clerk = office.city["clerk"]
    changes = asked(office, Leaving(clerk, LAST))
    plan = foreseen(office.house, changes, Going([clerk], LAST + timedelta(days=1)), stamp(now), "zh")
    carried_out(office.house, changes, stamp(now))
    office.house.database.day.believe(LAST)
    follow(office, now)
    held = [item.candidates for item in story.state.items if not item.done]
    assert any(f"participant:{clerk}" in one for one in held)
    office.house.database.day.believe(LAST + timedelta(days=1))
    follow(office, now + timedelta(days=30))
    held = [item.candidates for item in story.state.items if not item.done]
    assert not any(f"participant:{clerk}" in one for one in held)
    with office.house.database.reading() as connection:
        ids = {f"participant:{row.id}": row.name for row in connection.execute(select(participants))}
    names = {ids[party] for one in held for party in one if party in ids}
    assert names == set(plan.lines[0].then.split("、"))


def test_a_successor_chosen_for_a_task_has_it_from_the_day_after(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    follow(office, now)
    clerk, day = office.city["clerk"], LAST + timedelta(days=1)
    changes = asked(office, Leaving(clerk, LAST))
    line = next(
        one for one in foreseen(office.house, changes, Going([clerk], day), stamp(now), "zh").lines if one.others
    )
    assert clerk not in {one.id for one in line.others}
    ruled = line.then
    other = next(one for one in line.others if one.name not in ruled.split("、"))
    going = Going([clerk], day, {TaskOf(line.issue_id, line.item or 0): other.id})
    shown = foreseen(office.house, changes, going, stamp(now), "zh")
    assert (other.name, other.id) in [(one.then, one.chosen) for one in shown.lines]
    carried_out(office.house, changes, stamp(now), going)
    office.house.database.day.believe(day)
    follow(office, now + timedelta(days=30))
    item = story.state.item(line.item or 0)
    assert item is not None
    assert item.candidates == (f"participant:{other.id}",)
    with office.house.database.reading() as connection:
        assert connection.execute(select(successors)).all() == []


def test_nobody_can_be_chosen_who_has_no_part_in_it(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    follow(office, now)
    clerk, day = office.city["clerk"], LAST + timedelta(days=1)
    changes = asked(office, Leaving(clerk, LAST))
    line = next(
        one for one in foreseen(office.house, changes, Going([clerk], day), stamp(now), "zh").lines if one.others
    )
    going = Going([clerk], day, {TaskOf(line.issue_id, line.item or 0): clerk})
    assert foreseen(office.house, changes, going, stamp(now), "zh").chosen == {}
    carried_out(office.house, changes, stamp(now), going)
    with office.house.database.reading() as connection:
        assert connection.execute(select(successors)).all() == []


def test_who_moves_goes_on_in_the_same_function_elsewhere_from_the_day_after(office: Office, now: datetime) -> None:
    clerk = office.city["clerk"]
    with office.house.database.writing() as connection:
        area = connection.execute(select(stations.c.area_id).where(stations.c.code == "XG")).scalar_one()
        row = {"code": "NEW", "name_zh": "新站", "name_en": "", "kind": "area", "area_id": area}
        to = connection.execute(insert(stations).returning(stations.c.id), row).scalar_one()
    carried_out(office.house, asked(office, Leaving(clerk, LAST, to=(to, None))), stamp(now))
    with office.house.database.reading() as connection:
        rows = connection.execute(select(memberships).where(memberships.c.participant_id == clerk)).all()
    spells = {(row.station_id == to, row.function, row.since, row.until) for row in rows}
    assert spells == {(False, "clerk", None, LAST), (True, "clerk", LAST + timedelta(days=1), None)}


def test_whoever_is_disabled_cannot_log_in_from_today_and_their_rota_ends(office: Office, now: datetime) -> None:
    deputy = office.city["deputy"]
    carried_out(office.house, asked(office, Leaving(deputy, TODAY, disable=True)), stamp(now))
    with office.house.database.reading() as connection:
        assert not connection.execute(select(participants.c.active).where(participants.c.id == deputy)).scalar_one()
        ends = connection.execute(select(duties.c.last_day).where(duties.c.participant_id == deputy)).scalars()
        assert set(ends) <= {TODAY}
    with pytest.raises(WrongDay):
        asked(office, Leaving(deputy, LAST, disable=True))


def test_with_a_new_term_all_deputies_change_at_once(office: Office, now: datetime) -> None:
    database, first = office.house.database, date(2026, 4, 1)
    level = "city"
    with database.writing() as connection:
        connection.execute(update(memberships).where(memberships.c.function == "deputy").values(level=level))
    with database.writing() as connection:
        for deputy in deputies_of(connection, level, first):
            value: Values = {"until": date(2030, 12, 31), "constituency": "一选区"}
            apply(connection, [Change("mandate", (deputy.id, level, date(2021, 1, 1)), value)], stamp(now))
    with database.reading() as connection:
        everybody = deputies_of(connection, level, first)
        staying = frozenset(one.id for one in everybody[:1])
        changes = new_term(connection, NewTerm(level, first, date(2031, 3, 31), staying))
    going = [one.id for one in everybody if one.id not in staying]
    assert foreseen(office.house, changes, Going(going, first), stamp(now), "zh").applied.done
    carried_out(office.house, changes, stamp(now))
    with database.reading() as connection:
        terms = connection.execute(select(mandates).where(mandates.c.level == level)).all()
        assert {row.until for row in terms if row.since < first} == {LAST}
        assert {row.participant_id for row in terms if row.since == first} == staying
        assert {row.constituency for row in terms} == {"一选区"}
        assert [one.id for one in deputies_of(connection, level, first + timedelta(days=1))] == sorted(staying)
    with pytest.raises(WrongDay), database.reading() as connection:
        new_term(connection, NewTerm(level, first, first))


def test_a_station_closes_when_nothing_is_open_and_says_so_before(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    with office.house.database.reading() as connection:
        changes = closing(connection, "XG", TODAY)
    with pytest.raises(WrongChanges) as wrong:
        foreseen(office.house, changes, Going([], TODAY), stamp(now), "zh")
    assert "还有 1 件事项没有办结" in wrong.value.message["zh"]
    story.to_the_end()
    carried_out(office.house, changes, stamp(now))
    with office.house.database.reading() as connection:
        row = connection.execute(select(stations).where(stations.c.code == "XG")).one()
        left = select(memberships.c.until).where(memberships.c.station_id == row.id)
        assert set(connection.execute(left).scalars()) == {TODAY}
    assert (row.active, row.closed) == (False, TODAY)
    with pytest.raises(Exception, match="has closed"):
        Story(office, story.now).open("again")

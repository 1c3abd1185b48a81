"""An issue that moves to another station: its rows, who sees and looks after it, what is told, searched and counted; on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, insert, select, update

from engine.event import Cancel, Relocate
from engine.refusal import Gone, Invalid, NotAllowed
from huying.access.viewer import Look
from huying.database import tables as t
from huying.effects.carriers import carry
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.bulk import in_bulk
from huying.issues.deeds import happen
from huying.issues.departures import count_departed, see_off
from huying.issues.sight import sight_of
from huying.issues.tally_rows import count_again
from huying.issues.verification import verify
from huying.issues.views.filter import Filter
from huying.issues.views.issue import issue_view
from huying.issues.views.list import issue_list
from huying.messages.phone_list import phone_list
from huying.outbox.claims import claim_effects
from huying.register.changes import Change, Stamp, WrongChanges, apply
from huying.register.nearby import station_called
from huying.register.successor import ClosedStation, closed_sought, closed_station
from huying.search.upkeep import every_portion
from huying.search.verification import verify_search
from huying.search.view import Asker, search
from tests.huying.town import Town

TODAY = date(2026, 11, 23)


def by(town: Town, login: str, key: str | None = None) -> By:
    return By(town.people[login], town.clock.now, key)


def moved(town: Town, issue: int, login: str = "clerk", to: str = "YF", reason: str = "属远方站辖区") -> None:
    """Somebody moves an issue to another station."""
    happen(town.house, issue, Relocate(to, reason), by(town, login, f"move-{issue}-{to}"))


def row(town: Town, table: Table, **where: Any) -> Any:
    with town.house.database.reading() as connection:
        query = select(table).where(*(table.c[name] == value for name, value in where.items()))
        return connection.execute(query).one()


def station(town: Town, code: str) -> int:
    return int(row(town, t.stations, code=code).id)


def listed(town: Town, login: str) -> list[int]:
    found = issue_list(town.house, town.people[login], Filter(cared_for=True), "zh", town.clock.now)
    return [line.id for line in found.lines]


def test_the_other_station_has_it_and_the_old_one_looks_after_it_no_more(town: Town) -> None:
    issue = town.report()
    number, code = town.number_and_code(issue)
    moved(town, issue)
    assert row(town, t.issues, id=issue).station_id == station(town, "YF")
    assert town.number_and_code(issue) == (number, code), "what stands on the receipt"
    assert (listed(town, "clerk"), listed(town, "far-clerk"), listed(town, "office")) == ([], [issue], [issue])
    manages = {login: sight_of(town.house, issue, town.people[login]) for login in ("clerk", "far-clerk", "clerk2")}
    assert manages["far-clerk"] is not None
    assert manages["far-clerk"].manages
    assert manages["clerk"] is not None, "whoever moved it still sees what became of it"
    assert not manages["clerk"].manages
    with pytest.raises(NotAllowed):
        moved(town, issue, "clerk", "XG")
    town.act(issue, "far-clerk", "accept")
    assert verify(town.house).faults == []


def test_it_can_be_moved_on_and_back(town: Town) -> None:
    issue = town.report()
    moved(town, issue)
    town.clock.move(minutes=1)
    moved(town, issue, "far-clerk", "XG", "核实后属本站")
    assert (listed(town, "clerk"), listed(town, "far-clerk")) == ([issue], [])
    assert verify(town.house).faults == []


@pytest.mark.parametrize("login", ["far-clerk", "deputy", "stranger", "lighting"])
def test_nobody_takes_it_from_a_station_that_they_do_not_look_after(town: Town, login: str) -> None:
    issue = town.report()
    with pytest.raises(NotAllowed):
        moved(town, issue, login)


def test_to_nowhere_to_a_closed_station_or_after_the_end_it_cannot(town: Town) -> None:
    issue = town.report()
    with town.house.database.writing() as connection:
        connection.execute(update(t.stations).where(t.stations.c.code == "YF").values(active=False))
    for to in ("YF", "XG", "no such", "station:999999"):
        with pytest.raises(Invalid):
            moved(town, issue, to=to)
    happen(town.house, issue, Cancel("误登"), by(town, "clerk"))
    with pytest.raises(Gone):
        moved(town, issue, to="XG")


def test_the_resident_is_told_which_station_has_it_and_reads_why(town: Town) -> None:
    issue = town.report()
    moved(town, issue)
    town.clock.move(minutes=1)
    for errand in claim_effects(town.house, town.clock.now, 50):
        carry(town.house, errand, town.clock.now)
    person = town.reporter(issue)
    with town.house.database.reading() as connection:
        query = select(t.deliveries).where(t.deliveries.c.issue_id == issue, t.deliveries.c.occasion == "relocated")
        told = {each.participant_id: each for each in connection.execute(query)}
    assert set(told) == {person}
    assert "远方站" in told[person].text
    assert told[person].station_id == station(town, "YF")
    story = issue_view(town.house, issue, Look(person, "zh", town.clock.now)).timeline
    assert story[-1].what == "转到其他站点"
    assert "属远方站辖区" in repr(story[-1])
    assert "从星光站转到远方站" in repr(story[-1])


def test_what_waits_at_the_old_station_waits_at_the_new_one(town: Town) -> None:
    issue = town.report()
    old, new = station(town, "XG"), station(town, "YF")
    incident = {"what": "effect", "what_id": 1, "issue_id": issue, "station_id": old, "kind": "request"}
    with town.house.database.writing() as connection:
        moments = {"opened_at": town.clock.now, "changed_at": town.clock.now}
        connection.execute(insert(t.incidents), [{**incident, **moments}])
    for errand in claim_effects(town.house, town.clock.now, 50):
        carry(town.house, errand, town.clock.now)
    with town.house.database.writing() as connection:
        mine = t.deliveries.c.participant_id == town.reporter(issue)
        connection.execute(update(t.deliveries).where(mine).values(status="untold"))
    assert len(phone_list(town.house, town.people["clerk"], "zh")) == 1
    moved(town, issue)
    assert row(town, t.incidents, issue_id=issue).station_id == new
    assert phone_list(town.house, town.people["clerk"], "zh") == ()
    assert [line.issue_id for line in phone_list(town.house, town.people["far-clerk"], "zh")] == [issue]


def test_search_and_figures_follow(town: Town) -> None:
    issue = town.report(subject="莲花三村路灯")
    moved(town, issue)
    for _ in every_portion(town.house):
        pass
    found = {
        login: [one.line.id for one in search(town.house, Asker(town.people[login], "zh", town.clock.now), "莲花", Filter(), 5).lines]
        for login in ("clerk", "far-clerk", "clerk2")
    }  # fmt: skip
    assert found == {"clerk": [issue], "far-clerk": [issue], "clerk2": []}
    assert list(verify_search(town.house)) == []
    before = row(town, t.tallies, issue_id=issue, what="relocated")
    assert before.value == str(station(town, "XG"))
    with town.house.database.writing() as connection:
        connection.execute(update(t.issues).values(opened_on=None))
    assert count_again(town.house) == 1
    assert row(town, t.tallies, issue_id=issue, what="relocated") == before


def test_many_at_once_each_by_itself_and_a_repeat_moves_nothing_twice(town: Town) -> None:
    several = [town.report(subject=f"第 {number} 件") for number in range(3)]
    happen(town.house, several[2], Cancel("误登"), by(town, "clerk"))
    event = Relocate("YF", "站点撤并")
    first = in_bulk(town.house, several, lambda _: event, by(town, "office", "together"))
    again = in_bulk(town.house, several, lambda _: event, by(town, "office", "together"))
    assert first.done == again.done == tuple(several[:2])
    assert set(first.refused) == {several[2]}
    assert listed(town, "far-clerk") == several[1::-1]


def closed(town: Town, code: str, successor: str) -> None:
    """A station closes, and another carries on."""
    with town.house.database.writing() as connection:
        change = Change("station", (code,), {"active": False, "closed": TODAY, "successor": successor})
        apply(connection, [change], Stamp("page", town.clock.now))


def test_what_a_closed_station_had_goes_to_the_last_that_carries_on(town: Town) -> None:
    several = [town.report(subject=f"第 {number} 件") for number in range(3)]
    ended = town.report(subject="办结的")
    happen(town.house, ended, Cancel("误登"), by(town, "clerk"))
    with town.house.database.writing() as connection:
        area = connection.execute(select(t.areas.c.code)).scalars().first()
        new = Change("station", ("LAST",), {"name_zh": "最后站", "kind": "area", "area": area})
        apply(connection, [new], Stamp("page", town.clock.now))
    closed(town, "XG", "YF")
    closed(town, "YF", "LAST")
    assert count_departed(town.house) == 1
    assert see_off(town.house, town.clock.now, 2) == 2, "a batch"
    while count_departed(town.house):
        see_off(town.house, town.clock.now)
    last = station(town, "LAST")
    assert {row(town, t.issues, id=one).station_id for one in several} == {last}
    assert row(town, t.issues, id=ended).station_id == station(town, "XG")
    story = issue_view(town.house, several[0], Look(town.people["office"], "zh", town.clock.now)).timeline
    assert "“星光站”已停用，由“最后站”接着办" in repr(story[-1])
    assert verify(town.house).faults == []
    taken = town.report(subject="还想在这里反映")
    assert row(town, t.issues, id=taken).station_id == last, "and what comes for it is taken there"
    assert town.number_and_code(taken)[0].startswith("LAST-")
    opened = row(town, t.history, issue_id=taken, sequence=1)
    assert opened.event.station == "LAST"
    assert verify(town.house).faults == []


def test_a_closed_station_that_nobody_carries_on_takes_nothing(town: Town) -> None:
    with town.house.database.writing() as connection:
        change = Change("station", ("XG",), {"active": False, "closed": TODAY})
        apply(connection, [change], Stamp("page", town.clock.now))
    with pytest.raises(NotFound) as refused:
        town.report(subject="还想在这里反映")
    assert "已停用，不再受理新事项" in refused.value.message["zh"]
    assert closed_station(town.house, "XG", "zh") == ClosedStation("XG", "星光站", "2026年11月23日（周一）", None)


def test_whoever_looks_for_a_closed_station_hears_who_carries_it_on(town: Town) -> None:
    assert closed_station(town.house, "XG", "zh") is None
    closed(town, "XG", "YF")
    found = closed_station(town.house, "XG", "en")
    assert found is not None
    assert found.successor is not None
    assert found.successor.code == "YF"
    assert closed_sought(town.house, "星光", "en") == (found,)
    assert closed_sought(town.house, "远方", "en") == closed_sought(town.house, " ", "en") == ()
    assert closed_station(town.house, "NOWHERE", "zh") is closed_station(town.house, "", "zh") is None


@pytest.mark.parametrize("successor", ["XG", "YF", "XX"])
def test_only_another_station_in_use_carries_on(town: Town, successor: str) -> None:
    town.report()
    if successor == "YF":
        closed(town, "YF", "XG")
    with pytest.raises(WrongChanges) as refused:
        closed(town, "XG", successor)
    assert "successor" in {one.word for one in refused.value.problems}


def test_a_station_is_named_by_code_by_both_or_by_words(town: Town) -> None:
    wanted = f"station:{station(town, 'YF')}"
    assert {station_called(town.house, text) for text in ("YF", " YF 远方站 ", "远方")} == {wanted}
    for text in ("站", "", "没有的站"):
        with pytest.raises(Invalid) as refused:
            station_called(town.house, text)
        assert set(refused.value.errors) == {"to"}
    assert "XG" in str(refused.value.errors) or "没有" in str(refused.value.errors)


def test_whoever_may_not_see_it_is_not_told_that_it_exists(town: Town) -> None:
    issue = town.report()
    moved(town, issue)
    with pytest.raises(NotFound):
        issue_view(town.house, issue, Look(town.people["clerk2"], "zh", town.clock.now))

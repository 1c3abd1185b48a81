"""The board of deadlines: figures that agree with the lists they lead to, for whoever looks after the stations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from engine.event import Suspend
from engine.refusal import NotAllowed
from huying.database import tables as t
from huying.figures.board import Board, board, circular
from huying.house.by import By
from huying.house.calendars import publish_calendar
from huying.house.imprint import Imprint
from huying.issues.bulk import in_bulk
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.issues.urgency import URGENCIES
from huying.issues.views.filter import Filter
from huying.issues.views.list import issue_list
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, MORNING, REPORT, Town

OTHER = DEFINITION.replace("id: street-matters", "id: other-matters").replace("街道诉求办理", "其他事项")
#: Like the country's calendar, but a week of late November is free.
SLOW = """
id: slow
extends: china
title: {zh: 慢历, en: Slow}
festivals: {feast: {zh: 站庆, en: Feast}}
days: [{festival: feast, off: 2026-11-23..2026-11-27}]
"""


def _report(town: Town, station: str, ago: int, definition: str = "street-matters") -> int:
    """An issue at a station that was raised some days ago, due one working day after."""
    at = town.clock.now - timedelta(days=ago)
    receipt = open_issue(
        town.house,
        Report(definition=definition, station=station, reporter=NewReporter(name="李明"), values=dict(REPORT)),
        request_id=f"{station}-{ago}-{definition}",
        now=at,
    )
    return receipt.issue_id


@pytest.fixture
def busy(town: Town) -> Town:
    """A town in which the deadlines of two stations are of every urgency."""
    publish(town.house, OTHER.encode(), "other-matters.yaml", Imprint("test", MORNING - timedelta(days=60)))
    with town.house.database.writing() as connection:
        # the far station is in a district of its own
        row = {"code": "350206", "name_zh": "湖里区", "name_en": "Huli", "level": "district"}
        area = connection.execute(insert(t.areas).values(**row).returning(t.areas.c.id)).scalar_one()
        connection.execute(update(t.stations).where(t.stations.c.code == "YF").values(area_id=area))
    for station, ago in (("XG", 20), ("XG", 10), ("XG", 4), ("XG", 3), ("XG", 0), ("YF", 12), ("YF", 3)):
        _report(town, station, ago)
    _report(town, "XG", 9, "other-matters")
    accepted = _report(town, "XG", 1)
    town.act(accepted, "clerk", "accept")
    stopped = _report(town, "YF", 2)
    in_bulk(town.house, [stopped], lambda _: Suspend("等材料"), By(town.people["office"], town.clock.now, "stop"))
    return town


def _board(town: Town, login: str, definition: str | None = None) -> Board:
    return board(town.house, town.people[login], "zh", town.clock.now, definition)


def _listed(town: Town, login: str, wanted: Filter) -> int:
    count, before = 0, None
    while True:
        found = issue_list(town.house, town.people[login], replace(wanted, before=before), "zh", town.clock.now)
        count += len(found.lines)
        before = found.older
        if before is None:
            return count


def test_the_office_sees_every_urgency(busy: Town) -> None:
    seen = _board(busy, "office").total
    assert (seen.open, seen.today, seen.soon) == (10, 2, 4)
    assert (seen.overdue, seen.long_overdue, seen.paused, seen.provisional) == (5, 2, 1, 0)


@pytest.mark.parametrize("login", ["office", "clerk", "far-clerk"])
@pytest.mark.parametrize("definition", [None, "street-matters", "other-matters"])
def test_each_figure_is_the_length_of_its_list(busy: Town, login: str, definition: str | None) -> None:
    seen = _board(busy, login, definition)
    for urgency in URGENCIES:
        wanted = Filter(definition=definition, due=urgency, cared_for=True)
        assert seen.total.of(urgency) == _listed(busy, login, wanted), urgency
        for region in seen.regions:
            assert region.counts.of(urgency) == _listed(busy, login, replace(wanted, region=region.code))
            for station in region.stations:
                assert station.counts.of(urgency) == _listed(busy, login, replace(wanted, station=station.code))


def test_a_list_agrees_though_somebody_answers_for_an_issue_elsewhere(busy: Town) -> None:
    with busy.house.database.writing() as connection:
        far = select(t.stations.c.id).where(t.stations.c.code == "YF").scalar_subquery()
        values = {"answerable_id": busy.people["clerk"]}
        connection.execute(update(t.issues).where(t.issues.c.station_id == far).values(**values))
    total = _board(busy, "clerk").total
    assert total.overdue == _listed(busy, "clerk", Filter(due="overdue", cared_for=True))
    assert total.overdue < _listed(busy, "clerk", Filter(due="overdue"))


def test_figures_are_summed_up_by_district(busy: Town) -> None:
    lines = _board(busy, "office").regions
    assert [(one.name, one.counts.open, [s.name for s in one.stations]) for one in lines] == [
        ("思明区", 7, ["星光站"]),
        ("湖里区", 3, ["远方站"]),
    ]


def test_staff_see_their_stations_and_others_nothing(busy: Town) -> None:
    assert [one.name for one in _board(busy, "clerk").regions] == ["思明区"]
    assert [one.name for one in _board(busy, "far-clerk").regions] == ["湖里区"]
    for login in ("deputy", "lighting", "stranger"):
        with pytest.raises(NotAllowed):
            _board(busy, login)


def test_the_oldest_are_listed_with_roles_and_departments_and_no_persons(busy: Town) -> None:
    oldest = _board(busy, "office").oldest
    ages = [one.due.at for one in oldest]
    assert len(oldest) == 5
    assert ages == sorted(age for age in ages if age)
    assert {one.whom for one in oldest} == {("站点工作人员",)}
    assert oldest[0].working_days == 13
    assert not any(name in repr(oldest) for name in ("陈晓", "何静", "李明", "光明路"))


def test_departments_that_are_late_are_named(busy: Town) -> None:
    issue = _report(busy, "XG", 7)
    busy.to_departments(issue)
    busy.clock.move(days=40)
    late = next(one for one in _board(busy, "office").oldest if len(one.whom) == 2)
    assert late.whom == ("城市管理局", "供电公司")
    assert late.steps == ("部门办理",)


def test_the_circular_names_exactly_those_that_are_long_overdue(busy: Town) -> None:
    paper = circular(busy.house, busy.people["office"], "zh", busy.clock.now)
    assert len(paper.oldest) == paper.total.long_overdue == 2
    assert all(one.working_days > 5 for one in paper.oldest)


@pytest.mark.parametrize("days", range(9))
def test_the_circular_agrees_with_the_figures_on_every_day_of_the_week(busy: Town, days: int) -> None:
    busy.clock.move(days=days)
    paper = circular(busy.house, busy.people["office"], "zh", busy.clock.now)
    assert len(paper.oldest) == paper.total.long_overdue
    assert sum(one.working_days > 5 for one in _board(busy, "office").oldest) == paper.total.long_overdue


def test_an_issue_whose_clock_stands_becomes_late_nowhere(busy: Town) -> None:
    busy.clock.move(days=30)
    seen = _board(busy, "far-clerk").total
    assert (seen.open, seen.overdue, seen.paused) == (3, 2, 1)


def test_a_deadline_that_needs_unknown_holidays_is_counted_as_provisional(busy: Town) -> None:
    issue = _report(busy, "XG", 5)
    busy.clock.now = datetime.fromisoformat("2026-12-21T02:00:00+00:00")
    busy.to_departments(issue)
    assert _board(busy, "office").total.provisional == 1
    [line] = issue_list(busy.house, busy.people["office"], Filter(due="provisional"), "zh", busy.clock.now).lines
    assert line.due is not None
    assert line.due.provisional


def test_each_issue_is_measured_by_its_own_calendar(busy: Town) -> None:
    """Where another calendar has a holiday week, an issue is soon for longer, and later for not so long."""
    publish_calendar(busy.house.calendars, busy.house.database, SLOW, "slow.yaml", Imprint("test", MORNING))
    text = DEFINITION.replace("id: street-matters", "id: slow-matters\ncalendar: slow")
    publish(busy.house, text.encode(), "slow-matters.yaml", Imprint("test", MORNING))
    _report(busy, "YF", 3, "slow-matters")
    wanted = Filter(definition="slow-matters", due="soon")
    seen = issue_list(busy.house, busy.people["office"], wanted, "zh", busy.clock.now)
    assert len(seen.lines) == _board(busy, "office", "slow-matters").total.soon == 1
    assert seen.lines[0].due is not None
    assert seen.lines[0].due.tone == "soon"
    assert _board(busy, "office", "slow-matters").total.overdue == 0
    assert _board(busy, "office", "street-matters").total.overdue == 4

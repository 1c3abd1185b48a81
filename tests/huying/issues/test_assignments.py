"""Who takes a role in the sample city: in turns, by industry, by language, while somebody is away; from the report to the register and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from engine import State
from huying.database.connections import Database
from huying.database.tables import absences, assignments, issues, participants
from huying.demo.sample import fill
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.processes.publication import publish

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOURCE = """
id: turns
title: {zh: 轮流, en: Turns}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {type: text, title: {zh: 事, en: What}}
  trade: {type: choice, title: {zh: 行业, en: Trade}, of: industries}
roles:
  deputy: {ROLE, title: {zh: 代表, en: Deputy}}
  clerk: {staff of: station, title: {zh: 工作人员, en: Clerk}}
resolutions: {done: {zh: 办结, en: Done}}
intake:
  give: {assign: deputy, title: {zh: 分派, en: Assign}, to: work}
assignment:
  work:
    task: deputy
    title: {zh: 办理, en: Work}
    within: 1 day
    overdue: {tell: clerk}
    to: closed
    actions: {go: {title: {zh: 办结, en: Close}}}
closure:
  closed: {close: done, title: {zh: 归档, en: Closed}}
"""


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    fill(database, NOW)
    return House(database, tmp_path)


def _person(house: House, login: str) -> int:
    with house.database.reading() as connection:
        return int(connection.execute(select(participants.c.id).where(participants.c.login == login)).scalar_one())


def _given(
    house: House, station: str = "XG", reporter: str = "zhangxiaoman", at: datetime = NOW, **values: Any
) -> list[str]:
    """Who was given the role in a new issue."""
    receipt = open_issue(
        house,
        Report(
            definition="turns", station=station, reporter=_person(house, reporter), values={"subject": "x", **values}
        ),
        request_id=f"{at}{values}{station}{reporter}",
        now=at,
    )
    with house.database.reading() as connection:
        row: State = connection.execute(select(issues.c.state).where(issues.c.id == receipt.issue_id)).scalar_one()
        people = {f"participant:{number}": login for number, login in connection.execute(_LOGINS)}
    return [people[party] for party in row.roles["deputy"]]


_LOGINS = select(participants.c.id, participants.c.login)


def _publish(house: House, role: str) -> None:
    publish(house, SOURCE.replace("ROLE", role), "turns.yaml", Imprint("test", NOW))


def test_round_robin_goes_round_in_the_order_in_which_they_were_last_given_it(house: House) -> None:
    _publish(house, "deputies of: station, pick: [round robin]")
    took = [_given(house, "RY", at=NOW + timedelta(minutes=n))[0] for n in range(6)]
    assert set(took[:4]) == {"hanmo", "guoyi", "xielan", "liuaimei"}
    assert took[4:] == took[:2]
    with house.database.reading() as connection:
        rows = connection.execute(select(assignments.c.role, assignments.c.party)).all()
    assert len(rows) == 4


def test_an_industry_in_the_form_finds_the_nearest_deputy_of_it(house: House) -> None:
    _publish(house, "deputies of: nearest station, industry: trade, pick: [first]")
    assert _given(house, "ZX", trade="agriculture") in (["songhe"], ["zhuqiao"])
    # nobody at the town's station is of the law; nor in the district; the city has a station of it
    assert _given(house, "ZX", trade="law")[0] in {"wuzhiyuan", "liuaimei", "xielan"}


def test_the_stations_own_industry_is_a_filter_too(house: House) -> None:
    _publish(house, "deputies of: nearest station, industry: station, pick: [on duty]")
    # on Mondays
    assert _given(house, "FL") == ["wuzhiyuan"]


def test_a_reporter_who_reads_english_is_given_a_deputy_who_does(house: House) -> None:
    _publish(house, "deputies of: station, speaks: reporter, level: district, pick: [on duty]")
    assert _given(house, reporter="carter") == ["liuaimei"]
    assert _given(house, reporter="zhangxiaoman")[0] in {"huangmin", "liuaimei"}


def test_the_substitute_of_whoever_is_on_duty_takes_the_issue(house: House) -> None:
    _publish(house, "deputies of: station, pick: [on duty]")
    assert _given(house) == ["chenhaisheng"]
    away = {"participant_id": _person(house, "chenhaisheng"), "substitute_id": _person(house, "guoyi")}
    with house.database.writing() as connection:
        connection.execute(insert(absences), away | {"first_day": NOW.date()})
    assert _given(house, at=NOW + timedelta(hours=1)) == ["guoyi"]

"""The deputies of an industry as a group: by level, with its stations, what is in hand there, and what they did together this year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from definitions.model.reference import participant
from huying.database.tables import codes, file_lines, participant_codes, stations
from huying.files.upkeep import freshen
from huying.issues.opening import Report, open_issue
from tests.huying.planned_city import at
from tests.portal.planned_portal import PlannedPortal
from tests.portal.visitor import plain


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PlannedPortal]:
    made = PlannedPortal(tmp_path)
    made.city.now = at("2026-12-01")
    yield made
    made.close()


def grouped(portal: PlannedPortal) -> None:
    """A station of fishery, and a deputy of another station who is of that industry."""
    with portal.city.house.database.writing() as connection:
        industry = {"list": "industries", "code": "fishery", "name_zh": "渔业", "name_en": "Fishery", "position": 0}
        connection.execute(insert(codes), industry)
        connection.execute(update(stations).where(stations.c.code == "XG").values(kind="industry", industry="fishery"))
        bears = {"participant_id": portal.city.people["chenhaisheng"], "list": "industries", "code": "fishery"}
        connection.execute(insert(participant_codes), bears)


def attended(portal: PlannedPortal) -> None:
    """Two deputies took part in an activity of the station."""
    house, people = portal.city.house, portal.city.people
    values = {"day": "2026-11-20", "room": "渔港", "deputies": [participant(people["guoyi"])]}
    reporter = people["zhaoping"]
    report = Report(definition="reception-day", station="XG", reporter=reporter, values=values, channel="plan")
    issue = open_issue(house, report, request_id="activity", now=portal.city.now).issue_id
    freshen(house)
    line = {"day": date(2026, 11, 20), "at": portal.city.now, "kind": "activity", "issue_id": issue}
    several = [{**line, "key": f"activity.{one}", "participant_id": people[one]} for one in ("guoyi", "chenhaisheng")]
    with house.database.writing() as connection:
        connection.execute(insert(file_lines), several)


def test_a_group_is_shown_by_level_with_its_stations_and_what_it_did(portal: PlannedPortal) -> None:
    grouped(portal)
    attended(portal)
    office = portal.visitor("wenruyu")
    page = plain(office.see("/register/industries/fishery"))
    assert "渔业行业代表组" in page
    assert "陈海生" in page
    assert "仙港街道代表活动站" in page
    assert "镇人大代表 0 无人" in page, "a level that is lacking is said too"
    assert "2026-11-20 主题活动" in page
    assert "2 名代表" in page.split("主题活动")[1]
    assert "Deputies of an industry: Fishery" in plain(office.see("/register/industries/fishery?lang=en"))
    office.see("/register/industries/nothing", status=404)
    office.see("/register/industries?lang=zh")
    assert 'href="/register/industries/fishery"' in office.see("/register/stations/XG")


def test_only_who_may_read_the_register_sees_it(portal: PlannedPortal) -> None:
    grouped(portal)
    portal.visitor("guoyi").see("/register/industries/fishery", status=403)
    assert "/login" in str(portal.visitor().http.get("/register/industries/fishery").url)

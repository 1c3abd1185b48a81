"""Activities of an industry's station that no issue begins: opened by the plan, and the deputies of the station invited."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from definitions.loader import LIBRARY
from huying.database.connections import Database
from huying.database.tables import issues, memberships, stations, work_items
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.planned_city import BEGINNING, CENSUS, Census, PlannedCity, at, city_in, shipped
from tests.template import Template


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return CENSUS


@pytest.fixture
def city(copied: tuple[Database, Census], tmp_path: Path) -> PlannedCity:
    made = city_in(copied, tmp_path)
    path = LIBRARY / "deputy-activity" / "definition.yaml"
    publish(made.house, path.read_bytes(), str(path), Imprint("test", BEGINNING))
    made.now = at("2026-03-02")
    return made


def test_each_quarter_the_plan_opens_an_activity_and_invites_the_deputies_of_the_station(city: PlannedCity) -> None:
    city.publish(shipped("industry-activity"))
    city.run(at("2026-03-13"))
    with city.house.database.reading() as connection:
        found = connection.execute(select(issues.c.id, issues.c.station_id, issues.c.step)).all()
        industry = select(stations.c.id).where(stations.c.kind == "industry", stations.c.active)
        meant = set(connection.execute(industry).scalars())
        deputies = select(func.count()).where(
            memberships.c.function == "deputy", memberships.c.station_id.in_([row.station_id for row in found])
        )
        invited = connection.execute(deputies).scalar_one()
        tasks = connection.execute(select(func.count()).select_from(work_items)).scalar_one()
    assert {row.step for row in found} == {"invite"}
    assert sorted(row.station_id for row in found) == sorted(meant)
    assert tasks == invited > 0

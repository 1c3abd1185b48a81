"""What comes with the program is published at the first start, and never over what the office has decided since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from definitions.loader import LIBRARY
from huying.database.connections import Database
from huying.database.tables import definition_versions
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.known_keys import note_copied
from huying.keys import place
from huying.processes.publication import publish, withdraw
from huying.processes.versions import report_of
from huying.services.first_start import prepare
from huying.settings import Settings, read

POTHOLE = (LIBRARY / "pothole" / "definition.yaml").read_text("utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of an empty house."""
    return read({"HUYING_HOME": str(tmp_path)})


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The house after its first start, without a sample city."""
    prepare(settings, lambda line: None)
    database = Database(settings.database_url, ring=place.found(settings))
    yield House(database, settings.files)
    database.close()


def _start_again(settings: Settings) -> list[str]:
    told: list[str] = []
    prepare(settings, told.append)
    return told


def test_the_library_is_published_once_with_its_scenarios(settings: Settings, house: House) -> None:
    assert {one.key for one in house.processes.all_in_force(datetime.now(UTC))} == {
        path.parent.name for path in LIBRARY.glob("*/definition.yaml")
    }
    kept = report_of(house, "pothole", 1)
    assert kept is not None
    assert kept["scenarios_source"] == (LIBRARY / "pothole" / "scenarios.yaml").read_text("utf-8")
    assert not [line for line in _start_again(settings) if "pothole" in line]


def test_what_the_office_changed_stays_at_the_next_start(settings: Settings, house: House) -> None:
    own = POTHOLE.replace("within: 2 working days", "within: 4 working days")
    publish(house, own, "own.yaml", Imprint("冯硕", datetime.now(UTC)))
    assert not [line for line in _start_again(settings) if "pothole" in line]
    newest = house.processes.newest("pothole")
    assert (newest.version, newest.published_by) == (2, "冯硕")


def test_what_the_office_withdrew_does_not_come_back(settings: Settings, house: House) -> None:
    now = datetime.now(UTC)
    withdraw(house, "pothole", 1, by="冯硕", reason="本区不办", now=now)
    assert not [line for line in _start_again(settings) if "pothole" in line]
    assert "pothole" not in {one.key for one in house.processes.all_in_force(datetime.now(UTC))}


def test_a_newer_shipped_text_takes_the_place_of_an_older_one(settings: Settings, house: House) -> None:
    older = POTHOLE.replace("within: 2 working days", "within: 9 working days")
    publish(house, older, "older.yaml", Imprint("呼应 Huying", datetime.now(UTC)))
    assert "已发布流程 published pothole v3" in _start_again(settings)


def test_what_calls_a_withdrawn_process_is_left_out_and_said_so(settings: Settings, house: House) -> None:
    withdraw(house, "suggestion", 1, by="冯硕", reason="本区不办", now=datetime.now(UTC))
    with house.database.writing() as connection:
        connection.execute(delete(definition_versions).where(definition_versions.c.key == "issue-to-suggestion"))
    told = _start_again(settings)
    assert [line for line in told if "not published" in line and "“suggestion”" in line]
    assert "issue-to-suggestion" not in {one.key for one in house.processes.all_in_force(datetime.now(UTC))}


def test_a_copy_of_the_ring_is_asked_for_until_somebody_keeps_one(settings: Settings, house: House) -> None:
    assert [line for line in _start_again(settings) if "huying keys export" in line]

    note_copied(house.database, datetime.now(UTC))

    assert not [line for line in _start_again(settings) if "huying keys" in line]

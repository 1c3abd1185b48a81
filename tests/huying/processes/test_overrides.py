"""Overrides: a station or an area says some things otherwise, and the definition stays one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from definitions.loader import LIBRARY, Unsound
from definitions.source.tree import read
from huying.database.connections import Database
from huying.database.tables import issues, participants
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.processes.overrides import overrides_in_force, publish_override, recheck
from huying.processes.publication import publish
from huying.register.imports import import_register
from tests.template import Template

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SOURCE = (LIBRARY / "contact-station" / "definition.yaml").read_text(encoding="utf-8")
CITY = Path(__file__).parents[3] / "huying" / "demo" / "sample" / "city.yaml"


def _filled(database: Database, folder: Path) -> None:
    import_register(database, read(CITY.read_text(encoding="utf-8"), "city.yaml").plain(), NOW, "passphrase")
    publish(House(database, folder), SOURCE, "contact-station.yaml", Imprint("test", NOW))


_STATION = Template("contact_station", _filled)


@pytest.fixture
def template() -> Template[None]:
    """What is in the database: the sample city and one process."""
    return _STATION


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


@pytest.fixture
def reporter(house: House) -> int:
    with house.database.reading() as connection:
        query = select(participants.c.id).where(participants.c.login == "zhangxiaoman")
        return int(connection.execute(query).scalar_one())


STATION = """
override: contact-station
for: {station: XG}
title: {zh: 仙港诉求办理, en: Issues of Xiangang}
steps:
  register: {within: 3 working days, help: {zh: 先打电话, en: Call first}}
fields:
  place: {help: {zh: 写门牌号, en: The number of the house}}
"""
DISTRICT = """
override: contact-station
for: {area: "990201"}
steps:
  register: {within: 2 working days}
  study: {within: 5 working days}
"""


def override(house: House, source: str) -> None:
    publish_override(house, source, "override.yaml", by="test", now=NOW)


def opened(house: House, station: str, reporter: int, key: str) -> tuple[int, str | None, str]:
    """The version's id, the last day of the first step, and the title of the definition of a new issue."""
    values = {"subject": "路灯不亮", "category": "lighting", "place": "望海路"}
    receipt = open_issue(
        house,
        Report(definition="contact-station", station=station, reporter=reporter, values=values),
        request_id=key,
        now=NOW,
    )
    with house.database.reading() as connection:
        row = connection.execute(issues.select().where(issues.c.id == receipt.issue_id)).one()
    process = house.processes.process(row.definition_version_id)
    return row.definition_version_id, row.state.visits[0].due_on, process.definition.title["zh"]


def test_the_nearest_override_wins_and_others_keep_the_definition(house: House, reporter: int) -> None:
    override(house, DISTRICT)
    override(house, STATION)
    assert opened(house, "XG", reporter, "a")[1:] == ("2026-03-05", "仙港诉求办理")
    assert opened(house, "RY", reporter, "b")[1:] == ("2026-03-04", "活动站群众诉求办理")
    assert opened(house, "YS", reporter, "c")[1:] == ("2026-03-03", "活动站群众诉求办理")
    assert [version.key for version in house.processes.all_in_force(NOW)].count("contact-station") == 1


def test_issues_under_way_stay_with_what_they_began_with(house: House, reporter: int) -> None:
    override(house, STATION)
    first = opened(house, "XG", reporter, "a")[0]
    override(house, STATION.replace("3 working days", "4 working days"))
    second = opened(house, "XG", reporter, "b")
    assert opened(house, "XG", reporter, "c")[0] == second[0] != first
    assert second[1] == "2026-03-06"
    assert str(house.processes.process(first).definition.steps["register"].within) == "3 working days"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("steps:\n  register: {to: study}", "unknown-key", 5),
        ("steps:\n  regsiter: {within: 1 day}", "unknown-step", 5),
        ("deadlines: {x: 1 day}", "unknown-name", 4),
        ("intake: {}", "unknown-key", 4),
        ("steps:\n  study: {actions: {answr: {title: {zh: 答, en: A}}}}", "unknown-action", 5),
    ],
)
def test_what_would_change_the_way_of_an_issue_is_refused(house: House, text: str, rule: str, line: int) -> None:
    with pytest.raises(Unsound) as refused:
        override(house, f"override: contact-station\nfor: {{station: XG}}\ntitle: {{zh: 一, en: A}}\n{text}\n")
    assert [(finding.rule, finding.line) for finding in refused.value.findings] == [(rule, line)]


def test_a_deadline_that_is_none_is_told_before_it_is_published(house: House) -> None:
    with pytest.raises(Unsound):
        override(house, "override: contact-station\nfor: {station: XG}\nsteps: {study: {within: soon}}\n")
    assert overrides_in_force(house) == ()


def test_the_same_again_makes_no_new_version(house: House) -> None:
    override(house, STATION)
    override(house, STATION)
    assert [(one.scope, one.version) for one in overrides_in_force(house)] == [("station:XG", 1)]


def test_an_override_that_no_longer_fits_is_left_out_and_said_so(house: House, reporter: int) -> None:
    override(house, STATION.replace("place:", "description:"))
    without = SOURCE.replace("  description:\n", "  details:\n", 1).replace("place, description]", "place, details]", 1)
    without = without.replace("{description: description", "{description: details", 1)
    publish(house, without, "contact-station.yaml", Imprint("test", NOW))
    (misfit,) = recheck(house, house.processes.newest("contact-station"))
    assert "description" in str(misfit.problem)
    assert opened(house, "XG", reporter, "a")[1:] == ("2026-03-03", "活动站群众诉求办理")


def test_a_definition_that_calls_one_that_does_not_exist_is_not_published(house: House) -> None:
    source = (LIBRARY / "issue-to-suggestion" / "definition.yaml").read_text(encoding="utf-8")
    with pytest.raises(Unsound) as refused:
        publish(
            house,
            source.replace("call: suggestion", "call: sugestion"),
            str(LIBRARY / "x" / "y.yaml"),
            Imprint("test", NOW),
        )
    (finding,) = refused.value.findings
    assert finding.rule == "unknown-definition"
    assert "contact-station" in finding.remedy["en"]

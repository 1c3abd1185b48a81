"""Versions come into force on a day, can be withdrawn while nobody uses them, and an earlier one can be published once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from definitions.loader import LIBRARY, Unsound
from engine.refusal import Refusal
from huying.connections.calls import connect
from huying.database.tables import definition_versions, issues
from huying.house.imprint import Imprint
from huying.processes.publication import Edition, publish, publish_all, roll_back, withdraw
from tests.conftest import MORNING, Office
from tests.huying.story import Story

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")
NEXT = SOURCE.replace("within: 3 working days", "within: 5 working days")
NEW_YEAR = MORNING + timedelta(days=300)


def opened_by(office: Office, day: int, request_id: str) -> int:
    """The version by which an issue is opened so many days after the first."""
    story = Story(office, MORNING + timedelta(days=day))
    story.open(request_id)
    with office.house.database.reading() as connection:
        query = select(definition_versions.c.version).join(
            issues, issues.c.definition_version_id == definition_versions.c.id
        )
        return int(connection.execute(query.where(issues.c.id == story.issue_id)).scalar_one())


def test_a_version_comes_into_force_on_its_day(office: Office) -> None:
    version, new = publish(office.house, NEXT, "office.yaml", Imprint("t", MORNING), in_force_from=NEW_YEAR)
    assert (version.version, version.in_force_from, new) == (2, NEW_YEAR, True)
    assert opened_by(office, 299, "before") == 1
    assert opened_by(office, 300, "on-the-day") == 2
    assert [one.version for one in office.house.processes.all_in_force(MORNING)] == [1]
    assert [one.version for one in office.house.processes.all_in_force(NEW_YEAR)] == [2]


def test_what_came_into_force_last_counts_whatever_its_number(office: Office) -> None:
    publish(office.house, NEXT, "office.yaml", Imprint("t", MORNING), in_force_from=NEW_YEAR)
    publish(office.house, SOURCE.replace("1 working day", "2 working days"), "office.yaml", Imprint("t", MORNING))
    assert office.house.processes.in_force("office", MORNING).version == 3
    assert office.house.processes.in_force("office", NEW_YEAR).version == 2


def test_a_clock_that_was_set_back_leaves_nobody_without_a_process(office: Office) -> None:
    publish(office.house, NEXT, "office.yaml", Imprint("t", MORNING + timedelta(hours=1)))
    before = MORNING - timedelta(days=1)
    assert office.house.processes.in_force("office", before).version == 1
    assert [one.version for one in office.house.processes.all_in_force(before)] == [1]


def test_a_day_that_is_over_is_refused(office: Office) -> None:
    with pytest.raises(Refusal, match="is over"):
        publish(office.house, NEXT, "o.yaml", Imprint("t", MORNING), in_force_from=MORNING - timedelta(minutes=1))
    assert office.house.processes.newest("office").version == 1


def test_a_version_that_no_issue_follows_can_be_withdrawn(office: Office) -> None:
    publish(office.house, NEXT, "office.yaml", Imprint("t", MORNING))
    withdraw(office.house, "office", 2, by="t", reason="写错了", now=MORNING)
    assert office.house.processes.in_force("office", NEW_YEAR).version == 1
    assert [one.version for one in office.house.processes.versions("office")] == [2, 1], "it stays on record"
    with pytest.raises(Refusal, match="already"):
        withdraw(office.house, "office", 2, by="t", reason="r", now=MORNING)
    again, new = publish(office.house, NEXT, "office.yaml", Imprint("t", MORNING))
    assert (again.version, new) == (3, True), "the same content may come back, as another version"


def test_a_version_that_issues_follow_stays(office: Office) -> None:
    Story(office, MORNING).open()
    with pytest.raises(Refusal, match="1 issues follow"):
        withdraw(office.house, "office", 1, by="t", reason="r", now=MORNING)


def test_an_earlier_version_can_be_published_once_more(office: Office) -> None:
    publish(office.house, NEXT, "office.yaml", Imprint("t", MORNING))
    back = roll_back(office.house, "office", 1, Imprint("冯硕", MORNING, "新办法暂缓"))
    first = office.house.processes.version("office", 1)
    assert (back.version, back.digest, back.source) == (3, first.digest, first.source)
    assert "回到第 1 版" in back.note
    assert "新办法暂缓" in back.note
    assert opened_by(office, 0, "after") == 3


def shipped(key: str) -> Edition:
    """A shipped definition."""
    path = LIBRARY / key / "definition.yaml"
    return Edition(path.read_bytes(), str(path))


def known(office: Office) -> list[str]:
    """The processes that are published."""
    return [one.key for one in office.house.processes.all_in_force(NEW_YEAR)]


def test_several_are_published_together_and_may_call_each_other(office: Office) -> None:
    published = publish_all(
        office.house, [shipped("issue-to-suggestion"), shipped("suggestion")], Imprint("t", MORNING)
    )
    assert [(version.key, version.version, new) for version, new in published] == [
        ("issue-to-suggestion", 1, True),
        ("suggestion", 1, True),
    ]


def test_of_several_none_is_published_if_one_cannot_be(office: Office) -> None:
    broken = Edition(SOURCE.replace("to: route}", "to: nowhere}"), "office.yaml")
    unread = Edition("id: [", "unread.yaml")
    with pytest.raises(Unsound) as refused:
        publish_all(office.house, [shipped("pothole"), broken, unread], Imprint("t", MORNING))
    assert {one.file for one in refused.value.findings} == {"office.yaml", "unread.yaml"}, "all that is wrong is said"
    assert known(office) == ["office"]


def test_the_same_process_twice_is_refused(office: Office) -> None:
    with pytest.raises(Refusal, match="Several files say the same process: pothole"):
        publish_all(office.house, [shipped("pothole"), shipped("pothole")], Imprint("t", MORNING))
    assert known(office) == ["office"]


def test_what_cannot_be_written_leaves_none_behind(office: Office) -> None:
    unwritable = replace(shipped("suggestion"), report={"scenarios": object()})
    with pytest.raises((StatementError, TypeError)):
        publish_all(office.house, [shipped("pothole"), unwritable], Imprint("t", MORNING))
    assert known(office) == ["office"]


def test_a_process_that_is_called_must_be_in_force_on_the_day(office: Office) -> None:
    with pytest.raises(Unsound) as refused:
        publish_all(office.house, [shipped("issue-to-suggestion")], Imprint("t", MORNING))
    (finding,) = refused.value.findings
    assert (finding.rule, finding.excerpt.strip()) == ("unknown-definition", "call: suggestion")
    called = shipped("suggestion")
    publish(office.house, called.source, called.name, Imprint("t", MORNING), in_force_from=NEW_YEAR)
    with pytest.raises(Unsound):
        publish_all(office.house, [shipped("issue-to-suggestion")], Imprint("t", MORNING))
    later = shipped("issue-to-suggestion")
    publish(office.house, later.source, later.name, Imprint("t", MORNING), in_force_from=NEW_YEAR)


def test_a_system_that_is_requested_must_be_connected(office: Office) -> None:
    with pytest.raises(Unsound) as refused:
        publish_all(office.house, [shipped("hotline-1085")], Imprint("t", MORNING))
    (finding,) = refused.value.findings
    assert finding.rule == "unknown-connection"
    assert "“telephone”" in finding.message["zh"]
    assert "huying connect telephone" in finding.remedy["zh"]
    connect(office.house, "telephone", "http://127.0.0.1:9", None)
    publish_all(office.house, [shipped("hotline-1085")], Imprint("t", MORNING))
    assert known(office) == ["hotline-1085", "office"]

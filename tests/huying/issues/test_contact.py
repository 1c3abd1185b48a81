"""Who somebody is, and how they are reached, are told together or not at all: a number names its owner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huying.access.viewer import Look
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.issues.views.issue import IssueView, issue_view
from huying.processes.publication import publish
from huying.workbench.rows import RowsWanted, rows
from tests.huying.town import DEFINITION, Town, sqlite_town

PHONE = "13812345678"
ASKED = DEFINITION.replace(
    "roles:\n", "  phone: {type: phone, title: {zh: 联系电话, en: Phone}, private: true}\nroles:\n", 1
)
NAMED = ASKED.replace("private: true}\nroles", "private: true, seen by: [lead]}\nroles", 1)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A fresh town."""
    made = sqlite_town(tmp_path)
    yield made
    made.house.database.close()


def _at_departments(town: Town, source: str) -> int:
    publish(town.house, source.encode(), "street-matters.yaml", Imprint("test", town.clock.now))
    town.clock.move(minutes=1)
    values = {"subject": "路灯不亮", "kind": "lighting", "phone": PHONE}
    report = Report(definition="street-matters", station="XG", reporter=NewReporter(name="李明"), values=values)
    issue = open_issue(town.house, report, request_id="one", now=town.clock.now).issue_id
    town.to_departments(issue)
    return issue


def _seen(town: Town, issue: int, login: str) -> tuple[bool, bool]:
    """Whether somebody is told the name, and the number, be it masked until they say why they look."""
    view: IssueView = issue_view(town.house, issue, Look(town.people[login], "zh", town.clock.now))
    return view.reporter in ("李明", "李**"), any(value.name == "phone" for value in view.values)


def test_a_department_is_told_neither_name_nor_number(town: Town) -> None:
    issue = _at_departments(town, ASKED)
    assert _seen(town, issue, "lighting") == (False, False)
    assert _seen(town, issue, "deputy") == (True, True)


def test_a_department_to_which_the_definition_shows_the_number_is_told_the_name_too(town: Town) -> None:
    issue = _at_departments(town, NAMED)
    assert _seen(town, issue, "lighting") == (True, True)
    assert _seen(town, issue, "power") == (False, False), "the department that assists is not named there"
    assert _seen(town, issue, "clerk") == (True, True)


ABOUT = NAMED.replace(
    "roles:\n", "  about: {type: person, title: {zh: 投诉的是谁, en: Whom it is about}}\nroles:\n", 1
).replace("roles:\n", "other than: [about]\nroles:\n", 1)


def test_whom_a_matter_is_about_is_never_told_who_raised_it(town: Town) -> None:
    publish(town.house, ABOUT.encode(), "street-matters.yaml", Imprint("test", town.clock.now))
    town.clock.move(minutes=1)
    values = {"subject": "态度不好", "kind": "other", "phone": PHONE, "about": town.party("clerk2")}
    report = Report(definition="street-matters", station="XG", reporter=NewReporter(name="李明"), values=values)
    issue = open_issue(town.house, report, request_id="one", now=town.clock.now).issue_id
    assert _seen(town, issue, "clerk") == (True, True)
    assert _seen(town, issue, "clerk2") == (False, False), "they look after the station, and it is about them"
    look = Look(town.people["clerk2"], "zh", town.clock.now)
    lines = rows(town.house, RowsWanted(), look).lines
    assert [line.reporter for line in lines] == [""]
    assert "李明" not in str(issue_view(town.house, issue, look))


@pytest.mark.parametrize(("language", "called"), [("zh", "未留姓名"), ("en", "name not given")])
def test_a_resident_who_left_no_name_is_called_so(town: Town, language: str, called: str) -> None:
    values = {"subject": "路灯不亮", "kind": "lighting"}
    report = Report(definition="street-matters", station="XG", reporter=NewReporter(name=""), values=values)
    issue = open_issue(town.house, report, request_id="nameless", now=town.clock.now).issue_id
    view = issue_view(town.house, issue, Look(town.people["clerk"], language, town.clock.now))
    assert view.reporter == called

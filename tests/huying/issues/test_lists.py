"""Lists of issues, and the yearly file."""

from __future__ import annotations

import pytest

from huying.errors import NotFound
from huying.files.activity import YearlyFile, yearly_file
from huying.issues.views.filter import Filter
from huying.issues.views.list import PAGE, issue_list
from tests.huying.town import Town


def _subjects(town: Town, person: int, wanted: Filter | None = None) -> list[str]:
    found = issue_list(town.house, person, wanted or Filter(), "zh", town.clock.now)
    return [line.subject for line in found.lines]


def _file(town: Town, login: str, year: int = 2026) -> YearlyFile:
    return yearly_file(town.house, town.people["deputy"], year, for_whom=town.people[login], language="zh")


def test_everybody_lists_what_is_theirs(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    for login in ("clerk", "office", "deputy"):
        assert _subjects(town, town.people[login]) == ["路灯不亮"]
    assert _subjects(town, town.reporter(issue)) == ["路灯不亮"]
    for login in ("stranger", "far-clerk"):
        assert _subjects(town, town.people[login]) == []


def test_lists_can_be_narrowed(town: Town) -> None:
    first = town.report(subject="一")
    town.report(subject="二")
    town.act(first, "clerk", "accept")
    office = town.people["office"]
    assert _subjects(town, office, Filter(stage="assignment")) == ["一"]
    assert _subjects(town, office, Filter(station="YF")) == []
    assert _subjects(town, office, Filter(overdue=True)) == []
    town.clock.move(days=2)
    assert _subjects(town, office, Filter(overdue=True)) == ["二"]
    assert _subjects(town, office, Filter(status="closed")) == []


def test_long_lists_come_in_pages(town: Town) -> None:
    for number in range(PAGE + 2):
        town.report(subject=f"第 {number} 件")
    office = town.people["office"]
    first = issue_list(town.house, office, Filter(), "zh", town.clock.now)
    assert len(first.lines) == PAGE
    assert _subjects(town, office, Filter(before=first.older)) == ["第 1 件", "第 0 件"]


def test_a_list_holds_nothing_personal(town: Town) -> None:
    town.report()
    found = issue_list(town.house, town.people["office"], Filter(), "zh", town.clock.now)
    assert "光明路" not in repr(found)
    assert "李明" not in repr(found)


def test_the_yearly_file_counts_what_the_history_says(town: Town) -> None:
    first = town.report()
    town.to_confirmation(first)
    town.report(subject="二")
    file = _file(town, "deputy")
    november = file.months[10]
    assert (november.taken_on, november.actions, november.closed) == (1, 1, 0)
    assert [(one.step, one.action) for one in file.actions] == [("代表研究", "交部门办理")]
    assert [one.subject for one in file.issues] == ["路灯不亮"]
    assert _file(town, "deputy", 2025).issues == ()


def test_the_yearly_file_is_for_the_person_the_office_and_the_staff_of_their_stations(town: Town) -> None:
    for login in ("deputy", "office", "clerk"):
        assert _file(town, login).name == "王芳"
    for login in ("far-clerk", "lighting", "stranger"):
        with pytest.raises(NotFound):
            _file(town, login)

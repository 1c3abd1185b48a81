"""What staff watch is shown anew when an issue moves on, and when its deadline comes nearer or passes though nobody acts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.event import Suspend
from flows.view.card import IssueCard, markdown, state, tags
from flows.view.issue_card import issue_card
from huying.console.marks import show_again, shown, stale
from huying.database.connections import Database
from huying.house.by import By
from huying.issues.bulk import in_bulk
from tests.huying.town import TOWN, Census, Town, town_in
from tests.template import Template


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return TOWN


@pytest.fixture
def town(copied: tuple[Database, Census], tmp_path: Path) -> Town:
    """A fresh town, on each kind of database."""
    return town_in(copied, tmp_path)


def _card(town: Town, issue: int) -> IssueCard:
    return issue_card(town.house, issue, "http://testserver", town.clock.now)


def _show(town: Town) -> list[int]:
    """Show whatever is to be shown, as the projector does; the issues."""
    waiting = stale(town.house, town.clock.now)
    for one in waiting:
        card = _card(town, one.issue_id)
        shown(town.house, one.issue_id, card.version, "run", card.changes_at)
    return [one.issue_id for one in waiting]


def test_an_issue_is_shown_anew_when_it_moved_on(town: Town) -> None:
    issue = town.report()
    assert _show(town) == [issue]
    assert _show(town) == []
    town.act(issue, "clerk", "accept")
    assert _show(town) == [issue]


def test_time_alone_has_an_issue_shown_anew_once_when_its_deadline_is_near_and_once_when_it_has_passed(
    town: Town,
) -> None:
    issue = town.report()
    town.to_departments(issue)
    seen: list[tuple[str, ...]] = []
    for _ in range(30):
        if _show(town):
            seen.append(tuple(tag for tag in tags(_card(town, issue)) if tag in ("逾期", "即将到期", "overdue")))
            assert _show(town) == []
        town.clock.move(days=1)
    assert seen == [(), ("即将到期",), ("逾期", "overdue")]


def test_the_card_is_stale_from_the_very_moment_on(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    _show(town)
    until = _card(town, issue).changes_at
    assert until is not None
    town.clock.now = until - timedelta(seconds=1)
    assert stale(town.house, town.clock.now) == []
    town.clock.now = until
    assert [one.issue_id for one in stale(town.house, until)] == [issue]


def test_a_closed_issue_rests(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "decline", reason="不在范围内")
    _show(town)
    town.clock.move(days=100)
    assert stale(town.house, town.clock.now) == []


def test_when_the_view_is_lost_everything_is_shown_again(town: Town) -> None:
    issue = town.report()
    _show(town)
    show_again(town.house)
    assert _show(town) == [issue]


def test_a_clock_that_stands_says_so_on_the_card_and_can_be_filtered_by(town: Town) -> None:
    issue = town.report()
    in_bulk(town.house, [issue], lambda _: Suspend("等材料"), By(town.people["office"], town.clock.now, "stop"))
    card = _card(town, issue)
    assert {"计时暂停", "paused"} <= set(tags(card))
    assert state(card)["name"].endswith("计时已暂停，自11月23日（周一）起")
    assert "计时已暂停" in markdown(card)
    assert card.changes_at is None


def test_a_provisional_deadline_says_so_on_the_card(town: Town) -> None:
    issue = town.report()
    town.clock.move(days=28)
    town.to_departments(issue)
    card = _card(town, issue)
    assert {"暂定期限", "provisional"} <= set(tags(card))
    assert "（暂定）" in state(card)["name"]
    assert "暂定，次年放假安排公布后重新计算" in markdown(card)

"""The figures of the year that everybody may read on the first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from huying.database import tables as t
from huying.figures.year import KEPT, YearKept, year_figures
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.deeds import act
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, Town

CLASSED = DEFINITION.replace(
    "  solved: {zh: 已解决, en: Solved}", "  solved: {title: {zh: 已解决, en: Solved}, class: solved}"
)


def _settle(town: Town, issue_id: int, *, content: bool = True) -> None:
    town.act(issue_id, "clerk", "accept")
    town.act(issue_id, "deputy", "answer", reply="已经换好了灯。")
    reporter = f"participant:{town.reporter(issue_id)}"
    action, values = ("satisfied", {"stars": 5}) if content else ("dissatisfied", {"why": "还是不亮。"})
    act(
        town.house, issue_id, town.item(issue_id, reporter), action, values, By(town.reporter(issue_id), town.clock.now)
    )


@pytest.fixture
def classed(town: Town) -> Town:
    """The town, whose process says which resolution counts as solved."""
    publish(town.house, CLASSED.encode(), "street-matters.yaml", Imprint("test", town.clock.now))
    town.clock.move(minutes=1)
    return town


def test_what_came_what_is_solved_what_is_in_hand_and_how_content_they_are(classed: Town) -> None:
    for number in range(3):
        issue = classed.report(subject=f"路灯{number}")
        if number:
            _settle(classed, issue)
    declined = classed.report(subject="不属本站")
    classed.act(declined, "clerk", "decline", reason="不属于本站。")
    found = year_figures(classed.house, classed.clock.now)
    assert (found.year, found.month) == (2026, 11)
    assert (found.received, found.closed, found.solved, found.pending) == (4, 3, 2, 1)
    # whoever was declined was not asked for a word
    assert (found.rated, found.satisfied, found.satisfaction) == (2, 2, 100.0)


def test_what_no_definition_calls_solved_is_not_said_to_be(town: Town) -> None:
    _settle(town, town.report())
    found = year_figures(town.house, town.clock.now)
    assert (found.closed, found.solved) == (1, None)


def test_last_year_is_not_this_year_and_a_merged_issue_is_counted_where_it_went(classed: Town) -> None:
    old, merged = classed.report(subject="去年的"), classed.report(subject="并走的")
    with classed.house.database.writing() as connection:
        # one minute before the year begins in Beijing
        before = classed.clock.now.replace(year=2025, month=12, day=31, hour=15, minute=59)
        connection.execute(update(t.issues).where(t.issues.c.id == old).values(opened_at=before))
        gone = {"status": "closed", "resolution": "merged", "closed_at": classed.clock.now}
        connection.execute(update(t.issues).where(t.issues.c.id == merged).values(**gone))
    found = year_figures(classed.house, classed.clock.now)
    assert (found.received, found.closed, found.pending) == (0, 0, 1)


def test_what_the_house_does_for_itself_is_no_figure_of_residents(classed: Town) -> None:
    issue = classed.report()
    with classed.house.database.writing() as connection:
        own = {"reporter_id": classed.people["clerk"]}
        connection.execute(update(t.issues).where(t.issues.c.id == issue).values(**own))
    assert year_figures(classed.house, classed.clock.now).received == 0


def test_they_are_kept_for_a_little_while_by_the_clock_that_is_passed_in(classed: Town) -> None:
    kept = YearKept(classed.house)
    assert kept.figures(classed.clock.now).received == 0
    classed.report()
    assert kept.figures(classed.clock.now + KEPT - timedelta(seconds=1)).received == 0
    assert kept.figures(classed.clock.now + KEPT).received == 1

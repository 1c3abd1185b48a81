"""How the databases answer what lists ask: by an index that is in the right order already, however many issues there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from huying.access.viewer import Look, viewer
from huying.console.marks import number_shown_by
from huying.database.connections import Database
from huying.issues.views.filter import Filter
from huying.workbench.counts import changed_since, counts, tabs
from huying.workbench.query import order_of
from huying.workbench.rows import RowsWanted, rows
from tests.huying.town import Town


@pytest.fixture
def look(town: Town) -> Look:
    """The office looks at everything."""
    for at in range(3):
        town.report(subject=f"第 {at} 件")
    return Look(town.people["office"], "zh", town.clock.now)


def plan_of(database: Database, about: str, ask: Callable[[], object]) -> list[str]:
    """The plan of the one query that says something, as the database would go about it if the table were too long to be read whole."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if about in statement:
            asked.append((statement, parameters))

    event.listen(database._reader, "before_cursor_execute", note)
    ask()
    event.remove(database._reader, "before_cursor_execute", note)
    [(statement, parameters)] = asked
    with database.reading() as connection:
        cursor = connection.connection.cursor()
        if database.sqlite:
            return [str(row[3]) for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()]
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plan = [str(row[0]).strip() for row in cursor.fetchall()]
        cursor.execute("RESET ALL")
        return plan


def sorts_all(plan: list[str], database: Database) -> bool:
    """Whether all rows are put in order before the first ones are taken."""
    if database.sqlite:
        inner = plan[: plan.index(next(line for line in plan if line.startswith("SCAN anon")))]
        return any(line == "USE TEMP B-TREE FOR ORDER BY" for line in inner)
    limit = next(at for at, line in enumerate(plan) if "Limit" in line)
    return "Sort" in plan[limit + 1] and "Incremental" not in plan[limit + 1]


@pytest.mark.parametrize("order", ["-opened", "opened", "-changed", "changed", "number", "-number"])
@pytest.mark.parametrize("after", ["", "2.2"])
def test_a_page_is_read_from_an_index_in_its_order(town: Town, look: Look, order: str, after: str) -> None:
    place = f"2.{town.clock.now.isoformat()}" if after and "changed" in order else after
    wanted = RowsWanted(Filter(), order_of(order), place)
    plan = plan_of(town.house.database, "place", lambda: rows(town.house, wanted, look))
    assert not sorts_all(plan, town.house.database), plan


def test_open_ones_are_read_in_the_order_of_their_deadlines(town: Town, look: Look) -> None:
    wanted = RowsWanted(Filter(status="open"), order_of(""))
    plan = plan_of(town.house.database, "place", lambda: rows(town.house, wanted, look))
    assert any("ix_issue_due" in line for line in plan), plan
    assert not sorts_all(plan, town.house.database), plan


def test_the_tabs_read_where_the_open_ones_are_and_nothing_else(town: Town, look: Look) -> None:
    plan = plan_of(town.house.database, "GROUP BY", lambda: tabs(town.house, Filter(status="open"), look))
    assert any("ix_issue_step" in line for line in plan), plan


@pytest.mark.parametrize("wanted", [Filter(), Filter(status="open")], ids=["all", "open"])
def test_what_has_changed_is_looked_for_since_then(town: Town, look: Look, wanted: Filter) -> None:
    since = town.clock.now - timedelta(minutes=1)
    plan = plan_of(town.house.database, "changed_at >", lambda: changed_since(town.house, wanted, since, look))
    assert not any(line.startswith(("SCAN issue", "Seq Scan on issue")) and "INDEX" not in line for line in plan), plan


def test_the_issue_of_a_run_is_found_by_the_run(town: Town) -> None:
    plan = plan_of(town.house.database, "run_id", lambda: number_shown_by(town.house, "a-run"))
    assert any("ix_issue_run" in line for line in plan), plan


def test_what_the_rail_counts_for_somebody_of_one_station_is_counted_by_indexes(town: Town) -> None:
    look = Look(town.people["clerk"], "zh", town.clock.now)
    for at in range(3):
        town.report(subject=f"第 {at} 件")
    with town.house.database.reading() as connection:
        person = viewer(connection, look.person)
    lists = {"open": Filter(status="open"), "urged": Filter(urged=True), "all": Filter()}
    plan = plan_of(town.house.database, "list_0", lambda: counts(town.house, lists, person, look))
    if town.house.database.sqlite:
        assert not [line for line in plan if line.startswith("SCAN issue")]
    else:
        assert not [
            line
            for line in plan
            if re.search(r"Seq Scan on issue|Index (Only )?Scan using \w+ on issue issues?$", line)
        ]

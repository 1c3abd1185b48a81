"""Issues that were moved to another version by a migration, decided again: by that version they are the same, whatever it would have done before."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from definitions.source.tree import read
from engine import Process
from engine.event import Act, Migrate
from engine.migration.check import Versions
from engine.migration.migration import Hindered, migrate
from engine.migration.plan import MigrationPlan, StepMove
from engine.replay.replay import replay
from tests.engine.random_lives import RandomLife

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")
#: Other names, another deadline, and another way from the first step: what happened before would have gone elsewhere.
LATER = (
    SOURCE.replace("  ask:\n    title", "  entrust:\n    title")
    .replace("to: ask", "to: entrust")
    .replace("  subject:", "  matter:")
    .replace("within: 3 working days", "within: 5 working days")
    .replace("to: route}", "to: confirm}")
)


def process(source: str) -> Process:
    """A process of this text, sound or not by the checks."""
    definition = Definition.model_validate(read(source, "office.yaml").plain())
    return Process(definition, load_calendar("china"))


@cache
def moved() -> tuple[RandomLife, ...]:
    """Issues that lived by the first version, were moved to the later one, and lived on."""
    old, new = process(SOURCE), process(LATER)
    steps = {key: StepMove("entrust" if key == "ask" else key) for key in old.definition.steps}
    fields = {name: "matter" if name == "subject" else name for name in old.definition.data}
    roles = {role: role for role in old.definition.roles}
    plan = MigrationPlan(steps=steps, fields=fields, roles=roles)
    made = []
    for seed in range(120):
        life = RandomLife(old, seed).live(10)
        event = Migrate(before=1, after=2, reason="r", migration=1, leaving=1, entering=2)
        if life.state.status != "open":
            continue
        try:
            outcome = migrate(Versions(old, new), plan, life.state, event, life.now, life.crowd)
        except Hindered:
            continue
        life.moved(new, event, outcome)
        made.append(life.go_on(20))
    return tuple(made)


def test_by_the_version_that_they_follow_now_they_are_the_same() -> None:
    assert len(moved()) > 40
    new = process(LATER)
    for life in moved():
        found = replay(new, life.history, new)
        assert found.parting is None, f"seed {life.seed}"
        assert found.late_before == found.late_now
        assert found.stranded == ()


def test_without_knowing_what_they_follow_the_time_before_the_migration_parts() -> None:
    new = process(LATER)
    partings = [found for life in moved() if (found := replay(new, life.history).parting)]
    assert {("elsewhere", "register", "accept")} <= {(one.why, one.step, one.done) for one in partings}


def test_what_yet_another_version_would_have_done_otherwise_is_found_before_and_after_the_migration() -> None:
    new = process(LATER)
    without = process(
        LATER.replace("      refuse: {title: {zh: 不予受理, en: Refuse}, to: end, as: refused, tell: reporter}\n", "")
    )
    parted = {life.seed: found for life in moved() if (found := replay(without, life.history, new).parting)}
    refused = [
        life
        for life in moved()
        if any(isinstance(one.event, Act) and one.event.action == "refuse" for one in life.history)
    ]
    assert refused
    assert set(parted) == {life.seed for life in refused}
    assert {(one.why, one.done) for one in parted.values()} == {("refused", "refuse")}


def test_a_version_that_has_no_such_step_leaves_them_stranded() -> None:
    old = process(SOURCE)
    life = next(life for life in moved() if any(visit.step == "entrust" for visit in life.state.visits))
    found = replay(old, life.history, process(LATER))
    assert found.stranded == ("entrust",)
    assert found.parting is not None
    with pytest.raises(AssertionError):
        assert found.parting.went == found.parting.goes

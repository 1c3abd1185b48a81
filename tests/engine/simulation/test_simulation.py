"""Simulation: the kernel's own decisions, people who do one thing after the other, and figures that a queue's theory knows."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from definitions.calendars.reader import load_calendar
from definitions.finding import Unreadable
from definitions.loader import LIBRARY, load
from definitions.model.field import Field, FieldType
from definitions.trials.assumptions import Assumptions, assumptions_beside, read_assumptions
from engine import Process
from engine.simulation.answers import DrawnAnswers
from engine.simulation.figures import Figures
from engine.simulation.run import replicate, simulate

SHIPPED = sorted(path.parent.name for path in LIBRARY.glob("*/definition.yaml"))

ONE_STEP = """
id: counter
title: {zh: 窗口, en: Counter}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}}
roles:
  clerk: {title: {zh: 窗口人员, en: Clerk}, staff of: station}
resolutions:
  done: {zh: 已办, en: Done}
  not-done: {zh: 未办, en: Not done}
intake:
  serve:
    title: {zh: 受理, en: Serve}
    task: clerk
    within: 3 working days
    overdue: {to: closed, as: not-done}
    actions:
      do: {title: {zh: 办结, en: Do}, to: closed, as: done}
      refuse: {title: {zh: 不办, en: Refuse}, to: closed, as: not-done}
closure:
  closed: {title: {zh: 办结, en: Closed}, close: true}
"""


def _process(source: str = ONE_STEP) -> Process:
    return Process(load(source, "counter.yaml"), load_calendar("china"))


def _shipped(name: str) -> Process:
    path = LIBRARY / name / "definition.yaml"
    return Process(load(path.read_bytes(), str(path)), load_calendar("china"))


def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    process = _shipped("contact-station")
    first, again, other = (simulate(process, Assumptions(), 200, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("name", SHIPPED)
def test_whatever_people_choose_every_shipped_process_comes_to_its_end(name: str) -> None:
    figures = simulate(_shipped(name), Assumptions(), 60, 7)
    assert figures.stuck == {}
    assert figures.closed == figures.issues == 60


@pytest.mark.parametrize(("per_day", "busy"), [(3.5, 0.25), (7.0, 0.5), (11.2, 0.8)])
def test_people_are_as_busy_as_what_comes_and_how_long_it_takes_make_them(per_day: float, busy: float) -> None:
    # half an hour each, one clerk with seven hours a day: as many issues as fill that share of the day
    assumed = Assumptions.model_validate(
        {"per day": per_day, "people": {"clerk": 1}, "usual": {"takes": "30 minutes", "varies": 0}}
    )
    clerk = next(one for one in simulate(_process(), assumed, 2000, 3).roles if one.role == "clerk")
    assert clerk.people == 1
    assert clerk.busy == pytest.approx(busy, rel=0.08)


def test_too_few_people_let_everything_pile_up_and_be_late() -> None:
    def late(clerks: int) -> float:
        assumed = {"per day": 30, "people": {"clerk": clerks}, "usual": {"takes": "30 minutes", "varies": 0.3}}
        return simulate(_process(), Assumptions.model_validate(assumed), 1500, 5).overdue.value

    assert late(1) > 0.5
    assert late(4) < 0.01


def test_actions_are_taken_and_values_entered_by_their_weights() -> None:
    assumed = Assumptions.model_validate({"steps": {"serve": {"actions": {"do": 90, "refuse": 10}}}})
    figures = simulate(_process(), assumed, 2000, 11)
    assert figures.resolutions["not-done"] / sum(figures.resolutions.values()) == pytest.approx(0.1, abs=0.03)
    only = Assumptions.model_validate({"steps": {"serve": {"actions": {"do": 1}}}})
    assert simulate(_process(), only, 200, 11).resolutions == {"done": 180}, "an action of which nothing is said"


def test_the_interval_holds_the_value_and_narrows_with_more_issues() -> None:
    assumed = Assumptions.model_validate({"people": {"clerk": 9}})
    few, many = (simulate(_shipped("contact-station"), assumed, n, 1).days_median for n in (200, 2000))
    for one in (few, many):
        assert one.low <= one.value <= one.high
    assert many.high - many.low < few.high - few.low
    assert math.isnan(simulate(_process(), Assumptions(), 50, 1).overdue.low), "too few for an interval"


def _again(more: str = "", guard: str = "") -> Process:
    """What was served is looked at again by a clerk."""
    return _process(
        ONE_STEP.replace("to: closed, as: done}", "to: again}").replace(
            "closure:",
            f"coordination:\n  again:\n    title: {{zh: 复核, en: Again}}\n    task: clerk\n{more}"
            "    within: 1 day\n    overdue: {tell: clerk}\n"
            f"    actions:\n      do: {{title: {{zh: 办结, en: Do}}, {guard}to: closed, as: done}}\nclosure:",
        )
    )


def test_what_cannot_go_on_is_said_with_its_place() -> None:
    one = Assumptions.model_validate({"per day": 4, "people": {"clerk": 1}, "steps": {"serve": {"actions": {"do": 1}}}})
    stuck = simulate(_again(guard="when: votes.for > 3, "), one, 50, 1)
    assert stuck.stuck == {"again: still open at the end": 50}


@pytest.mark.parametrize("clerks", [1, 2])
def test_who_may_not_act_leaves_it_to_a_colleague_or_the_office(clerks: int) -> None:
    assumed = {"per day": 4, "people": {"clerk": clerks}, "steps": {"serve": {"actions": {"do": 1}}}}
    other_hands = _again("    other than: serve\n")
    assert simulate(other_hands, Assumptions.model_validate(assumed), 50, 1).closed == 50


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/simulation.yaml")), ids=lambda path: path.parent.name)
def test_the_shipped_assumptions_fit_their_definitions(path: Path) -> None:
    definition = load(path.with_name("definition.yaml").read_bytes(), "definition.yaml")
    assert assumptions_beside(path.with_name("definition.yaml")) == path
    assert read_assumptions(path.read_bytes(), path.name, definition).steps


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        ("per day: 12\nstep: {}\n", "unknown-key", 2),
        ("per day: -1\n", "wrong-type", 1),
        ("steps:\n  serv: {takes: 1 hour}\n", "unknown-name", 2),
        ("steps:\n  serve: {actions: {don: 3}}\n", "unknown-name", 2),
        ("people:\n  clark: 2\n", "unknown-name", 2),
    ],
)
def test_a_wrong_assumption_is_found_at_its_place(source: str, rule: str, line: int) -> None:
    with pytest.raises(Unreadable) as error:
        read_assumptions(source, "simulation.yaml", _process().definition)
    (finding,) = error.value.findings
    assert (finding.rule, finding.line) == (rule, line)
    assert finding.remedy["zh"]


#: Every type of field, all asked for at the door.
EVERY_FIELD = ONE_STEP.replace(
    "  subject: {type: text, title: {zh: 事由, en: Subject}}\n",
    "".join(
        f"  f{number}: {{type: {kind}, title: {{zh: 字段, en: Field}}, required: true{more}}}\n"
        for number, (kind, more) in enumerate(
            (
                *(
                    (kind, "")
                    for kind in get_args(FieldType)
                    if kind not in ("choice", "choices", "table", "person", "people", "area", "station", "issue")
                ),
                ("choice", ", options: {a: {zh: 甲, en: A}}"),
                ("choices", ", options: {a: {zh: 甲, en: A}}"),
                (
                    "table",
                    ", at least: 2, columns: {what: {type: text, title: {zh: 什么, en: What}, required: true},"
                    " many: {type: integer, title: {zh: 数量, en: How many}, at least: 5, required: true}}",
                ),
            )
        )
    ),
)


def test_files_tables_and_every_other_type_of_field_are_made_up() -> None:
    figures = simulate(_process(EVERY_FIELD), Assumptions(), 40, 1)
    assert figures.stuck == {}
    assert figures.closed == 40


def test_an_answer_that_a_rule_refuses_is_tried_otherwise() -> None:
    answers = DrawnAnswers(random.Random(1), {}, ())
    fields = {"day": Field(type="date"), "name": Field(type="text")}
    today = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def wrong(values: Mapping[str, Any]) -> list[str]:
        # a day that is over, and an identity number
        return [
            *(["day"] if values["day"] >= "2026-03-02" else []),
            *(["name"] if len(values["name"]) != 18 else []),
        ]

    assert wrong(answers.right(fields, today, wrong)) == []


def test_figures_that_rest_on_nothing_say_so() -> None:
    closed = simulate(_process(), Assumptions(), 20, 1)
    one = Assumptions.model_validate({"per day": 4, "people": {"clerk": 1}, "steps": {"serve": {"actions": {"do": 1}}}})
    open_ = simulate(_again(guard="when: votes.for > 3, "), one, 20, 1)
    assert (closed.hollow, open_.hollow) == (False, True)


def test_several_runs_are_counted_together_and_their_difference_makes_the_interval() -> None:
    process, assumed = _process(), Assumptions()
    runs = [replicate(process, assumed, 100, seed) for seed in (1, 2, 3)]
    together = Figures.of(runs, process.calendar)
    apart = [simulate(process, assumed, 100, seed) for seed in (1, 2, 3)]
    assert together.issues == 300
    assert together.events == sum(one.events for one in apart)
    assert sorted(together.days) == sorted(day for one in apart for day in one.days)
    medians = [one.days_median.value for one in apart]
    half = 4.303 * statistics.stdev(medians) / 3**0.5
    assert together.days_median.high - together.days_median.value == pytest.approx(half)
    assert together.roles[0].people == apart[0].roles[0].people
    assert together.roles[0].busy == pytest.approx(statistics.mean(one.roles[0].busy for one in apart), rel=0.1)

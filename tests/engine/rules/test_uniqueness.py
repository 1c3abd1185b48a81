"""A value that stands in one issue only is refused to others by the kernel itself: in the house, in rehearsals and in simulations alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from definitions.trials.assumptions import Assumptions
from definitions.trials.scenario import parse_scenarios
from engine import Opening, Process, start
from engine.books.memory import MemoryBooks
from engine.memory import MemoryDirectory
from engine.refusal import Invalid
from engine.rehearsal.play import Rehearsed, rehearse
from engine.simulation.run import simulate

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PERMIT = """
id: permit
title: {zh: 通行证, en: Permit}
number: "{{ station.code }}-TX{{ year }}-{{ sequence }}"
fields:
  card: {title: {zh: 证号, en: Card}, type: text, required: true, unique: UNIQUE}
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions: {granted: {zh: 已发, en: Granted}}
reopen: {within: 1 month, to: look}
intake:
  look:
    title: {zh: 查看, en: Look}
    task: clerk
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      grant: {title: {zh: 发证, en: Grant}, to: end}
      correct: {title: {zh: 更正, en: Correct}, to: look, at most: 5, then: end, edit: [card]}
closure:
  end: {title: {zh: 已发, en: Granted}, close: granted}
"""


def permit(unique: str = "true", more: str = "") -> Process:
    return Process(load(PERMIT.replace("UNIQUE", unique + more), "permit.yaml"), load_calendar("china"))


def played(scenario: str, process: Process | None = None) -> Rehearsed:
    (one,) = parse_scenarios(f"- {{title: {{zh: 例, en: Example}}, {scenario}}}", "scenarios.yaml")
    return rehearse(process or permit(), one)


class Counter:
    """A counter at which permits are asked for, one after the other."""

    def __init__(self, process: Process) -> None:
        self.process, self.books, self.number = process, MemoryBooks(), 0

    def open(self, card: str, *, reporter: int = 1, year: int = 2026) -> None:
        self.number += 1
        directory = MemoryDirectory(books=self.books.beside(self.number))
        opening = Opening(
            station=1,
            station_code="S",
            reporter=f"participant:{reporter}",
            sequence=self.number,
            values={"card": card},
        )
        outcome = start(self.process, opening, MORNING.replace(year=year), directory)
        self.books.learn(self.number, self.process, outcome.state, outcome.changes)

    def refused(self, card: str, *, reporter: int = 1, year: int = 2026) -> str:
        with pytest.raises(Invalid) as found:
            self.open(card, reporter=reporter, year=year)
        return found.value.errors["card"]["zh"]


def test_what_another_issue_has_is_refused_at_its_field_whatever_its_width_and_blanks() -> None:
    counter = Counter(permit())
    counter.open("A 1")
    assert counter.refused("ａ1") == "“证号”与另一件事项相同，在同类事项里不能重复。"
    counter.open("A2")


def test_it_is_refused_among_the_issues_that_the_field_names() -> None:
    counter = Counter(permit("[year, reporter]"))
    counter.open("A1")
    assert "同一年的事项、同一人提出的事项" in counter.refused("A1")
    counter.open("A1", reporter=2)
    counter.open("A1", year=2027)


def test_a_scenario_says_what_others_have_and_that_opening_is_refused() -> None:
    had = "taken: {card: [A1, A2]}"
    refused = "given: {at: 2026-03-02 09:00, form: {card: a1}, %s, refused: invalid}, steps: []"
    assert played(refused % had).passed
    (difference,) = played(refused % "taken: {card: A3}").differences
    assert (difference.what, difference.expected) == ("opening", "不予登记 refused: invalid")
    (difference,) = played(f"given: {{at: 2026-03-02 09:00, form: {{card: a1}}, {had}}}, steps: []").differences
    assert (difference.what, difference.expected) == ("opening", "能登记 an issue")


def test_a_scenario_corrects_a_value_to_one_that_is_taken_and_to_one_that_is_free() -> None:
    scenario = """given: {at: 2026-03-02 09:00, form: {card: A9}, taken: {card: A1}}, steps: [
      {by: clerk, do: correct, with: {card: A1}, refused: invalid},
      {by: clerk, do: correct, with: {card: A9}},
      {by: clerk, do: correct, with: {card: A2}},
      {by: clerk, do: grant},
      {then: {status: closed, data: {card: A2}}}]"""
    assert played(scenario).differences == []


def test_a_scenario_that_takes_what_does_not_stand_once_is_told_so() -> None:
    (difference,) = played("given: {at: 2026-03-02 09:00, form: {card: A1}, taken: {crad: A1}}, steps: []").differences
    assert difference.what == "taken.crad"


@pytest.mark.parametrize(
    "more",
    [
        "",
        ", pattern: id number",
        ", pattern: credit code",
        ", pattern: {like: '闽D[0-9]{4}', say: {zh: 车牌, en: A plate}}",
    ],
)
def test_people_of_a_simulation_bring_each_a_value_of_their_own(more: str) -> None:
    figures = simulate(permit("true", more), Assumptions(), 120, 7)
    assert figures.stuck == {}
    assert figures.closed == 120


def test_a_simulation_says_when_there_is_nothing_left_to_bring() -> None:
    process = Process(
        load(
            PERMIT.replace("type: text", "type: integer, at least: 1, at most: 3").replace("UNIQUE", "true"), "p.yaml"
        ),
        load_calendar("china"),
    )
    figures = simulate(process, Assumptions(), 20, 7)
    assert figures.closed == 3
    assert sum(figures.stuck.values()) == 17
    assert all("Another issue has the same" in why for why in figures.stuck)

"""A version against itself: whatever happened to an issue of whatever definition, its history decided again goes the same way."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from definitions.calendars.reader import load_calendar
from definitions.loader import library, load
from definitions.model.reference import participant
from engine import Actor, Process
from engine import event as e
from engine.change import ItemDue
from engine.replay.names import Recorded, names_in
from engine.replay.people import Recalled
from engine.replay.replay import replay
from tests.engine.random_lives import CENTRE, RandomLife

LIVES = 24
#: Everything that is shipped, and a definition in which every word of the language stands.
SEVERAL = (*library(), Path("tests/definitions/everything.yaml"))
#: A migration has its own test; when a calendar changes, the deadlines of the past are reckoned by the newer one here.
ELSEWHERE = {"migrate", "reckon-again"}


#: A process that spends its time where the shipped ones seldom are: with other systems, with messages, laid aside.
WAITING = """
id: waiting
title: {zh: 等待, en: Waiting}
number: "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}"
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}}
  found: {type: text, title: {zh: 结果, en: Found}, asked: false}
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions: {done: {zh: 办结, en: Done}}
intake:
  ask:
    title: {zh: 查询, en: Ask}
    request: {to: registry, send: {subject: subject}, save: {found: answer.text}}
    within: 30 days
    overdue: {to: handle}
    tell: clerk
    to: handle
coordination:
  handle:
    title: {zh: 办理, en: Handle}
    task: clerk
    within: 5 working days
    overdue: {tell: clerk}
    extend: {by: 5 working days, at most: 3}
    shelve: {for: 60 days, at most: 5}
    actions:
      again: {title: {zh: 再查, en: Ask again}, to: ask}
      wait: {title: {zh: 等消息, en: Await news}, to: news}
      end: {title: {zh: 办结, en: End}, to: closed}
  news:
    title: {zh: 等消息, en: Await news}
    receive: news
    ask: {found: {title: {zh: 结果, en: Found}, type: text}}
    within: 10 days
    overdue: {to: handle}
    tell: nobody
    to: handle
closure:
  closed: {title: {zh: 办结, en: Done}, close: done}
"""


def waiting() -> tuple[RandomLife, ...]:
    """What happened to some issues of that."""
    definition = load(WAITING, "waiting.yaml")
    return tuple(RandomLife(Process(definition, load_calendar("china")), seed).live() for seed in range(150))


@cache
def process(path: Path) -> Process:
    """A shipped process."""
    definition = load(path.read_bytes(), str(path))
    return Process(definition, load_calendar(definition.calendar))


@cache
def lives(path: Path) -> tuple[RandomLife, ...]:
    """What happened to some issues of it."""
    return tuple(RandomLife(process(path), seed).live() for seed in range(LIVES))


@pytest.mark.parametrize("path", SEVERAL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_version_against_itself_is_the_same_for_every_issue(path: Path) -> None:
    for life in lives(path):
        found = replay(process(path), life.history)
        assert found.parting is None, f"seed {life.seed}"
        assert found.late_before == found.late_now, f"seed {life.seed}"
        assert found.stranded == ()


def test_so_it_is_with_what_other_systems_and_messages_bring() -> None:
    for life in waiting():
        found = replay(life.process, life.history)
        assert found.parting is None, f"seed {life.seed}"


def test_whoever_left_the_service_and_came_back_can_be_given_work_again() -> None:
    life = RandomLife(process(next(path for path in SEVERAL if path.parent.name == "licensing")), 0).live(events=0)
    item, back = life.state.items[0], participant(31)
    holder = Actor(item.candidates[0], frozenset(item.candidates))
    assert life.happen(e.Delegate(item.number, back), holder)
    assert life.happen(e.Depart(back, gone=True), None)
    left = len(life.history) - 1
    assert life.happen(e.Delegate(item.number, back), holder)
    assert replay(life.process, life.history).parting is None
    people = Recalled(life.process.definition, life.history, names_in(life.history))
    people.turn(left)
    assert people.vacant(back), "until then they were away"


def test_a_deadline_of_what_was_done_that_was_once_moved_is_passed_over() -> None:
    life = RandomLife(process(next(path for path in SEVERAL if path.parent.name == "licensing")), 0).live(events=0)
    task = life.state.items[0]
    holder, asked = Actor(task.candidates[0], frozenset(task.candidates)), participant(31)
    assert life.happen(e.Ask(task.number, asked, "x"), holder)
    question = life.state.items[-1]
    assert life.happen(e.Answer(question.number, "x"), Actor(asked, frozenset({asked})))
    assert question.deadline
    move = e.MoveDeadline(f"item:{question.number}", "2026-03-30", "x")
    moved = (ItemDue(question.number, replace(question.deadline, due_on="2026-03-30")),)
    life.history.append(Recorded(len(life.history) + 1, life.now, CENTRE, move, moved))
    assert replay(life.process, life.history).parting is None


def test_every_kind_of_event_has_happened_in_these_lives() -> None:
    happened: Counter[str] = Counter()
    for life in (*waiting(), *(life for path in SEVERAL for life in lives(path))):
        happened += life.happened
    kinds = {e.KINDS[kind] for kind in get_args(e.Event)} - ELSEWHERE
    assert kinds - set(happened) == set(), "a new event is lived here too"

"""A role that the option of a field chooses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Opening, Process, State, start, transition
from engine import event as e
from engine.directory import Candidate
from engine.memory import MemoryDirectory

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STAFF = Actor("participant:1", frozenset({"participant:1"}), manages=True)
SOURCE = """
id: d
title: {zh: 事, en: D}
number: "{{ sequence }}"
fields:
  kind:
    type: choice
    title: {zh: 类, en: Kind}
    required: false
    options: {light: {zh: 灯, en: Light}, noise: {zh: 噪, en: Noise}, other: {zh: 他, en: Other}}
roles:
  clerk: {title: {zh: 员, en: Clerk}, staff of: station}
  works: {title: {zh: 市政, en: Works}, members of: works, pick: [first]}
  handler: {title: {zh: 承办, en: Handler}, chosen by: kind, among: {light: works, noise: reporter}, otherwise: clerk}
resolutions: {done: {zh: 完, en: Done}}
intake:
  first: {task: handler, title: {zh: 一, en: First}, within: 1 day, overdue: {tell: clerk}, to: closed, actions: {go: {title: {zh: 去, en: Go}}}}
closure:
  closed: {close: done, title: {zh: 结, en: Closed}}
"""
DIRECTORY = MemoryDirectory(
    people={
        "staff of station": [Candidate(party="participant:11")],
        "members of works": [Candidate(party="participant:51"), Candidate(party="participant:52")],
    }
)
PROCESS = Process(
    load(SOURCE.replace("{{ sequence }}", "{{ station.code }}{{ year }}{{ sequence }}"), "d.yaml"),
    load_calendar("china"),
)


def opened(kind: str | None) -> State:
    opening = Opening(station=1, station_code="X", reporter="participant:9", sequence=1, values={"kind": kind})
    return start(PROCESS, opening, NOW, DIRECTORY).state


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("light", "participant:51"),
        ("noise", "participant:9"),
        ("other", "participant:11"),
        (None, "participant:11"),
    ],
)
def test_the_option_says_who_has_it_and_otherwise_the_rest(kind: str | None, who: str) -> None:
    (item,) = opened(kind).items
    assert (item.role, item.candidates) == ("handler", (who,))


def test_one_who_is_picked_keeps_the_role_that_was_chosen() -> None:
    assert opened("light").roles == {"works": ("participant:51",)}


def test_staff_may_give_it_to_somebody_else() -> None:
    state = opened("light")
    event = e.Reassign(("participant:52",), "忙", role="handler")
    given = transition(PROCESS, state, event, NOW, DIRECTORY, STAFF).state
    assert given.items[0].candidates == ("participant:52",)

"""Events and changes come back from their plain form as they went: the history is read for as long as the issues live."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import orjson
import pytest

from engine import event as e
from engine.change import Change
from engine.codec import event, plain
from engine.event import KINDS, Event

EVENTS: list[Event] = [
    e.Act(3, "go", {"a": 1, "many": ["x"]}),
    e.Delegate(3, "participant:4", "why"),
    e.Reply(3, True),
    e.Ask(3, "participant:4", "what?", "consult"),
    e.Answer(3, "that", False),
    e.Reassign(("participant:4", "organisation:2"), "why", item=3),
    e.Message("news", {"a": 1}),
    e.Result(4, values={"a": {"b": 1}}, called="issue:3", ended=False),
    e.Absorb("issue:3", ("participant:4",)),
    e.Connect("split", "issue:3"),
    e.Move("study", "why", 4),
]


@pytest.mark.parametrize("happened", EVENTS, ids=lambda one: type(one).__name__)
def test_an_event_comes_back_as_it_went(happened: Event) -> None:
    back = event(orjson.loads(orjson.dumps(plain(happened))))
    assert plain(back) == plain(happened)
    assert type(back) is type(happened)


@pytest.mark.parametrize("cls", [*get_args(Event), *get_args(Change)], ids=lambda cls: cls.__name__)
def test_no_part_is_called_as_the_tag_is(cls: type) -> None:
    assert "kind" not in {field.name for field in fields(cls)}


def test_every_event_has_a_name_of_its_own() -> None:
    assert set(KINDS) == set(get_args(Event))
    assert len(set(KINDS.values())) == len(KINDS)

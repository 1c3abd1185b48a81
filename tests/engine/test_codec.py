"""The format of history, state and outbox: what was written once is read and written again; it only grows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import ValidationError
from msgspec.structs import fields

from engine.change import Change
from engine.codec import decode_changes, decode_effect, decode_event, decode_state, encode, plain
from engine.effect import Effect
from engine.event import KINDS, Act, CarryOver, Event, Happened, Message, Open
from engine.noun import Values
from engine.state import State

#: What was written when the format was settled; a line is never changed, only added.
WRITTEN = Path(__file__).parent / "written"


def decode_change(line: bytes) -> Change:
    """One change alone."""
    (change,) = decode_changes(b"[%s]" % line)
    return change


def lines(name: str) -> list[bytes]:
    """What was written of one kind of nouns."""
    return (WRITTEN / f"{name}.jsonl").read_bytes().splitlines()


KINDS_OF_NOUNS: list[tuple[str, Callable[[bytes], Any], tuple[type, ...]]] = [
    ("events", decode_event, (Open, CarryOver, *get_args(Event))),
    ("changes", decode_change, get_args(Change)),
    ("effects", decode_effect, get_args(Effect)),
    ("states", decode_state, (State,)),
]
each = pytest.mark.parametrize(("name", "decode", "classes"), KINDS_OF_NOUNS, ids=[one[0] for one in KINDS_OF_NOUNS])


def grown(written: Any, again: Any) -> bool:
    """Whether all that was written is there again; what a newer program knows besides may be there too."""
    if isinstance(written, dict):
        return isinstance(again, dict) and all(
            name in again and grown(one, again[name]) for name, one in written.items()
        )
    if isinstance(written, list):
        return len(written) == len(again) and all(map(grown, written, again))
    return bool(written == again)


@each
def test_what_was_written_is_read_and_all_of_it_is_written_again(
    name: str, decode: Callable[[bytes], Any], classes: tuple[type, ...]
) -> None:
    for line in lines(name):
        assert grown(msgspec.json.decode(line), plain(decode(line)))
    newest = {type(decode(line)): line for line in lines(name)}
    for line in newest.values():
        assert encode(decode(line)) == line


@each
def test_each_of_them_is_there_with_all_its_parts(
    name: str, decode: Callable[[bytes], Any], classes: tuple[type, ...]
) -> None:
    written = [decode(line) for line in lines(name)]
    assert {type(noun) for noun in written} == set(classes)
    for noun in {type(noun): noun for noun in written}.values():
        assert {part.name for part in fields(noun) if not part.required and getattr(noun, part.name) is None} == set()


@each
def test_what_a_newer_program_added_is_refused_and_not_dropped(
    name: str, decode: Callable[[bytes], Any], classes: tuple[type, ...]
) -> None:
    with pytest.raises(ValidationError):
        decode(lines(name)[0][:-1] + b',"newer":1}')


def test_what_an_older_program_did_not_know_has_its_default() -> None:
    assert decode_event(b'{"kind":"act","item":3,"action":"go"}') == Act(3, "go")
    assert decode_state(b"{}") == State()


def test_a_list_that_a_field_holds_comes_back_as_the_tuple_that_it_was() -> None:
    values: Values = {"many": ("x", "y"), "rows": ({"part": "bulb"},), "share": 1.0, "amount": 1, "none": None}
    for noun in (Message("news", values), Act(3, "go", values)):
        back = decode_event(encode(noun))
        assert back == noun
        assert type(back) is type(noun)
    assert decode_state(encode(State(data=values))).data == values


def test_plain_data_is_what_the_json_says() -> None:
    assert plain(Act(3, "go", {"many": ("x",)})) == {
        "kind": "act",
        "item": 3,
        "action": "go",
        "values": {"many": ["x"]},
    }


def test_every_event_has_a_name_of_its_own() -> None:
    assert set(KINDS) == set(get_args(Event)) == set(get_args(Happened)) - {Open, CarryOver}
    assert len(set(KINDS.values())) == len(KINDS)

"""Nouns of an issue as they are kept: what people wrote is sealed and comes back whole, and the skeleton outlives the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from definitions.loader import load
from engine.change import Filled
from engine.codec import decode_changes, decode_event, decode_state
from engine.event import Act, Attach, Comment, Event
from engine.state import State, WorkItem
from huying.issues.skeleton import Skeleton
from models.kept import ERASED, Changed, SealedPiece, attach_keys, reader

KEY, CIPHER = "0" * 32, AESGCM(AESGCM.generate_key(256))
_OFFICE = Path("tests/definitions/office.yaml").read_text("utf-8")
_FIELDS = """
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}, required: true}
  urgent: {type: yes/no, title: {zh: 紧急, en: Urgent}}
  kind: {type: choice, title: {zh: 类别, en: Kind}, options: {light: {zh: 路灯, en: Light}, water: {zh: 供水, en: Water}}}
  illness: {type: choice, private: true, title: {zh: 病情, en: Illness}, options: {mild: {zh: 轻, en: Mild}, severe: {zh: 重, en: Severe}}}
  income: {type: integer, private: true, title: {zh: 收入, en: Income}}
  people: {type: integer, title: {zh: 人数, en: People}}
  photo: {type: file, private: true, title: {zh: 照片, en: Photo}}
  place: {type: place, title: {zh: 地点, en: Place}}
"""
_HEAD, _, _REST = _OFFICE.partition("fields:")
SKELETON = Skeleton(load(_HEAD + _FIELDS.strip() + "\nroles:" + _REST.partition("\nroles:")[2], "office.yaml"))
DIALECT = sqlite.dialect()
PHOTO = f"file:{'a' * 64}"
DATA: dict[str, Any] = {
    "subject": "老人摔倒了", "urgent": True, "kind": "light", "illness": "severe", "income": 4200, "people": 3, "photo": PHOTO,
    "place": {"address": "望海巷七号", "longitude": 118.1, "latitude": 24.5}, "of another version": "张三说的话",
}  # fmt: skip


class Keys:
    """The data keys of a database with one issue."""

    def __init__(self, cipher: AESGCM | None) -> None:
        self._cipher = cipher

    def cipher(self, key_id: str) -> AESGCM | None:
        """That of the issue."""
        assert key_id == KEY
        return self._cipher


def _kept(noun: Any, column: str = "here.it") -> str:
    return str(SKELETON.written(noun, SealedPiece(KEY, CIPHER, column))[1])


def _read(kept: str, decode: Any, cipher: AESGCM | None = CIPHER, column: str = "here.it") -> Any:
    attach_keys(DIALECT, Keys(cipher))
    return reader(DIALECT, column, decode)(kept)


_WORDS = st.one_of(st.text(), st.sampled_from(["§t0", "§o1", '"§":"', '§t0"', "\\", PHOTO, ""]))
_LEAVES = st.one_of(_WORDS, st.integers(-(2**53), 2**53), st.booleans(), st.none())
_VALUES = st.dictionaries(
    st.one_of(st.sampled_from(list(DATA)), st.text(min_size=1)),
    st.recursive(_LEAVES, lambda inner: st.dictionaries(st.text(), inner, max_size=3), max_leaves=5),
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@given(_VALUES, _WORDS)
def test_whatever_is_written_comes_back_as_it_was(values: dict[str, Any], said: str) -> None:
    for event in (Act(1, "accept", values), Comment(said), Attach(said, "image/png", 3, "a" * 64)):
        assert _read(_kept(event), decode_event) == event
    state = State(
        data=values, items=(WorkItem(number=1, visit=1, step="x", role="y", candidates=("participant:1",), text=said),)
    )
    assert _read(_kept(state), decode_state) == state
    changes = (Filled(values), Filled({"subject": said}))
    assert _read(_kept(changes), decode_changes) == changes
    assert _read(_kept(()), decode_changes) == ()


def test_what_people_wrote_is_sealed_and_the_rest_stays_readable() -> None:
    kept = _kept(State(data=DATA))
    for word in ("老人摔倒了", "severe", "4200", "望海巷", "张三说的话"):
        assert word not in kept, word
    for word in ('"kind":"light"', '"urgent":true', '"people":3', PHOTO, "118.1"):
        assert word in kept, word


def test_after_the_key_is_destroyed_the_skeleton_is_whole() -> None:
    data = _read(_kept(State(data=DATA)), decode_state, cipher=None).data
    assert data["subject"] == data["of another version"] == data["place"]["address"] == ERASED
    assert (data["illness"], data["income"]) == (None, None)
    assert (data["kind"], data["urgent"], data["people"], data["photo"]) == ("light", True, 3, PHOTO)
    events: list[Event] = [
        Comment("他病了"),
        Act(1, "accept", {"subject": "x"}),
        Attach("病历.png", "image/png", 3, "a" * 64),
    ]
    gone = [_read(_kept(event), decode_event, cipher=None) for event in events]
    assert [gone[0].text, gone[1].values["subject"], gone[2].name, gone[2].digest] == [ERASED, ERASED, ERASED, "a" * 64]


def test_a_piece_that_is_moved_or_changed_does_not_open() -> None:
    kept = _kept(Comment("他病了"))
    with pytest.raises(Changed):
        _read(kept, decode_event, column="there.it")
    with pytest.raises(Changed):
        _read(kept, decode_event, cipher=AESGCM(AESGCM.generate_key(256)))
    at = kept.rindex('"') - 6
    with pytest.raises(Changed):
        _read(kept[:at] + ("A" if kept[at] != "A" else "B") + kept[at + 1 :], decode_event)

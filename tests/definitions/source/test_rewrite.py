"""A text rewritten in its place says what was meant, and everything else stands as it stood."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.loader import LIBRARY
from definitions.source import emission
from definitions.source.rewrite import (
    InsertValue,
    MoveValue,
    NotRewritten,
    RemoveValue,
    RenameKey,
    Rewrite,
    SetValue,
    meant,
    rewritten,
    same,
)
from definitions.source.tree import read

SHIPPED = sorted(LIBRARY.glob("*/*.yaml"))

TEXT = """\
# 一张单子 a list
title: {zh: 路灯, en: Lamps}   # 名称 its name

# 谁来办 who does it
roles:
  clerk:                       # 站里的 of the station
    title: {zh: 站员, en: Clerk}
    within: 3 working days     # 三天 three days
  # 部门 departments
  lead:
    title: "主办"
  head: {title: 站长}

steps:
- name: a
  help: |
    第一行
    # 不是备注 no remark

    最后一行
  tell: [clerk, lead]
# 第二步 the second
- name: b
  empty:
"""


def test_a_value_changes_in_its_place() -> None:
    after = rewritten(TEXT, SetValue(("roles", "clerk", "within"), "5 working days"))
    assert after == TEXT.replace("within: 3 working days     #", "within: 5 working days     #")


def test_a_value_in_brackets_and_one_in_quotes_stay_as_they_are_written() -> None:
    after = rewritten(TEXT, SetValue(("title", "zh"), "路灯, 井盖"), SetValue(("roles", "lead", "title"), "牵头单位"))
    assert '{zh: "路灯, 井盖", en: Lamps}   # 名称' in after
    assert 'title: "牵头单位"\n' in after


def test_what_is_new_comes_to_stand_beside_the_others() -> None:
    after = rewritten(TEXT, InsertValue(("roles",), 1, {"title": {"zh": "站长", "en": "Head"}}, "director"))
    assert "three days\n  director: {title: {zh: 站长, en: Head}}\n  # 部门 departments\n  lead:" in after
    after = rewritten(TEXT, InsertValue(("steps",), 2, {"name": "c", "help": "一\n二\n"}))
    assert after.endswith("  empty:\n- name: c\n  help: |\n    一\n    二\n")


def test_a_value_that_was_empty_is_filled_and_one_is_emptied() -> None:
    assert rewritten(TEXT, SetValue(("steps", 1, "empty"), "no")).endswith("  empty: no\n")
    assert "within:     # 三天" in rewritten(TEXT, SetValue(("roles", "clerk", "within"), None))


def test_what_is_taken_out_takes_its_own_remarks_along() -> None:
    after = rewritten(TEXT, RemoveValue(("roles", "lead")))
    assert "部门" not in after
    assert "三天 three days\n  head: {title: 站长}" in after
    assert "- name: b" not in rewritten(TEXT, RemoveValue(("steps", 1)))
    assert "# 第二步" not in rewritten(TEXT, RemoveValue(("steps", 1)))


def test_what_moves_takes_its_own_remarks_along() -> None:
    after = rewritten(TEXT, MoveValue(("steps", 1), 0))
    assert "steps:\n# 第二步 the second\n- name: b\n  empty:\n- name: a\n" in after
    assert "tell: [lead, clerk]" in rewritten(TEXT, MoveValue(("steps", 0, "tell", 1), 0))
    assert "- help: |\n    第一行" in rewritten(TEXT, MoveValue(("steps", 0, "help"), 0))


def test_a_block_of_text_is_written_as_a_block() -> None:
    after = rewritten(TEXT, SetValue(("steps", 0, "help"), "新的一行\n又一行\n"))
    assert "  help: |\n    新的一行\n    又一行\n  tell:" in after
    after = rewritten(TEXT, SetValue(("roles", "clerk", "within"), "一\n二"))
    assert "    within: |-     # 三天 three days\n      一\n      二\n  # 部门" in after


def test_a_mapping_that_is_set_anew_changes_only_where_it_differs() -> None:
    wanted = read(TEXT, "").plain()["roles"]
    wanted["clerk"]["within"] = "2 days"
    wanted["more"] = {"title": "更多"}
    del wanted["head"]
    after = rewritten(TEXT, SetValue(("roles",), wanted))
    assert "within: 2 days     # 三天" in after
    assert "# 部门 departments" in after
    assert same(read(after, "").plain()["roles"], wanted)


def test_line_ends_of_windows_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    after = rewritten(text, InsertValue(("roles",), 3, {"title": "督办"}, "supervisor"), RemoveValue(("steps", 0)))
    assert "\r\n" in after
    assert "\n" not in after.replace("\r\n", "")


def test_a_path_that_leads_nowhere_is_refused() -> None:
    for one in (SetValue(("no", "where"), 1), RemoveValue(("steps", 7)), RenameKey(("roles", "lead"), "head")):
        with pytest.raises(NotRewritten):
            rewritten(TEXT, one)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_value_of_a_shipped_file_can_be_set_and_set_back(path: Path) -> None:
    text = path.read_text("utf-8")
    plain = read(text, "").plain()
    places = [place for place, value in _places(plain) if not isinstance(value, dict | list)]
    for place in random.Random(path.parent.name).sample(places, min(6, len(places))):
        before = _value(plain, place)
        there = rewritten(text, SetValue(place, "改过了: yes"))
        assert len(set(text.split("\n")) - set(there.split("\n"))) <= max(1, str(before).count("\n") + 1)
        assert same(read(rewritten(there, SetValue(place, before)), "").plain(), plain)
    first = 0 if isinstance(plain, list) else next(iter(plain))
    assert rewritten(text, SetValue((first,), plain[first])) == text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_whatever_is_rewritten_in_a_shipped_file_is_read_as_it_was_meant(path: Path) -> None:
    text = path.read_text("utf-8")
    chance = random.Random(f"{path.parent.name}-{path.stem}")
    remarks = _remarks(text)
    for _ in range(8):
        plain = read(text, "").plain()
        one = _some(plain, chance)
        after = rewritten(text, one)
        assert same(read(after, "").plain(), meant(plain, one)), one
        if not _gives_way(plain, one):
            assert _remarks(after) == remarks
        if chance.random() < 0.3:
            text, remarks = after, _remarks(after)


def _gives_way(plain: Any, one: Rewrite) -> bool:
    """Whether something goes with all that is in it: its remarks go with it."""
    return isinstance(one, RemoveValue) or (
        isinstance(one, SetValue) and isinstance(_value(plain, tuple(one.path)), dict | list)
    )


def _remarks(text: str) -> list[str]:
    return sorted(line.strip() for line in text.split("\n") if line.strip().startswith("#"))


def _places(plain: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if path:
        yield path, plain
    pairs = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in pairs:
        yield from _places(value, (*path, key))


def _value(plain: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        plain = plain[part]
    return plain


def _some(plain: Any, chance: random.Random) -> Rewrite:
    """Some rewrite of a value that may be moved about: new steps, other words, an order of fields."""
    path, value = chance.choice(list(_places(plain)))
    holder = _value(plain, path[:-1])
    new = chance.choice(
        [
            "五个工作日",
            5,
            True,
            None,
            {"zh": "新的", "en": "New: one"},
            ["clerk", "lead"],
            "一\n二\n",
            {"title": {"zh": "步", "en": "Step"}, "ask": {"a": {"type": "text", "title": "甲"}}},
        ]
    )
    match chance.randrange(5):
        case 0:
            return RemoveValue(path)
        case 1:
            return MoveValue(path, chance.randrange(len(holder)))
        case 2 if isinstance(value, dict):
            return InsertValue(path, chance.randrange(len(value) + 1), new, f"new-{chance.randrange(10**9)}")
        case 2 if isinstance(value, list):
            return InsertValue(path, chance.randrange(len(value) + 1), new)
        case 3 if isinstance(holder, dict):
            return RenameKey(path, f"renamed-{chance.randrange(10**9)}")
    return SetValue(path, new)


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-99, 99)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)
    | st.sampled_from(
        [
            "a: b",
            "- x",
            "#",
            "yes",
            "0592",
            "1e3",
            "{{ a }}",
            "一，二",
            "“引”",
            "l1\nl2",
            " x",
            "x ",
            "'",
            '"',
            "null",
            "",
        ]
    )
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc甲: #,", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_VALUES)
def test_what_is_written_out_is_read_as_it_was(value: Any) -> None:
    assert same(read("\n".join(emission.entry("k", value, 0)), "").plain(), {"k": value})
    assert same(read("l:\n" + "\n".join(emission.item(value, 2)), "").plain(), {"l": [value]})
    assert same(read(f"l: [{emission.inline(value, within=True)}]", "").plain(), {"l": [value]})

"""Conditions that a browser can decide, as plain data; of any other there is none."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.expressions.expression import Expression
from definitions.forms.condition_tree import condition_tree

FIELDS = ("kind", "call-back", "stars")
TREES: list[tuple[str, Any]] = [
    ("kind == 'a'", ["eq", ["field", "kind"], ["value", "a"]]),
    ("call_back", ["field", "call-back"]),
    ("not call_back and stars < 3", ["and", ["not", ["field", "call-back"]], ["lt", ["field", "stars"], ["value", 3]]]),
    ("kind in ['a', 'b']", ["in", ["field", "kind"], ["list", ["value", "a"], ["value", "b"]]]),
    ("kind is filled", ["filled", ["field", "kind"]]),
    ("other == 1", None),
    ("kind == 'a' or other", None),
    ("kind | length > 2", None),
    ("stars + 1 > 2", None),
    ("issue.number == 'x'", None),
    ("1 < stars < 3", None),
]


@pytest.mark.parametrize(("source", "tree"), TREES)
def test_what_reads_only_the_form_is_told_and_nothing_else(source: str, tree: Any) -> None:
    assert condition_tree(Expression.parse(source), FIELDS) == tree

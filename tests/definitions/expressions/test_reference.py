"""The reference of expressions: it names exactly what there is, and each of its examples gives what stands beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from definitions.expressions.expression import Expression
from definitions.expressions.functions import FILTERS, TESTS
from definitions.expressions.values import shown

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "expressions.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+?`) \| (.+?) — (.+?) \| `(.+?)` \| `(.+?)` \|$", PAGE, re.MULTILINE)
VALUES = json.loads(re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0])


@pytest.mark.parametrize(("example", "result"), [row[3:] for row in ROWS], ids=[row[3] for row in ROWS])
def test_an_example_gives_the_result_beside_it(example: str, result: str) -> None:
    assert shown(Expression.parse(example.replace("\\|", "|")).evaluate(VALUES)) == result


def test_the_page_lists_exactly_what_is_allowed() -> None:
    assert len(re.findall(r"^\| `", PAGE, re.MULTILINE)) == len(ROWS)
    named = [name.strip("`") for name, *_ in ROWS]
    assert [name for name in named if name in FILTERS] == sorted(FILTERS)
    assert [name.removeprefix("is ") for name in named if name.startswith("is ")] == sorted(TESTS)


@pytest.mark.parametrize("name", [*FILTERS, *(f"is {test}" for test in TESTS)])
def test_a_function_says_of_itself_what_the_page_says(name: str) -> None:
    (meaning,) = [english for named, _, english, _, _ in ROWS if named == f"`{name}`"]
    function = TESTS[name.removeprefix("is ")] if name.startswith("is ") else FILTERS[name]
    documented = (function.__doc__ or "").rstrip(".").removeprefix("Whether ")
    assert documented.casefold() == meaning.casefold()

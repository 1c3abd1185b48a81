"""The table of practices: every process, page and test that it names is there, in both languages alike."""

from __future__ import annotations

import re

import pytest

from huying.guides.shelf import DOCS

ROOT = DOCS.parent
_CODE = re.compile(r"`([^`]+)`")


def _rows(language: str) -> dict[str, list[str]]:
    lines = (DOCS / language / "practices.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| S")]
    return {row[0]: row[2:] for row in cells}


def test_all_twenty_are_told_in_both_languages() -> None:
    chinese, english = _rows("zh"), _rows("en")
    assert list(chinese) == [f"S{number}" for number in range(1, 21)]
    named = [{key: [_CODE.findall(cell) for cell in row] for key, row in of.items()} for of in (chinese, english)]
    assert named[0] == named[1]


@pytest.mark.parametrize("practice", sorted(_rows("en")))
def test_whatever_is_named_is_there(practice: str) -> None:
    processes, pages, tests = (_CODE.findall(cell) for cell in _rows("en")[practice])
    addresses = (DOCS / "reference" / "rights.md").read_text("utf-8")
    assert [one for one in processes if not (ROOT / "definitions" / "library" / one).is_dir()] == []
    assert [one for one in pages if f"`{one}` GET" not in addresses] == []
    assert [one for one in tests if not (ROOT / one).is_file()] == []
    assert pages
    assert tests

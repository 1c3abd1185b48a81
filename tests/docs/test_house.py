"""The page about the house names rooms and files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "en" / "house.md").read_text("utf-8")
_PACKAGES = "definitions|engine|models|notifications|huying|flows|portal|tests"


@pytest.mark.parametrize("named", sorted(set(re.findall(rf"`((?:{_PACKAGES})/[\w./]*)`", PAGE))))
def test_what_it_names_is_there(named: str) -> None:
    assert (ROOT / named).exists()


@pytest.mark.parametrize("kind", ["step", "deed", "effect", "chore", "table", "page", "channel", "command"])
def test_there_is_a_recipe_for_each_kind(kind: str) -> None:
    assert re.search(rf"^\*\*An? (kind of )?{kind}\*\*|^\*\*An? (kind of )?{kind}\.\*\*", PAGE, re.MULTILINE)

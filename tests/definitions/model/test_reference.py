"""References have one parser and one maker; what is none is said so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from definitions.model.reference import NoReference, Reference, issue, organisation, participant, reference, refers_to

ROOT = Path(__file__).resolve().parents[3]
#: What references name things by, wherever code is written that could take them apart by hand.
KINDS = ("participant", "organisation", "area", "station", "issue", "file", "level", "visit", "item", "limit")


def test_a_reference_is_made_and_read_as_the_same_text() -> None:
    for text in (participant(12), organisation(5), issue(7), reference("file", "0" * 64), reference("industry", "law")):
        assert str(Reference.parse(text)) == text
    assert Reference.parse(participant(12)) == Reference("participant", "12")
    assert Reference.parse(participant(12)).number == 12


@pytest.mark.parametrize("text", ["", "12", "participant", "participant:", ":12", ":"])
def test_a_text_that_names_nothing_is_refused_in_words(text: str) -> None:
    assert Reference.read(text) is None
    with pytest.raises(NoReference, match=f"“{text}” is no reference such as participant:12"):
        Reference.parse(text)


@pytest.mark.parametrize("text", ["industry:law", "participant:-1", "participant:１２", "participant:1 2"])
def test_what_is_called_by_a_code_has_no_number(text: str) -> None:
    found = Reference.parse(text)
    assert not found.numbered
    with pytest.raises(NoReference, match=f"is no reference such as {found.kind}:12"):
        _ = found.number


def test_what_something_refers_to_is_told_by_its_kind() -> None:
    assert refers_to("issue:7", "issue")
    assert refers_to("issue:7", "participant", "issue")
    assert not refers_to("issue", "issue")
    assert not refers_to("issues:7", "issue")
    assert not refers_to(7, "issue")


def _by_hand(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if text.partition(":")[0] in KINDS:
                made = ":" in text
            case ast.Call(func=ast.Attribute(attr="startswith" | "removeprefix"), args=[ast.Constant(value=str(text))]):
                made = text.rstrip(":") in KINDS and text.endswith(":")
            case _:
                made = False
        if made:
            yield f"{path.relative_to(ROOT)}: {ast.unparse(node)}"


def test_nobody_makes_or_takes_apart_a_reference_by_hand() -> None:
    packages = ("definitions", "engine", "huying", "portal")
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    assert [place for path in paths for place in _by_hand(path)] == []

"""Rooms by subject: what lies where, what it is called, and how large it may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.test_tree import PACKAGES, ROOT, text_of, tracked

#: Modules that may lie flat in a package; everything else lies in a room.
FLAT = {"huying": 8, "definitions": 8, "engine": 20, "portal": 5, "flows": 8, "notifications": 8}

#: Words in -ing that are nouns of their own, each with what it stands for.
NOUNS = {
    "booking": "something held for a time",
    "drawing": "a picture made of lines",
    "finding": "what a check found",
    "opening": "the first act of an issue, an incident",
    "rendering": "the field's term for a template filled in",
    "ring": "a ring of keys",
    "staffing": "who fills the roles of a process",
    "tracing": "the field's term, as in OpenTelemetry",
}


def modules() -> list[Path]:
    """The modules of the house, but for numbered migrations."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[len(ROOT.parts)] in PACKAGES
        and not path.is_relative_to(ROOT / "models" / "migrations" / "versions")
    ]


def name_of(path: Path) -> str:
    """A path as the tree shows it."""
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(text_of(path))


@pytest.mark.parametrize("package", sorted(FLAT))
def test_few_modules_lie_flat(package: str) -> None:
    flat = sorted(path.name for path in (ROOT / package).glob("*.py") if path.stem != "__init__")
    assert len(flat) <= FLAT[package], flat


def test_every_room_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in modules() if not ast.get_docstring(tree_of(path))]
    assert silent == [], "each module, and each room by its __init__, opens with a sentence"


def test_files_and_folders_are_nouns() -> None:
    found = {
        name_of(path)
        for path in modules()
        for part in (*path.relative_to(ROOT).parts[1:-1], path.stem)
        if (last := part.split("_")[-1]).endswith("ing") and last not in NOUNS
    }
    assert sorted(found) == [], "a noun of the glossary, not what is being done"


def test_no_file_repeats_its_folders_name() -> None:
    found = [
        name_of(path)
        for path in modules()
        if path.parent.parent != ROOT and path.stem.startswith(f"{path.parent.name.rstrip('s')}_")
    ]
    assert found == []


#: Modules of the read side: what pages, the API and Prefect show.
_VIEW = re.compile(r"(^|\.)(view|[a-z]+_view|views(\.[a-z_]+)?)$")
_WRITES = {"insert", "update", "delete"}


def test_the_write_side_never_imports_a_view() -> None:
    found = [
        f"{name_of(path)} -> {module}"
        for path in modules()
        if _writes(path)
        for module in _imports(path)
        if _VIEW.search(module)
    ]
    assert found == []


def _writes(path: Path) -> bool:
    """Whether a module changes rows."""
    imported = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom))
    return any(node.module == "sqlalchemy" and any(alias.name in _WRITES for alias in node.names) for node in imported)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name.islower())


def test_no_question_after_the_language_but_in_one_place() -> None:
    asked = re.compile(r'startswith\("zh"\)|language(?:\(\w+\))? (?:==|!=) "zh"')
    found = [name_of(path) for path in modules() if asked.search(text_of(path))]
    assert found == ["definitions/text.py"], "Said(zh, en).of(language) says it"


def test_every_word_of_the_tree_stands_in_the_glossary() -> None:
    known = set(re.findall(r"^\| `([a-z0-9_]+)` \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE))
    used = {
        word: name_of(path)
        for path in modules()
        for part in (*path.relative_to(ROOT).parts[1:-1], path.stem)
        # a command's file is called as the command is typed
        if path.parent.parent != ROOT / "huying" / "cli" and not part.startswith("__") and part not in known
        for word in part.split("_")
        if known.isdisjoint(_singulars(word))
    }
    assert used == {}, "name it as docs/glossary.md does, or say there what the new noun means, in Chinese and English"


def _singulars(word: str) -> set[str]:
    ends = (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""))
    return {word[: len(word) - len(end)] + new for end, new in ends if word.endswith(end)}

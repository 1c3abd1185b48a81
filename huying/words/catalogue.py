"""Every word that people read, in both languages, with the place where it is said: for whoever checks or translates them.

It is read from the sources themselves: pairs in the code (``Said``, refusals, titles by language), the catalogue of the pages, and the templates
of messages. What a definition says is not in here; it brings its own words along.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po

from huying.locale import CATALOGUES

#: The packages whose words people read, from the root of the house.
PACKAGES = ("definitions", "engine", "notifications", "huying", "flows", "portal")

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH = re.compile("[A-Za-z]")


class CatalogueEntry(NamedTuple):
    """One text: Chinese, English, and where it stands (``huying/words/terms.py:31``). A part that is filled in is shown as ``{…}``.

    ``en`` is empty where Chinese stands alone: what says both itself (``已发布 published``), lines for staff in Prefect, parts of a sentence.
    """

    zh: str
    en: str
    place: str


def catalogue() -> tuple[CatalogueEntry, ...]:
    """All entries, by place."""
    return tuple(sorted({*_of_code(), *_of_pages(), *_of_messages()}, key=_by_place))


def _by_place(entry: CatalogueEntry) -> tuple[str, int]:
    file, _, line = entry.place.partition(":")
    return file, int(line or 0)


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def _of_code() -> Iterator[CatalogueEntry]:
    for path, tree in _trees():
        for node, zh, en in _pairs(tree):
            yield CatalogueEntry(zh, en, _place(path, node))
        for place, text in _alone(path, tree):
            yield CatalogueEntry(text, "", place)


def _pairs(tree: ast.Module) -> Iterator[tuple[ast.expr, str, str]]:
    """Chinese with English right behind it: two arguments, two parts of a tuple, or two values of a mapping by language."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            # a keyword says which language it is, a place of its own does as well
            parts = [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Tuple | ast.List):
            parts = node.elts
        elif isinstance(node, ast.Dict):
            parts = node.values
        elif isinstance(node, ast.IfExp):
            parts = [node.body, node.orelse]
        else:
            continue
        for one, other in pairwise(parts):
            zh, en = text_of(one), text_of(other)
            if zh and en and CHINESE.search(zh) and _ENGLISH.search(en) and not CHINESE.search(en):
                yield one, zh, en


def text_of(node: ast.expr) -> str | None:
    """The text of a literal, with ``{…}`` for each part that is filled in; ``None`` for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
    return None


def _of_pages() -> Iterator[CatalogueEntry]:
    path = CATALOGUES / "zh_CN" / "LC_MESSAGES" / "huying.po"
    with path.open("rb") as file:
        for message in read_po(file, locale="zh_CN"):
            if message.id:
                said = message.id if isinstance(message.id, str) else message.id[0]
                told = message.string if isinstance(message.string, str) else "".join((message.string or ())[:1])
                yield CatalogueEntry(told, said, f"{path.relative_to(ROOT)}:{message.lineno}")


def _of_messages() -> Iterator[CatalogueEntry]:
    folder = ROOT / "notifications" / "templates"
    for path in sorted((folder / "zh_CN").iterdir()):
        english = folder / "en" / path.name
        if path.is_file() and english.is_file():
            yield CatalogueEntry(path.read_text("utf-8"), english.read_text("utf-8"), str(path.relative_to(ROOT)))


def _alone(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The Chinese texts of a module that stand in no pair, each with its place."""
    paired = {id(part) for node, _, _ in _pairs(tree) for part in ast.walk(node)}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in paired | docstrings | parts:
            text = text_of(node)
            if text and CHINESE.search(text):
                yield _place(path, node), text


def _place(path: Path, node: ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"

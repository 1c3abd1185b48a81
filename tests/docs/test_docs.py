"""What the documents say is so: examples pass, commands and links exist, the tree is the tree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from definitions.loader import examine
from huying.cli.registry import names

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*READMES, *sorted((ROOT / "docs").rglob("*.md")))


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_definition_in_the_documents_is_sound(page: Path) -> None:
    for text in blocks(page, "yaml"):
        if text.lstrip("#").find("\nid: ") >= 0 or text.startswith("id: "):
            assert [str(finding) for finding in examine(text, page.name).findings] == []


def test_both_readmes_show_a_definition_that_is_shipped() -> None:
    shipped = (ROOT / "definitions" / "library" / "pothole" / "definition.yaml").read_text("utf-8")
    assert [blocks(page, "yaml") for page in READMES] == [[shipped], [shipped]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_exists(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"(?<!/)python -m huying", text), "outside the environment it is not found"
    for command in re.findall(r"scripts/huying ([a-z][a-z-]*)", text):
        assert command in names(), command
    for script in re.findall(r"(?<![\w/.])scripts/([a-z]+)", text):
        assert (ROOT / "scripts" / script).is_file(), script


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_tree_lists_the_folders_that_there_are(page: Path) -> None:
    listed = set(re.findall(r"^([a-z]+)/ ", page.read_text("utf-8"), re.MULTILINE))
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert listed == {name.split("/")[0] for name in names if "/" in name and not name.startswith(".")}


def test_both_readmes_have_the_same_parts() -> None:
    shapes = [re.findall(r"^(#+|!\[|```\w+)", page.read_text("utf-8"), re.MULTILINE) for page in READMES]
    assert shapes[0] == shapes[1]

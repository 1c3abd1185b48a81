"""Chinese and English stand apart, say the same in the same order, and neither speaks the other's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.page import CHINESE, ENGLISH, examples, prose, sections, skeleton, terms

PAGES = sorted(page.name for page in CHINESE.glob("*.md"))
#: Code, the addresses of links, and what is quoted: it may be in the other language.
_QUOTED = re.compile(r"`[^`]*`|\]\([^)]*\)|“[^”]*”|\*[^*]+\*")


def text(folder: Path, page: str) -> str:
    """A page in the language of its folder."""
    return (folder / page).read_text("utf-8")


def test_both_languages_have_the_same_pages() -> None:
    assert sorted(page.name for page in ENGLISH.glob("*.md")) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_parts_in_the_same_order(page: str) -> None:
    assert skeleton(text(CHINESE, page)) == skeleton(text(ENGLISH, page))


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_examples(page: str) -> None:
    assert examples(text(CHINESE, page)) == examples(text(ENGLISH, page))


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_name_the_same_words_and_commands_in_each_section(page: str) -> None:
    for chinese, english in zip(*(sections(text(folder, page)) for folder in (CHINESE, ENGLISH)), strict=True):
        said, other = terms(chinese), terms(english)
        # what holds Chinese words stands in English for itself: `check 文件` and `check FILE`
        own = {term for term in said if re.search(r"[一-龥]", term)}
        assert said - own - other == set(), chinese.splitlines()[0]
        assert len({term for term in other - said if not re.search(r"[一-龥]", term)}) <= len(own), (
            english.splitlines()[0]
        )


@pytest.mark.parametrize("page", ["resident.md", "deputy.md", "clerk.md", "administrator.md"])
def test_a_roles_guide_has_small_pictures_each_in_its_own_language(page: str) -> None:
    shown = [re.findall(r"\(\.\./pictures/(.+?)-(zh|en)\.webp\)", text(folder, page)) for folder in (CHINESE, ENGLISH)]
    assert [name for name, _ in shown[0]] == [name for name, _ in shown[1]]
    assert [{language for _, language in found} for found in shown] == [{"zh"}, {"en"}]
    for name, language in (*shown[0], *shown[1]):
        assert (ENGLISH.parent / "pictures" / f"{name}-{language}.webp").stat().st_size <= 60_000


@pytest.mark.parametrize("page", PAGES)
def test_the_chinese_page_is_in_chinese(page: str) -> None:
    lines = [_QUOTED.sub("", line) for line in prose(text(CHINESE, page)).splitlines()]
    assert [line for line in lines if re.search(r"([A-Za-z’']+,? ){4,}", line)] == []
    assert [line for line in lines if line.startswith("#") and not re.search(r"[一-龥]", line)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_english_page_is_in_english(page: str) -> None:
    lines = [_QUOTED.sub("", line) for line in prose(text(ENGLISH, page)).splitlines()]
    assert [line for line in lines if len(re.findall(r"[一-龥]", line)) * 8 > len(line)] == []
    assert [line for line in lines if line.startswith("#") and re.search(r"[一-龥]", line)] == []

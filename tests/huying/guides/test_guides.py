"""The guides in the product: nothing in them can run, sections have one name in both languages, links stay inside, and words find them."""

from __future__ import annotations

import re

import pytest

from huying.errors import NotFound
from huying.guides.guide import guide
from huying.guides.markup import html, leading, tokens_of
from huying.guides.search import find
from huying.guides.shelf import DOCS, KEYS, file_of, shelves_for
from huying.locale import LANGUAGES

_WRITTEN = sorted(page.stem for folder in ("en", "reference") for page in (DOCS / folder).glob("*.md"))


def test_every_guide_of_docs_stands_on_a_shelf_and_every_one_on_a_shelf_is_written() -> None:
    assert sorted(KEYS) == _WRITTEN
    assert all(file_of(key, language) for key in KEYS for language in LANGUAGES)


@pytest.mark.parametrize("key", KEYS)
def test_a_section_has_the_same_name_in_both_languages(key: str) -> None:
    chinese, english = (guide(key, language) for language in LANGUAGES)
    assert [one.name for one in chinese.sections] == [one.name for one in english.sections]
    assert len({one.name for one in english.sections}) == len(english.sections)
    for one in (chinese, english):
        assert re.findall(r'<h\d id="([^"]*)"', one.body) == [section.name for section in one.sections[1:]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_link_of_a_guide_leads_to_a_section_that_there_is(key: str, language: str) -> None:
    for address in re.findall(r'(?:href|src)="([^"]*)"', guide(key, language).body):
        if address.startswith("http"):
            continue
        path, _, name = address.removeprefix("/help/").partition("#")
        if path.startswith("pictures/"):
            assert (DOCS / path).is_file()
        else:
            assert name in {section.name for section in guide(path, language).sections}, address


def test_a_heading_in_both_languages_is_read_in_one() -> None:
    assert guide("commands", "zh").title == "命令"
    assert guide("commands", "en").title == "Commands"
    assert "启动 ·" not in guide("commands", "zh").body


def test_html_in_a_text_is_shown_and_does_nothing() -> None:
    shown = html(tokens_of("<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick=x>\n\n`<i>`\n"))
    assert "<script" not in shown
    assert "<b " not in shown
    assert "<a" not in shown
    assert "&lt;script&gt;" in shown


def test_figures_stand_on_the_right_without_a_style() -> None:
    shown = html(tokens_of("| a | b |\n| --- | ---: |\n| c | 1 |\n"))
    assert '<td class="n">1</td>' in shown
    assert "style" not in shown


def test_a_table_without_a_head_has_none() -> None:
    assert "<th" not in html(tokens_of("| | |\n| --- | --- |\n| a | b |\n"))
    assert html(tokens_of("x\n\n| a |\n| --- |\n| b |\n\ny\n")).count("<th>") == 1


def test_a_link_that_leads_out_of_the_guides_is_its_words_alone() -> None:
    tokens = tokens_of("See [decision *4*](../decisions/4.md) and [this](x.md).")
    leading(tokens, lambda address: "/help/x" if address == "x.md" else None)
    assert html(tokens) == '<p>See decision <em>4</em> and <a href="/help/x">this</a>.</p>\n'


def test_another_name_is_no_file() -> None:
    for name in ("../../pyproject", "README", "", "zh/tutorial"):
        with pytest.raises(NotFound):
            guide(name, "zh")


def test_ones_own_shelf_is_the_first() -> None:
    assert [shelf.role for shelf in shelves_for("clerk")][:2] == ["clerk", "resident"]
    assert len(shelves_for("resident")) == len(shelves_for("administrator"))


@pytest.mark.parametrize(
    ("sought", "language", "where"),
    [
        ("催办", "zh", "resident#urge-add-withdraw"),
        ("查询码", "zh", "resident#your-receipt"),
        ("挂账", "zh", "how-to#laying-aside"),
        ("放假 通知", "zh", "how-to#next-years-holidays"),
        ("期限看板", "zh", "deadlines#the-board-of-deadlines"),
        ("怎么撤回", "zh", "resident#urge-add-withdraw"),
        ("ＨＵＹＩＮＧ_smtp_url", "zh", "settings"),
        ("withdraw", "en", "resident#urge-add-withdraw"),
        ("webhook signature", "en", "operations#webhooks"),
        ("double majority", "en", "how-to#double-majority-and-turnout"),
    ],
)
def test_a_word_finds_its_section_among_the_first_three(sought: str, language: str, where: str) -> None:
    found = [one.section.address.removeprefix("/help/") for one in find(sought, language, "resident")]
    assert where in found[:3]


def test_what_is_found_is_shown_as_it_was_written() -> None:
    found = find("ａｎｓｗｅｒ", "en", "resident")[0]
    assert found.word.lower() == "answer"
    section = re.sub(r"\s+", " ", found.section.text)
    assert found.before.strip("…") + found.word + found.after.strip("…") in section


@pytest.mark.parametrize("sought", ["", "   ", "紫禁骆驼", "zzzz", "催办 zzzz", "%" * 5000, "ß" * 40, "\x00"])
def test_what_is_nowhere_is_not_found(sought: str) -> None:
    assert find(sought, "zh", "clerk") == []


def test_ones_own_guide_comes_before_others_that_say_the_same() -> None:
    assert find("延期", "zh", "deputy")[0].section.guide == "deputy"

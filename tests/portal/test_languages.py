"""The catalogue is whole: whatever a page or a view says has words in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from huying.locale import CATALOGUES, LANGUAGES, known_language, translations
from tests.portal.conftest import PortalTown

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def _used() -> set[str | tuple[str, ...]]:
    found: set[str | tuple[str, ...]] = set()
    for folder in ("portal", "huying"):
        for _, _, message, _, _ in extract_from_dir(str(ROOT / folder), METHODS):
            found.add(message if isinstance(message, str) else tuple(message))
    return found


def test_every_text_of_pages_views_and_messages_is_translated_and_none_is_left_over() -> None:
    with (CATALOGUES / "zh_CN" / "LC_MESSAGES" / "huying.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    known = {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id}
    used = _used()
    assert len(used) > 100
    assert used - known == set()
    assert known - used == set()
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(said), message.id
        assert not message.fuzzy, message.id


def test_placeholders_are_the_same_in_both_languages() -> None:
    with (CATALOGUES / "zh_CN" / "LC_MESSAGES" / "huying.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    for message in catalogue:
        assert list(message.check()) == [], message.id


def test_english_is_the_msgid_itself() -> None:
    assert translations("en").gettext("My tasks") == "My tasks"
    assert translations("zh").gettext("My tasks") == "我的任务"


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-CN", "zh"), ("zh_Hans_CN", "zh"), ("EN-us", "en"), ("fr", None), ("", None), (None, None)],
)
def test_tags_are_understood(tag: str | None, language: str | None) -> None:
    assert known_language(tag) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_exists_in_every_language(town: PortalTown, language: str) -> None:
    issue = town.report()
    number, _ = town.number_and_code(issue)
    clerk = town.visitor("clerk")
    addresses = ["/", "/stations", "/report/street-matters", "/follow", "/login", "/definitions", "/tasks", "/issues"]
    for address in [
        *addresses,
        "/definitions/street-matters",
        f"/issues/{number}",
        "/tasks/1/2",
        "/files",
        "/account/links",
        "/my/calendar",
        "/board",
        "/board/circular",
    ]:
        page = clerk.see(f"{address}?lang={language}")
        assert f'<html lang="{ {"zh": "zh-CN", "en": "en"}[language] }"' in page

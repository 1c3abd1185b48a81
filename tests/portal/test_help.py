"""Help where one stands: every page leads to the section that it is about, guides are open to all, in the reader's language, and searched."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from huying.guides.guide import guide
from huying.guides.shelf import KEYS, PICTURES
from huying.locale import LANGUAGES
from portal.frame.topics import ALL, TOPICS, topic
from tests.portal.conftest import PortalTown
from tests.portal.test_routes import routes_of

#: Addresses behind which there is no page, or one that is about no subject of its own.
_NO_SUBJECT = {
    "logo",
    "open311",
    "robots.txt",
    "help",
    "design",
    "display",
    "language",
    "logout",
    "t",
    "feed",
    "attachments",
    "healthz",
    "livez",
    "readyz",
    "metrics",
}


def _named() -> set[str]:
    said = [one for one in TOPICS.values() if isinstance(one, str)]
    return {*said, *(name for one in TOPICS.values() if isinstance(one, Mapping) for name in one.values())}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("named", sorted(_named()))
def test_every_section_that_a_page_leads_to_is_there(named: str, language: str) -> None:
    key, _, name = named.partition("#")
    assert name in {section.name for section in guide(key, language).sections}


def test_every_page_is_about_something(town: PortalTown) -> None:
    pages = {path for method, path, _ in routes_of(town.app) if method == "GET" and not path.startswith("/api/")}
    about = {path for path in pages if path.split("/")[1] not in _NO_SUBJECT}
    assert sorted(path for path in about if topic(path, None) == ALL) == [], (
        "say in portal/frame/topics.py what the page is about"
    )
    assert len(about) > 30


@pytest.mark.parametrize(
    ("login", "path", "where"),
    [
        (None, "/", "/help/resident"),
        (None, "/follow", "/help/resident#follow-your-issue"),
        ("clerk", "/tasks", "/help/clerk#your-day-begins-with-the-list"),
        ("deputy", "/tasks", "/help/deputy#your-tasks"),
        ("clerk", "/board", "/help/deadlines#the-board-of-deadlines"),
        ("clerk", "/issues", "/help/clerk#find-an-issue"),
    ],
)
def test_a_page_leads_to_its_section_for_whoever_reads(
    town: PortalTown, login: str | None, path: str, where: str
) -> None:
    assert f'href="{where}"' in town.visitor(login).see(path)


def test_the_longest_beginning_counts() -> None:
    assert topic("/definitions/lamp/versions/3", None).endswith("#change-a-process-without-fear")
    assert topic("/definitions/lamp", None) == "/help/resident#follow-your-issue"
    assert topic("/nothing/here", None) == ALL


@pytest.mark.parametrize(("accepted", "title"), [("zh-CN", "居民怎么用"), ("en", "For residents")])
def test_guides_are_open_to_all_in_the_readers_language(town: PortalTown, accepted: str, title: str) -> None:
    visitor = town.visitor(None, accepted)
    assert title in visitor.see("/help")
    assert f"<h1>{title}</h1>" in visitor.see("/help/resident")


@pytest.mark.parametrize("key", KEYS)
def test_no_guide_has_a_style_or_a_script_of_its_own(town: PortalTown, key: str) -> None:
    page = town.visitor().see(f"/help/{key}")
    body = page.partition("<article")[2]
    assert "style=" not in body
    assert "<script" not in body


def test_ones_own_guides_come_first(town: PortalTown) -> None:
    for login, first in ((None, "resident"), ("deputy", "deputy"), ("clerk", "clerk")):
        found = re.findall(r'href="/help/([a-z-]+)"', town.visitor(login).see("/help").partition("<main")[2])
        assert found[0] == first


def test_words_are_found_and_marked(town: PortalTown) -> None:
    page = town.visitor().see("/help?q=查询码")
    assert "<mark>查询码</mark>" in page
    assert 'href="/help/resident#your-receipt"' in page
    assert "没有找到" in town.visitor().see("/help?q=zzzz")


def test_what_is_typed_is_shown_as_text(town: PortalTown) -> None:
    page = town.visitor().see("/help?q=<b>x</b>")
    assert "<b>x</b>" not in page


def test_unknown_guides_and_pictures_are_not_found(town: PortalTown) -> None:
    http = town.visitor().http
    for address in (
        "/help/nothing",
        "/help/..%2F..%2Fpyproject",
        "/help/pictures/nothing.png",
        "/help/pictures/..%2Fhow-to.md",
    ):
        assert http.get(address).status_code == 404
    assert http.get("/help?q=" + "x" * 3000).status_code == 200


def test_pictures_are_open_and_kept(town: PortalTown) -> None:
    name = next(path.name for path in sorted(PICTURES.glob("*.png")))
    answer = town.visitor().http.get(f"/help/pictures/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert "max-age" in answer.headers["cache-control"]

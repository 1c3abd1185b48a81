"""Codes on paper: made by a page, followed by anybody, and the form that they fill in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from huying.database import tables as t
from portal.frame.span import read_numbers, said_numbers
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones
from tests.portal.visitor import plain

__all__ = ["address", "browser", "phones"]
PAGE = "/report/street-matters"
RIGHT = {"field.subject": "路灯不亮", "name": "李明"}


def _make(town: PortalTown, **values: object) -> list[str]:
    """The codes that the clerk made."""
    clerk = town.visitor("clerk")
    page = clerk.send("/posters/new", "/posters", {"page": "report", "definition": "street-matters", **values})
    return re.findall(r'href="/s/(\w{7})"', page)


def test_a_report_that_began_at_a_code_is_filled_in_and_counted(town: PortalTown) -> None:
    (code,) = _make(town, **{"field.station": "XG", "field.kind": "lighting", "places": "中山公园东门"})
    guest = town.visitor()
    answer = guest.http.get(f"/s/{code.lower()}", follow_redirects=False)
    assert (answer.status_code, answer.headers["cache-control"]) == (302, "no-store")
    page = guest.see(f"/s/{code}")
    assert '<option value="XG" selected>' in page
    assert re.search(r'value="lighting"[^>]* checked', page)
    form = answer.headers["location"]
    guest.http.post(PAGE, data={**guest.hidden(form, PAGE), **RIGHT, "station": "XG", "field.kind": "lighting"})
    listed = plain(town.visitor("clerk").see("/posters"))
    assert "中山公园东门" in listed
    assert "反映 1 件" in listed
    assert "扫码 2 次" in listed


def test_a_code_that_is_none_or_over_leads_home_with_words(town: PortalTown) -> None:
    (code,) = _make(town, **{"field.station": "XG"})
    guest = town.visitor()
    for unknown in ("ZZZZZZZ", "short", "http:evil", "A" * 300):
        assert "您扫的二维码已停用" in guest.see(f"/s/{unknown}")
    clerk = town.visitor("clerk")
    with town.house.database.reading() as connection:
        link = connection.execute(select(t.short_links.c.id)).scalar_one()
    clerk.send("/posters", "/posters/chosen", {"field.link": str(link), "do": "end"})
    assert "您扫的二维码已停用" in guest.see(f"/s/{code}")
    assert "已停用" in plain(clerk.see("/posters"))


def test_an_address_fills_in_what_the_form_would_take_and_nothing_else(town: PortalTown) -> None:
    guest = town.visitor()
    page = guest.see(f"{PAGE}?subject=路灯不亮&field.kind=roads&address=光明路&phone=13800000000&name=张三&urgent=yes")
    assert 'value="路灯不亮"' in page
    assert re.search(r'value="roads"[^>]* checked', page)
    assert re.search(r'name="field.urgent" value="yes"[^>]* checked', page)
    for private in ("光明路", "13800000000", "张三"):
        assert private not in page
    hostile = guest.see(f'{PAGE}?kind=magic&subject="><script>alert(1)</script>&station=NOWHERE&from="><b>')
    assert "<script>alert" not in hostile
    assert '"><b>' not in hostile
    assert "checked" not in re.findall(r'<input type="radio" name="field.kind"[^>]*>', hostile)[0]


def test_chosen_codes_are_printed_as_posters_or_slips(town: PortalTown) -> None:
    _make(town, **{"field.station": "XG", "places": "东门\n西门"})
    clerk = town.visitor("clerk")
    for do in ("poster", "slip"):
        chosen = {**clerk.hidden("/posters", "/posters/chosen"), "field.link": ["1", "2"], "do": do, "both": "yes"}
        answer = clerk.http.post("/posters/chosen", data=chosen)
        assert answer.url.query.decode() == f"links=1-2&kind={do}&both=true"
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    assert "请至少选一个二维码" in clerk.send("/posters", "/posters/chosen", {"do": "poster"})
    assert clerk.http.get("/posters/sheet.pdf?links=99").status_code == 404
    assert town.visitor().http.get("/posters/sheet.pdf?links=1", follow_redirects=False).status_code == 303


def test_what_is_wrong_is_said_and_nothing_is_lost(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    values = {
        "page": "report",
        "definition": "street-matters",
        "places": "东门\n" + "长" * 200,
        "valid_until": "2020-01-01",
    }
    page = clerk.send("/posters/new", "/posters", {"field.station": "XG", **values}, status=422)
    assert "最多 100 个字" in page
    assert "有效期要在今天以后" in page
    assert "东门\n" in page
    clerk.send("/posters/new", "/posters", {"field.station": "YF", "page": "home"}, status=403)
    for login, status in (("stranger", 403), ("deputy", 403)):
        assert town.visitor(login).http.get("/posters").status_code == status


@pytest.mark.parametrize(("numbers", "text"), [((1, 2, 3, 7), "1-3,7"), ((5,), "5"), ((), "")])
def test_many_numbers_stand_in_a_short_address(numbers: tuple[int, ...], text: str) -> None:
    assert said_numbers(numbers) == text
    assert read_numbers(text) == numbers


def test_numbers_that_somebody_made_up_are_no_burden() -> None:
    assert len(read_numbers("1-999999999")) == 1000
    assert read_numbers("x,2-,3-1,-4,９,5") == (5,)


def test_on_a_phone_a_code_wins_over_a_draft_of_before(town: PortalTown, phones: Phones) -> None:
    (code,) = _make(town, **{"field.station": "XG", "field.kind": "lighting"})
    page = phones()
    page.goto(PAGE)
    page.get_by_label("主题").fill("路上有坑")
    page.get_by_label("道路").check()
    page.locator("[data-draft-said]:not([hidden])").wait_for()
    page.goto(f"/s/{code}")
    expect(page.get_by_label("照明")).to_be_checked()
    expect(page.get_by_label("主题")).to_have_value("路上有坑")
    expect(page.locator("select[name=station]")).to_have_value("XG")

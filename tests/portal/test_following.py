"""Following without an account: the same matter followed from the form, the receipt, and what is left in the browser after logging out."""

from __future__ import annotations

import re

import pytest

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import DEFINITION
from tests.portal.conftest import PortalTown
from tests.portal.furnished_portal import furnish
from tests.portal.visitor import Visitor, plain

PAGE = "/report/street-matters"
LAMP = {
    "station": "XG",
    "field.subject": "光明路路灯不亮",
    "field.kind": "lighting",
    "field.address": "光明路 8 号 501 室",
}


@pytest.fixture
def shown(town: PortalTown) -> PortalTown:
    """The town, whose process shows others what they are about to report too."""
    source = DEFINITION.replace("roles:\n", "alike: {show: [subject, kind], within: 60 days}\nroles:\n", 1)
    publish(town.house, source.encode(), "street-matters.yaml", Imprint("test", town.clock.now))
    town.clock.move(minutes=1)
    return town


def _received(town: PortalTown, **more: str) -> tuple[Visitor, str]:
    visitor = town.visitor()
    return visitor, visitor.send(PAGE, PAGE, {**LAMP, **more})


def _code(receipt: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', receipt)
    assert found
    return found[1]


def test_nobody_has_to_give_a_name(town: PortalTown) -> None:
    _, receipt = _received(town)
    assert "XG-2026-00001" in receipt


def test_the_receipt_has_number_code_and_a_qr_code_that_tells_no_secret(town: PortalTown) -> None:
    _, receipt = _received(town)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", _code(receipt))
    assert '<span role="img" aria-label="扫码查进度"><svg' in receipt
    assert "501" not in plain(receipt)


def test_a_code_is_taken_as_it_is_printed(town: PortalTown) -> None:
    _, receipt = _received(town)
    other = town.visitor()
    page = other.send("/follow", "/follow", {"number": "xg-2026-00001", "code": _code(receipt).lower()})
    assert "光明路路灯不亮" in page


def test_without_scripts_one_looks_first_and_nothing_is_lost(shown: PortalTown) -> None:
    _received(shown)
    visitor = shown.visitor()
    entered = {
        **visitor.hidden(PAGE, PAGE),
        "station": "XG",
        "field.subject": "光明路的路灯坏了",
        "field.kind": "lighting",
    }
    page = visitor.http.post(f"{PAGE}/look", data=entered).text
    assert 'value="光明路的路灯坏了"' in page
    assert "光明路路灯不亮" in plain(page)
    assert "501" not in page
    assert "请填写" not in plain(page)


def test_the_same_matter_is_followed_from_the_form(shown: PortalTown) -> None:
    _, first = _received(shown)
    visitor = shown.visitor()
    form = visitor.hidden(PAGE, PAGE)
    receipt = visitor.http.post(f"{PAGE}/follow/1", data={**form, "phone": "13800000002"}).text
    assert "XG-2026-00001" in receipt
    assert _code(receipt) != _code(first)
    page = plain(visitor.see("/issues/XG-2026-00001"))
    assert "另有 1 位居民跟上了这件事" in page
    assert "501" not in page


def test_a_slip_in_the_telephone_number_is_said_in_the_form(shown: PortalTown) -> None:
    _received(shown)
    visitor = shown.visitor()
    form = visitor.hidden(PAGE, PAGE)
    answer = visitor.http.post(f"{PAGE}/follow/1", data={**form, "phone": "abc"})
    assert answer.status_code == 422
    assert "请填写电话号码" in plain(answer.text)


def test_what_is_not_shown_to_others_cannot_be_followed(town: PortalTown) -> None:
    _received(town)
    visitor = town.visitor()
    form = visitor.hidden(PAGE, PAGE)
    assert visitor.http.post(f"{PAGE}/follow/1", data=form).status_code == 404


def test_whoever_logs_out_leaves_no_code_in_the_browser(town: PortalTown) -> None:
    visitor, _ = _received(town)
    assert "huying_followed" in visitor.http.cookies
    form = visitor.hidden("/login", "/login")
    visitor.http.post("/logout", data=form)
    assert "huying_followed" not in visitor.http.cookies
    visitor.see("/issues/XG-2026-00001")
    assert visitor.path == "/login"


def test_figures_and_ways_stand_on_the_first_page(town: PortalTown) -> None:
    _received(town)
    page = plain(town.visitor().see("/"))
    assert "1 已收到" in page or "已收到 1" in page
    assert "查进度" in page
    assert "对话" not in page


def test_the_verdict_is_given_on_the_page_that_one_follows(town: PortalTown) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    number, code = town.number_and_code(issue)
    resident = town.visitor()
    here = f"/issues/{number}?code={code}"
    page = resident.see(here)
    assert "问题已解决" in page
    item = town.item(issue, f"participant:{town.reporter(issue)}")
    assert f'action="/tasks/{issue}/{item}/act/satisfied"' in page
    assert page.index('id="decide"') < page.index('id="timeline"')
    resident.send(here, f"/tasks/{issue}/{item}/act/satisfied", {"field.stars": "5"})
    assert "已办结：已解决" in plain(resident.see(f"/issues/{number}"))


def test_whoever_has_nothing_to_decide_is_asked_nothing(town: PortalTown) -> None:
    issue = town.report()
    number, code = town.number_and_code(issue)
    assert 'id="decide"' not in town.visitor().see(f"/issues/{number}?code={code}")


def test_the_first_page_tells_the_receptions_of_the_week_and_how_long_a_case_took(town: PortalTown) -> None:
    furnish(town)
    assert "近期接待" not in town.visitor().see("/"), "the week ends before"
    town.clock.move(days=7)
    page = plain(town.visitor().see("/"))
    assert "近期接待 全部接待安排 12月1日（周二） 09:00–11:30 星光站 王芳" in page
    assert "光明路的路灯亮了 2026年11月23日（周一） 用时 3 天" in page

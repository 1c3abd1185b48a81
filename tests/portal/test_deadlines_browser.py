"""Deadlines in a real browser: every urgency readable by anybody, on a phone, in the dark and on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from engine.event import Suspend
from huying.house.by import By
from huying.issues.bulk import in_bulk
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, _fits, address, browser, phones  # noqa: F401 - fixtures

#: Every badge's text with the contrast between it and what is painted behind it (WCAG 2.1, 1.4.3).
_CONTRASTS = """() => {
  const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => rgba(colour).slice(0, 3)
    .map((part) => part / 255)
    .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return 'white';
  };
  return [...document.querySelectorAll('.due-word, .due time, .board td, .board th, .tile dd, .tile dt')]
    .filter((one) => one.offsetParent && one.textContent.trim()).map((one) => {
    const [over, under] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
    return [one.textContent.trim(), (over + 0.05) / (under + 0.05)];
  });
}"""


@pytest.fixture
def every(town: PortalTown) -> PortalTown:
    """A town with an issue of every urgency."""
    begin = town.clock.now
    for days in (20, 3, 0):
        town.clock.move(days=-days)
        town.report(subject=f"{days} 天前")
        town.clock.now = begin
    town.to_departments(town.report(subject="还早"))
    stopped = town.report(subject="暂停")
    office = town.people["office"]
    in_bulk(town.house, [stopped], lambda _: Suspend("等材料"), By(office, begin, "s"))
    town.clock.now = begin + timedelta(days=28)
    town.to_departments(town.report(subject="暂定"))
    town.clock.now = begin - timedelta(days=18)
    town.to_departments(town.report(subject="最后三分之一"))
    town.clock.now = begin
    return town


def _readable(page: Page, words: set[str]) -> None:
    found = page.evaluate(_CONTRASTS)
    said = {text for text, _ in found}
    assert {one for one in words if not any(one in text for text in said)} == set()
    assert [(text, round(ratio, 2)) for text, ratio in found if ratio < 4.5] == []


#: What a list says in short, what it says to whoever has it read out, and by which shapes the urgent ones stand out without colour.
SHORT = {"已逾期", "今天到期", "还剩 3 天", "还剩 21 天", "已暂停", "暂定"}
WORDS = {"已逾期", "今天到期", "即将到期，还剩 3 天", "还剩 21 天", "计时已暂停，自11月23日", "暂定"}
SIGNED = {"已逾期", "今天到期", "还剩 3 天", "已暂停"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_urgency_is_said_in_words_that_everybody_can_read(
    phones: Phones,  # noqa: F811
    every: PortalTown,
    scheme: str,
) -> None:
    page = phones("office")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/issues")
    _fits(page, "事项")
    _readable(page, SHORT)
    read_out = page.locator(".list-lines").aria_snapshot()
    assert {one for one in WORDS if one not in read_out} == set()
    signed = page.locator(".due:has(svg)").all_inner_texts()
    assert {one for one in SIGNED if not any(one in text for text in signed)} == set()
    assert not any("还剩 21 天" in text for text in signed)
    page.goto("/board")
    _fits(page, "期限看板")
    _readable(page, {"已逾期", "计时暂停"})


def test_on_paper_they_are_black_on_white(
    phones: Phones,  # noqa: F811
    every: PortalTown,
) -> None:
    page = phones("office")
    page.goto("/issues")
    page.emulate_media(media="print")
    badges = page.locator(".due-word")
    expect(badges).to_have_count(8)
    for badge in badges.all():
        expect(badge).to_have_css("color", "rgb(0, 0, 0)")
        expect(badge).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.goto("/board/circular")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_contain_text("通报")


def test_how_a_day_comes_about_is_a_tap_away(
    phones: Phones,  # noqa: F811
    every: PortalTown,
) -> None:
    page = phones("office")
    page.goto(f"/issues/{every.number_and_code(4)[0]}")
    _fits(page, "还早")
    how = page.get_by_text("15 个工作日，自2026年11月23日起")
    expect(how).to_be_hidden()
    page.get_by_text("为什么是这一天").click()
    expect(how).to_be_visible()


def test_an_address_is_copied_with_one_tap(
    phones: Phones,  # noqa: F811
    every: PortalTown,
) -> None:
    page = phones("clerk")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/tasks")
    page.get_by_role("link", name="把期限订阅到手机日历").click()
    _fits(page, "把期限订阅到手机日历")
    page.get_by_role("button", name="生成地址").click()
    shown = page.get_by_label("地址", exact=True).input_value()
    assert shown.startswith("http://testserver/feed/")
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    expect(page.get_by_role("link", name="用日历打开")).to_have_attribute("href", shown.replace("http:", "webcal:"))
    _fits(page, "把期限订阅到手机日历")
    page.get_by_role("button", name="停用这个地址").click()
    expect(page.get_by_text("地址已停用")).to_be_visible()

"""A round of visits with a real browser whose connection is cut: notes for several households stay on the phone, and are sent one after another."""

from __future__ import annotations

import os
import re

from playwright.sync_api import FilePayload, expect

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, MORNING, PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones

__all__ = ["address", "browser", "phones"]


def test_notes_of_several_households_are_kept_without_a_connection_and_sent_when_back(
    town: PortalTown, phones: Phones
) -> None:
    for subject in ("张家屋顶漏水", "李家楼道堆物", "王家水压不足"):
        town.report(subject=subject)
    page = phones("clerk")
    page.goto("/tasks")
    page.get_by_role("link", name="一次走访几户").click()
    for subject in ("张家屋顶漏水", "李家楼道堆物", "王家水压不足"):
        page.get_by_label(subject).check()
    page.get_by_role("button", name="开始走访").click()
    visits = page.locator("[data-visit]")
    expect(visits).to_have_count(3)
    bar, send = page.locator("[data-round-said]"), page.locator("[data-round-send]")
    expect(bar).to_have_text("还没有填写。")
    expect(send).to_be_hidden()

    page.context.set_offline(True)
    for at, why in ((0, "已到户看过，不属于本站"), (1, "住户已经自己清理")):
        visits.nth(at).get_by_text("不予受理", exact=True).first.click()
        visits.nth(at).locator("textarea:visible").first.fill(why)
    # the third: the reason is left out, so it is not complete
    visits.nth(2).get_by_text("不予受理", exact=True).first.click()
    visits.nth(2).locator("textarea:visible").first.fill(" ")
    expect(bar).to_contain_text("3 件保存在本机，还没有提交")
    expect(bar).to_contain_text("没有网络")
    expect(send).to_have_attribute("aria-disabled", "true")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("HUYING_SHOTS"):
        page.screenshot(path=f"{folder}/round-offline.png", full_page=True)

    page.context.set_offline(False)
    expect(bar).not_to_contain_text("没有网络")
    send.click()
    expect(visits.nth(0)).to_contain_text("已提交。")
    expect(visits.nth(1)).to_contain_text("已提交。")
    expect(visits.nth(2)).to_contain_text("没有提交成功")
    expect(bar).to_have_text("1 件保存在本机，还没有提交")
    if folder := os.environ.get("HUYING_SHOTS"):
        page.screenshot(path=f"{folder}/round-sent.png", full_page=True)
    page.goto("/tasks")
    expect(page.locator(".work-line")).to_have_count(1)
    expect(page.locator(".work-line")).to_contain_text("草稿")
    page.goto("/issues/XG-2026-00001")
    expect(page.locator("main")).to_contain_text("已到户看过，不属于本站")


def test_a_phone_that_was_put_away_sends_what_it_kept_from_the_list(town: PortalTown, phones: Phones) -> None:
    for subject in ("张家屋顶漏水", "李家楼道堆物"):
        town.report(subject=subject)
    page = phones("clerk")
    page.goto("/tasks/round?task=1-2&task=2-2&task=99-1&task=x")
    visits = page.locator("[data-visit]")
    expect(visits).to_have_count(2)
    for at in (0, 1):
        visits.nth(at).get_by_text("不予受理", exact=True).first.click()
        visits.nth(at).locator("textarea:visible").first.fill("已到户看过")
    expect(page.locator("[data-round-said]")).to_have_text("2 件保存在本机，还没有提交")
    # the browser has closed the page meanwhile
    page.goto("/tasks")
    page.get_by_role("link", name="提交本机保存的 2 件").click()
    expect(visits.nth(1).locator("textarea:visible").first).to_have_value("已到户看过")
    page.locator("[data-round-send]").click()
    expect(page.get_by_text("已提交。")).to_have_count(2)
    expect(page).to_have_url(re.compile("/tasks/round"))


def test_without_scripts_each_visit_is_sent_by_its_own_button(town: PortalTown) -> None:
    town.report(subject="张家屋顶漏水")
    clerk = town.visitor("clerk")
    assert "张家屋顶漏水" in clerk.see("/tasks/round")
    page = clerk.see("/tasks/round?task=1-2")
    assert 'action="/tasks/1/2/act/decline"' in page
    assert re.search(r'id="1-2-decision-decline"', page)
    # of a task of others nothing is shown
    assert "张家屋顶漏水" not in town.visitor("far-clerk").see("/tasks/round?task=1-2")


def test_photos_stay_on_the_phone_with_their_decision_and_go_with_it(town: PortalTown, phones: Phones) -> None:
    asked = "ask: {reason: {type: long text, title: {zh: 理由, en: Reason}}"
    photo = ", photo: {type: files, title: {zh: 现场照片, en: Photos}, required: false}"
    changed = DEFINITION.replace(asked, asked + photo)
    publish(town.house, changed, "street-matters.yaml", Imprint("test", MORNING))
    for subject in ("张家屋顶漏水", "李家楼道堆物"):
        town.report(subject=subject)
    page = phones("clerk")
    page.goto("/tasks/round?task=1-2&task=2-2")
    visits = page.locator("[data-visit]")
    for at in (0, 1):
        visits.nth(at).get_by_text("不予受理", exact=True).first.click()
        visits.nth(at).locator("textarea:visible").first.fill("已到户看过")
        visits.nth(at).locator("input[type=file]:visible").set_input_files(
            FilePayload(name=f"门口{at}.png", mimeType="image/png", buffer=PIXEL)
        )
    expect(page.locator("[data-round-said]")).to_have_text("2 件保存在本机，还没有提交")
    kept = "indexedDB.open('huying-kept')"
    count = f"""() => new Promise(done => {{ const opened = {kept}; opened.onsuccess = () => {{
      const all = opened.result.transaction('photos').objectStore('photos').getAllKeys();
      all.onsuccess = () => {{ done(all.result.length); opened.result.close(); }} }} }})"""
    page.wait_for_function(f"async () => (await ({count})()) === 2")
    # the browser has closed the page meanwhile, and one visit is forgotten
    page.goto("/tasks/round?task=1-2&task=2-2")
    chosen = visits.nth(0).locator("input[type=file]:visible")
    page.wait_for_function(
        "() => [...document.querySelectorAll('input[type=file]')].filter(one => one.files.length).length === 2"
    )
    assert chosen.evaluate("one => one.files[0].name") == "门口0.png"
    visits.nth(1).locator("button.link-btn:visible", has_text="清除").first.click()
    page.wait_for_function(f"async () => (await ({count})()) === 1")
    page.locator("[data-round-send]").click()
    expect(visits.nth(0)).to_contain_text("已提交。")
    page.goto("/issues/XG-2026-00001")
    expect(page.locator("main")).to_contain_text("门口0.png")
    page.goto("/tasks")
    page.wait_for_function(f"async () => (await ({count})()) === 0")

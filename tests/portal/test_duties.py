"""Duties and plans as people see and change them over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.huying.planned_city import at, shipped
from tests.portal.planned_portal import PlannedPortal
from tests.portal.visitor import plain


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PlannedPortal]:
    made = PlannedPortal(tmp_path)
    yield made
    made.close()


def test_everybody_sees_when_and_where_and_who_only_once_it_is_announced(portal: PlannedPortal) -> None:
    page = plain(portal.visitor().see("/duty/XG"))
    assert "2026年3月25日（周三） 09:00–11:30" in page
    assert "接待人员将提前公告" in page
    assert "郑思齐" not in page.split("2026年3月25日")[1]
    portal.city.run(at("2026-03-22"))
    page = plain(portal.visitor().see("/duty/XG"))
    assert "郑思齐" in page
    assert "吴致远" not in page.split("2026年4月27日")[1].split("2026年5月25日")[0]


def test_the_list_says_who_is_on_duty_at_this_very_moment(portal: PlannedPortal) -> None:
    # on Mondays it is Chen Haisheng by the weekly rota; during the reception it is whom the plan named
    assert "正在值班 陈海生" in plain(portal.visitor().see("/duty/XG"))
    portal.city.now = at("2026-03-25", 10)
    assert "正在值班 郑思齐" in plain(portal.visitor().see("/duty/XG"))
    portal.city.away("zhengsiqi", "2026-03-25", "2026-03-25", substitute="liuaimei")
    assert "On duty now Amy Liu" in plain(portal.visitor(language="en").see("/duty"))


def test_weekdays_dated_duties_and_absences_are_one_view(portal: PlannedPortal) -> None:
    own = plain(portal.visitor("chenhaisheng").see("/my/duties"))
    assert "每星期一 全天 仙港街道代表活动站" in own
    assert "您近期没有值班" not in own, "whoever is on duty by the rota has a duty"
    page = plain(portal.visitor().see("/duty/XG"))
    assert "2026年3月2日（周一） 全天 陈海生" in page
    assert page.index("2026年3月8日（周日）") < page.index("2026年3月25日（周三） 09:00–11:30")
    assert "2026年3月9日（周一）" not in page, "the rota repeats itself"
    portal.city.away("chenhaisheng", "2026-03-01", "2026-03-03", substitute="liuaimei")
    assert "2026年3月2日（周一） 全天 Amy Liu 刘艾梅" in plain(portal.visitor().see("/duty/XG")), (
        "the public sees who is there"
    )
    assert "请假情况" not in portal.visitor().see("/duty/XG")
    assert "陈海生 3月1日（周日）至3月3日（周二） 由Amy Liu 刘艾梅代理" in plain(
        portal.visitor("zhaoping").see("/duty/XG")
    )
    assert "您的请假 3月1日（周日）至3月3日（周二）" in plain(portal.visitor("chenhaisheng").see("/my/duties"))


def test_the_public_page_offers_no_forms_and_shows_no_reasons(portal: PlannedPortal) -> None:
    staff = portal.visitor("zhaoping")
    duty = portal.city.duty("2026-03-25").id
    move = {"day": "2026-03-26", "begin": "09:00", "end": "11:30", "reason": "郑代表身体不适"}
    staff.send("/duty/XG", f"/duty/XG/{duty}/move", move)
    assert "郑代表身体不适" in staff.see("/duty/XG")
    for visitor in (portal.visitor(), portal.visitor("suyan"), portal.visitor("zhangxiaoman")):
        page = visitor.see("/duty/XG")
        assert "2026年3月26日" in page
        assert "身体不适" not in page
        assert '<form method="post" action="/duty' not in page


def test_only_the_stations_staff_and_the_office_change_its_duties(portal: PlannedPortal) -> None:
    duty = portal.city.duty("2026-03-25").id
    for login in ("suyan", "zhengsiqi", "zhangxiaoman"):
        visitor = portal.visitor(login)
        token = visitor.hidden("/", "/logout")["form_token"]
        entries = {"form_token": token, "reason": "x", "day": "2026-03-26"}
        for address in (f"/duty/XG/{duty}/cancel", f"/duty/XG/{duty}/move"):
            assert visitor.http.post(address, data=entries).status_code == 403
    assert len(portal.city.duties()) == 3
    portal.visitor("wenruyu").send("/duty/XG", f"/duty/XG/{duty}/cancel", {"reason": "全市统一安排"})
    assert len(portal.city.duties()) == 2


def test_what_is_wrong_with_an_entry_is_said_on_the_page_which_keeps_what_was_entered(portal: PlannedPortal) -> None:
    staff = portal.visitor("zhaoping")
    person = str(portal.city.people["huangmin"])
    entries = {"person": person, "day": "2026-01-10", "begin": "09:00", "end": "10:00", "reason": "临时"}
    page = staff.send("/duty/XG", "/duty/XG/enter", entries, status=422)
    assert "这个时间已经过去" in page
    assert 'value="2026-01-10"' in page
    for wrong in ({"day": "tomorrow"}, {"begin": "9 o'clock"}, {"person": "everybody"}, {"day": "9999-01-01"}):
        staff.send("/duty/XG", "/duty/XG/enter", {**entries, "day": "2026-03-10", **wrong}, status=422)
    staff.send("/duty/XG", "/duty/XG/enter", {**entries, "day": "2026-03-10"})
    assert "2026年3月10日（周二）" in plain(staff.see("/duty/XG"))


def test_a_swap_from_asking_to_consent_through_the_pages(portal: PlannedPortal) -> None:
    asker, asked = portal.visitor("zhengsiqi"), portal.visitor("wuzhiyuan")
    mine, theirs = portal.city.duty("2026-03-25").id, portal.city.duty("2026-04-27").id
    offer = f"{portal.city.people['wuzhiyuan']}:{theirs}"
    assert f'value="{offer}"' in asker.see("/my/duties")
    page = asker.send("/my/duties", f"/my/duties/{mine}/swap", {"with": offer, "note": "那天出差"})
    assert "已请吴致远用 2026年4月27日（周一） 09:00–11:30 的值班对换" in plain(page)
    page = asked.see("/my/duties")
    assert "那天出差" in page
    asked.send("/my/duties", "/my/swaps/1/accept")
    assert [login for _, login in portal.city.duties()][:2] == ["wuzhiyuan", "zhengsiqi"]
    assert "2026年4月27日" in plain(asker.see("/my/duties"))


def test_refusing_and_withdrawing_through_the_pages(portal: PlannedPortal) -> None:
    asker, asked = portal.visitor("zhengsiqi"), portal.visitor("wuzhiyuan")
    mine = portal.city.duty("2026-03-25").id
    whom = {"with": str(portal.city.people["wuzhiyuan"])}
    asker.send("/my/duties", f"/my/duties/{mine}/swap", whom)
    asked.send("/my/duties", "/my/swaps/1/refuse", {"reason": "当天视察"})
    assert "当天视察" in portal.city.messages("swap-refused")[0].text
    asker.send("/my/duties", f"/my/duties/{mine}/swap", whom)
    asker.send("/my/duties", "/my/swaps/2/withdraw")
    token = asked.hidden("/", "/logout")["form_token"]
    late = asked.http.post("/my/swaps/2/accept", data={"form_token": token})
    assert late.status_code == 409
    assert "这个调班请求已经有了结果" in late.text


def test_progress_is_ones_own(portal: PlannedPortal) -> None:
    own = plain(portal.visitor("zhengsiqi").see("/my/duties"))
    assert "应完成 2 次，已完成 0 次" in own
    assert "还差 2 次" in own
    assert "应完成" not in plain(portal.visitor("zhaoping").see("/my/duties"))


def test_plans_are_the_offices(portal: PlannedPortal) -> None:
    for login in ("zhaoping", "zhengsiqi"):
        visitor = portal.visitor(login)
        token = visitor.hidden("/", "/logout")["form_token"]
        for address in ("/plans", "/plans/new", "/plans/reception-rota"):
            visitor.see(address, status=403)
        for address in ("/plans", "/plans/reception-rota/pause", "/plans/reception-rota/resume"):
            assert visitor.http.post(address, data={"form_token": token, "source": "x"}).status_code == 403


def test_the_office_sees_the_coming_year_and_what_came_of_the_last_ones(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    assert "每月25日，遇非工作日顺延" in plain(office.see("/plans"))
    page = plain(office.see("/plans/reception-rota"))
    assert "2026年9月28日（周一） 原为 2026年9月25日（周五），遇中秋节改期" in page
    assert "2027年1月25日（周一） 暂定：该年放假安排尚未公布" in page
    assert "2026年3月25日（周三） 仙港街道代表活动站 郑思齐" in page


def test_a_text_is_checked_with_line_and_caret_shown_as_days_and_published(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    wrong = shipped("monthly-reception", for_="XH").replace("25th", "35th")
    page = office.send("/plans/new", "/plans", {"source": wrong, "do": "publish"}, status=422)
    assert "wrong-value" in page
    assert "^^^" in page
    assert "month on the 35th" in page
    sound = shipped("monthly-reception", for_="XG").replace("\n", "\r\n")
    page = office.send("/plans/new", "/plans", {"source": sound, "do": "check"})
    assert "2026年3月25日（周三）" in page
    assert portal.city.occurrences("monthly-reception") == []
    office.send("/plans/new", "/plans", {"source": sound, "do": "publish", "note": "初次发布"})
    assert office.path == "/plans/monthly-reception"
    portal.city.run(at("2026-03-15"))
    assert "XG-JR2026-0001" in office.see("/plans/monthly-reception")
    for source in ("", "a: [", "\u0000", "x" * 50_000):
        office.send("/plans/new", "/plans", {"source": source, "do": "publish"}, status=422)


def test_a_yearly_duty_works_after_one_click_and_shows_how_far_each_is(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    assert "代表每年联系选民四次" in office.see("/plans")
    page = plain(office.send("/plans", "/plans/adopt", {"example": "contact-quota"}))
    assert office.path == "/plans/contact-quota"
    assert "郑思齐 0／4" in page
    portal.city.received("zhengsiqi", 4, kind="contact")
    portal.city.received("huangmin", 1, kind="contact")
    page = plain(office.see("/plans/contact-quota"))
    assert "郑思齐 4／4 已完成" in page
    assert "黄旻 1／4" in page
    assert page.index("黄旻 1／4") < page.index("郑思齐 4／4")
    assert 'value="contact-quota"' not in office.see("/plans")
    portal.city.run(at("2026-11-30"))
    told = portal.city.messages("falling-behind")
    behind = {row.login for row in told if "联系选民" in row.subject + row.text}
    assert "huangmin" in behind
    assert "zhengsiqi" not in behind


def test_a_duty_that_does_not_fit_here_is_told_with_its_text(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    page = office.send("/plans", "/plans/adopt", {"example": "station-evaluation"}, status=422)
    assert "evaluation" in page
    office.send("/plans", "/plans/adopt", {"example": "../../etc"})
    assert office.path == "/plans"


def test_a_plan_can_be_paused_and_goes_on(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    page = office.send("/plans/reception-rota", "/plans/reception-rota/pause")
    assert "2026年3月2日 09:00 起暂停" in plain(page)
    office.send("/plans/reception-rota", "/plans/reception-rota/resume")
    office.see("/plans/no-such-plan", status=404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_exists_in_every_language_without_script_of_its_own(portal: PlannedPortal, language: str) -> None:
    office = portal.visitor("wenruyu")
    for address in (
        "/duty",
        "/duty/XG",
        "/my/duties",
        "/plans",
        "/plans/new?example=reception-quota",
        "/plans/reception-rota",
    ):
        page = office.see(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert f'<html lang="{ {"zh": "zh-CN", "en": "en"}[language] }"' in page
        assert " style=" not in page
        assert " onclick" not in page


@pytest.mark.parametrize("address", ["/duty/NOWHERE", "/duty/%00", "/plans/new/x", "/duty/" + "x" * 3000])
def test_what_is_not_there_is_not_found(portal: PlannedPortal, address: str) -> None:
    portal.visitor("wenruyu").see(address, status=404)

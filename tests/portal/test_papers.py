"""Papers on pages: made beside an issue, looked at first, taken out as Word and PDF, corrected and voided."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from huying.database.tables import audit, papers
from huying.papers.pdf import makes_pdf
from tests.huying.papers.written import words
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

HANDOVER = {
    "field.lead": "城市管理局",
    "field.demand": "请核实 <路灯> & 井盖",
    "field.due": "2026年12月14日",
    "field.return_within": "5 个工作日",
}


@pytest.fixture
def issue(town: PortalTown) -> int:
    """An issue that departments handle."""
    found = town.report()
    town.to_departments(found)
    return found


def address(issue: int, kind: str = "handover", **more: object) -> str:
    """The form of a paper."""
    return f"/papers/new/{kind}?issue={issue}" + "".join(f"&{name}={value}" for name, value in more.items())


def made(visitor: Visitor, issue: int, **more: int) -> str:
    """A hand-over that was made; the address of its page."""
    visitor.send(address(issue, "handover", **more), "/papers/new/handover", HANDOVER)
    return visitor.path


def test_a_paper_is_made_beside_its_issue(town: PortalTown, issue: int) -> None:
    clerk = town.visitor("clerk")
    number, _ = town.number_and_code(issue)
    beside = clerk.see(f"/issues/{number}")
    assert f'href="/papers/new/handover?issue={issue}"' in beside
    form = clerk.see(address(issue))
    assert 'value="城市管理局"' in form
    assert "个人信息在这份文书里会遮盖" in form
    page = made(clerk, issue)
    assert "文书已出具" in plain(clerk.see(f"{page}?made=yes"))
    assert "交办单 交办〔2026〕1号" in plain(clerk.see(f"/issues/{number}"))
    assert "交办〔2026〕1号" in plain(clerk.see("/papers"))


def test_it_is_taken_out_as_word_which_is_noted(town: PortalTown, issue: int) -> None:
    clerk = town.visitor("clerk")
    answer = clerk.http.get(f"{made(clerk, issue)}/word")
    assert "二、办理要求：请核实 <路灯> & 井盖" in words(answer.content)
    assert ".docx" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    with town.house.database.reading() as connection:
        told = connection.execute(select(audit.c.what, audit.c.by_id).where(audit.c.what.like("paper-%"))).all()
    assert [tuple(one) for one in told] == [(what, town.people["clerk"]) for what in ("paper-made", "paper-opened")]


def test_it_is_taken_out_as_pdf_where_that_can_be_made(
    town: PortalTown, issue: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = town.visitor("clerk")
    page = made(clerk, issue)
    if makes_pdf():
        answer = clerk.http.get(f"{page}/pdf")
        assert answer.content.startswith(b"%PDF-")
    monkeypatch.setenv("PATH", "/nowhere")
    assert "打开 PDF" not in clerk.see(page)
    assert "LibreOffice" in clerk.see(f"{page}/pdf", 503)


def test_a_preview_is_a_file_and_keeps_nothing(town: PortalTown, issue: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    clerk = town.visitor("clerk")
    entries = {**clerk.hidden(address(issue), "/papers/new/handover"), **HANDOVER, "do": "preview"}
    answer = clerk.http.post("/papers/new/handover", data=entries)
    assert "交办〔2026〕＿＿号" in words(answer.content)
    with town.house.database.reading() as connection:
        assert connection.execute(select(papers.c.id)).all() == []


def test_what_is_missing_is_said_and_what_was_written_stays(town: PortalTown, issue: int) -> None:
    clerk = town.visitor("clerk")
    page = clerk.send(
        address(issue), "/papers/new/handover", {**HANDOVER, "field.demand": "", "field.lead": "供电公司"}, status=422
    )
    assert 'value="供电公司"' in page
    assert 'href="#demand"' in page


def test_a_form_sent_twice_makes_one_paper(town: PortalTown, issue: int) -> None:
    clerk = town.visitor("clerk")
    entries = {**clerk.hidden(address(issue), "/papers/new/handover"), **HANDOVER}
    first, second = (clerk.http.post("/papers/new/handover", data=entries).url.path for _ in range(2))
    assert first == second


def test_a_wrong_one_is_corrected_or_voided(town: PortalTown, issue: int) -> None:
    clerk = town.visitor("clerk")
    first = made(clerk, issue)
    paper = int(first.rsplit("/", 1)[1])
    second = made(clerk, issue, replaces=paper)
    assert "更正件：交办〔2026〕2号" in plain(clerk.see(first))
    assert "交办〔2026〕1号" in plain(clerk.see(second))
    assert "请写明作废的原因" in clerk.send(second, f"{second}/void", {"reason": " "}, status=422)
    clerk.send(second, f"{second}/void", {"reason": "主办单位写错"})
    page = plain(clerk.see(second))
    assert "这份文书已作废" in page
    assert "主办单位写错" in page
    assert "出错了" not in page


def test_minutes_are_made_without_an_issue(town: PortalTown) -> None:
    office = town.visitor("office")
    assert "会议纪要" in office.see("/papers")
    entries = {
        "matter": "近期工作",
        "day": "2026-11-23",
        "place": "三楼",
        "chair": "周主任",
        "text": "抓紧。",
        "present": "全体",
    }
    rows = {"field.tasks.1.task": "换灯", "field.tasks.1.unit": "城市管理局"}
    office.send("/papers/new/minutes", "/papers/new/minutes", {**{f"field.{k}": v for k, v in entries.items()}, **rows})
    said = words(office.http.get(f"{office.path}/word").content)
    assert "近期工作会议纪要" in said
    assert "换灯" in said


def test_minutes_of_others_are_corrected_and_voided_by_whoever_answers_for_all_papers(town: PortalTown) -> None:
    entries = {
        "matter": "站务",
        "day": "2026-11-23",
        "place": "三楼",
        "chair": "陈晓",
        "text": "抓紧。",
        "present": "全体",
    }
    fields = {f"field.{name}": text for name, text in entries.items()}
    maker, other, office = (town.visitor(login) for login in ("clerk", "far-clerk", "office"))
    maker.send("/papers/new/minutes", "/papers/new/minutes", fields)
    page = maker.path
    paper = page.rsplit("/", 1)[1]
    assert "作废" not in plain(other.see(page))
    other.see(f"/papers/new/minutes?replaces={paper}", 403)
    other.send("/papers/new/minutes", "/papers/new/minutes", {**fields, "replaces": paper}, status=403)
    token = other.hidden("/papers", "/logout")
    assert other.http.post(f"{page}/void", data={**token, "reason": "看不顺眼"}).status_code == 403
    for visitor in (maker, office):
        assert "作废" in plain(visitor.see(page))
        visitor.see(f"/papers/new/minutes?replaces={paper}")
    maker.send(page, f"{page}/void", {"reason": "写错"})
    assert "这份文书已作废" in plain(other.see(page))


def test_a_paper_is_made_in_the_language_that_was_chosen(town: PortalTown, issue: int) -> None:
    clerk = town.visitor("clerk")
    clerk.send(address(issue, into="en"), "/papers/new/handover", HANDOVER)
    assert "Hand-over 2026/1" in words(clerk.http.get(f"{clerk.path}/word").content)


def test_others_do_not_learn_that_there_is_a_paper(town: PortalTown, issue: int) -> None:
    page = made(town.visitor("clerk"), issue)
    for login in ("far-clerk", "stranger"):
        visitor = town.visitor(login)
        for path in (page, f"{page}/word", f"{page}/pdf", address(issue)):
            assert visitor.http.get(path).status_code in (403, 404), (login, path)
    assert town.visitor().http.get(page, follow_redirects=False).status_code == 303
    number, code = town.number_and_code(issue)
    followed = town.visitor()
    followed.send("/follow", "/follow", {"number": number, "code": code})
    assert "交办〔" not in followed.see(f"/issues/{number}")


def test_a_department_makes_a_reply_and_no_handover(town: PortalTown, issue: int) -> None:
    visitor = town.visitor("lighting")
    number, _ = town.number_and_code(issue)
    offered = re.findall(r'href="/papers/new/(\w+)\?', visitor.see(f"/issues/{number}"))
    assert offered == ["talk", "reply", "opinion"]
    visitor.see(address(issue), 403)

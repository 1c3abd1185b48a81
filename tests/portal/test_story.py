"""One issue from the phone to closure, by the pages alone."""

from __future__ import annotations

import re

from tests.huying.town import PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

REPORT = {
    "station": "XG",
    "field.subject": "路灯不亮",
    "field.kind": "lighting",
    "field.address": "光明路 8 号",
    "name": "李明",
    "phone": "13800000000",
}


def _task(visitor: Visitor, page: str = "/tasks") -> str:
    found = re.search(r'(?:href|action)="(/tasks/\d+/\d+)(?:"|/act/)', visitor.see(page))
    assert found, "there is no task"
    return found[1]


def test_an_issue_goes_from_the_phone_to_closure(town: PortalTown) -> None:
    resident = town.visitor()
    received = resident.send(
        "/report/street-matters?station=XG",
        "/report/street-matters",
        REPORT,
        files=[("files", ("灯.png", PIXEL, "image/png"))],
    )
    assert "XG-2026-00001" in received
    assert "受理登记 站点工作人员" in plain(received)
    assert "扫码查进度" in received

    clerk = town.visitor("clerk")
    task = _task(clerk)
    shown = plain(clerk.see(task))
    assert "光明路 8 号" in shown
    assert "11月24日（周二）前" in shown
    clerk.send(task, f"{task}/act/accept")

    deputy = town.visitor("deputy")
    task = _task(deputy)
    asked = {"field.lead": town.departments["cg"], "field.assist": [town.departments["gd"]]}
    done = plain(deputy.send(task, f"{task}/act/coordinate", asked))
    assert "已提交，谢谢" in done
    for login in ("lighting", "power"):
        handler = town.visitor(login)
        task = _task(handler)
        handler.send(task, f"{task}/act/reply", {"field.reply": f"{login}：已修复"})

    task = _task(resident, "/issues/XG-2026-00001")
    resident.send(task, f"{task}/act/satisfied", {"field.stars": "5"})
    story = plain(resident.see("/issues/XG-2026-00001"))
    assert "已办结：已解决" in story
    assert "城市管理局" in story
    assert "王芳" not in story
    # taken up, handed to departments, settled
    assert plain(deputy.see("/files")).count("路灯不亮") == 3


def test_another_phone_follows_with_number_and_code(town: PortalTown) -> None:
    number, code = town.number_and_code(town.report())
    other = town.visitor()
    assert "编号或查询码不对" in other.send("/follow", "/follow", {"number": number, "code": "WRONG"}, status=404)
    page = other.send("/follow", "/follow", {"number": number.lower(), "code": code.lower()})
    assert other.path == f"/issues/{number}"
    assert "等待站点工作人员" in page
    assert "等待站点工作人员" in town.visitor().see(f"/issues/{number}?code={code}")
    stranger = town.visitor()
    stranger.see(f"/issues/{number}")
    assert stranger.path == "/login"


def test_a_reporter_adds_a_remark_and_a_picture(town: PortalTown) -> None:
    number, code = town.number_and_code(town.report())
    page = f"/issues/{number}?code={code}"
    resident = town.visitor()
    resident.send(page, "/issues/1/comments", {"text": "昨晚又灭了 <b>三盏</b>"})
    resident.send(page, "/issues/1/files", files=[("files", ("../../灯.png", PIXEL, "image/png"))])
    shown = resident.see(page)
    assert "昨晚又灭了 &lt;b&gt;三盏&lt;/b&gt;" in shown
    picture = re.search(r'src="(/attachments/1/\d+)\?small=1"', shown)
    assert picture
    answer = resident.http.get(picture[1])
    assert answer.content == PIXEL
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "灯.png" in shown
    assert ".." not in answer.headers["content-disposition"]
    assert town.visitor("stranger").http.get(picture[1]).status_code == 404


def test_internal_files_are_not_for_the_reporter(town: PortalTown) -> None:
    number, code = town.number_and_code(town.report())
    clerk = town.visitor("clerk")
    clerk.send(f"/issues/{number}", "/issues/1/files", files=[("files", ("内部.png", PIXEL, "image/png"))])
    resident = town.visitor()
    assert "内部.png" not in resident.see(f"/issues/{number}?code={code}")
    assert resident.http.get("/attachments/1/2").status_code == 404
    assert clerk.http.get("/attachments/1/2").content == PIXEL


def test_a_signed_in_person_reports_without_saying_who_they_are(town: PortalTown) -> None:
    deputy = town.visitor("deputy")
    form = deputy.see("/report/street-matters")
    assert 'name="phone"' not in form
    without = {name: value for name, value in REPORT.items() if name not in ("name", "phone")}
    deputy.send("/report/street-matters", "/report/street-matters", without)
    assert "路灯不亮" in deputy.see("/issues")


def test_a_task_is_claimed_and_given_back(town: PortalTown) -> None:
    town.report()
    clerk, colleague = town.visitor("clerk"), town.visitor("clerk2")
    task = _task(clerk)
    assert "您已领取" in clerk.send(task, f"{task}/claim")
    assert "没有等待您办理的事项" in colleague.see("/tasks")
    assert "这项任务已由陈晓领取" in colleague.see(task)
    clerk.send(task, f"{task}/release")
    assert _task(colleague) == task


def test_the_second_of_two_colleagues_is_told_who_was_first(town: PortalTown) -> None:
    town.report()
    clerk, colleague = town.visitor("clerk"), town.visitor("clerk2")
    task = _task(clerk)
    late = colleague.hidden(task, f"{task}/act/accept")
    clerk.send(task, f"{task}/act/accept")
    answer = colleague.http.post(f"{task}/act/accept", data=late)
    assert answer.status_code == 409
    assert "陈晓已于 2026-11-23 09:30 办理了这项任务" in answer.text


def test_a_double_tap_acts_once_and_both_see_the_same(town: PortalTown) -> None:
    issue = town.report()
    clerk = town.visitor("clerk")
    task = _task(clerk)
    tapped = clerk.hidden(task, f"{task}/act/accept")
    for _ in range(2):
        answer = clerk.http.post(f"{task}/act/accept", data=tapped)
        assert answer.status_code == 200
        assert "已提交" in answer.text
    with town.house.database.reading() as connection:
        count = connection.exec_driver_sql(f"select count(*) from history where issue_id={issue}").scalar_one()
    assert count == 2

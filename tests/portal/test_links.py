"""Links in messages: shown by GET, acted on by POST, for one person and one issue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.access.links import AFTERWARDS, LASTS, make_link
from tests.huying.town import PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain


def _link(town: PortalTown, person: int, issue: int, item: int | None) -> str:
    with town.house.database.writing() as connection:
        return f"/t/{make_link(connection, person, issue, item, town.clock.now)}"


def _clerks(town: PortalTown) -> tuple[int, str]:
    issue = town.report()
    return issue, _link(town, town.people["clerk"], issue, town.item(issue, town.party("clerk")))


def test_get_shows_the_task_and_changes_nothing_however_often(town: PortalTown) -> None:
    issue, link = _clerks(town)
    phone = town.visitor()
    for _ in range(3):
        assert "受理登记" in phone.see(link)
    assert town.item(issue, town.party("clerk"))
    phone.see("/tasks")
    assert phone.path == "/login"


def test_post_acts_as_the_person_to_whom_the_link_was_sent(town: PortalTown) -> None:
    _, link = _clerks(town)
    phone = town.visitor()
    assert "已提交" in phone.send(link, f"{link}/act/accept")
    assert "您已于 2026年11月23日 09:30 办理了这项任务" in phone.see(link)


def test_a_mistake_keeps_what_was_entered(town: PortalTown) -> None:
    _, link = _clerks(town)
    page = town.visitor().send(link, f"{link}/act/decline", {"field.reason": ""}, status=422)
    assert "请填写“理由”" in page
    assert "<details" in page
    assert " open>" in page


def test_an_expired_link_says_so_and_what_to_do(town: PortalTown) -> None:
    _, link = _clerks(town)
    town.clock.move(days=(LASTS + timedelta(days=1)).days)
    assert "受理登记" in town.visitor().see(link), "a task that is open can still be done by its link"
    assert "已提交" in town.visitor().send(link, f"{link}/act/accept")
    town.clock.move(days=AFTERWARDS.days + 1)
    page = plain(town.visitor().see(link, status=404))
    assert "链接无效或已过期" in page
    assert "请登录办理" in page
    assert "链接无效" in town.visitor().see("/t/nonsense", status=404)


def test_a_link_opens_one_issue_alone(town: PortalTown) -> None:
    _, link = _clerks(town)
    other = town.report(subject="另一件")
    phone = town.visitor()
    phone.see(link)
    assert phone.http.get(f"/issues/{town.number_and_code(other)[0]}", follow_redirects=False).status_code == 303


def test_remarks_and_files_go_by_the_link_too(town: PortalTown) -> None:
    _, link = _clerks(town)
    phone = town.visitor()
    phone.send(f"{link}?issue=1", f"{link}/comments", {"text": "请补充照片", "public": "yes"})
    phone.send(f"{link}?issue=1", f"{link}/files", files=[("files", ("a.png", PIXEL, "image/png"))])
    page = phone.see(f"{link}?issue=1")
    assert "请补充照片" in page
    assert phone.http.get(f"{link}/files/3").content == PIXEL


def test_a_link_for_no_task_shows_the_issue(town: PortalTown) -> None:
    issue = town.report()
    link = _link(town, town.reporter(issue), issue, None)
    page = town.visitor().see(link)
    assert "等待站点工作人员" in page
    assert "光明路 8 号" in page


def test_the_page_speaks_the_language_of_the_person(town: PortalTown) -> None:
    with town.house.database.writing() as connection:
        connection.exec_driver_sql("update participant set language = 'en' where login = 'clerk'")
    _, link = _clerks(town)
    assert "Registration" in town.visitor(language="zh-CN").see(link)


@pytest.mark.parametrize("action", ["claim", "release"])
def test_a_task_can_be_claimed_by_link(town: PortalTown, action: str) -> None:
    _, link = _clerks(town)
    phone = town.visitor()
    phone.send(link, f"{link}/claim")
    if action == "release":
        assert "同事也能看到" in phone.send(link, f"{link}/release")
    else:
        assert "您已领取" in phone.see(link)


def test_the_address_of_a_form_opened_by_hand_leads_back(town: PortalTown) -> None:
    _, link = _clerks(town)
    phone = town.visitor()
    phone.see(f"{link}/act/accept")
    assert phone.path == link

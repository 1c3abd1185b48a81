"""A clerk notes what a resident says; and whoever has number and code can do all that a link in a message can."""

from __future__ import annotations

import re

from huying.access.links import make_link
from tests.huying.town import REPORT
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain


def _follower(town: PortalTown, issue: int) -> Visitor:
    number, code = town.number_and_code(issue)
    phone = town.visitor()
    phone.send("/follow", "/follow", {"number": number, "code": code})
    return phone


def _told(town: PortalTown, issue: int) -> str:
    number, code = town.number_and_code(issue)
    return plain(town.visitor().see(f"/issues/{number}?code={code}"))


def test_a_clerk_notes_by_phone_what_the_resident_thinks_of_the_reply(town: PortalTown) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    clerk = town.visitor("clerk")
    assert f"/said/phone/{issue}" in clerk.see(f"/issues/{town.number_and_code(issue)[0]}")
    page = clerk.see(f"/said/phone/{issue}")
    assert "电话告知" in plain(page)
    assert "光明路 8 号" not in page, "what is private is not needed for that"
    task = re.search(rf"/said/phone/{issue}/(\d+)", page)
    assert task
    assert "请填写" in clerk.send(task[0], f"{task[0]}/act/satisfied", status=422)
    assert "已提交" in clerk.send(task[0], f"{task[0]}/act/satisfied", {"field.stars": "4"})
    assert "反映人，电话告知 反映人确认：问题已解决" in _told(town, issue)
    number = town.number_and_code(issue)[0]
    assert "反映人，电话告知，陈晓记录 反映人确认：问题已解决" in plain(clerk.see(f"/issues/{number}"))


def test_nobody_else_can_say_what_the_resident_said(town: PortalTown) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    for login in ("deputy", "lighting", "office"):
        visitor = town.visitor(login)
        assert "/said/" not in visitor.see(f"/issues/{town.number_and_code(issue)[0]}")
        visitor.see(f"/said/phone/{issue}", status=403)
    town.visitor("far-clerk").see(f"/said/phone/{issue}", status=404)
    town.visitor("clerk").see(f"/said/telepathy/{issue}", status=404)
    assert town.visitor().http.get(f"/said/phone/{issue}", follow_redirects=False).status_code == 303


def test_a_program_enters_for_a_resident_and_notes_what_they_say(town: PortalTown) -> None:
    clerk = town.visitor()
    answer = clerk.http.post("/api/v1/sessions", json={"login": "clerk", "passphrase": "correct horse"})
    head = {"Authorization": f"Bearer {answer.json()['token']}"}
    report: dict[str, object] = {
        "definition": "street-matters",
        "station": "XG",
        "name": "林阿婆",
        "phone": "0592-5147085",
    }
    report |= {"taken": "phone", "fields": dict(REPORT)}
    made = clerk.http.post("/api/v1/issues", json=report, headers=head)
    assert made.status_code == 201, made.text
    issue = made.json()["issue_id"]
    assert town.reporter(issue) not in town.people.values()
    urged = clerk.http.post(
        f"/api/v1/issues/{issue}/events?said=phone", json={"kind": "urge", "text": "快"}, headers=head
    )
    assert urged.status_code == 201, urged.text
    assert "反映人，电话告知 催办" in _told(town, issue)
    assert clerk.http.post("/api/v1/issues", json=report).status_code == 401
    far = clerk.http.post("/api/v1/sessions", json={"login": "far-clerk", "passphrase": "correct horse"}).json()
    head = {"Authorization": f"Bearer {far['token']}", "Idempotency-Key": "another-report-1"}
    assert clerk.http.post("/api/v1/issues", json=report, headers=head).status_code == 403


def test_number_and_code_show_and_do_all_that_a_link_does(town: PortalTown) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    number, _ = town.number_and_code(issue)
    phone = _follower(town, issue)
    with town.house.database.writing() as connection:
        link = f"/t/{make_link(connection, town.reporter(issue), issue, None, town.clock.now)}"

    def offered(page: str) -> set[str]:
        return set(re.findall(r'action="[^"]*/events/([a-z-]+)"', page))

    assert offered(phone.see(f"/issues/{number}")) == offered(town.visitor().see(link)) >= {"urge", "withdraw"}
    phone.send(f"/issues/{number}", f"/issues/{issue}/events/urge", {"text": "请快一点"})
    assert "请快一点" in _told(town, issue)
    phone.send(f"/issues/{number}", f"/issues/{issue}/events/withdraw", {"reason": "修好了"})
    assert "撤回" in _told(town, issue)


def test_a_question_is_answered_by_number_and_code(town: PortalTown) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    number, _ = town.number_and_code(issue)
    deputy = town.visitor("deputy")
    item = town.item(issue, town.party("deputy"))
    page = f"/tasks/{issue}/{item}"
    asked = {"item": str(item), "to": f"participant:{town.reporter(issue)}", "text": "哪一盏灯？"}
    deputy.send(page, f"/issues/{issue}/events/question", asked)
    phone = _follower(town, issue)
    task = re.search(rf"/tasks/{issue}/(\d+)", phone.see(f"/issues/{number}"))
    assert task, "the question waits for the reporter"
    assert "哪一盏灯" in phone.see(task[0])
    phone.send(task[0], f"/issues/{issue}/events/answer", {"text": "八号门口那盏。"})
    assert "八号门口那盏" in _told(town, issue)


def test_a_code_gives_its_reporter_no_power_that_they_have_as_staff(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    clerk.send(
        "/report/street-matters",
        "/report/street-matters",
        {"station": "XG", "field.subject": "路灯", "field.kind": "other"},
    )
    issue = int(clerk.path.rsplit("/", 1)[1])
    number, _ = town.number_and_code(issue)
    phone = _follower(town, issue)
    assert "/events/cancel" not in phone.see(f"/issues/{number}")
    token = phone.hidden(f"/issues/{number}", f"/issues/{issue}/events/urge")
    answer = phone.http.post(f"/issues/{issue}/events/cancel", data={**token, "reason": "不办了"})
    assert answer.status_code == 403, answer.text[:500]

"""The intake desk: a resident at the counter or on the telephone, found, entered and answered, with Tab and Enter alone."""

from __future__ import annotations

import re

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import DEFINITION
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

ANSWER = """      answer:
        title: {zh: 当场答复, en: Answer on the spot}
        to: answered
        ask: {reply: {type: long text, title: {zh: 答复内容, en: Reply}}}
      decline:
"""
#: The same process, with an answer on the spot at its first step, and shown to whoever has the same matter.
AT_ONCE = (
    DEFINITION.replace("      decline:\n", ANSWER, 1)
    .replace("closure:\n", "closure:\n  answered: {title: {zh: 已答复, en: Answered}, close: solved}\n", 1)
    .replace("roles:\n", "alike: {show: [subject, details, kind]}\nroles:\n", 1)
)
#: The same again, where the data decide who begins: both ways begin with a task of the desk, and both can answer.
SPLIT = AT_ONCE.replace(
    "intake:\n",
    """intake:
  triage:
    title: {zh: 分流, en: Triage}
    choose: [{if: {urgent: true}, to: rush}, {to: register}]
  rush:
    title: {zh: 紧急处置, en: Urgent}
    task: clerk
    within: 2 hours
    overdue: {tell: clerk}
    actions:
      answer: {title: {zh: 已处置, en: Dealt with}, to: answered, ask: {reply: {type: long text, title: {zh: 处置情况, en: What was done}}}}
""",
    1,
)
CALL = {
    "process": "street-matters",
    "station": "XG",
    "channel": "phone",
    "phone": "0592-5147085",
    "name": "林阿婆",
    "field.subject": "路灯不亮",
    "field.kind": "lighting",
}


def _clerk(town: PortalTown) -> Visitor:
    publish(town.house, AT_ONCE, "again.yaml", Imprint("test", town.clock.now))
    return town.visitor("clerk")


def _looked(visitor: Visitor, values: dict[str, str]) -> str:
    """What the desk knows about who is calling."""
    answer = visitor.http.post("/intake/look", data={**visitor.hidden("/intake", "/intake"), **values})
    assert answer.status_code == 200, answer.text[:2000]
    return str(answer.text)


def _issue(visitor: Visitor) -> int:
    found = re.search(r"(\d+)$", visitor.path)
    assert found, visitor.path
    return int(found[1])


def test_whoever_takes_nothing_for_residents_has_no_desk(town: PortalTown) -> None:
    for login in ("deputy", "lighting", "office", "stranger"):
        assert "您不在其中" in plain(town.visitor(login).see("/intake", status=403))
    assert town.visitor().http.get("/intake", follow_redirects=False).status_code == 303
    assert "登记台" in town.visitor("clerk").see("/intake")


def test_where_no_process_says_who_takes_matters_in_the_desk_says_what_to_write(town: PortalTown) -> None:
    assert "taken by:" in DEFINITION
    without = "".join(line for line in DEFINITION.splitlines(keepends=True) if not line.startswith("taken by:"))
    publish(town.house, without, "again.yaml", Imprint("test", town.clock.now))
    page = plain(town.visitor("clerk").see("/intake", status=403))
    assert "没有一个流程写明由谁登记" in page
    assert "taken by: [clerk]" in page


def test_the_way_to_the_desk_is_shown_only_where_a_process_says_who_takes_matters_in(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    # rail, tabs of a phone, button of the head
    assert clerk.see("/tasks").count('href="/intake"') == 3
    without = "".join(line for line in DEFINITION.splitlines(keepends=True) if not line.startswith("taken by:"))
    publish(town.house, without, "again.yaml", Imprint("test", town.clock.now))
    assert 'href="/intake"' not in clerk.see("/tasks")
    publish(town.house, DEFINITION, "again.yaml", Imprint("test", town.clock.now))
    assert clerk.see("/tasks").count('href="/intake"') == 3


def test_what_a_caller_says_becomes_their_issue_with_a_receipt_to_read_back(town: PortalTown) -> None:
    clerk = _clerk(town)
    page = clerk.send("/intake", "/intake", CALL)
    issue = _issue(clerk)
    number, code = town.number_and_code(issue)
    assert code in page
    assert "XG 2026 00001" in page, "in groups, to be read back"
    assert town.reporter(issue) not in town.people.values()
    assert "林阿婆（反映人），电话告知，陈晓记录" in plain(clerk.see(f"/issues/{number}"))
    other = town.visitor("clerk2")
    other.see(f"/intake/{issue}")
    assert other.path.startswith("/issues/"), "the code is for whoever took it, and for the resident"


def test_what_is_done_at_once_is_what_the_definition_offers_at_its_first_step(town: PortalTown) -> None:
    clerk = _clerk(town)
    page = clerk.see("/intake")
    assert [words in page for words in ("受理", "当场答复", "不予受理")] == [True] * 3
    clerk.send("/intake", "/intake", {**CALL, "action": "answer", "field.on-answer.reply": "明天换灯。"})
    issue = _issue(clerk)
    seen = plain(clerk.see(f"/issues/{town.number_and_code(issue)[0]}"))
    assert "受理登记：当场答复" in seen
    assert "明天换灯。" in seen
    assert "当前状态 已办结" in seen or "已解决" in seen


def test_an_answer_on_the_spot_is_offered_where_every_way_begins_with_it(town: PortalTown) -> None:
    publish(town.house, SPLIT, "split.yaml", Imprint("test", town.clock.now))
    clerk = town.visitor("clerk")
    page = clerk.see("/intake")
    assert 'id="action-answer"' in page
    assert 'id="action-accept"' not in page, "what is urgent cannot be accepted: it is dealt with"
    for urgent in ("no", "yes"):
        said = {**CALL, "field.urgent": urgent, "action": "answer", "field.on-answer.reply": "已告知办事地点。"}
        clerk.send("/intake", "/intake", said)
        assert "已办结：已解决" in plain(clerk.see(clerk.path)), urgent


def test_the_receipt_leads_a_camera_to_the_issue(town: PortalTown) -> None:
    clerk = _clerk(town)
    page = clerk.send("/intake", "/intake", CALL)
    assert re.search(r'<div class="qr"><span role="img" aria-label="[^"]+"><svg', page)


def test_whatever_is_wrong_is_said_at_once_and_nothing_is_written_or_lost(town: PortalTown) -> None:
    clerk = _clerk(town)
    wrong = {
        **CALL,
        "phone": "12",
        "field.subject": "",
        "action": "answer",
        "field.on-answer.reply": "",
        "field.details": "一周了",
    }
    page = clerk.send("/intake", "/intake", wrong, status=422)
    for words in ("请填写“主题”", "请填写“答复内容”", "电话号码的位数不对"):
        assert words in plain(page)
    assert "一周了" in page
    assert 'value="answer" id="action-answer" checked' in page
    assert "另" not in clerk.see("/issues") or "XG-2026-00001" not in clerk.see("/issues")


def test_a_known_caller_is_found_by_number_with_what_they_raised_before(town: PortalTown) -> None:
    clerk = _clerk(town)
    clerk.send("/intake", "/intake", CALL)
    first = _issue(clerk)
    page = plain(_looked(clerk, {**CALL, "phone": "（0592）5147085", "name": ""}))
    assert "林阿婆 0592-5147085" in page
    assert "路灯不亮" in page
    clerk.send("/intake", "/intake", {**CALL, "name": "", "field.subject": "井盖松动", "then": "next"})
    assert clerk.path == "/intake"
    assert "已登记" in clerk.see("/intake?taken=2")
    assert town.reporter(2) == town.reporter(first)
    stranger = plain(_looked(clerk, {**CALL, "phone": "5147", "name": ""}))
    assert "没有查到" in stranger, "a number is known, not guessed"


def test_a_clerk_of_another_station_reads_no_subject_of_what_a_caller_raised_elsewhere(town: PortalTown) -> None:
    clerk = _clerk(town)
    clerk.send("/intake", "/intake", CALL)
    far = town.visitor("far-clerk")
    page = plain(_looked(far, {**CALL, "station": "YF", "field.subject": "", "name": ""}))
    assert "另有 1 件在别的站点" in page
    assert "路灯不亮" not in page
    by_name = plain(_looked(far, {**CALL, "phone": "", "station": "YF", "field.subject": ""}))
    assert "没有查到" in by_name


def test_what_is_the_same_is_merged_and_the_caller_hears_what_comes_of_it(town: PortalTown) -> None:
    clerk = _clerk(town)
    first = town.report(details="光明路路灯不亮")
    found = _looked(clerk, {**CALL, "field.details": "光明路的路灯不亮"})
    assert f'name="same" value="{first}"' in found
    clerk.send("/intake", "/intake", {**CALL, "same": str(first)})
    seen = plain(clerk.see(f"/issues/{town.number_and_code(_issue(clerk))[0]}"))
    assert "并案" in seen


def test_the_third_column_goes_alone_to_a_script(town: PortalTown) -> None:
    clerk = _clerk(town)
    hidden = clerk.hidden("/intake", "/intake")
    answer = clerk.http.post("/intake/look", data={**hidden, **CALL}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "known-title" in answer.text

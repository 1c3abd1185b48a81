"""The notice at the form: made of what the form really asks, kept with the issue word for word; sensitive data and minors need consent apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from huying.database import tables as t
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, MORNING
from tests.portal.conftest import PortalTown
from tests.portal.test_api import REPORT, Program
from tests.portal.visitor import Visitor, plain

ILL = DEFINITION.replace(
    "  address: {type",
    "  illness: {type: text, title: {zh: 病情, en: Illness}, sensitive: true, seen by: [clerk]}\n  address: {type",
    1,
).replace("\nfields:", "\nkeep: {personal: 1 year, file: for ever}\nfields:", 1)
FORM = "/report/street-matters"
ENTRIES = {"field.subject": "路灯不亮", "field.kind": "lighting", "field.address": "光明路 8 号", "station": "XG"}


def _kept(town: PortalTown) -> tuple[str, list[str], bool, str]:
    query = select(t.consents, t.collection_notices.c.text).join(
        t.collection_notices, t.collection_notices.c.digest == t.consents.c.notice
    )
    with town.house.database.reading() as connection:
        row = connection.execute(query).one()
    return row.text, row.sensitive, row.minor, row.guardian


def test_it_names_what_is_asked_who_sees_it_how_long_and_whom_to_ask(town: PortalTown) -> None:
    publish(town.house, ILL, "street-matters.yaml", Imprint("test", MORNING))
    page = plain(town.visitor().see(FORM))
    assert "请您填写：您的姓名、电话、电子邮箱、病情、详细地址" in page
    assert "其中“病情”只有站点工作人员看得到" in page
    assert "办结后保存 1 年，其他内容保存 永久" in page
    assert "我的信息" in page
    assert "我单独同意" in page
    english = plain(town.visitor(language="en").see(FORM))
    assert "Illness" in english
    assert "1 year after closure" in english


def test_the_text_that_stood_there_is_kept_with_the_issue(town: PortalTown) -> None:
    town.visitor().send(FORM, FORM, ENTRIES)
    text, sensitive, minor, guardian = _kept(town)
    assert "详细地址" in text
    assert "保存 2 年" in text
    assert (sensitive, minor, guardian) == ([], False, "")


def test_what_is_sensitive_is_taken_only_with_consent_to_just_that(town: PortalTown) -> None:
    publish(town.house, ILL, "street-matters.yaml", Imprint("test", MORNING))
    ill = {**ENTRIES, "field.illness": "哮喘"}
    refused = plain(town.visitor().send(FORM, FORM, ill, status=422))
    assert "须单独同意" in refused
    town.visitor().send(FORM, FORM, ENTRIES)
    assert _kept(town)[1] == [], "what was left out needs none"


def test_consent_to_what_is_sensitive_is_kept(town: PortalTown) -> None:
    publish(town.house, ILL, "street-matters.yaml", Imprint("test", MORNING))
    town.visitor().send(FORM, FORM, {**ENTRIES, "field.illness": "哮喘", "agreed": "yes"})
    assert _kept(town)[1] == ["illness"]


def test_for_somebody_under_fourteen_a_guardian_agrees(town: PortalTown) -> None:
    refused = plain(town.visitor().send(FORM, FORM, {**ENTRIES, "minor": "yes"}, status=422))
    assert "监护人" in refused
    town.visitor().send(FORM, FORM, {**ENTRIES, "minor": "yes", "guardian": "李建国"})
    assert _kept(town)[2:] == (True, "李建国")


def _clerk(town: PortalTown) -> Visitor:
    publish(town.house, ILL, "again.yaml", Imprint("test", MORNING))
    return town.visitor("clerk")


CALL = {
    "process": "street-matters",
    "station": "XG",
    "channel": "phone",
    "phone": "13800000000",
    "name": "林阿婆",
    "field.subject": "路灯不亮",
    "field.kind": "lighting",
}


def test_at_the_desk_the_notice_stands_to_be_read_out_and_is_kept(town: PortalTown) -> None:
    clerk = _clerk(town)
    page = plain(clerk.see("/intake"))
    assert "其中“病情”只有站点工作人员看得到" in page
    assert "居民单独同意" in page
    clerk.send("/intake", "/intake", CALL)
    text, sensitive, _, _ = _kept(town)
    assert "您的姓名、电话" in text
    assert sensitive == []


def test_at_the_desk_what_is_sensitive_is_taken_only_with_consent_to_just_that(town: PortalTown) -> None:
    clerk = _clerk(town)
    ill = {**CALL, "field.illness": "哮喘"}
    refused = plain(clerk.send("/intake", "/intake", ill, status=422))
    assert "须单独同意" in refused
    assert "哮喘" in clerk.send("/intake", "/intake", {**ill, "minor": "yes"}, status=422), "what was entered stays"
    clerk.send("/intake", "/intake", {**ill, "agreed": "yes", "minor": "yes", "guardian": "李建国"})
    assert _kept(town)[1:] == (["illness"], True, "李建国")


def _json(town: PortalTown) -> Program:
    publish(town.house, ILL, "street-matters.yaml", Imprint("test", MORNING))
    return Program(town)


SAID: dict[str, Any] = {**REPORT, "fields": {"subject": "路灯不亮", "kind": "lighting", "illness": "哮喘"}}


def test_a_program_that_enters_what_is_sensitive_says_what_was_agreed_to(town: PortalTown) -> None:
    program = _json(town)
    refused = program.call("POST", "/issues", SAID, status=422)
    assert "单独同意" in str(refused["errors"]["agreed"])
    notice = program.call("GET", "/definitions/street-matters")["notice"]
    assert notice["sensitive"] == ["病情"]
    assert "其中“病情”只有站点工作人员看得到" in notice["text"]
    consent = {"notice": notice["digest"], "agreed": False}
    assert "agreed" in program.call("POST", "/issues", {**SAID, "consent": consent}, status=422)["errors"]
    program.call("POST", "/issues", {**SAID, "consent": {**consent, "agreed": True}}, status=201)
    assert _kept(town) == (notice["text"], ["illness"], False, "")


def test_a_program_whose_notice_is_not_that_of_the_form_is_told_where_it_stands(town: PortalTown) -> None:
    program = _json(town)
    consent = {"notice": "0" * 64, "agreed": True}
    refused = program.call("POST", "/issues", {**SAID, "consent": consent}, status=422)
    assert "/definitions/street-matters" in str(refused["errors"]["notice"])
    english = Program(town, language="en").call("GET", "/definitions/street-matters")["notice"]
    program.call("POST", "/issues", {**SAID, "consent": {**consent, "notice": english["digest"]}}, status=201)
    assert _kept(town)[0] == english["text"], "in whichever language it was shown"


def test_a_program_says_who_agreed_for_somebody_under_fourteen(town: PortalTown) -> None:
    program = _json(town)
    notice = program.call("GET", "/definitions/street-matters")["notice"]["digest"]
    young: dict[str, Any] = {**REPORT, "consent": {"notice": notice, "minor": True}}
    assert "guardian" in program.call("POST", "/issues", young, status=422)["errors"]
    program.call("POST", "/issues", {**young, "consent": {**young["consent"], "guardian": "李建国"}}, status=201)
    assert _kept(town)[1:] == ([], True, "李建国")


def test_without_anything_sensitive_a_program_need_say_nothing(town: PortalTown) -> None:
    _json(town).call("POST", "/issues", REPORT, status=201)
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.consents)).all() == [], "what nobody was shown is not said to have been"

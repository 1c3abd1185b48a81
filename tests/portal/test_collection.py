"""The notice at the form: made of what the form really asks, kept with the issue word for word; sensitive data and minors need consent apart."""

from __future__ import annotations

from sqlalchemy import select

from huying.database import tables as t
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, MORNING
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

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

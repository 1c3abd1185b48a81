"""Papers are made from an issue by whoever may, numbered without a gap, kept as they were made, and void only in sight of everybody."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.refusal import Invalid, Refusal
from huying.access.viewer import Look
from huying.backups.quarantine import hold
from huying.database import tables as t
from huying.errors import AlreadyDone, NotFound
from huying.house import kept
from huying.house.by import By
from huying.papers.issuance import MadePaper, PaperWish, asked, make, offered, preview, void
from huying.papers.kind import read_kind
from huying.papers.ledger import paper_rows
from huying.papers.stock import KINDS, LANGUAGES, shipped_source, shipped_template, stocked
from huying.papers.store import next_sequence
from huying.papers.view import PaperLine, document, newest_papers, paper, papers_of
from huying.papers.word import names
from huying.privacy.erasure import erase_issue
from huying.rights.refusal import Unentitled
from tests.huying.papers.written import words
from tests.huying.town import Town

HANDOVER = {
    "lead": "城市管理局",
    "demand": "请在办理前与反映人联系。\n请明确责任人。",
    "due": "2026年12月14日",
    "return_within": "5 个工作日",
}
SUPERVISION = {
    "unit": "城市管理局",
    "demand": "限期修复 <路灯> & 报告。",
    "due": "2026-12-14",
    "supervisor": "城环委",
    "signer": "周主任",
}


def look(town: Town, login: str) -> Look:
    """Somebody's look."""
    return Look(town.people[login], "zh", town.clock.now)


def by(town: Town, login: str, request: str | None = None) -> By:
    """Somebody who does it now."""
    return By(town.people[login], town.clock.now, request)


def handed_over(town: Town, issue: int, login: str = "clerk", request: str | None = None) -> MadePaper:
    """A hand-over that was made."""
    return make(town.house, PaperWish("handover", "zh", issue, HANDOVER), by(town, login, request))


def seen(town: Town, issue: int, login: str = "clerk") -> tuple[PaperLine, ...]:
    """The papers of an issue that somebody sees."""
    return papers_of(town.house, issue, look(town, login))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KINDS)
def test_every_shipped_paper_is_sound_and_asks_for_what_there_is(key: str, language: str) -> None:
    found = read_kind(shipped_source(key), f"{key}.yaml")
    assert found.findings == ()
    assert found.kind is not None
    assert found.kind.paper == key
    assert names(shipped_template(key, language)) <= {
        *("issue", "data", "office", "station", "organ", "maker", "date", "year", "values", "asked", "number")
    }


def test_a_paper_has_its_number_and_what_was_filled_in(town: Town) -> None:
    issue = town.report(details="路灯 <不亮> & 井盖缺失")
    town.to_departments(issue)
    made = handed_over(town, issue)
    assert made.number == "交办〔2026〕1号"
    one = paper(town.house, made.id, look(town, "clerk"))
    said = words(document(town.house, one))
    assert said[0] == "人大常委会办公室"
    assert "交办〔2026〕1号" in said
    assert "一、反映内容：路灯 <不亮> & 井盖缺失" in said
    assert "二、办理要求：请在办理前与反映人联系。" in said
    assert "请明确责任人。" in said


def test_what_is_kept_is_what_was_made(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    made = handed_over(town, issue)
    content = kept.read(town.house.store, made.digest)
    assert hashlib.sha256(content).hexdigest() == made.digest
    (line,) = seen(town, issue)
    assert (line.number, line.digest, line.size, line.made_by) == (made.number, made.digest, len(content), "陈晓")


def test_a_form_begins_with_what_the_issue_says(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    _, begins = asked(town.house, PaperWish("handover", "zh", issue, {}), by(town, "clerk"))
    assert begins["lead"] == "城市管理局"
    assert begins["assist"] == "供电公司"
    assert begins["contact"] == "陈晓"
    assert begins["due"] == "2026年12月14日"


def test_a_preview_keeps_nothing_and_takes_no_number(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    shown = words(preview(town.house, PaperWish("handover", "zh", issue, HANDOVER), by(town, "clerk")))
    assert "交办〔2026〕＿＿号" in shown
    assert seen(town, issue) == ()
    assert handed_over(town, issue).number == "交办〔2026〕1号"


def test_what_is_not_filled_in_is_asked_for_by_name(town: Town) -> None:
    issue = town.report()
    with pytest.raises(Invalid) as refused:
        make(town.house, PaperWish("handover", "zh", issue, {"lead": "x"}), by(town, "clerk"))
    assert set(refused.value.errors) == {"demand", "due", "return_within"}
    assert seen(town, issue) == ()


def test_series_are_numbered_apart_and_years_begin_anew(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    wish = PaperWish("supervision", "zh", issue, SUPERVISION)
    numbers = [handed_over(town, issue).number, handed_over(town, issue).number]
    numbers.append(make(town.house, wish, by(town, "clerk")).number)
    town.clock.move(days=60)
    numbers.append(make(town.house, wish, by(town, "clerk")).number)
    assert numbers == ["交办〔2026〕1号", "交办〔2026〕2号", "督办〔2026〕1号", "督办〔2027〕1号"]


def test_after_a_restore_no_paper_gets_a_number_of_one_that_is_forgotten(town: Town) -> None:
    with town.house.database.writing() as connection:
        before = next_sequence(connection, "letters", 2026)
        hold(connection, "backup", town.clock.now, town.clock.now, 1000)
        assert next_sequence(connection, "letters", 2026) == before + 1000
        assert next_sequence(connection, "letters", 2027) == 1


def test_many_at_once_get_numbers_without_a_gap_or_a_double(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    with ThreadPoolExecutor(4) as people:
        made = list(people.map(lambda n: handed_over(town, issue, request=f"r{n}"), range(12)))
    assert sorted(one.number for one in made) == sorted(f"交办〔2026〕{n}号" for n in range(1, 13))


def test_a_repeated_request_makes_one_paper(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    with ThreadPoolExecutor(4) as people:
        made = list(people.map(lambda _: handed_over(town, issue, request="same"), range(4)))
    assert len({one.id for one in made}) == 1
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.papers)).scalar_one() == 1


def test_a_corrected_paper_says_which_it_replaces(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    first = handed_over(town, issue)
    wish = PaperWish("handover", "zh", issue, {**HANDOVER, "lead": "供电公司"}, replaces=first.id)
    second = make(town.house, wish, by(town, "clerk"))
    newer, older = seen(town, issue)
    assert (newer.number, newer.replaces, newer.stands) == (second.number, first.number, True)
    assert (older.number, older.replaced_by, older.stands) == (first.number, second.number, False)
    assert kept.read(town.house.store, first.digest) != kept.read(town.house.store, second.digest)
    with pytest.raises(AlreadyDone):
        make(town.house, wish, by(town, "clerk"))
    with pytest.raises(NotFound):
        make(town.house, replace(wish, replaces=second.id, kind="supervision", entered=SUPERVISION), by(town, "clerk"))


def test_a_voided_number_stays_in_sight_and_is_not_given_again(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    first = handed_over(town, issue)
    with pytest.raises(Invalid):
        void(town.house, first.id, "  ", by(town, "clerk"))
    void(town.house, first.id, "主办单位写错", by(town, "clerk"))
    with pytest.raises(AlreadyDone):
        void(town.house, first.id, "再来一次", by(town, "clerk"))
    assert handed_over(town, issue).number == "交办〔2026〕2号"
    (_, old) = seen(town, issue)
    assert "陈晓 主办单位写错" in old.voided
    assert not old.stands
    with town.house.database.reading() as connection:
        kinds = connection.execute(select(t.audit.c.what).where(t.audit.c.what.like("paper-%"))).scalars().all()
    assert sorted(kinds) == ["paper-made", "paper-made", "paper-voided"]


def test_who_makes_papers(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    for login in ("clerk", "clerk2", "office"):
        assert "handover" in [one.kind.paper for one in offered(town.house, issue, look(town, login))]
    # the department that handles it answers by itself, and hands nothing over
    kinds = [one.kind.paper for one in offered(town.house, issue, look(town, "lighting"))]
    assert kinds == ["talk", "reply", "opinion"]
    with pytest.raises(Unentitled):
        handed_over(town, issue, "lighting")
    for login in ("far-clerk", "stranger"):
        with pytest.raises(Refusal):
            handed_over(town, issue, login)
        with pytest.raises(NotFound):
            seen(town, issue, login)


def test_a_department_answers_in_its_own_name(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    entered: dict[str, Any] = {
        "kind": "reply",
        "class": "a",
        "addressee": "王芳代表",
        "text": "灯已更换。",
        "signer": "赵亮",
        "contact": "赵亮",
    }
    made = make(town.house, PaperWish("reply", "zh", issue, entered), by(town, "lighting"))
    said = words(kept.read(town.house.store, made.digest))
    assert said[:3] == ["答复类别：A", "城市管理局", "答复〔2026〕1号　　　签发人：赵亮"]


def test_papers_are_offered_where_the_issue_stands(town: Town) -> None:
    issue = town.report()
    before = [one.kind.paper for one in offered(town.house, issue, look(town, "clerk"))]
    town.to_departments(issue)
    after = [one.kind.paper for one in offered(town.house, issue, look(town, "clerk"))]
    assert "reply" not in before
    assert "reply" in after


def test_what_is_private_of_the_reporter_does_not_go_to_departments(town: Town) -> None:
    issue = town.report(details="x", address="光明路 8 号")
    slip = make(town.house, PaperWish("acceptance", "zh", issue, {"way": "转办", "clerk": "陈晓"}), by(town, "clerk"))
    assert {"光明路 8 号", "李明"} <= set(words(kept.read(town.house.store, slip.digest)))
    town.to_departments(issue)
    handed = handed_over(town, issue)
    assert not [
        text for text in words(kept.read(town.house.store, handed.digest)) if "光明路" in text or "李明" in text
    ]


def test_whoever_sees_the_reporter_masked_prints_them_masked(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    slip = make(town.house, PaperWish("acceptance", "zh", issue, {"way": "转办"}), by(town, "clerk"))
    said = words(kept.read(town.house.store, slip.digest))
    assert "李明" not in said
    assert "光明路 8 号" not in said


def test_the_reporter_and_departments_read_no_paper_with_private_data(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    slip = make(town.house, PaperWish("acceptance", "zh", issue, {"way": "转办"}), by(town, "clerk"))
    assert papers_of(town.house, issue, Look(town.reporter(issue), "zh", town.clock.now)) == ()
    with pytest.raises(NotFound):
        paper(town.house, slip.id, look(town, "stranger"))
    assert seen(town, issue, "clerk")[0].private


def test_a_paper_about_no_issue_is_made_by_staff(town: Town) -> None:
    entered = {
        "matter": "近期工作",
        "day": "2026-11-23",
        "place": "三楼",
        "chair": "周主任",
        "text": "一、抓紧办理。",
        "present": "全体",
    }
    wish = PaperWish("minutes", "zh", None, entered)
    made = make(town.house, wish, by(town, "office"))
    assert made.number == "纪要〔2026〕1号"
    assert [one.number for one in newest_papers(town.house, look(town, "office"))] == [made.number]
    assert "2026年11月23日，周主任在三楼主持召开会议" in "".join(words(kept.read(town.house.store, made.digest)))
    with pytest.raises(Refusal):
        make(town.house, wish, by(town, "lighting"))
    with pytest.raises(Refusal):
        make(town.house, PaperWish("handover", "zh", None, HANDOVER), by(town, "office"))


def test_lists_of_a_paper_are_as_long_as_they_are(town: Town) -> None:
    rows = [{"whom": f"单位{n}", "what": f"第 {n} 号", "finding": "逾期"} for n in range(1, 61)]
    entered = {"matter": "逾期情况", "addressee": "各单位", "text": "现通报如下。", "list": rows}
    made = make(town.house, PaperWish("circular", "zh", None, entered), by(town, "office"))
    assert "单位60" in words(kept.read(town.house.store, made.digest))


def test_the_papers_of_an_erased_issue_are_gone_and_their_numbers_stay(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    made = handed_over(town, issue)
    with town.house.database.writing() as connection:
        erase_issue(town.house, connection, issue, "personal", town.clock.now)
    with pytest.raises(NotFound):
        kept.read(town.house.store, made.digest)
    (line,) = seen(town, issue)
    assert (line.number, line.erased) == (made.number, True)


def test_an_unknown_kind_or_language_is_not_there(town: Town) -> None:
    with town.house.database.reading() as connection:
        for key, language in (("nothing", "zh"), ("reply", "fr")):
            with pytest.raises(NotFound):
                stocked(connection, key, language)


def test_the_ledger_names_numbers_and_digests_and_nothing_of_what_stands_in_papers(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    first = handed_over(town, issue)
    wish = PaperWish("handover", "zh", issue, HANDOVER, replaces=first.id)
    second = make(town.house, wish, by(town, "clerk"))
    void(town.house, first.id, "主办单位写错", by(town, "clerk"))
    number, _ = town.number_and_code(issue)
    rows = paper_rows(town.house, number)
    assert [(one["number"], one["digest"], one["void"], one["replaces"]) for one in rows] == [
        (first.number, first.digest, True, None),
        (second.number, second.digest, False, first.number),
    ]
    assert paper_rows(town.house) == rows
    with pytest.raises(NotFound):
        paper_rows(town.house, "XG-2026-99999")

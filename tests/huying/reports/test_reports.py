"""Reports: prepared by a plan, issued by a person, never changed; corrected in words; recomputed from the history to the same figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from definitions.loader import LIBRARY, Unsound
from engine.event import Cancel
from engine.refusal import Invalid, NotAllowed
from huying.database import tables as t
from huying.duties.plans.publication import publish_plan
from huying.duties.round import plan_due
from huying.errors import NotFound
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal_all
from huying.evidence.verification import verify_evidence
from huying.figures import sets
from huying.figures.sets import kept_set, publish_set, set_in_force
from huying.house.by import By
from huying.issues.bulk import in_bulk
from huying.issues.tally_rows import count_again
from huying.reports import issuance
from huying.reports.counts import ReportCounts
from huying.reports.figures import HouseCounter, counter_of
from huying.reports.frozen import Amount, Frozen, ReportHeadline, ReportTable, digest_of, written
from huying.reports.issuance import ReportStands, again, amend, changed_since, issue
from huying.reports.store import KeptReport, amendments_of, put_issue, report_of, reports
from huying.reports.verification import check_report
from huying.reports.view import readable, report_list, report_view
from tests.huying.figures.streets import forget_figures
from tests.huying.town import Town

PLAN = (LIBRARY / "plans" / "month-report.yaml").read_text("utf-8")
CITY = (LIBRARY / "figures" / "city.yaml").read_text("utf-8")
BY_PHONE_ALONE = CITY.replace("only: matter == 'issue'", "only: matter == 'issue' and channel == 'phone'")
NUMBER = "month-report-2026-11"
DECEMBER = datetime(2026, 12, 7, 1, 30, tzinfo=UTC)


@pytest.fixture
def november(town: Town) -> Town:
    """A town in which three issues came in in November, of which one is closed; and the plan of its reports."""
    publish_plan(town.house, PLAN, "month-report.yaml", by="test", now=town.clock.now)
    first, *_ = [town.report(subject=subject) for subject in ("一", "二", "三")]
    town.clock.move(hours=2)
    town.act(first, "clerk", "decline", reason="不属于本站")
    return town


@pytest.fixture
def prepared(november: Town) -> Town:
    """The same in December: the plan came round."""
    november.clock.now = DECEMBER
    _round(november)
    return november


@pytest.fixture
def issued(prepared: Town) -> Town:
    """The same, and somebody of the office has issued the report."""
    issue(prepared.house, NUMBER, "请各站对照办理。", By(prepared.people["office"], prepared.clock.now))
    return prepared


def _round(town: Town) -> None:
    did = plan_due(town.house, town.clock.now)
    assert did.failures == ()


def _kept(town: Town, number: str = NUMBER) -> KeptReport:
    with town.house.database.reading() as connection:
        return report_of(connection, number)


def _received(frozen: Frozen) -> float | None:
    (headline,) = [part for part in frozen.parts if isinstance(part, ReportHeadline)]
    return headline.now.amounts[headline.columns.index("received")].of


def _cancel(town: Town, subject: str) -> None:
    with town.house.database.reading() as connection:
        number = connection.execute(select(t.issues.c.id).where(t.issues.c.subject == subject)).scalar_one()
    found = in_bulk(town.house, [number], lambda _: Cancel("误登"), By(town.people["office"], town.clock.now, subject))
    assert not found.refused


def test_the_plan_prepares_the_report_of_the_month_before_once(prepared: Town) -> None:
    _round(prepared)
    with prepared.house.database.reading() as connection:
        (found,) = reports(connection)
    assert (found.number, found.first, found.last) == (NUMBER, date(2026, 11, 1), date(2026, 11, 30))
    assert _received(found.frozen) == 3
    (months,) = [part for part in found.frozen.parts if isinstance(part, ReportTable) and part.by == "month"]
    assert [row.key for row in months.rows] == [f"2026-{month:02}" for month in range(1, 12)]
    assert [row.amounts[0].of for row in months.rows] == [0] * 10 + [3]
    assert found.frozen.scope[0].stations == 2


def test_what_is_prepared_is_seen_by_those_alone_who_issue_it(prepared: Town) -> None:
    assert [one.number for one in report_list(prepared.house, "zh", may_issue=True).waiting] == [NUMBER]
    assert report_list(prepared.house, "zh", may_issue=False).waiting == ()
    with pytest.raises(NotFound):
        readable(prepared.house, NUMBER, may_issue=False)
    with pytest.raises(NotAllowed):
        issue(prepared.house, NUMBER, "", By(prepared.people["clerk"], prepared.clock.now))


def test_until_it_is_issued_it_is_prepared_anew_and_the_newest_counts(prepared: Town) -> None:
    _cancel(prepared, "三")
    new = again(prepared.house, NUMBER, counter_of(prepared.house, "city", prepared.clock.now))
    assert new == f"{NUMBER}-2"
    assert (_received(_kept(prepared).frozen), _received(_kept(prepared, new).frozen)) == (3, 2)
    with pytest.raises(ReportStands):
        issue(prepared.house, NUMBER, "", By(prepared.people["office"], prepared.clock.now))
    issue(prepared.house, new, "", By(prepared.people["office"], prepared.clock.now))
    assert [one.number for one in report_list(prepared.house, "zh", may_issue=True).issued] == [new]


def test_all_of_it_is_of_one_moment_while_others_act_on(november: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    november.clock.now = DECEMBER
    counted = HouseCounter.counted

    def busy(*asked: Any) -> ReportCounts:
        done = counted(*asked)
        monkeypatch.setattr(HouseCounter, "counted", counted)
        _cancel(november, "三")
        return done

    monkeypatch.setattr(HouseCounter, "counted", busy)
    _round(november)
    frozen = _kept(november).frozen
    (months,) = [part for part in frozen.parts if isinstance(part, ReportTable) and part.by == "month"]
    assert (_received(frozen), months.rows[-1].amounts[0].of) == (3, 3)


def test_what_was_decided_after_the_clock_was_read_lies_before_its_moment(november: Town) -> None:
    november.clock.now = DECEMBER
    _cancel(november, "三")
    did = plan_due(november.house, DECEMBER - timedelta(minutes=5))
    assert did.failures == ()
    report = _kept(november)
    assert (_received(report.frozen), report.as_of) == (2, DECEMBER)
    assert check_report(november.house, report, DECEMBER).right


def test_it_waits_until_after_an_upgrade_all_issues_are_counted(november: Town) -> None:
    forget_figures(november.house)
    november.clock.now = DECEMBER
    (failure,) = plan_due(november.house, november.clock.now).failures
    assert "没有补计" in failure
    while count_again(november.house):
        pass
    november.clock.move(minutes=10)
    _round(november)
    assert _received(_kept(november).frozen) == 3


def test_a_plan_that_stopped_before_it_was_noted_finds_what_it_prepared(prepared: Town) -> None:
    with prepared.house.database.writing() as connection:
        values = {"status": "pending", "available_at": prepared.clock.now}
        connection.execute(update(t.plan_occurrences).values(**values))
    prepared.clock.move(minutes=3)
    _round(prepared)
    with prepared.house.database.reading() as connection:
        assert [one.number for one in reports(connection)] == [NUMBER]
        occurrence = connection.execute(select(t.plan_occurrences)).one()
    assert (occurrence.status, occurrence.outcome["report"]) == ("done", NUMBER)


def test_of_two_who_issue_it_the_second_is_refused_and_leaves_nothing(
    prepared: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, files = By(prepared.people["office"], prepared.clock.now), issuance._files

    def slow(*asked: Any) -> Any:
        monkeypatch.setattr(issuance, "_files", files)
        issue(prepared.house, NUMBER, "先", by)
        return files(*asked)

    monkeypatch.setattr(issuance, "_files", slow)
    with pytest.raises(ReportStands):
        issue(prepared.house, NUMBER, "后", by)
    assert _kept(prepared).note == "先"
    with prepared.house.database.writing() as connection:
        assert not put_issue(connection, _kept(prepared), note="后"), "nor where both looked before either wrote"
        told = connection.execute(select(t.audit.c.what).where(t.audit.c.what == "report-issued")).all()
    assert len(told) == 1


def test_an_issued_report_never_changes_while_the_issues_go_on(issued: Town) -> None:
    before = _kept(issued)
    issued.clock.move(days=1)
    _cancel(issued, "三")
    issued.report(subject="四")
    _round(issued)
    after = _kept(issued)
    assert (after.body, after.digest, after.files) == (before.body, before.digest, before.files)
    assert after.sound
    with pytest.raises(ReportStands):
        issue(issued.house, NUMBER, "again", By(issued.people["office"], issued.clock.now))
    with pytest.raises(ReportStands):
        again(issued.house, NUMBER, counter_of(issued.house, "city", issued.clock.now))


def test_recomputed_from_the_history_as_of_its_moment_it_is_the_same(issued: Town) -> None:
    issued.clock.move(days=3)
    _cancel(issued, "二")
    issued.report(subject="四")
    found = check_report(issued.house, _kept(issued), issued.clock.now)
    assert found.wrong == ()
    assert found.right
    assert found.compared > 50


def test_recomputed_after_the_shipped_set_has_changed_it_is_the_same(
    issued: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = {"city": kept_set(BY_PHONE_ALONE, 0)}
    monkeypatch.setattr(sets, "_shipped", lambda: shipped)
    assert set_in_force(issued.house, "city").source != CITY
    found = check_report(issued.house, _kept(issued), issued.clock.now)
    assert found.wrong == ()
    assert found.right
    assert changed_since(issued.house, _kept(issued), issued.clock.now) == ()


def test_recomputing_tells_of_a_set_that_somebody_forged(issued: Town) -> None:
    forged = msgspec.structs.replace(_kept(issued).frozen, counted_by=BY_PHONE_ALONE)
    with issued.house.database.writing() as connection:
        values = {"body": written(forged), "digest": digest_of(written(forged))}
        connection.execute(update(t.frozen_reports).values(**values))
    assert not check_report(issued.house, _kept(issued), issued.clock.now).sound


def test_recomputing_tells_of_a_figure_that_somebody_forged(issued: Town) -> None:
    kept = _kept(issued)
    forged = kept.body.replace('"of":3.0', '"of":4.0')
    assert forged != kept.body
    with issued.house.database.writing() as connection:
        connection.execute(update(t.frozen_reports).values(body=forged))
    found = check_report(issued.house, _kept(issued), issued.clock.now)
    assert not found.sound
    assert {(one.figure, one.was.of, one.now.of) for one in found.wrong} >= {("received", 4, 3)}
    with issued.house.database.writing() as connection:
        connection.execute(update(t.frozen_reports).values(digest=digest_of(forged)))
    assert not check_report(issued.house, _kept(issued), issued.clock.now).right, "nor does a new digest help"


def test_the_evidence_covers_reports_and_corrections(issued: Town) -> None:
    _cancel(issued, "三")
    amend(issued.house, NUMBER, "误登", By(issued.people["office"], issued.clock.now))
    notary = notary_of(issued.house.database)
    seal_all(issued.house, notary, issued.clock.now)
    assert verify_evidence(issued.house, notary).found == []
    with issued.house.database.writing() as connection:
        connection.execute(update(t.frozen_reports).values(note="别的"))
        connection.execute(update(t.report_amendments).values(why="别的"))
    found = {(one.kind, one.table) for one in verify_evidence(issued.house, notary).found}
    assert found == {("changed", "frozen_report"), ("changed", "report_amendment")}


def test_a_correction_says_what_and_why_and_the_next_one_only_what_is_new(issued: Town) -> None:
    office = By(issued.people["office"], issued.clock.now)
    with pytest.raises(ReportStands):
        amend(issued.house, NUMBER, "没有变", office)
    _cancel(issued, "三")
    with pytest.raises(Invalid):
        amend(issued.house, NUMBER, " ", office)
    with pytest.raises(NotAllowed):
        amend(issued.house, NUMBER, "误登", By(issued.people["clerk"], issued.clock.now))
    assert amend(issued.house, NUMBER, "一件系误登，已终止。", office) == 1
    with issued.house.database.reading() as connection:
        (correction,) = amendments_of(connection, _kept(issued).id)
    assert correction.why == "一件系误登，已终止。"
    assert correction.sound
    changed = {(one.by, one.row, one.figure): (one.was, one.now) for one in correction.changes}
    assert changed["", "now", "received"] == (Amount(3.0), Amount(2.0))
    assert changed_since(issued.house, _kept(issued), issued.clock.now) == ()
    view = report_view(issued.house, _kept(issued), "zh")
    assert ("收集", "3", "2") in {(one.figure, one.was, one.now) for one in view.corrections[0].lines}
    _cancel(issued, "二")
    assert amend(issued.house, NUMBER, "又一件。", office) == 2
    with issued.house.database.reading() as connection:
        second = amendments_of(connection, _kept(issued).id)[1]
    received = [one for one in second.changes if (one.by, one.figure, one.row) == ("", "received", "now")]
    assert [(one.was, one.now) for one in received] == [(Amount(2.0), Amount(1.0))]


def test_the_next_report_tells_what_was_revised_since(issued: Town) -> None:
    _cancel(issued, "三")
    issued.clock.now = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
    _round(issued)
    with issued.house.database.reading() as connection:
        (newest, *_) = reports(connection)
    assert newest.first == date(2026, 12, 1)
    assert newest.frozen.before == NUMBER
    assert ("", "now", "received", Amount(3.0), Amount(2.0)) in {
        (one.by, one.row, one.figure, one.was, one.now) for one in newest.frozen.revised
    }
    (headline,) = [part for part in newest.frozen.parts if isinstance(part, ReportHeadline)]
    assert headline.before.amounts[0] == Amount(2.0), "the period before is counted as it is known now"


def test_another_set_is_no_revision_of_what_an_earlier_one_counted(issued: Town) -> None:
    """Not even one that no longer has a figure of the earlier report."""
    now = issued.clock.now
    publish_set(issued.house, BY_PHONE_ALONE.replace("\n  late: ", "\n  overdue: "), "city.yaml", by="test", now=now)
    publish_plan(issued.house, PLAN.replace("late,", "overdue,"), "month-report.yaml", by="test", now=now)
    assert changed_since(issued.house, _kept(issued), now) == ()
    issued.clock.now = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
    _round(issued)
    with issued.house.database.reading() as connection:
        (newest, *_) = reports(connection)
    assert (newest.first, newest.frozen.before, newest.frozen.revised) == (date(2026, 12, 1), NUMBER, ())


def test_what_is_issued_is_kept_as_word_and_sheet(issued: Town) -> None:
    files = _kept(issued).files
    word = issued.house.store.get(files["word"].digest)
    assert word is not None
    with ZipFile(BytesIO(word)) as packed:
        text = packed.read("word/document.xml").decode()
        pictures = [name for name in packed.namelist() if name.endswith(".png")]
    assert "代表联络站工作月报" in text
    assert "周主任" in text
    assert "请各站对照办理。" in text
    assert "{{" not in text
    assert len(pictures) == 2
    sheet = issued.house.store.get(files["sheet"].digest)
    assert sheet is not None
    book = load_workbook(BytesIO(sheet))
    first = book.worksheets[0]
    heads = [cell.value for cell in first[3]]
    assert heads[:3] == ["时期", "收集", "办结"]
    assert first.cell(4, 2).value == 3


def test_the_text_is_canonical(issued: Town) -> None:
    kept = _kept(issued)
    assert written(kept.frozen) == kept.body
    assert digest_of(kept.body) == kept.digest
    assert ": " not in kept.body.split('"title"')[0]


def test_who_issued_it_and_why_it_was_corrected_stands_in_the_audit_log(issued: Town) -> None:
    _cancel(issued, "三")
    amend(
        issued.house,
        NUMBER,
        "误登",
        By(issued.people["office"], issued.clock.now),
    )
    with issued.house.database.reading() as connection:
        lines = connection.execute(
            select(t.audit.c.what, t.audit.c.object, t.audit.c.reason).order_by(t.audit.c.seq)
        ).all()
    assert ("report-issued", f"report:{NUMBER}", "") in lines
    assert ("report-amended", f"report:{NUMBER}", "误登") in lines


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("figures: town", "没有名为“town”"),
        ("headline: [recieved]", "received"),
        ("by: distrikts", "districts"),
        ("above: received", "不是比率"),
        ("show: [received]\n    words: 文字", "只能是"),
    ],
    ids=["set", "figure", "axis", "above", "part"],
)
def test_a_plan_with_what_is_not_there_is_not_published(town: Town, changed: str, said: str) -> None:
    key = changed.split(":")[0]
    source = "\n".join(
        line[: len(line) - len(line.lstrip())] + ("- " if line.lstrip().startswith("- ") else "") + changed
        if line.lstrip().removeprefix("- ").startswith(f"{key}:")
        else line
        for line in PLAN.split("\n")
    )
    with pytest.raises(Unsound) as wrong:
        publish_plan(town.house, source, "plan.yaml", by="test", now=town.clock.now)
    assert said in " ".join(f"{one.message} {one.remedy}" for one in wrong.value.findings)

"""From a plan to an issued report: prepared when the plan comes round, looked at and issued by a person, corrected afterwards if need be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, select

from definitions.loader import Unsound
from definitions.plans.plan import ReportPlan, restore_plan
from engine.refusal import Invalid, Refusal
from huying.access.viewer import Viewer, viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import plan_versions
from huying.errors import Later, NotFound
from huying.house.by import By
from huying.house.house import House
from huying.issues.tally_rows import uncounted
from huying.reports.counts import ReportCounter
from huying.reports.figures import counter_of, own_counter
from huying.reports.frozen import Frozen, ReportSource, Revision, differences
from huying.reports.paper import word_of
from huying.reports.preparation import ReportSpan, composed
from huying.reports.sheet import sheet_of
from huying.reports.store import (
    KeptReport,
    amendments_of,
    put_amendment,
    put_issue,
    put_report,
    report_of,
    reports,
)
from huying.rights.refusal import Unentitled

ACTION = "issue reports"
_LONGEST = 2_000
_MINUTE = 60


class ReportStands(Refusal):
    """A report cannot be changed in this way any more, or not yet."""

    code = "report-stands"


class StillCounting(Later):
    """After an upgrade not all issues are counted yet: a report would have too little, for ever."""

    def __init__(self) -> None:
        super().__init__(
            _MINUTE,
            "升级后还有事项没有补计入数据，补计完成后才能拟报告",
            "After the upgrade not all issues are counted yet; reports are prepared once they are",
        )


def prepare_report(
    house: House, plan: ReportPlan, source: ReportSource, day: date, now: datetime, since: datetime | None = None
) -> str:
    """Prepare the report that a plan means on a day, by the set that is in force; its number."""
    return prepare(house, plan, source, day, counter_of(house, plan.figures, now), since)


def prepare(
    house: House,
    plan: ReportPlan,
    source: ReportSource,
    day: date,
    counting: ReportCounter,
    since: datetime | None = None,
) -> str:
    """Prepare the report that a plan means on a day, and give its number; what was issued already stays, and what waited is prepared anew.

    ``since``: what this plan prepared from then on, and still waits, is found by a repeat, and not prepared anew.
    ``NotFound`` for a figure or an axis that is not there, ``StillCounting`` while issues are not counted yet.
    """
    about = ReportSpan.before(plan.report, day)
    with house.database.reading() as connection:
        known = reports(connection, plan.plan)
    done = _prepared(known, source, about, since)
    if done is not None:
        return done
    if uncounted(house, 1):
        raise StillCounting
    earlier = next((one for one in known if one.first == about.earlier.first and one.issued_at), None)
    frozen = composed(house, plan, source, about, counting)
    if earlier is not None:
        frozen = _with_revisions(house, frozen, earlier)
    with house.database.writing() as connection:
        known = reports(connection, plan.plan)
        mine = [one for one in known if (one.first, one.last) == (about.first, about.last)]
        issued = next((one.number for one in mine if one.issued_at), None)
        done = issued or _prepared(known, source, about, since)
        if done is not None:
            return done
        number = f"{plan.plan}-{about.key}" + (f"-{len(mine) + 1}" if mine else "")
        put_report(connection, number, frozen)
    return number


def _prepared(
    known: tuple[KeptReport, ...], source: ReportSource, about: ReportSpan, since: datetime | None
) -> str | None:
    """The number of what was prepared already by this version of the plan, and waits; nothing where it is to be prepared anew."""
    if since is None:
        return None
    waiting = (one for one in waiting_of(known) if (one.first, one.last) == (about.first, about.last))
    return next((one.number for one in waiting if one.as_of >= since and one.frozen.plan == source), None)


def _with_revisions(house: House, frozen: Frozen, earlier: KeptReport) -> Frozen:
    try:
        changes = changed_since(house, earlier, frozen.as_of)
    except (NotFound, Unsound):
        # what the earlier one was counted by is not there any more: this one says nothing of it, and is prepared all the same
        return frozen
    return msgspec.structs.replace(frozen, before=earlier.number, revised=changes)


def again(house: House, number: str, counting: ReportCounter) -> str:
    """Prepare a report anew that nobody has issued, by the plan as it was published then; the new one's number."""
    with house.database.reading() as connection:
        report = report_of(connection, number)
        plan, source = _plan(connection, report.frozen.plan)
    if report.issued_at is not None:
        raise ReportStands("已经印发的报告不再改动，请用“更正”。", "What was issued is not prepared anew; correct it.")
    return prepare(house, plan, source, date.fromordinal(report.last.toordinal() + 1), counting)


def issue(house: House, number: str, said: str, by: By) -> None:
    """Issue what was prepared: from now on it stands. ``ReportStands`` if it does already, or something newer was prepared."""
    with house.database.reading() as connection:
        person, report = _to_be_issued(connection, number, by)
    # they take seconds, in which nobody else shall wait
    files = _files(house, report, person.name, by.now, said)
    with house.database.writing() as connection:
        person, report = _to_be_issued(connection, number, by)
        values = {"issued_at": by.now, "issued_by_id": by.person, "issued_by": person.name, "note": said[:_LONGEST]}
        if not put_issue(connection, report, **values, files=files):
            raise _issued()
        note(connection, AuditNote(what="report-issued", object=f"report:{number}", detail={"digest": report.digest}))


def _to_be_issued(connection: Connection, number: str, by: By) -> tuple[Viewer, KeptReport]:
    """Who issues, and what; refuses where there is nothing to be issued."""
    person = _entitled(connection, by)
    report = report_of(connection, number)
    if report.issued_at is not None:
        raise _issued()
    if report.number not in {one.number for one in waiting_of(reports(connection, report.plan))}:
        raise ReportStands("这份报告后来又重新拟过，请看新的一份。", "A newer one was prepared; look at that.")
    return person, report


def _issued() -> ReportStands:
    return ReportStands("这份报告已经印发。", "This report has been issued already.")


def changed_since(house: House, report: KeptReport, now: datetime) -> tuple[Revision, ...]:
    """What is otherwise now than the report and its corrections say, counted by the set of the report."""
    frozen = report.frozen
    with house.database.reading() as connection:
        plan, source = _plan(connection, frozen.plan)
        told = amendments_of(connection, report.id)
    about = ReportSpan(plan.report, report.first, report.last)
    today = composed(house, plan, source, about, own_counter(house, frozen, now))
    corrected = {(one.by, one.row, one.figure): one.now for amendment in told for one in amendment.changes}
    found = (
        msgspec.structs.replace(one, was=corrected.get((one.by, one.row, one.figure), one.was))
        for one in differences(frozen, today)
    )
    return tuple(one for one in found if one.was != one.now)


def amend(house: House, number: str, why: str, by: By) -> int:
    """Write down what changed since, and why; which correction it is. ``Invalid`` without a reason, ``ReportStands`` if nothing changed."""
    if not why.strip():
        raise Invalid({"why": {"zh": "请写明更正的原因。", "en": "Say why it is corrected."}})
    with house.database.reading() as connection:
        person = _entitled(connection, by)
        report = report_of(connection, number)
    if report.issued_at is None:
        raise ReportStands("还没有印发的报告不必更正，请重新拟一份。", "It is not issued yet; prepare it anew.")
    changes = changed_since(house, report, by.now)
    if not changes:
        raise ReportStands("数据和报告一致，没有要更正的。", "Nothing has changed since; there is nothing to correct.")
    with house.database.writing() as connection:
        values = {"made_at": by.now, "made_by_id": by.person, "made_by": person.name, "why": why.strip()[:_LONGEST]}
        nth = put_amendment(connection, report, changes, **values)
        told = AuditNote(
            what="report-amended", object=f"report:{number}", reason=why[:500], detail={"figures": len(changes)}
        )
        note(connection, told)
    return nth


def waiting_of(found: tuple[KeptReport, ...]) -> tuple[KeptReport, ...]:
    """Of all reports those that wait to be issued: the newest of each period, unless that was issued."""
    over = {(one.plan, one.first, one.last) for one in found if one.issued_at}
    newest = {(one.plan, one.first, one.last): one for one in sorted(found, key=lambda one: one.id)}
    return tuple(one for period, one in newest.items() if period not in over)


def _plan(connection: Connection, source: ReportSource) -> tuple[ReportPlan, ReportSource]:
    v = plan_versions.c
    query = select(v.body).where(v.key == source.key, v.version == source.version)
    body = connection.execute(query).scalar_one_or_none()
    plan = restore_plan(body) if body is not None else None
    if not isinstance(plan, ReportPlan):
        raise NotFound("拟这份报告的计划不在了。", "The plan of this report is not there.")
    return plan, source


def _entitled(connection: Connection, by: By) -> Viewer:
    person = viewer(connection, by.somebody)
    if not person.may(ACTION, by.now):
        raise Unentitled(ACTION)
    return person


def _files(house: House, report: KeptReport, issuer: str, now: datetime, said: str) -> Mapping[str, Mapping[str, str]]:
    """The files of the report as issued, kept under their digests."""
    made = {
        "word": (word_of(report, issuer, now.astimezone(house.zone), said), f"{report.number}.docx"),
        "sheet": (sheet_of(report, "zh"), f"{report.number}.xlsx"),
    }
    kept: dict[str, Mapping[str, str]] = {}
    for kind, (content, name) in made.items():
        digest = hashlib.sha256(content).hexdigest()
        house.store.put(digest, content)
        kept[kind] = {"digest": digest, "name": name}
    return kept

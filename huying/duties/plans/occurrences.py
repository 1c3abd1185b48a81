"""Carrying out what was taken up: in order, each under a lease, each once; what fails is tried again, ever later, and says why."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, update

from definitions.expressions.expression import ExpressionError
from definitions.model.reference import Reference, reference
from definitions.plans.plan import OpeningPlan, Plan, QuotaPlan, ReportPlan, RotaPlan, restore_plan
from definitions.text import words
from engine.refusal import Invalid, Refusal
from huying.database.tables import plan_occurrences as occurrences
from huying.database.tables import plan_versions, stations
from huying.duties.plans.openings import request_of
from huying.duties.plans.quotas import remind
from huying.duties.plans.rotas import RotaDay, plan_duties
from huying.duties.plans.store import locked_plan
from huying.errors import NotFound
from huying.house.house import House
from huying.house.plan_calendar import calendar_of
from huying.issues.opening import Report, open_issue
from huying.reports.frozen import ReportSource
from huying.reports.issuance import prepare_report

LEASE = timedelta(minutes=2)
#: Some twelve days of trying; after that it is for people to see to.
MOST_ATTEMPTS = 20
_SOONEST, _LATEST = timedelta(minutes=5), timedelta(days=1)
_log = logging.getLogger("huying.plans")


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one occurrence, in words for staff; ``failed`` says that it is tried again."""

    words: str
    failed: bool = False


def waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Occurrences that can be carried out."""
    return occurrences.c.status == "pending", occurrences.c.available_at <= now


def carry_out(house: House, now: datetime, limit: int) -> list[Carried]:
    """Carry out a batch, the oldest first."""
    return [_carried(house, number, now) for number in _claim(house, now, limit)]


_lease = update(occurrences).where(occurrences.c.id == bindparam("of_id")).values(available_at=bindparam("until"))


def _claim(house: House, now: datetime, limit: int) -> list[int]:
    query = (
        select(occurrences.c.id)
        .where(*waiting(now))
        .order_by(occurrences.c.due_at, occurrences.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with house.database.writing() as connection:
        found = list(connection.execute(query).scalars())
        if found:
            connection.execute(_lease, [{"of_id": number, "until": now + LEASE} for number in found])
    return found


def _carried(house: House, number: int, now: datetime) -> Carried:
    with house.database.reading() as connection:
        row = connection.execute(_row(number)).one()
    plan = restore_plan(row.body)
    about = f"{words(plan.title, 'zh')}（{row.name_zh + '，' if row.name_zh else ''}{row.day}）"
    try:
        if isinstance(plan, OpeningPlan):
            return Carried(f"{about}：{_open(house, plan, row, now)}")
        if isinstance(plan, ReportPlan):
            return Carried(f"{about}：{_report(house, plan, row, now)}")
        return Carried(f"{about}：{_within(house, plan, row, now)}")
    except (Refusal, ExpressionError) as error:
        why = _why(error)
    # one that cannot go on must not keep the others waiting; its lease ends, and it is tried again
    except Exception as error:
        _log.exception("plan %s, %s, %s", row.plan_key, row.scope, row.rule_day)
        why = f"{type(error).__name__}: {error}"
    _not_carried(house, row, why, now)
    return Carried(f"{about}：{why.splitlines()[0]}", failed=True)


def _row(number: int) -> Any:
    version = (plan_versions.c.key == occurrences.c.plan_key) & (plan_versions.c.version == occurrences.c.version)
    place = occurrences.c.scope == reference("station", "") + stations.c.code
    return (
        select(occurrences, plan_versions.c.body, plan_versions.c.digest, stations.c.name_zh)
        .join(plan_versions, version)
        .join(stations, place, isouter=True)
        .where(occurrences.c.id == number)
    )


def _open(house: House, plan: OpeningPlan, row: Row[Any], now: datetime) -> str:
    """Open the issue: what is asked for is kept first, so that a repeat asks for the very same, and is known for one."""
    asked = row.payload or _kept(house, plan, row)
    try:
        report = Report(**asked, channel="plan")
        receipt = open_issue(house, report, request_id=request_id(row), now=now)
    except Refusal:
        # nothing was opened: the next attempt looks anew
        _set(house, row.id, payload=None)
        raise
    _set(house, row.id, status="done", done_at=now, issue_id=receipt.issue_id, error=None)
    return f"已开启 {receipt.number}"


def _report(house: House, plan: ReportPlan, row: Row[Any], now: datetime) -> str:
    """Prepare a report; a repeat finds what was prepared."""
    source = ReportSource(row.plan_key, row.version, row.digest)
    number = prepare_report(house, plan, source, row.rule_day, now, since=row.due_at)
    _set(house, row.id, status="done", done_at=now, outcome={**row.outcome, "report": number}, error=None)
    return f"已拟好 {number}，待印发"


def request_id(row: Row[Any]) -> str:
    """The request that opens an issue for this plan, scope and day, and no other."""
    made = f"{row.plan_key}.{row.scope}.{row.rule_day}"
    return f"plan-{hashlib.sha256(made.encode()).hexdigest()[:40]}"


def _kept(house: House, plan: OpeningPlan, row: Row[Any]) -> dict[str, Any]:
    with house.database.writing() as connection:
        asked = request_of(connection, plan, _station(connection, row.scope), row.rule_day, row.day)
        connection.execute(update(occurrences).where(occurrences.c.id == row.id).values(payload=asked))
    return asked


def _within(house: House, plan: Plan, row: Row[Any], now: datetime) -> str:
    """Plan duties or remind people, in one transaction with the note that it is done."""
    calendar = calendar_of(house, plan.calendar)
    with house.database.writing() as connection:
        locked_plan(connection, row.plan_key)
        status = connection.execute(select(occurrences.c.status).where(occurrences.c.id == row.id)).scalar_one()
        if status != "pending":
            return "已由他处办理"
        outcome: dict[str, Any]
        if isinstance(plan, RotaPlan):
            station = _station(connection, row.scope)
            outcome = plan_duties(connection, RotaDay(plan, row.id, row.scope, row.day), station, calendar, now)
            said = f"排班 {len(outcome['chosen'])} 人" + (f"，缺 {outcome['empty']} 人" if outcome["empty"] else "")
        else:
            assert isinstance(plan, QuotaPlan)
            outcome = remind(connection, plan, row.id, row.day, calendar, now)
            said = f"提醒 {len(outcome['behind'])} 人（共 {outcome['among']} 人）"
        values = {"status": "done", "done_at": now, "outcome": {**row.outcome, **outcome}, "error": None}
        connection.execute(update(occurrences).where(occurrences.c.id == row.id).values(**values))
    return said


def _station(connection: Connection, scope: str) -> Row[Any]:
    code = Reference.parse(scope).key
    row = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
    if row is None:
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    return row


def _set(house: House, number: int, **values: Any) -> None:
    with house.database.writing() as connection:
        connection.execute(update(occurrences).where(occurrences.c.id == number).values(**values))


def _not_carried(house: House, row: Row[Any], why: str, now: datetime) -> None:
    attempts = row.attempts + 1
    again = min(_SOONEST * 2 ** min(row.attempts, 10), _LATEST)
    over = {"status": "failed", "done_at": now} if attempts >= MOST_ATTEMPTS else {}
    _set(house, row.id, attempts=attempts, available_at=now + again, error=why[:1000], **over)


def _why(error: Refusal | ExpressionError) -> str:
    """What the refusal says, with what is wrong with each field: a line in each language."""
    lines = dict(error.message)
    if isinstance(error, Invalid):
        for name, text in error.errors.items():
            lines = {"zh": f"{lines['zh']}{name}：{text['zh']}", "en": f"{lines['en']} {name}: {text['en']}"}
    return f"{lines['zh']}\n{lines['en']}"

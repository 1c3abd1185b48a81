"""Plans as administrators see them: what each does, the days to come, what became of the last ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.model.reference import reference
from definitions.plans.plan import OpeningPlan, Plan, QuotaPlan, ReportPlan
from definitions.plans.words import how_often, points_words
from definitions.text import Said, words
from engine.deadlines.recurrence import occasions
from huying.database.tables import issues, stations
from huying.database.tables import plan_occurrences as occurrences
from huying.duties.plans.places import people_everywhere
from huying.duties.plans.quotas import due_by, entries_of
from huying.duties.plans.store import PlanInForce, plan_in_force, plans_in_force
from huying.house.house import House
from huying.house.plan_calendar import calendar_of
from huying.locale import translations
from huying.words.duties import joined, names_of
from huying.words.moments import date_words, moment_words
from huying.words.names import named

_YEAR = timedelta(days=365)
_LAST = 40


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list."""

    key: str
    version: int
    title: str
    help: str
    does: str
    how_often: str
    next: str | None
    paused: bool
    failing: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day to come; ``note`` says why it moved, or that it may still move."""

    when: str
    note: str


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """What became of one day at one station."""

    when: str
    station: str
    said: str
    number: str | None
    status: str


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """How far one person is with a quota; ``behind``: fewer than the share that should be done by now."""

    person: int
    name: str
    done: int
    wanted: int
    behind: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan's page."""

    line: PlanLine
    source: str
    published: str
    published_by: str
    note: str
    paused: str | None
    days: tuple[DayLine, ...]
    outcomes: tuple[OutcomeLine, ...]
    progress: tuple[PersonProgress, ...] = ()

    @property
    def fulfilled(self) -> int:
        """How many have done all that is asked for."""
        return sum(one.done >= one.wanted for one in self.progress)


def plan_list(house: House, language: str) -> tuple[PlanLine, ...]:
    """All plans, by key."""
    with house.database.reading() as connection:
        failing = _failing(connection)
    return tuple(_line(house, found, language, failing) for found in plans_in_force(house))


def plan_view(house: House, key: str, language: str, now: datetime) -> PlanView:
    """One plan; ``NotFound`` if there is none."""
    found = plan_in_force(house, key)
    zone = calendar_of(house, found.plan.calendar).zone
    with house.database.reading() as connection:
        return PlanView(
            line=_line(house, found, language, _failing(connection)),
            source=found.source,
            published=moment_words(found.published_at, zone, language),
            published_by=found.published_by,
            note=found.note,
            paused=moment_words(found.paused_at, zone, language) if found.paused_at else None,
            days=days_to_come(house, found.plan, language, now, found.done_until),
            outcomes=tuple(_outcomes(connection, found, language)),
            progress=_progress(house, connection, found.plan, now) if isinstance(found.plan, QuotaPlan) else (),
        )


def _progress(house: House, connection: Connection, plan: QuotaPlan, now: datetime) -> tuple[PersonProgress, ...]:
    """Everybody whom a quota concerns, those who have done least first."""
    calendar = calendar_of(house, plan.calendar)
    today = now.astimezone(calendar.zone).date()
    people = people_everywhere(connection, plan.for_, plan.of)
    done = entries_of(connection, plan, people, today, calendar)
    should, names = due_by(plan, today), names_of(connection, people)
    lines = (
        PersonProgress(one, names[one], done.get(one, 0), plan.at_least, behind=done.get(one, 0) < should)
        for one in people
    )
    return tuple(sorted(lines, key=lambda line: (line.done, line.name)))


def days_to_come(
    house: House, plan: Plan, language: str, now: datetime, after: date | None = None, most: int = 60
) -> tuple[DayLine, ...]:
    """The days of the coming year, those that were taken up already among them."""
    calendar = calendar_of(house, plan.calendar)
    today = now.astimezone(calendar.zone).date()
    _ = translations(language).gettext
    found: list[DayLine] = []
    for one in occasions(plan, calendar, today - timedelta(days=41), today + _YEAR):
        if one.day < today:
            continue
        notes = []
        if one.why is not None:
            usual = date_words(one.rule_day, language)
            reason = words(one.why, language) if one.why else _("a weekend")
            notes.append(_("moved from %(day)s (%(reason)s)") % {"day": usual, "reason": reason})
        if one.provisional:
            notes.append(_("provisional: that year's holidays are not announced yet"))
        if after is not None and one.rule_day <= after:
            notes.append(_("taken up"))
        found.append(DayLine(date_words(one.day, language), joined(notes, language)))
        if len(found) == most:
            break
    return tuple(found)


def _line(house: House, found: PlanInForce, language: str, failing: set[str]) -> PlanLine:
    plan = found.plan
    zone = calendar_of(house, plan.calendar).zone
    return PlanLine(
        key=found.key,
        version=found.version,
        title=words(plan.title, language),
        help=words(plan.help, language) if plan.help else "",
        does=_does(house, plan, language),
        how_often=_how_often(plan, language),
        next=moment_words(found.next_at, zone, language) if found.next_at else None,
        paused=found.paused_at is not None,
        failing=found.key in failing,
    )


def _how_often(plan: Plan, language: str) -> str:
    if isinstance(plan, QuotaPlan):
        return points_words(plan.remind, language)
    return how_often(plan.every, plan.if_not_worked, language)


def _does(house: House, plan: Plan, language: str) -> str:
    _ = translations(language).gettext
    if isinstance(plan, OpeningPlan):
        definition = house.processes.process(house.processes.newest(plan.opens).id).definition
        return _("opens issues of “%(definition)s”") % {"definition": words(definition.title, language)}
    if isinstance(plan, QuotaPlan):
        return _("reminds who has fewer than %(number)s in the period") % {"number": plan.at_least}
    if isinstance(plan, ReportPlan):
        return _("prepares a report to be issued")
    return _("puts people on duty in turn")


def _failing(connection: Connection) -> set[str]:
    query = select(occurrences.c.plan_key).where(occurrences.c.status == "pending", occurrences.c.attempts > 0)
    return set(connection.execute(query.distinct()).scalars())


def _outcomes(connection: Connection, found: PlanInForce, language: str) -> Iterator[OutcomeLine]:
    place = occurrences.c.scope == reference("station", "") + stations.c.code
    query = (
        select(occurrences, stations.c.name_zh, stations.c.name_en, issues.c.number)
        .join(stations, place, isouter=True)
        .join(issues, issues.c.id == occurrences.c.issue_id, isouter=True)
        .where(occurrences.c.plan_key == found.key)
        .order_by(occurrences.c.due_at.desc(), occurrences.c.rule_day.desc(), occurrences.c.scope)
    )
    for row in connection.execute(query.limit(_LAST)).all():
        name = named(row, language)
        yield OutcomeLine(
            date_words(row.day, language), name or "", _said(connection, row, language), row.number, row.status
        )


def _said(connection: Connection, row: Row[Any], language: str) -> str:
    _ = translations(language).gettext
    if row.status in ("pending", "failed"):
        if not row.error:
            return _("waiting")
        # kept in both languages, a line each
        why = Said(row.error.split("\n")[0], row.error.split("\n")[-1]).of(language)
        return _("tried %(times)s times: %(why)s") % {"times": row.attempts, "why": why}
    if row.status == "missed":
        return _("left out: it came too late")
    if "chosen" in row.outcome:
        known = names_of(connection, row.outcome["chosen"])
        names = joined((known[person] for person in row.outcome["chosen"]), language) or _("nobody")
        empty = row.outcome.get("empty")
        return names + (" · " + _("%(number)s seats empty") % {"number": empty} if empty else "")
    if "behind" in row.outcome:
        told = {"behind": len(row.outcome["behind"]), "among": row.outcome["among"]}
        return _("%(behind)s of %(among)s reminded") % told
    if "report" in row.outcome:
        return _("prepared: %(number)s") % {"number": row.outcome["report"]}
    return _("opened")

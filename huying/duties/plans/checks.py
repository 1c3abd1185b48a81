"""Whether a plan fits this house: the definition, fields, stations, people and entries that it names are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from definitions.expressions.expression import Expression, Template
from definitions.files.chapters import shipped_rules
from definitions.model.definition import Definition
from definitions.plans.plan import OpeningPlan, Plan, QuotaPlan, ReportPlan, RotaPlan
from definitions.problem import Problem, problem, unknown
from definitions.text import Said
from engine.deadlines.recurrence import following
from huying.database.tables import participants, stations
from huying.duties.plans.places import people_at, reporter_at, stations_of
from huying.errors import NotFound
from huying.house.house import House
from huying.house.plan_calendar import calendar_of
from huying.reports.figures import unknown_figures

#: What the values of an issue that a plan opens are made of.
NAMES = ("day", "rule_day", "station", "deputies", "on_duty", "hours", "place")


def misfits(house: House, plan: Plan, now: datetime) -> tuple[Problem, ...]:
    """Everything in the plan that does not fit the house."""
    try:
        calendar = calendar_of(house, plan.calendar)
    except NotFound:
        return (
            unknown(
                "unknown-calendar", ("calendar",), Said("日历", "calendar"), plan.calendar, house.calendars.known()
            ),
        )
    found: list[Problem] = []
    if following(plan, calendar, now.date()) is None and not plan.until:
        found.append(
            problem(
                "never",
                ("every",),
                Said("这样的日子永远不会有。", "Such a day never comes."),
                Said("请更正 every。", "Correct “every”."),
            )
        )
    with house.database.reading() as connection:
        found += _stations(connection, plan)
        if isinstance(plan, RotaPlan):
            found += _rota(connection, plan)
    if isinstance(plan, OpeningPlan):
        found += _opening(house, plan, now)
    elif isinstance(plan, QuotaPlan):
        found += _quota(house, plan, now)
    elif isinstance(plan, ReportPlan):
        found += unknown_figures(house, plan)
    return tuple(found)


def _stations(connection: Connection, plan: Plan) -> Iterator[Problem]:
    known = {row.code: row.kind for row in connection.execute(select(stations).order_by(stations.c.code))}
    for number, code in enumerate(plan.for_.codes):
        if code not in known:
            path = ("for", number) if len(plan.for_.codes) > 1 else ("for",)
            yield unknown("unknown-station", path, Said("站点", "station"), code, known)
    kind = plan.for_.kind
    if kind is not None and kind not in known.values():
        yield unknown(
            "unknown-kind", ("for", "kind"), Said("站点类型", "kind of station"), kind, sorted(set(known.values()))
        )


def _rota(connection: Connection, plan: RotaPlan) -> Iterator[Problem]:
    places = stations_of(connection, plan.for_)
    if places and not any(people_at(connection, row.id, plan.people) for row in places):
        yield problem(
            "nobody",
            ("people",),
            Said("这些站点里没有可以排班的人。", "None of these stations has anybody to put on duty."),
            Said("请查对名册，或更正 people、for。", "See the register, or correct “people” or “for”."),
        )


def _opening(house: House, plan: OpeningPlan, now: datetime) -> Iterator[Problem]:
    try:
        version = house.processes.in_force(plan.opens, now)
    except NotFound:
        known = [one.key for one in house.processes.all_in_force(now)]
        yield unknown("unknown-definition", ("opens",), Said("流程", "definition"), plan.opens, known)
        return
    definition = house.processes.process(version.id).definition
    yield from _fields(plan, definition)
    with house.database.reading() as connection:
        yield from _reporters(connection, plan, definition)


def _fields(plan: OpeningPlan, definition: Definition) -> Iterator[Problem]:
    entered = definition.entered
    for name, given in plan.with_.items():
        if name not in entered:
            yield unknown("unknown-field", ("with", name), Said("可填写的字段", "field to fill in"), name, entered)
        if isinstance(given, Expression | Template):
            for path in sorted(given.names):
                root = path.split(".")[0]
                if root not in NAMES:
                    yield unknown("unknown-name", ("with", name), Said("名称", "name"), root, NAMES)
    for name, field in entered.items():
        if field.required and field.default is None and field.when is None and name not in plan.with_:
            yield problem(
                "missing-field",
                ("with",) if plan.with_ else ("opens",),
                Said(
                    f"“{plan.opens}”的必填字段“{name}”没有给出。",
                    f"The field “{name}” of “{plan.opens}” must be filled in.",
                ),
                Said(f"请在 with 里加上 {name}: …", f"Add {name}: … under “with”."),
            )


def _reporters(connection: Connection, plan: OpeningPlan, definition: Definition) -> Iterator[Problem]:
    if not definition.opened_by:
        return
    for row in stations_of(connection, plan.for_):
        person = reporter_at(connection, row.id, plan.reporter)
        kind = connection.execute(select(participants.c.kind).where(participants.c.id == person)).scalar()
        if kind not in definition.opened_by:
            allowed = "、".join(definition.opened_by)
            yield problem(
                "may-not-open",
                ("reporter",) if "reporter" in plan.model_fields_set else ("opens",),
                Said(
                    f"{row.code} 站按 {plan.reporter} 找到的人不能发起这个流程。",
                    f"Whoever is found as {plan.reporter} at {row.code} may not open this definition.",
                ),
                Said(
                    f"能发起的有：{allowed}。请换一个 reporter。",
                    f"Those who may: {allowed}. Choose another “reporter”.",
                ),
            )
            return


def _quota(house: House, plan: QuotaPlan, now: datetime) -> Iterator[Problem]:
    # what people enter by hand needs no process
    known: set[str] = set(shipped_rules().by_hand)
    for version in house.processes.all_in_force(now):
        known |= set(_kinds(house.processes.body(version.id)))
    if plan.entries not in known:
        yield unknown(
            "unknown-entry",
            ("entries",),
            Said("履职记录类别", "kind of entry in the yearly files"),
            plan.entries,
            sorted(known),
        )


def _kinds(part: Any) -> Iterator[str]:
    """The kinds of entries that a definition registers, wherever it does."""
    if isinstance(part, dict):
        registered = part.get("register")
        if isinstance(registered, dict) and isinstance(registered.get("kind"), str):
            yield registered["kind"]
        for one in part.values():
            yield from _kinds(one)
    elif isinstance(part, list):
        for one in part:
            yield from _kinds(one)

"""Plans in force and the days to come, for people and for programs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from definitions.plans.plan import Plan, QuotaPlan
from definitions.plans.words import how_often, points_words
from engine.deadlines.recurrence import Occasion, moment, occasions
from huying.cli.command import SOUND
from huying.cli.house import opened
from huying.cli.output import show_json
from huying.duties.plans.store import plans_in_force
from huying.house.house import House
from huying.house.plan_calendar import calendar_of

if TYPE_CHECKING:
    from argparse import Namespace

_FARTHEST = timedelta(days=5 * 366)


def list_plans(options: Namespace) -> int:
    """List the plans in force, with as many of the days to come as are asked for."""
    house, now = opened(), datetime.now(UTC)
    found = plans_in_force(house)
    if options.format == "json":
        rows = [
            {
                "key": one.key,
                "version": one.version,
                "next_at": one.next_at,
                "paused": one.paused_at is not None,
                "days": day_rows(house, one.plan, now, options.next),
            }
            for one in found
        ]
        show_json(rows)
        return SOUND
    for one in found:
        state = (
            "已暂停 paused" if one.paused_at else f"{one.next_at:%Y-%m-%dT%H:%MZ}" if one.next_at else "不再执行 over"
        )
        print(f"{one.key}\tv{one.version}\t{_rhythm(one.plan)}\t{state}")
        show_days(house, one.plan, now, options.next)
    return SOUND


def show_days(house: House, plan: Plan, now: datetime, most: int) -> None:
    """Print the days to come."""
    calendar = calendar_of(house, plan.calendar)
    for one in _coming(house, plan, now, most):
        at = moment(plan, one, calendar).astimezone(calendar.zone)
        notes = []
        if one.why is not None:
            notes.append(f"原为 moved from {one.rule_day} {' '.join(one.why.values()) or '周末 weekend'}")
        if one.provisional:
            notes.append("暂定 provisional")
        print("\t".join(("", str(one.day), f"{at:%Y-%m-%d %H:%M}", "；".join(notes))).rstrip())


def day_rows(house: House, plan: Plan, now: datetime, most: int) -> list[dict[str, date | bool]]:
    """The days to come as data."""
    return [
        {"rule_day": one.rule_day, "day": one.day, "provisional": one.provisional}
        for one in _coming(house, plan, now, most)
    ]


def _coming(house: House, plan: Plan, now: datetime, most: int) -> list[Occasion]:
    """The next days, from today on."""
    today = now.astimezone(calendar_of(house, plan.calendar).zone).date()
    found: list[Occasion] = []
    for one in occasions(plan, calendar_of(house, plan.calendar), today - timedelta(days=41), today + _FARTHEST):
        if len(found) >= most:
            break
        if one.day >= today:
            found.append(one)
    return found


def _rhythm(plan: Plan) -> str:
    if isinstance(plan, QuotaPlan):
        return f"{points_words(plan.remind, 'zh')} {points_words(plan.remind, 'en')}"
    return " ".join(how_often(plan.every, plan.if_not_worked, language) for language in ("zh", "en"))

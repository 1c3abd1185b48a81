"""Commands for plans: list those in force, check and publish files, and show the days to come."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from definitions.finding import Unreadable
from definitions.loader import Unsound
from definitions.plans.plan import Plan, QuotaPlan
from definitions.plans.words import how_often, points_words
from engine.deadlines.recurrence import Occasion, moment, occasions
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, add, at_most, number, opened, said, speaks
from huying.duties.plans.publication import examine_plan, publish_plan
from huying.duties.plans.store import plans_in_force
from huying.house.house import House
from huying.house.plan_calendar import calendar_of
from huying.processes.findings import CheckReport
from huying.settings import read

if TYPE_CHECKING:
    from huying.cli.command import Commands

_FARTHEST = timedelta(days=5 * 366)


def add_to(commands: Commands) -> None:
    """Add the commands."""
    listing = add(commands, "plans", _plans, "列出例行计划。 List the plans in force.")
    listing.add_argument("--next", type=number, default=0, metavar="N", help="也列出今后 N 次。 The next N days too.")
    listing.add_argument("--format", choices=("text", "json"), default="text")
    publishing = add(commands, "plan", _plan, "检查并发布例行计划。 Check and publish plans.")
    publishing.add_argument(
        "files", nargs="*", metavar="FILE", help="不写则列出现行的。 Left out: those in force are listed."
    )
    publishing.set_defaults(format="text")
    publishing.add_argument("--dry-run", action="store_true", help="只检查，不发布。 Check only.")
    publishing.add_argument("--next", type=number, default=0, metavar="N", help="列出今后 N 次。 Show the next N days.")
    publishing.add_argument("--note", default="", type=at_most(1000), help="版本说明。 What changed, and why.")
    publishing.add_argument("--by", default="命令行 command line", type=at_most(100), help="发布人。 Who publishes.")
    speaks(publishing)


def _plans(options: argparse.Namespace) -> int:
    house, now = opened(read()), datetime.now(UTC)
    found = plans_in_force(house)
    if options.format == "json":
        rows = [
            {
                "key": one.key,
                "version": one.version,
                "next_at": one.next_at,
                "paused": one.paused_at is not None,
                "days": [_row(day) for day in _coming(house, one.plan, now, options.next)],
            }
            for one in found
        ]
        print(orjson.dumps(rows).decode())
        return SOUND
    for one in found:
        state = (
            "已暂停 paused" if one.paused_at else f"{one.next_at:%Y-%m-%dT%H:%MZ}" if one.next_at else "不再执行 over"
        )
        print(f"{one.key}\tv{one.version}\t{_rhythm(one.plan)}\t{state}")
        _show(house, one.plan, now, options.next)
    return SOUND


def _plan(options: argparse.Namespace) -> int:
    if not options.files:
        return _plans(options)
    house, now, code = opened(read()), datetime.now(UTC), SOUND
    for name in options.files:
        try:
            source = Path(name).read_bytes()
            if options.dry_run:
                plan, findings = examine_plan(house, source, name, now)
                if plan is None or findings:
                    raise Unsound(findings)
                print(f"{plan.plan} 没有问题 sound")
            else:
                found, new = publish_plan(house, source, name, by=options.by, note=options.note, now=now)
                plan = found.plan
                print(f"{found.key} v{found.version} {'已发布 published' if new else '没有变化 unchanged'}")
            _show(house, plan, now, options.next)
        except (Unreadable, Unsound) as error:
            print(said(CheckReport(error.findings), options, sys.stderr), file=sys.stderr)
            code = max(code, UNREADABLE if isinstance(error, Unreadable) else FINDINGS)
        except OSError as error:
            print(f"{name}：文件打不开。 The file cannot be opened: {error.strerror}", file=sys.stderr)
            code = UNREADABLE
    return code


def _show(house: House, plan: Plan, now: datetime, most: int) -> None:
    calendar = calendar_of(house, plan.calendar)
    for one in _coming(house, plan, now, most):
        at = moment(plan, one, calendar).astimezone(calendar.zone)
        notes = []
        if one.why is not None:
            notes.append(f"原为 moved from {one.rule_day} {' '.join(one.why.values()) or '周末 weekend'}")
        if one.provisional:
            notes.append("暂定 provisional")
        print("\t".join(("", str(one.day), f"{at:%Y-%m-%d %H:%M}", "；".join(notes))).rstrip())


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


def _row(one: Occasion) -> dict[str, date | bool]:
    return {"rule_day": one.rule_day, "day": one.day, "provisional": one.provisional}


def _rhythm(plan: Plan) -> str:
    if isinstance(plan, QuotaPlan):
        return f"{points_words(plan.remind, 'zh')} {points_words(plan.remind, 'en')}"
    return " ".join(how_often(plan.every, plan.if_not_worked, language) for language in ("zh", "en"))

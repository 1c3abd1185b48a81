"""``plan``: plans are checked and published; without files those in force are listed.

As JSON only the files that are sound are told of: ``state`` is ``sound`` (and the version null), ``published`` or ``unchanged``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import by, files, note, number
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.faults import not_opened
from huying.cli.house import opened
from huying.cli.output import complain, show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from definitions.plans.plan import Plan
    from huying.cli.parser import Parser
    from huying.house.house import House

_WORDS = {"sound": "没有问题 sound", "published": "已发布 published", "unchanged": "没有变化 unchanged"}


def _arguments(parser: Parser) -> None:
    files(parser, "不写则列出现行的。", "Left out: those in force are listed.", some="*")
    parser.take("--dry-run", zh="只检查，不发布。", en="Check only.", action="store_true")
    parser.take("--next", zh="列出今后 N 次。", en="Show the next N days.", type=number, default=0, metavar="N")
    note(parser)
    by(parser, "发布人。", "Who publishes.")


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from definitions.finding import Unreadable
    from definitions.loader import Unsound
    from huying.cli.duties.days import day_rows, list_plans, show_days

    if not options.files:
        return list_plans(options)
    house, now, code, rows = opened(), datetime.now(UTC), SOUND, list[dict[str, object]]()
    for name in options.files:
        try:
            plan, version, state = _taken(house, name, options, now)
        except (Unreadable, Unsound) as error:
            complain(error.findings, options)
            code = max(code, UNREADABLE if isinstance(error, Unreadable) else FINDINGS)
        except OSError as error:
            print(not_opened(name, error).read(options.languages), file=sys.stderr)
            code = UNREADABLE
        else:
            days = day_rows(house, plan, now, options.next)
            rows.append({"key": plan.plan, "version": version, "state": state, "days": days})
            if options.format == "text":
                print(f"{plan.plan}{f' v{version}' if version else ''} {_WORDS[state]}")
                show_days(house, plan, now, options.next)
    if options.format == "json":
        show_json(rows)
    return code


def _taken(house: House, name: str, options: Namespace, now: datetime) -> tuple[Plan, int | None, str]:
    """The plan of a file, its version if it is published, and what became of it."""
    from pathlib import Path

    from definitions.loader import Unsound
    from huying.duties.plans.publication import examine_plan, publish_plan

    source = Path(name).read_bytes()
    if options.dry_run:
        plan, findings = examine_plan(house, source, name, now)
        if plan is None or findings:
            raise Unsound(findings)
        return plan, None, "sound"
    found, new = publish_plan(house, source, name, by=options.by, note=options.note, now=now)
    return found.plan, found.version, "published" if new else "unchanged"


COMMAND = Command(
    "plan",
    Said("检查并发布例行计划。", "Check and publish plans."),
    _run,
    _arguments,
    json=(("", "[{key, version, state, days: [{rule_day, day, provisional}]}]"),),
)

"""``versions``: those of a definition, or the report that was kept with one.

As JSON a version's ``state`` is ``in-force``, ``coming``, ``earlier`` or ``withdrawn``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Set
    from datetime import datetime

    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.house.processes import Version

_COLUMNS = ("version", "published_at", "published_by", "note", "in_force_from", "withdrawn_at")


def _arguments(parser: Parser) -> None:
    parser.take("key", zh="流程名。", en="The definition's key.", metavar="KEY")
    parser.take(
        "--report",
        zh="显示第 N 版发布时的核对报告。",
        en="Show what was found when version N was published.",
        type=number,
        metavar="N",
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    house = opened()
    if options.report:
        return _report(house, options)
    now, known = datetime.now(UTC), house.processes.versions(options.key)
    house.processes.newest(options.key)
    in_force = {one.id for one in house.processes.all_in_force(now)}
    if options.format == "json":
        show_json([_row(one, _state(one, in_force, now)) for one in known])
        return SOUND
    for one in known:
        state = {
            "withdrawn": "已撤回 withdrawn",
            "in-force": "现行 in force",
            "coming": f"{one.in_force_from:%Y-%m-%d %H:%M}Z 起施行 from then",
            "earlier": "",
        }[_state(one, in_force, now)]
        print(f"v{one.version}\t{one.published_at:%Y-%m-%d %H:%M}\t{one.published_by}\t{one.note}\t{state}")
    return SOUND


def _report(house: House, options: Namespace) -> int:
    from huying.processes import gate
    from huying.processes.versions import report_of

    report = report_of(house, options.key, options.report)
    if options.format == "json":
        show_json(report)
    else:
        print("\n".join(gate.lines(report)) if report else "这一版没有核对报告。 This version has no report.")
    return SOUND


def _state(one: Version, in_force: Set[int], now: datetime) -> str:
    if one.withdrawn_at:
        return "withdrawn"
    if one.id in in_force:
        return "in-force"
    return "coming" if one.in_force_from > now else "earlier"


def _row(one: Version, state: str) -> dict[str, object]:
    return {"state": state, **{name: getattr(one, name) for name in _COLUMNS}}


COMMAND = Command(
    "versions",
    Said("列出一个流程的各版。", "List the versions of a definition."),
    _run,
    _arguments,
    json=(
        ("", "[{version, state, published_at, published_by, note, in_force_from, withdrawn_at}]"),
        (
            "--report",
            "{against, scenarios: [{title, passed, differences}], steps_left, actions_left, differences, scenarios_source, replay, simulation?}",
        ),
    ),
)

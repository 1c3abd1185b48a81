"""The commands ``diff``, ``versions``, ``withdraw`` and ``rollback``: what two versions differ in, and what becomes of versions.

``diff --format json`` prints a list of ``{part, key, how, path, matters, before, after, message}``. It answers 0 when nothing differs that matters,
else 1.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from definitions.finding import Unreadable
from definitions.loader import Unsound
from definitions.versions.difference import Difference, differences, plain
from definitions.versions.yaml import yaml_difference
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, add, at_most, number, opened, said, speaks
from huying.processes import gate
from huying.processes.findings import CheckReport
from huying.processes.publication import roll_back, withdraw
from huying.processes.versions import report_of
from huying.settings import read
from huying.trials.simulation import subject

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the commands."""
    one = add(commands, "diff", _diff, "两版流程有什么不同。 What two versions of a definition differ in.")
    one.add_argument("before", metavar="A", help="文件、流程库名，或 KEY@版本。 A file, or KEY@VERSION.")
    one.add_argument("after", metavar="B")
    one.add_argument("--format", choices=("text", "json", "yaml-diff"), default="text")
    speaks(one)
    listing = add(commands, "versions", _versions, "列出一个流程的各版。 List the versions of a definition.")
    listing.add_argument("key")
    listing.add_argument(
        "--report",
        type=number,
        metavar="N",
        help="显示第 N 版发布时的核对报告。 Show what was found when it was published.",
    )
    gone = add(commands, "withdraw", _withdraw, "撤回没有事项的一版。 Withdraw a version that no issue follows.")
    back = add(commands, "rollback", _roll_back, "把以前的一版重新发布。 Publish an earlier version once more.")
    for command in (gone, back):
        command.add_argument("key")
        command.add_argument("version", type=number)
        command.add_argument("--by", default="命令行 command line", type=at_most(100), help="经办人。 Who asks for it.")
    gone.add_argument("--reason", required=True, type=at_most(500), help="理由。 Why.")
    back.add_argument("--note", default="", type=at_most(900), help="说明。 Why.")


def _diff(options: argparse.Namespace) -> int:
    try:
        old, new = (
            subject(name, None, lambda: opened(read())).process.definition for name in (options.before, options.after)
        )
    except (Unreadable, Unsound) as error:
        print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
        return UNREADABLE
    except OSError as error:
        print(f"文件打不开。 The file cannot be opened: {error}", file=sys.stderr)
        return UNREADABLE
    found = differences(old, new)
    if options.format == "json":
        print(orjson.dumps([plain(one) for one in found]).decode())
    elif options.format == "yaml-diff":
        print("".join(yaml_difference(old, new, options.before, options.after)), end="")
    else:
        print("\n".join(_lines(found, options.language)))
    return FINDINGS if any(one.matters for one in found) else SOUND


def _lines(found: tuple[Difference, ...], language: str | None) -> list[str]:
    if not found:
        return ["没有不同。 Nothing differs."]
    told = [one for one in found if one.matters]
    lines = [_line(one, language) for one in told]
    words = [one for one in found if not one.matters]
    if words:
        lines += ["", "只是文字 only words:", *(_line(one, language) for one in words)]
    return lines


def _line(one: Difference, language: str | None) -> str:
    return one.message[language] if language else f"{one.message['zh']}。 {one.message['en']}."


def _versions(options: argparse.Namespace) -> int:
    house = opened(read())
    if options.report:
        report = report_of(house, options.key, options.report)
        print("\n".join(gate.lines(report)) if report else "这一版没有核对报告。 This version has no report.")
        return SOUND
    now, known = datetime.now(UTC), house.processes.versions(options.key)
    house.processes.newest(options.key)
    in_force = {one.id for one in house.processes.all_in_force(now)}
    for one in known:
        state = (
            "已撤回 withdrawn"
            if one.withdrawn_at
            else "现行 in force"
            if one.id in in_force
            else f"{one.in_force_from:%Y-%m-%d %H:%M}Z 起施行 from then"
            if one.in_force_from > now
            else ""
        )
        print(f"v{one.version}\t{one.published_at:%Y-%m-%d %H:%M}\t{one.published_by}\t{one.note}\t{state}")
    return SOUND


def _withdraw(options: argparse.Namespace) -> int:
    withdraw(opened(read()), options.key, options.version, by=options.by, reason=options.reason, now=datetime.now(UTC))
    print(f"{options.key} v{options.version} 已撤回 withdrawn")
    return SOUND


def _roll_back(options: argparse.Namespace) -> int:
    made = roll_back(
        opened(read()), options.key, options.version, by=options.by, note=options.note, now=datetime.now(UTC)
    )
    print(f"{made.key} v{made.version} 已发布 published：{made.note}")
    return SOUND

"""``publish``: definition files become the next versions, all of them or none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import by, files, note, number
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import complain

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from definitions.finding import Finding
    from definitions.model.definition import Definition
    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.processes.gate import GateReport


def _arguments(parser: Parser) -> None:
    files(parser, "定义文件。", "Definitions.")
    note(parser)
    by(parser, "发布人。", "Who publishes.")
    parser.take(
        "--from",
        zh="何时施行，如 2027-01-01 或 2027-01-01T08:00。",
        en="When it comes into force, such as 2027-01-01 or 2027-01-01T08:00.",
        dest="in_force_from",
        metavar="WHEN",
    )
    parser.take(
        "--replay",
        zh="用新版重放最近多少件，默认 200。",
        en="Decide the latest so many issues again; 200 if not said.",
        type=number,
        default=200,
        metavar="N",
    )
    parser.take(
        "--simulate",
        zh="新旧两版各推演多少件。",
        en="Simulate so many by both versions.",
        type=number,
        default=0,
        metavar="N",
    )


def _run(options: Namespace) -> int:
    from huying.processes import gate

    house = opened()
    sources, findings = _sources(house, options.files)
    if findings:
        complain(findings, options)
        return FINDINGS
    reports = {name: _at_gate(house, name, source, options) for name, source in sources.items()}
    failing = [report for report in reports.values() if not report.passed]
    if failing:
        print("\n".join(line for report in failing for line in gate.lines(report.plain())), file=sys.stderr)
        words = Said("场景不符，没有发布。", "Scenarios do not go as expected: nothing was published.")
        print(words.read(options.languages), file=sys.stderr)
        return FINDINGS
    for name, source in sources.items():
        _published(house, name, source, reports[name], options)
    return SOUND


def _sources(house: House, names: list[str]) -> tuple[dict[str, bytes], list[Finding]]:
    """What stands in the files, and everything that is wrong with it."""
    from pathlib import Path

    from definitions.finding import Unreadable
    from definitions.loader import examine
    from huying.cli.processes.files import no_file

    sources, findings = dict[str, bytes](), list["Finding"]()
    calendars = house.calendars.known()
    for name in names:
        try:
            sources[name] = Path(name).read_bytes()
            findings += examine(sources[name], name, calendars=calendars).findings
        except Unreadable as error:
            findings += error.findings
        except OSError as error:
            findings.append(no_file(name, error))
    return sources, findings


def _at_gate(house: House, name: str, source: bytes, options: Namespace) -> GateReport:
    from datetime import UTC, datetime
    from pathlib import Path

    from definitions.loader import examine
    from huying.processes import gate

    definition = examine(source, name, calendars=house.calendars.known()).definition
    assert definition is not None
    now = datetime.now(UTC)
    return gate.examine_at_gate(
        house, definition, gate.Beside.file(Path(name)), now, replay=options.replay, simulate=options.simulate
    )


def _published(house: House, name: str, source: bytes, report: GateReport, options: Namespace) -> None:
    """Publish one, and say what came of it and what else is to be minded."""
    from datetime import UTC, datetime

    from huying.cli.processes.files import people_wanted
    from huying.house.imprint import Imprint
    from huying.processes import gate
    from huying.processes.overrides import recheck
    from huying.processes.publication import publish

    version, new = publish(
        house,
        source,
        name,
        Imprint(options.by, datetime.now(UTC), options.note),
        in_force_from=_moment(house, options.in_force_from, report.definition),
        report=report.plain(),
    )
    print(f"{version.key} v{version.version} {'已发布 published' if new else '没有变化 unchanged'}")
    for line in gate.lines(report.plain()) if new else ():
        print(f"  {line}")
    missing = people_wanted(house, source, name)
    for one in recheck(house, version) if new else ():
        gone = Said(
            f"{one.scope} 的覆盖不再适用，已停用：{one.problem}",
            f"The override of {one.scope} does not fit any more, and is left out: {one.problem}",
        )
        print(gone.read(options.languages), file=sys.stderr)
    if missing:
        print(Said("请留意名册。", "Mind the register:").read(options.languages), file=sys.stderr)
        complain(missing, options)


def _moment(house: House, written: str | None, definition: Definition) -> datetime | None:
    """When a version comes into force: the beginning of a day, or a moment, where the definition's calendar holds."""
    from datetime import UTC, datetime

    from engine.refusal import Unavailable

    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Unavailable(
            f"“{written}”不是日期，应如 2027-01-01。", f"“{written}” is no day, such as 2027-01-01."
        ) from None
    zone = house.calendars.in_force(definition.calendar).zone
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


COMMAND = Command("publish", Said("发布定义文件。", "Publish definition files."), _run, _arguments)

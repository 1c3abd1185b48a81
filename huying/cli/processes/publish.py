"""``publish``: definition files become the next versions, all of them or none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.approval import by_two, permitted
from huying.cli.arguments import by, files, note, number
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import complain

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from definitions.finding import Finding
    from definitions.model.definition import Definition
    from huying.approvals.proposals import NewProposal
    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.house.processes import Version
    from huying.processes.gate import GateReport
    from huying.processes.publication import Edition


def _arguments(parser: Parser) -> None:
    files(parser, "定义文件。", "Definitions.")
    note(parser)
    by(parser, "发布人。", "Who publishes.")
    by_two(parser)
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
    editions, findings = _editions(options.files)
    reports = [] if findings else _reports(house, editions, findings, options)
    if findings:
        complain(findings, options)
        return FINDINGS
    failing = [report for report in reports if not report.passed]
    if failing:
        print("\n".join(line for report in failing for line in gate.lines(report.plain())), file=sys.stderr)
        words = Said("没有通过，没有发布。", "This does not pass: nothing was published.")
        print(words.read(options.languages), file=sys.stderr)
        return FINDINGS
    _publish(house, editions, reports, options)
    return SOUND


def _editions(names: list[str]) -> tuple[list[Edition], list[Finding]]:
    """What stands in the files, and which cannot be opened."""
    from pathlib import Path

    from huying.cli.processes.files import no_file
    from huying.processes.publication import Edition

    editions, findings = list[Edition](), list["Finding"]()
    for name in names:
        try:
            editions.append(Edition(Path(name).read_bytes(), name))
        except OSError as error:
            findings.append(no_file(name, error))
    return editions, findings


def _reports(house: House, editions: list[Edition], findings: list[Finding], options: Namespace) -> list[GateReport]:
    """What is found of each at the gate, unless there are ``findings``: they are added."""
    from datetime import UTC, datetime
    from pathlib import Path

    from huying.processes import gate
    from huying.processes.publication import examine_all

    now = datetime.now(UTC)
    examined = examine_all(house, editions, now)
    findings += [finding for one in examined for finding in one.findings]
    if findings:
        return []
    asked = {"replay": options.replay, "simulate": options.simulate}
    return [
        gate.examine_at_gate(house, one.definition, gate.Beside.file(Path(edition.name)), now, **asked)
        for edition, one in zip(editions, examined, strict=True)
        if one.definition is not None
    ]


def _publish(house: House, editions: list[Edition], reports: list[GateReport], options: Namespace) -> None:
    """Publish all of them, and say what came of it and what else is to be minded."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from huying.house.imprint import Imprint
    from huying.processes import gate
    from huying.processes.publication import publish_all

    editions = [
        replace(one, in_force_from=_moment(house, options.in_force_from, report.definition), report=report.plain())
        for one, report in zip(editions, reports, strict=True)
    ]
    beside = permitted(house, options, [_asked(house, *one, options) for one in zip(editions, reports, strict=True)])
    if beside is None:
        return
    published = publish_all(house, editions, Imprint(options.by, datetime.now(UTC), options.note), beside=beside)
    for edition, (version, new) in zip(editions, published, strict=True):
        print(f"{version.key} v{version.version} {'已发布 published' if new else '没有变化 unchanged'}")
        for line in gate.lines(edition.report or {}) if new else ():
            print(f"  {line}")
        _minded(house, edition, version, options, new=new)


def _asked(house: House, edition: Edition, report: GateReport, options: Namespace) -> NewProposal:
    """The same as a proposal."""
    from huying.approvals.proposals import NewProposal
    from huying.processes.publication import newest_number

    key, source = report.definition.id, edition.source if isinstance(edition.source, str) else edition.source.decode()
    begins = edition.in_force_from.isoformat() if edition.in_force_from else None
    body = {"key": key, "newest": newest_number(house, key), "source": source, "note": options.note, "from": begins}
    about = f"{report.definition.title['zh']} {key}"
    return NewProposal("publish", {**body, "report": edition.report}, about, source, options.note)


def _minded(house: House, edition: Edition, version: Version, options: Namespace, *, new: bool) -> None:
    """Say which overrides fit no more, and whom the register lacks."""
    from huying.cli.processes.files import people_wanted
    from huying.processes.overrides import recheck

    missing = people_wanted(house, edition.source, edition.name)
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

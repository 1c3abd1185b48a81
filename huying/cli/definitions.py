"""Commands for definitions: check, publish, override, rehearse, list and show them."""

from __future__ import annotations

import argparse
import errno
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from definitions.finding import Finding, Unreadable
from definitions.loader import Unsound, examine, load, located
from definitions.model.definition import Definition
from engine.refusal import Unavailable
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, add, at_most, number, opened, said, speaks
from huying.house.house import House
from huying.processes import gate
from huying.processes.findings import CheckReport
from huying.processes.overrides import overrides_in_force, publish_override, recheck
from huying.processes.publication import publish
from huying.processes.staffing import people_missing
from huying.settings import read
from huying.trials.rehearsal import rehearse_file
from huying.trials.rehearsal import said as played

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the commands."""
    check = add(commands, "check", _check, "检查定义文件。 Check definition files.")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument(
        "--against-register",
        action="store_true",
        help="也查名册里有没有人能担任各个角色。 See too whether the register can fill each role.",
    )
    speaks(check)
    publishing = add(commands, "publish", _publish, "发布定义文件。 Publish definition files.")
    publishing.add_argument("files", nargs="+", metavar="FILE")
    publishing.add_argument("--note", default="", type=at_most(1000), help="版本说明。 What changed, and why.")
    publishing.add_argument("--by", default="命令行 command line", type=at_most(100), help="发布人。 Who publishes.")
    publishing.add_argument(
        "--from",
        dest="in_force_from",
        metavar="WHEN",
        help="何时施行，如 2027-01-01 或 2027-01-01T08:00。 When it comes into force.",
    )
    publishing.add_argument(
        "--replay",
        type=number,
        default=200,
        metavar="N",
        help="用新版重放最近多少件。 Decide the latest so many issues again.",
    )
    publishing.add_argument(
        "--simulate",
        type=number,
        default=0,
        metavar="N",
        help="新旧两版各推演多少件。 Simulate so many by both versions.",
    )
    speaks(publishing)
    override = add(
        commands, "override", _override, "发布站点或区域的覆盖。 Publish what a station or area says otherwise."
    )
    override.add_argument("files", nargs="+", metavar="FILE")
    override.add_argument("--note", default="", type=at_most(1000), help="说明。 What changed, and why.")
    override.add_argument("--by", default="命令行 command line", type=at_most(100), help="发布人。 Who publishes.")
    speaks(override)
    add(commands, "overrides", _overrides, "列出现行覆盖。 List the overrides in force.")
    rehearsal = add(commands, "rehearse", _rehearse, "演练定义旁的场景。 Play the scenarios beside definitions.")
    rehearsal.add_argument(
        "files", nargs="+", metavar="FILE", help="定义文件或所在文件夹。 A definition's file or folder."
    )
    speaks(rehearsal)
    listing = add(commands, "list", _list, "列出现行定义。 List the definitions in force.")
    listing.add_argument("--format", choices=("text", "json"), default="text")
    show = add(commands, "show", _show, "显示一个定义。 Show a definition.")
    show.add_argument("key")
    show.add_argument("--version", type=number)


def _check(options: argparse.Namespace) -> int:
    code, findings = SOUND, list[Finding]()
    house = opened(read()) if options.against_register else None
    for name in options.files:
        try:
            source = Path(name).read_bytes()
            found = examine(source, name).findings
            if house is not None and not found:
                found = _missing(house, source, name)
            code = max(code, FINDINGS if found else SOUND)
        except Unreadable as error:
            found, code = error.findings, UNREADABLE
        except OSError as error:
            found, code = (_no_file(name, error),), UNREADABLE
        findings += found
    report = CheckReport(findings)
    print(report.json() if options.format == "json" else said(report, options, sys.stdout) or "没有问题。 Sound.")
    return code


def _missing(house: House, source: bytes, name: str) -> tuple[Finding, ...]:
    """What the register lacks for a sound definition."""
    return located(source, name, people_missing(house, load(source, name)))


def _no_file(name: str, error: OSError) -> Finding:
    zh = {errno.ENOENT: "没有这个文件", errno.EISDIR: "这是一个文件夹", errno.EACCES: "没有读取的权限"}
    return Finding(
        rule="no-file",
        file=name,
        line=1,
        column=1,
        message={
            "zh": f"文件打不开：{zh.get(error.errno or 0, error.strerror)}。",
            "en": f"The file cannot be opened: {error.strerror}.",
        },
        remedy={"zh": "请检查文件名和路径。", "en": "Check its name and path."},
    )


def _publish(options: argparse.Namespace) -> int:
    sources: dict[str, bytes] = {}
    findings: list[Finding] = []
    house = opened(read())
    calendars = house.calendars.known()
    for name in options.files:
        try:
            sources[name] = Path(name).read_bytes()
            findings += examine(sources[name], name, calendars=calendars).findings
        except Unreadable as error:
            findings += error.findings
        except OSError as error:
            findings.append(_no_file(name, error))
    if findings:
        print(said(CheckReport(findings), options, sys.stderr), file=sys.stderr)
        return 1
    reports = {name: _at_gate(house, name, source, options) for name, source in sources.items()}
    failing = [report for report in reports.values() if not report.passed]
    if failing:
        print("\n".join(line for report in failing for line in gate.lines(report.plain())), file=sys.stderr)
        print("场景不符，没有发布。 Scenarios do not go as expected: nothing was published.", file=sys.stderr)
        return FINDINGS
    for name, source in sources.items():
        version, new = publish(
            house,
            source,
            name,
            by=options.by,
            note=options.note,
            now=datetime.now(UTC),
            in_force_from=_moment(house, options.in_force_from, reports[name].definition),
            report=reports[name].plain(),
        )
        words = "已发布 published" if new else "没有变化 unchanged"
        print(f"{version.key} v{version.version} {words}")
        for line in gate.lines(reports[name].plain()) if new else ():
            print(f"  {line}")
        missing = _missing(house, source, name)
        for one in recheck(house, version) if new else ():
            print(
                f"{one.scope} 的覆盖不再适用，已停用。 Its override does not fit any more: {one.problem}",
                file=sys.stderr,
            )
        if missing:
            print("请留意名册。 Mind the register:", file=sys.stderr)
            print(said(CheckReport(missing), options, sys.stderr), file=sys.stderr)
    return 0


def _at_gate(house: House, name: str, source: bytes, options: argparse.Namespace) -> gate.GateReport:
    definition = examine(source, name, calendars=house.calendars.known()).definition
    assert definition is not None
    now = datetime.now(UTC)
    return gate.examine_at_gate(
        house, definition, gate.Beside.file(Path(name)), now, replay=options.replay, simulate=options.simulate
    )


def _moment(house: House, said_: str | None, definition: Definition) -> datetime | None:
    """When a version comes into force: the beginning of a day, or a moment, where the definition's calendar holds."""
    if said_ is None:
        return None
    try:
        moment = datetime.fromisoformat(said_)
    except ValueError:
        raise Unavailable(
            f"“{said_}”不是日期，应如 2027-01-01。", f"“{said_}” is no day, such as 2027-01-01."
        ) from None
    zone = house.calendars.in_force(definition.calendar).zone
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _override(options: argparse.Namespace) -> int:
    house = opened(read())
    for name in options.files:
        try:
            source = Path(name).read_bytes()
            published, new = publish_override(
                house, source, name, by=options.by, note=options.note, now=datetime.now(UTC)
            )
        except (Unreadable, Unsound) as error:
            print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
            return FINDINGS
        except OSError as error:
            print(said(CheckReport([_no_file(name, error)]), options, sys.stderr), file=sys.stderr)
            return FINDINGS
        words = "已发布 published" if new else "没有变化 unchanged"
        print(f"{published.definition_key} {published.scope} v{published.version} {words}")
    return 0


def _rehearse(options: argparse.Namespace) -> int:
    passed = True
    for name in options.files:
        path = Path(name) / "definition.yaml" if Path(name).is_dir() else Path(name)
        try:
            rehearsal = rehearse_file(path)
        except (Unreadable, Unsound) as error:
            print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
            return UNREADABLE
        except OSError as error:
            print(
                said(CheckReport([_no_file(str(error.filename or path), error)]), options, sys.stderr), file=sys.stderr
            )
            return UNREADABLE
        print("\n".join(played(rehearsal)))
        passed = passed and rehearsal.passed
    return SOUND if passed else FINDINGS


def _overrides(options: argparse.Namespace) -> int:
    for one in overrides_in_force(opened(read())):
        fits = f"不再适用 does not fit: {one.problem}" if one.problem else "适用 fits"
        print(f"{one.definition_key}\t{one.scope}\tv{one.version}\t{one.published_by}\t{fits}")
    return 0


def _list(options: argparse.Namespace) -> int:
    versions = opened(read()).processes.all_in_force(datetime.now(UTC))
    if options.format == "json":
        rows = [
            {"key": v.key, "version": v.version, "digest": v.digest, "published_at": v.published_at} for v in versions
        ]
        print(orjson.dumps(rows).decode())
        return 0
    for v in versions:
        print(f"{v.key}\tv{v.version}\t{v.published_at:%Y-%m-%d %H:%M}\t{v.published_by}\t{v.note}")
    return 0


def _show(options: argparse.Namespace) -> int:
    known = opened(read()).processes
    found = known.version(options.key, options.version) if options.version else known.newest(options.key)
    print(found.source, end="")
    return 0

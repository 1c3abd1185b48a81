"""The command line. Its words and exit codes are stable: others script against them.

``check`` answers 0 when all files are sound, 1 when there are findings, 2 when a file cannot be read; the other commands 0 or 1, and 2 for a
wrong call. Messages go to people in both languages, Chinese first; ``--format json`` goes to programs.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import orjson

from definitions.finding import Finding, Unreadable
from definitions.loader import Unsound, examine, load, located
from engine.refusal import Refusal
from huying.connecting import connect, known_connections
from huying.database import Database
from huying.house import House
from huying.overriding import overrides_in_force, publish_override, recheck
from huying.publishing import publish
from huying.rehearsing import rehearse_file, said
from huying.report import LANGUAGES, Report, coloured
from huying.settings import SettingError, Settings, read
from huying.staffing import people_missing

SOUND, FINDINGS, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    options = parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except (SettingError, Refusal) as error:
        message = getattr(error, "message", None)
        print(f"{message['zh']} {message['en']}" if message else str(error), file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m huying", description="呼应：流程定义即数据的办事引擎。 Huying, a workflow engine."
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    check = _add(commands, "check", _check, "检查定义文件。 Check definition files.")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument(
        "--against-register",
        action="store_true",
        help="也查名册里有没有人能担任各个角色。 See too whether the register can fill each role.",
    )
    _language(check)
    publishing = _add(commands, "publish", _publish, "发布定义文件。 Publish definition files.")
    publishing.add_argument("files", nargs="+", metavar="FILE")
    publishing.add_argument("--note", default="", type=_at_most(1000), help="版本说明。 What changed, and why.")
    publishing.add_argument("--by", default="命令行 command line", type=_at_most(100), help="发布人。 Who publishes.")
    _language(publishing)
    override = _add(
        commands, "override", _override, "发布站点或区域的覆盖。 Publish what a station or area says otherwise."
    )
    override.add_argument("files", nargs="+", metavar="FILE")
    override.add_argument("--note", default="", type=_at_most(1000), help="说明。 What changed, and why.")
    override.add_argument("--by", default="命令行 command line", type=_at_most(100), help="发布人。 Who publishes.")
    _language(override)
    _add(commands, "overrides", _overrides, "列出现行覆盖。 List the overrides in force.")
    rehearsal = _add(commands, "rehearse", _rehearse, "演练定义旁的场景。 Play the scenarios beside definitions.")
    rehearsal.add_argument(
        "files", nargs="+", metavar="FILE", help="定义文件或所在文件夹。 A definition's file or folder."
    )
    _language(rehearsal)
    connecting = _add(commands, "connect", _connect, "登记外部系统。 Name another system that definitions may call.")
    connecting.add_argument(
        "key", nargs="?", help="流程里用的名字；不写则列出。 Its name in definitions; left out: list all."
    )
    connecting.add_argument("url", nargs="?")
    connecting.add_argument("--secret", help="双方约定的密钥，用于签名。 The secret with which both sign.")
    listing = _add(commands, "list", _list, "列出现行定义。 List the definitions in force.")
    listing.add_argument("--format", choices=("text", "json"), default="text")
    show = _add(commands, "show", _show, "显示一个定义。 Show a definition.")
    show.add_argument("key")
    show.add_argument("--version", type=_number)
    up = _add(commands, "up", _up, "启动全部服务。 Start everything.")
    up.add_argument(
        "--demo", action="store_true", help="演示一件事从反映到办结。 Play one issue from report to closure."
    )
    _add(commands, "portal", _portal, "只启动门户。 Start the portal alone.")
    _add(commands, "dispatch", _dispatch, "只启动派发程序。 Start the dispatcher alone.")
    prefect = _add(commands, "prefect", _prefect, "重建 Prefect 里的视图。 Rebuild what Prefect shows.")
    prefect.add_argument("what", choices=("rebuild",))
    verify = _add(commands, "verify", _verify, "核对全部历史。 Verify all histories.")
    verify.add_argument("--format", choices=("text", "json"), default="text")
    return root


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=run)
    return parser


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language", choices=("zh", "en"), help="只用一种语言说明问题。 Say what is wrong in one language only."
    )


def _at_most(longest: int) -> Callable[[str], str]:
    def text(value: str) -> str:
        if len(value) > longest:
            raise argparse.ArgumentTypeError(f"最多 {longest} 个字。 At most {longest} characters.")
        return value

    return text


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise argparse.ArgumentTypeError("应为正整数。 This is a positive integer.")
    return int(value)


def _check(options: argparse.Namespace) -> int:
    code, findings = SOUND, list[Finding]()
    house = _house(read()) if options.against_register else None
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
    report = Report(findings)
    print(report.json() if options.format == "json" else _said(report, options, sys.stdout) or "没有问题。 Sound.")
    return code


def _missing(house: House, source: bytes, name: str) -> tuple[Finding, ...]:
    """What the register lacks for a sound definition."""
    return located(source, name, people_missing(house, load(source, name)))


def _said(report: Report, options: argparse.Namespace, stream: TextIO) -> str:
    """The report as this stream shows it best."""
    languages = (options.language,) if options.language else LANGUAGES
    return report.text(languages, coloured=coloured(stream, os.environ))


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


def _house(settings: Settings) -> House:
    database = Database(settings.database_url)
    database.migrate()
    return House(database, settings.files)


def _publish(options: argparse.Namespace) -> int:
    sources: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name in options.files:
        try:
            sources[name] = Path(name).read_bytes()
            findings += examine(sources[name], name).findings
        except Unreadable as error:
            findings += error.findings
        except OSError as error:
            findings.append(_no_file(name, error))
    if findings:
        print(_said(Report(findings), options, sys.stderr), file=sys.stderr)
        return 1
    house = _house(read())
    for name, source in sources.items():
        version, new = publish(house, source, name, by=options.by, note=options.note, now=datetime.now(UTC))
        words = "已发布 published" if new else "没有变化 unchanged"
        print(f"{version.key} v{version.version} {words}")
        missing = _missing(house, source, name)
        for one in recheck(house, version.key) if new else ():
            print(
                f"{one.scope} 的覆盖不再适用，已停用。 Its override does not fit any more: {one.problem}",
                file=sys.stderr,
            )
        if missing:
            print("请留意名册。 Mind the register:", file=sys.stderr)
            print(_said(Report(missing), options, sys.stderr), file=sys.stderr)
    return 0


def _override(options: argparse.Namespace) -> int:
    house = _house(read())
    for name in options.files:
        try:
            source = Path(name).read_bytes()
            published, new = publish_override(
                house, source, name, by=options.by, note=options.note, now=datetime.now(UTC)
            )
        except (Unreadable, Unsound) as error:
            print(_said(Report(list(error.findings)), options, sys.stderr), file=sys.stderr)
            return FINDINGS
        except OSError as error:
            print(_said(Report([_no_file(name, error)]), options, sys.stderr), file=sys.stderr)
            return FINDINGS
        words = "已发布 published" if new else "没有变化 unchanged"
        print(f"{published.definition_key} {published.scope} v{published.version} {words}")
    return 0


def _connect(options: argparse.Namespace) -> int:
    house = _house(read())
    if options.key and options.url:
        connect(house, options.key, options.url, options.secret)
    for one in known_connections(house):
        print(f"{one.key}\t{one.url}\t{'已签名 signed' if one.secret else '不签名 unsigned'}")
    return 0


def _rehearse(options: argparse.Namespace) -> int:
    passed = True
    for name in options.files:
        path = Path(name) / "definition.yaml" if Path(name).is_dir() else Path(name)
        try:
            rehearsal = rehearse_file(path)
        except (Unreadable, Unsound) as error:
            print(_said(Report(list(error.findings)), options, sys.stderr), file=sys.stderr)
            return UNREADABLE
        except OSError as error:
            print(_said(Report([_no_file(str(error.filename or path), error)]), options, sys.stderr), file=sys.stderr)
            return UNREADABLE
        print("\n".join(said(rehearsal)))
        passed = passed and rehearsal.passed
    return SOUND if passed else FINDINGS


def _overrides(options: argparse.Namespace) -> int:
    for one in overrides_in_force(_house(read())):
        fits = f"不再适用 does not fit: {one.problem}" if one.problem else "适用 fits"
        print(f"{one.definition_key}\t{one.scope}\tv{one.version}\t{one.published_by}\t{fits}")
    return 0


def _list(options: argparse.Namespace) -> int:
    versions = _house(read()).processes.all_in_force()
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
    print(_house(read()).processes.version(options.key, options.version).source, end="")
    return 0


def _up(options: argparse.Namespace) -> int:
    from huying.mail import transports
    from huying.supervisor import up

    settings = read()
    settings.make_home()
    # said here, once, and not by a process that is started again and again
    transports(settings)
    return up(settings, demo=options.demo)


def _portal(options: argparse.Namespace) -> int:
    from huying.serving import serve_portal

    return serve_portal(read())


def _dispatch(options: argparse.Namespace) -> int:
    from huying.serving import serve_dispatcher

    return serve_dispatcher(read())


def _prefect(options: argparse.Namespace) -> int:
    from huying.showing import show_again

    count = show_again(_house(read()))
    print(f"{count} 件事项将重新显示。 {count} issues will be shown anew.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from huying.verifying import verify

    result = verify(_house(read()))
    if options.format == "json":
        print(orjson.dumps({"issues": result.issues, "entries": result.entries, "faults": result.faults}).decode())
    else:
        print(f"{result.issues} 件事项，{result.entries} 条历史。 {result.issues} issues, {result.entries} entries.")
        print("\n".join(result.faults) or "全部相符。 All whole.")
    return 1 if result.faults else 0

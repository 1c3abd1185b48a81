"""``check``: whether definition files are sound. It answers 0 when all are, 1 when there are findings, 2 when a file cannot be read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import files
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.house import opened
from huying.cli.output import report

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from definitions.finding import Finding
    from huying.cli.parser import Parser
    from huying.house.house import House


def _arguments(parser: Parser) -> None:
    files(parser, "定义文件。", "Definitions.")
    parser.take(
        "--against-register",
        zh="也查名册里有没有人能担任各个角色。",
        en="See too whether the register can fill each role.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from huying.processes.findings import CheckReport

    house = opened() if options.against_register else None
    examined = [_examined(name, house) for name in options.files]
    findings = [finding for _, found in examined for finding in found]
    if options.format == "json":
        print(CheckReport(findings).json())
    else:
        print(report(findings, options, sys.stdout) or "没有问题。 Sound.")
    return max(code for code, _ in examined)


def _examined(name: str, house: House | None) -> tuple[int, Sequence[Finding]]:
    """The exit code for one file, and what is wrong with it."""
    from pathlib import Path

    from definitions.finding import Unreadable
    from definitions.loader import examine
    from huying.cli.processes.files import no_file, people_wanted

    try:
        source = Path(name).read_bytes()
        found = examine(source, name).findings
    except Unreadable as error:
        return UNREADABLE, error.findings
    except OSError as error:
        return UNREADABLE, (no_file(name, error),)
    if house is not None and not found:
        found = people_wanted(house, source, name)
    return (FINDINGS if found else SOUND), found


COMMAND = Command(
    "check",
    Said("检查定义文件。", "Check definition files."),
    _run,
    _arguments,
    json=(
        (
            "",
            "{findings: [{rule, file, line, column, length, excerpt, excerpt_column, instead, message: {zh, en}, remedy: {zh, en}}]}",
        ),
    ),
)

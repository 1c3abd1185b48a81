"""``check``: whether files of definitions and scenarios are sound.

It answers 0 when all are, 1 when there are findings, 2 when a file cannot be read.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from definitions.text import Said
from huying.cli.arguments import files
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.house import opened
from huying.cli.output import report

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from definitions.finding import Finding
    from definitions.model.definition import Definition
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
    parser.take(
        "--fix",
        zh="先改正只有一种改法的地方（错字、全角标点、制表符、期限的写法），显示改了什么；场景文件也可以。",
        en="First put right what has one right answer (misspelt words, full-width signs, tabs, times), and show it; in scenarios too.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from huying.processes.findings import CheckReport

    if options.fix:
        for name in options.files:
            _fix(name, sys.stderr if options.format == "json" else sys.stdout)
    house = opened() if options.against_register else None
    examined = {name: _examined(name, house) for name in options.files}
    missing = _not_among_them({name: one.definition for name, one in examined.items() if one.definition})
    findings = [*(finding for one in examined.values() for finding in one.findings), *missing]
    if options.format == "json":
        print(CheckReport(findings).json())
    else:
        print(report(findings, options, sys.stdout) or "没有问题。 Sound.")
    return max(FINDINGS if missing else SOUND, *(one.code for one in examined.values()))


def _fix(name: str, stream: TextIO) -> None:
    """Put a file right, and show what was changed; a file in which nothing is to be put right is not written."""
    from difflib import unified_diff
    from pathlib import Path

    from definitions.correction import corrected, corrected_scenarios

    path = Path(name)
    try:
        before = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        # the check says what is wrong with it
        return
    after = (corrected_scenarios if _tells_scenarios(before) else corrected)(before, name)
    if after != before:
        path.write_bytes(after.encode("utf-8"))
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
        stream.writelines(unified_diff(old, new, name, name, n=0))


def _tells_scenarios(text: str) -> bool:
    """Whether a file holds scenarios: they are a list, and a definition is none."""
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    return first.lstrip().startswith("-") and first.strip() != "---"


class _Checked(NamedTuple):
    """What became of one file."""

    code: int
    findings: Sequence[Finding]
    definition: Definition | None = None


def _examined(name: str, house: House | None) -> _Checked:
    """The exit code for one file, and what is wrong with it."""
    from datetime import UTC, datetime
    from pathlib import Path

    from definitions.finding import Unreadable
    from definitions.loader import examine
    from huying.cli.processes.files import no_file, people_wanted

    try:
        source = Path(name).read_bytes()
        if _tells_scenarios(source.decode("utf-8", "replace")):
            return _scenarios(source, name)
        examined = examine(source, name, today=datetime.now(UTC).date())
    except Unreadable as error:
        return _Checked(UNREADABLE, error.findings)
    except OSError as error:
        return _Checked(UNREADABLE, (no_file(name, error),))
    found = examined.findings
    if house is not None and not found:
        found = people_wanted(house, source, name)
    return _Checked(FINDINGS if found else SOUND, found, examined.definition)


def _scenarios(source: bytes, name: str) -> _Checked:
    """What is wrong with a file of scenarios; whether an issue goes as they say, ``rehearse`` tries."""
    from definitions.finding import Unreadable
    from definitions.trials.scenario import parse_scenarios

    try:
        parse_scenarios(source.decode("utf-8"), name)
    except Unreadable as error:
        return _Checked(FINDINGS, error.findings)
    return _Checked(SOUND, ())


def _not_among_them(definitions: Mapping[str, Definition]) -> list[Finding]:
    """Of several that are checked together: those that they open, and that are neither among them nor shipped."""
    from pathlib import Path

    from definitions.checks.references import not_among
    from definitions.loader import library, located

    if len(definitions) < 2:
        return []
    known = {*(one.id for one in definitions.values()), *(path.parent.name for path in library())}
    return [
        finding
        for name, one in definitions.items()
        for finding in located(Path(name).read_bytes(), name, not_among(one, known))
    ]


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

"""The reference of the command line, made from the commands themselves; what stands before its first group is written by hand.

Renew it with ``python -m huying.cli.reference``; a test says when it is stale.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from huying.cli.command import Command
from huying.cli.parser import Parser
from huying.cli.registry import GROUPS

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"


def rendered() -> str:
    """The reference, as it stands in docs."""
    return "\n".join([_by_hand(), *_lines()])


def _by_hand() -> str:
    return FILE.read_text("utf-8").partition("\n## ")[0]


def _lines() -> Iterator[str]:
    for group in GROUPS:
        yield f"## {group.words.zh} · {group.words.en}\n"
        for command in group.commands():
            yield from _command(command)


def _command(command: Command) -> Iterator[str]:
    zh, en = (Parser(command, (language,)) for language in ("zh", "en"))
    yield f"### {command.name}\n"
    yield f"{command.words.zh} {command.words.en}\n"
    rows = [(_name(one), one.help, other.help) for one, other in zip(zh.taken, en.taken, strict=True)]
    told = [row for row in rows if row[0] not in ("`--language zh/en`", "`-h` `--help`", "`--format text/json`")]
    if told:
        yield "| | | |\n| --- | --- | --- |"
        yield from (f"| {name} | {in_zh} | {in_en} |" for name, in_zh, in_en in told)
        yield ""
    for argument, shape in command.json:
        yield f"`{f'{argument} ' if argument else ''}--format json`: `{shape}`\n"


def _name(one: argparse.Action) -> str:
    value = "/".join(one.choices) if one.choices else str(one.metavar or one.dest.upper())
    if one.option_strings:
        last = one.option_strings[-1] if one.nargs == 0 else f"{one.option_strings[-1]} {value}"
        return " ".join(f"`{name}`" for name in [*one.option_strings[:-1], last])
    several = f"{value} …" if one.nargs in ("*", "+") else value
    return f"`[{several}]`" if one.nargs in ("*", "?") else f"`{several}`"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")

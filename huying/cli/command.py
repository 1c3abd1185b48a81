"""What the commands share: how they are added, how texts and numbers are read, where the house is, and the exit codes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from huying.database.connections import Database
from huying.house.house import House
from huying.processes.findings import LANGUAGES, CheckReport, coloured
from huying.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

SOUND, FINDINGS, UNREADABLE = 0, 1, 2


def add(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    """Add a command with what runs it; its parser, for the arguments."""
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=run)
    return parser


def speaks(command: argparse.ArgumentParser) -> None:
    """Let a command say what is wrong in one language only."""
    command.add_argument(
        "--language", choices=("zh", "en"), help="只用一种语言说明问题。 Say what is wrong in one language only."
    )


def at_most(longest: int) -> Callable[[str], str]:
    """A text that is not too long."""

    def text(value: str) -> str:
        if len(value) > longest:
            raise argparse.ArgumentTypeError(f"最多 {longest} 个字。 At most {longest} characters.")
        return value

    return text


def number(value: str) -> int:
    """A whole number."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise argparse.ArgumentTypeError("应为正整数。 This is a positive integer.")
    return int(value)


def opened(settings: Settings) -> House:
    """The house of these settings, its database brought up to date."""
    database = Database(settings.database_url)
    database.migrate()
    return House(database, settings.files)


def said(report: CheckReport, options: argparse.Namespace, stream: TextIO) -> str:
    """The report as this stream shows it best."""
    languages = (options.language,) if options.language else LANGUAGES
    return report.text(languages, coloured=coloured(stream, os.environ))

"""What a command is: its name, what it is for, its arguments, and what runs it.

The files of commands import nothing heavy at their top, so that ``--help`` and completion answer at once: what a command needs is imported
where it runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from definitions.text import Said

if TYPE_CHECKING:
    from huying.cli.parser import Parser

#: Exit codes: done, or nothing wrong; something was found or refused; a wrong call, or a file that cannot be read.
SOUND, FINDINGS, UNREADABLE = 0, 1, 2


def _none(parser: Parser) -> None:
    """No arguments."""


class Command(NamedTuple):
    """A command of the command line.

    ``json``: what ``--format json`` prints, of a command that lists or shows something; where that depends on an argument, by argument. ``speaks``:
    it has ``--language``, unless its arguments bring one of their own. ``unsound`` and ``unopened`` are its exit codes for a definition with faults
    and for a file that cannot be opened.
    """

    name: str
    words: Said
    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[Parser], None] = _none
    json: tuple[tuple[str, str], ...] = ()
    speaks: bool = True
    unsound: int = FINDINGS
    unopened: int = UNREADABLE

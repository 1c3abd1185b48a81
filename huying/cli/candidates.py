"""What may stand next on a command line that somebody is writing; the shell asks for it at each tabulator."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence

from huying.cli.parser import Parser
from huying.cli.registry import command_named, every_command


def candidates(written: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    """Each with a tabulator and what it is, for the last of the words written so far; none where a file or a free text belongs."""
    *before, begun = [word for word in written if word != "="] or [""]
    for name, words in _possible(before, begun, languages):
        if name.startswith(begun):
            yield f"{name}\t{words}" if words else name


def _possible(before: Sequence[str], begun: str, languages: Sequence[str]) -> Iterable[tuple[str, str]]:
    if not before:
        named = [(command.name, command.words.read(languages)) for command in every_command()]
        return [*named, ("--help", ""), ("--version", "")]
    command = command_named(before[0])
    if command is None:
        return ()
    parser = Parser(command, languages)
    waiting = _waits(parser, before)
    if waiting is not None:
        return [(choice, "") for choice in waiting.choices or ()]
    if begun.startswith("-"):
        return [(name, one.help or "") for one in parser.taken for name in one.option_strings if name.startswith("--")]
    return [(choice, "") for one in parser.taken if not one.option_strings for choice in one.choices or ()]


def _waits(parser: Parser, before: Sequence[str]) -> argparse.Action | None:
    """The option whose value is to be written."""
    return next(
        (one for one in parser.taken if before[-1] in one.option_strings and one.nargs != 0 and one.nargs != "?"), None
    )

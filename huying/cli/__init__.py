"""The command line. Its words and exit codes are stable: others script against them (``docs/reference/commands.md``).

Help and what is wrong speak the reader's language: that of ``--language`` or of the locale, else both, Chinese first; ``--format json`` goes to
programs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from definitions.text import Said
from huying import VERSION
from huying.cli.candidates import candidates
from huying.cli.command import SOUND, UNREADABLE
from huying.cli.faults import carry_out
from huying.cli.language import languages_of
from huying.cli.overview import overview
from huying.cli.parser import Parser
from huying.cli.registry import command_named, names

#: As shells say it of a program that was interrupted, and of one that nobody listened to any more.
INTERRUPTED, UNHEARD = 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    written = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _answer(written, languages_of(written, os.environ))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # `huying list | head`: what is left to say must not be said at the end of the program either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNHEARD
    return code


def _answer(written: Sequence[str], languages: Sequence[str]) -> int:
    first, rest = (written[0], written[1:]) if written else ("", [])
    if first == "--complete":
        print("\n".join(candidates(rest, languages)))
    elif first in ("--help", "-h", "help"):
        print(overview(languages))
    elif first == "--version":
        print(f"huying {VERSION}")
    elif not first:
        print(overview(languages), file=sys.stderr)
        return UNREADABLE
    else:
        return _run(first, rest, languages)
    return SOUND


def _run(name: str, rest: Sequence[str], languages: Sequence[str]) -> int:
    from getpass import getuser

    from huying.audit.caller import Caller, calling

    command = command_named(name)
    if command is None:
        print(_unknown(name).read(languages), file=sys.stderr)
        return UNREADABLE
    options = Parser(command, languages).parse_args(rest)
    options.languages = languages
    with calling(Caller(via=f"command:{name}", agent=getuser())):
        return carry_out(command, options)


def _unknown(name: str) -> Said:
    """That there is no such command, and which was probably meant."""
    from definitions.finding import nearest

    near = nearest(name, names())
    if near is None:
        return Said(
            f"没有命令“{name}”，“huying --help”列出全部命令。",
            f"There is no command “{name}”; “huying --help” lists all.",
        )
    return Said(f"没有命令“{name}”，是不是“{near}”？", f"There is no command “{name}”. Did you mean “{near}”?")

"""What goes wrong in a command, said in the reader's language, and its exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, Command
from huying.cli.output import complain

if TYPE_CHECKING:
    from argparse import Namespace


def carry_out(command: Command, options: Namespace) -> int:
    """Run a command; its exit code. What nobody foresaw goes on as it is."""
    try:
        return command.run(options)
    except ImportError:
        # with a package missing nothing can be told from anything else either
        raise
    except Exception as error:
        code = _code(error, command, options)
        if code is None:
            raise
        return code


def _code(error: Exception, command: Command, options: Namespace) -> int | None:
    """The exit code of a fault that commands foresee, which is said in words; ``None`` for any other."""
    from definitions.finding import Unreadable
    from definitions.loader import Unsound

    if isinstance(error, (Unreadable, Unsound)):
        complain(error.findings, options)
        return command.unsound
    if isinstance(error, OSError) and error.filename is not None:
        print(not_opened(error.filename, error).read(options.languages), file=sys.stderr)
        return command.unopened
    return _refused(error, options)


def _refused(error: Exception, options: Namespace) -> int | None:
    from engine.refusal import Invalid, Refusal
    from huying.settings import SettingError

    if isinstance(error, Invalid):
        print("\n".join(_by_field(error, options)), file=sys.stderr)
    elif isinstance(error, Refusal):
        print(Said(**error.message).read(options.languages), file=sys.stderr)
    elif isinstance(error, SettingError):
        words = str(error) if len(options.languages) > 1 else error.words.read(options.languages)
        print(words, file=sys.stderr)
    else:
        return _held(error, options)
    return FINDINGS


def _held(error: Exception, options: Namespace) -> int | None:
    from huying.database.words import Held

    if not isinstance(error, Held):
        return None
    print(Said(*error.words).read(options.languages), file=sys.stderr)
    return FINDINGS


def _by_field(error: object, options: Namespace) -> Iterator[str]:
    from engine.refusal import Invalid

    assert isinstance(error, Invalid)
    for name, message in error.errors.items():
        yield f"{name}：{Said(**message).read(options.languages)}"


def not_opened(name: object, error: OSError | UnicodeError) -> Said:
    """That a file cannot be opened, and why."""
    why = error.strerror if isinstance(error, OSError) else str(error)
    return Said(f"文件打不开：{name}（{why}）。", f"The file cannot be opened: {name} ({why}).")

"""The command line. Its words and exit codes are stable: others script against them.

``check`` answers 0 when all files are sound, 1 when there are findings, 2 when a file cannot be read; the other commands 0 or 1, and 2 for a
wrong call. Messages go to people in both languages, Chinese first; ``--format json`` goes to programs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from engine.refusal import Refusal
from huying.cli import (
    calendars,
    definitions,
    diagrams,
    due,
    export,
    migrations,
    plans,
    services,
    simulations,
    subscriptions,
    versions,
)
from huying.settings import SettingError


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
    """All commands, with their arguments."""
    root = argparse.ArgumentParser(
        prog="python -m huying", description="呼应：流程定义即数据的办事引擎。 Huying, a workflow engine."
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    definitions.add_to(commands)
    diagrams.add_to(commands)
    due.add_to(commands)
    calendars.add_to(commands)
    plans.add_to(commands)
    simulations.add_to(commands)
    migrations.add_to(commands)
    export.add_to(commands)
    services.add_to(commands)
    subscriptions.add_to(commands)
    versions.add_to(commands)
    return root

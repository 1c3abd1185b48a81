"""How commands show what they found: data for programs, reports of faults for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from definitions.finding import Finding


def show_json(value: object) -> None:
    """Print data in one line."""
    import orjson

    print(orjson.dumps(value).decode())


def report(findings: Iterable[Finding], options: Namespace, stream: TextIO) -> str:
    """The findings in the reader's language, as this stream shows them best."""
    from huying.processes.findings import CheckReport, coloured

    return CheckReport(findings).text(options.languages, coloured=coloured(stream, os.environ))


def complain(findings: Iterable[Finding], options: Namespace) -> None:
    """Print findings on the standard error."""
    print(report(findings, options, sys.stderr), file=sys.stderr)


def local_moment(at: datetime) -> str:
    """A moment by this machine's clock, with its zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"

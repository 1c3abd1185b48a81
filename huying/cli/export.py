"""The command ``export``: the history as an event log that tools for process mining read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import orjson

from huying.cli.command import add, opened
from huying.logs import ocel, xes
from huying.logs.history import Trace, traces
from huying.settings import read

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    one = add(commands, "export", _export, "导出办理历史为事件日志。 Export the history as an event log.")
    one.add_argument("file", metavar="FILE", help="写到哪里；- 为标准输出。 Where to write it; - is standard output.")
    one.add_argument("--format", choices=("xes", "ocel"), help="不写则看文件名。 Left out: by the file's name.")
    one.add_argument("--definition", metavar="KEY", help="只要一个流程。 Of one definition only.")


def _export(options: argparse.Namespace) -> int:
    form = options.format or ("xes" if options.file.endswith(".xes") else "ocel")
    found = traces(opened(read()), options.definition)
    try:
        if options.file == "-":
            count = _write(form, found, sys.stdout)
        else:
            with Path(options.file).open("w", encoding="utf-8") as file:
                count = _write(form, found, file)
    except OSError as error:
        print(f"文件写不了。 The file cannot be written: {error}", file=sys.stderr)
        return 2
    print(f"{count} 件事项。 {count} issues.", file=sys.stderr)
    return 0


def _write(form: str, found: Iterable[Trace], file: TextIO) -> int:
    if form == "xes":
        return xes.write(found, file)
    document = ocel.document(found)
    file.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    return sum(one["type"] == "issue" for one in document["objects"])

"""``export``: the history as an event log that tools for process mining read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from huying.cli.parser import Parser
    from huying.logs.history import Trace


def _arguments(parser: Parser) -> None:
    parser.take("file", zh="写到哪里；- 为标准输出。", en="Where to write it; - is standard output.", metavar="FILE")
    parser.take("--format", zh="不写则看文件名。", en="Left out: by the file's name.", choices=("xes", "ocel"))
    parser.take("--definition", zh="只要一个流程。", en="Of one definition only.", metavar="KEY")


def _run(options: Namespace) -> int:
    from pathlib import Path

    from huying.audit.record import AuditNote, note_at_once
    from huying.logs.history import traces

    form = options.format or ("xes" if options.file.endswith(".xes") else "ocel")
    house = opened()
    told = AuditNote(what="history-exported", object=f"list:{options.definition or form}", detail={"how": form})
    note_at_once(house.database.engine, told)
    found = traces(house, options.definition)
    if options.file == "-":
        count = _write(form, found, sys.stdout)
    else:
        with Path(options.file).open("w", encoding="utf-8") as file:
            count = _write(form, found, file)
    print(Said(f"{count} 件事项。", f"{count} issues.").read(options.languages), file=sys.stderr)
    return SOUND


def _write(form: str, found: Iterable[Trace], file: TextIO) -> int:
    import orjson

    from huying.logs import ocel, xes

    if form == "xes":
        return xes.write(found, file)
    document = ocel.document(found)
    file.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    return sum(one["type"] == "issue" for one in document["objects"])


COMMAND = Command(
    "export",
    Said("导出办理历史为事件日志。", "Export the history as an event log."),
    _run,
    _arguments,
)

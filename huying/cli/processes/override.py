"""``override``: what a station or an area says otherwise is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import by, files, note
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import complain

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    files(parser, "覆盖文件。", "Overrides.")
    note(parser, "说明。")
    by(parser, "发布人。", "Who publishes.")


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime
    from pathlib import Path

    from huying.cli.processes.files import no_file
    from huying.processes.overrides import publish_override

    house = opened()
    for name in options.files:
        try:
            source = Path(name).read_bytes()
        except OSError as error:
            complain([no_file(name, error)], options)
            return FINDINGS
        made, new = publish_override(house, source, name, by=options.by, note=options.note, now=datetime.now(UTC))
        words = "已发布 published" if new else "没有变化 unchanged"
        print(f"{made.definition_key} {made.scope} v{made.version} {words}")
    return SOUND


COMMAND = Command(
    "override",
    Said("发布站点或区域的覆盖。", "Publish what a station or area says otherwise."),
    _run,
    _arguments,
)

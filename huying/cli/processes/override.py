"""``override``: what a station or an area says otherwise is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.approval import by_two, permitted
from huying.cli.arguments import by, files, note
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import complain

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.house import House


def _arguments(parser: Parser) -> None:
    files(parser, "覆盖文件。", "Overrides.")
    note(parser, "说明。")
    by(parser, "发布人。", "Who publishes.")
    by_two(parser)


def _run(options: Namespace) -> int:
    from pathlib import Path

    from huying.cli.processes.files import no_file

    house = opened()
    for name in options.files:
        try:
            source = Path(name).read_bytes()
        except OSError as error:
            complain([no_file(name, error)], options)
            return FINDINGS
        _publish(house, source, name, options)
    return SOUND


def _publish(house: House, source: bytes, name: str, options: Namespace) -> None:
    from datetime import UTC, datetime

    from huying.approvals.proposals import NewProposal
    from huying.house.imprint import Imprint
    from huying.processes.overrides import override_about, publish_beside

    key, scope, newest = override_about(house, source, name)
    body = {"source": source.decode(), "name": name, "note": options.note, "newest": newest}
    wish = NewProposal("override", body, f"{key} {scope}", source.decode(), options.note)
    beside = permitted(house, options, [wish])
    if beside is None:
        return
    made, new = publish_beside(house, source, name, Imprint(options.by, datetime.now(UTC), options.note), beside)
    words = "已发布 published" if new else "没有变化 unchanged"
    print(f"{made.definition_key} {made.scope} v{made.version} {words}")


COMMAND = Command(
    "override",
    Said("发布站点或区域的覆盖。", "Publish what a station or area says otherwise."),
    _run,
    _arguments,
)

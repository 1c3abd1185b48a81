"""``rollback``: an earlier version is published once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import by, note, number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("key", zh="流程名。", en="The definition's key.", metavar="KEY")
    parser.take("version", zh="第几版。", en="Which version.", type=number, metavar="N")
    by(parser, "经办人。", "Who asks for it.")
    note(parser, "说明。", "Why.", longest=900)


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.house.imprint import Imprint
    from huying.processes.publication import roll_back

    made = roll_back(opened(), options.key, options.version, Imprint(options.by, datetime.now(UTC), options.note))
    print(f"{made.key} v{made.version} 已发布 published：{made.note}")
    return SOUND


COMMAND = Command("rollback", Said("把以前的一版重新发布。", "Publish an earlier version once more."), _run, _arguments)

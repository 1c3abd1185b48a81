"""``rollback``: an earlier version is published once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.approval import by_two, done, permitted
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
    by_two(parser)


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.approvals.proposals import NewProposal
    from huying.house.imprint import Imprint
    from huying.processes.publication import newest_number, rolling_back

    house, key, version = opened(), options.key, options.version
    newest = newest_number(house, key)
    write = rolling_back(house, key, version, Imprint(options.by, datetime.now(UTC), options.note), newest)
    body = {"key": key, "number": version, "reason": options.note, "newest": newest}
    beside = permitted(house, options, [NewProposal("back", body, f"{key} {version}", "", options.note)])
    if beside is None:
        return SOUND
    done(house, write, beside)
    made = house.processes.newest(key)
    print(f"{made.key} v{made.version} 已发布 published：{made.note}")
    return SOUND


COMMAND = Command("rollback", Said("把以前的一版重新发布。", "Publish an earlier version once more."), _run, _arguments)

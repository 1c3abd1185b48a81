"""``withdraw``: a version that no issue follows is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.approval import by_two, done, permitted
from huying.cli.arguments import at_most, by, number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("key", zh="流程名。", en="The definition's key.", metavar="KEY")
    parser.take("version", zh="第几版。", en="Which version.", type=number, metavar="N")
    by(parser, "经办人。", "Who asks for it.")
    parser.take("--reason", zh="理由。", en="Why.", required=True, type=at_most(500))
    by_two(parser)


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.approvals.proposals import NewProposal
    from huying.house.imprint import Imprint
    from huying.processes.publication import withdrawing

    house, key, version, reason = opened(), options.key, options.version, options.reason
    write = withdrawing(house, key, version, Imprint(options.by, datetime.now(UTC), reason))
    body = {"key": key, "number": version, "reason": reason}
    beside = permitted(house, options, [NewProposal("withdraw", body, f"{key} {version}", "", reason)])
    if beside is None:
        return SOUND
    done(house, write, beside)
    print(f"{options.key} v{options.version} 已撤回 withdrawn")
    return SOUND


COMMAND = Command(
    "withdraw", Said("撤回没有事项的一版。", "Withdraw a version that no issue follows."), _run, _arguments
)

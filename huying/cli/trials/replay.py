"""``replay``: which issues of the past would have gone elsewhere by another version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import definition, number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    definition(parser, zh="新版的文件，或 KEY@2。", en="The other version: a file, or KEY@2.")
    parser.take(
        "--issues",
        zh="最近多少件，默认 10000。",
        en="The latest so many; 10000 if not said.",
        type=number,
        default=10_000,
        metavar="N",
    )


def _run(options: Namespace) -> int:
    from huying.trials import replay
    from huying.trials.simulation import subject

    house = opened()
    process = subject(options.name, None, lambda: house).process
    found = replay.replay_all(house, process, options.issues)
    if options.format == "json":
        show_json(replay.plain(found, process.definition))
    else:
        print("\n".join(replay.lines(found, process.definition)))
    return SOUND


COMMAND = Command(
    "replay",
    Said("用新版重放办理历史。", "Decide the history again by another version."),
    _run,
    _arguments,
    json=(("", "{definition, issues, same, late: {before, now}, courses, stranded}"),),
)

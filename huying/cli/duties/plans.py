"""``plans``: those in force are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import number
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("--next", zh="也列出今后 N 次。", en="The next N days too.", type=number, default=0, metavar="N")


def _run(options: Namespace) -> int:
    from huying.cli.duties.days import list_plans

    return list_plans(options)


COMMAND = Command(
    "plans",
    Said("列出例行计划。", "List the plans in force."),
    _run,
    _arguments,
    json=(("", "[{key, version, next_at, paused, days: [{rule_day, day, provisional}]}]"),),
)

"""``papers``: the papers that were made, with their digests, so that anybody tells whether a file is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("--issue", zh="只要这件事项的。", en="Of this issue alone.", metavar="NUMBER")


def _run(options: Namespace) -> int:
    from huying.papers.ledger import paper_rows

    rows = paper_rows(opened(), options.issue)
    if options.format == "json":
        show_json([{**one, "made_at": one["made_at"].isoformat()} for one in rows])
        return SOUND
    for one in rows:
        state = Said("已作废", "void").read(options.languages) if one["void"] else ""
        print(one["number"], one["issue"] or "-", f"{one['made_at']:%Y-%m-%d}", one["digest"], state, sep="  ")
    if not rows:
        print(Said("还没有出具过文书。", "No paper has been made yet.").read(options.languages))
    return SOUND


COMMAND = Command(
    "papers",
    Said("列出出具的文书和摘要。", "List the papers that were made, and their digests."),
    _run,
    _arguments,
    json=(("", "[{number, kind, issue, made_at, digest, void, replaces}]"),),
)

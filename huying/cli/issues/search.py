"""``search``: the index of the search is made anew, issue by issue, while the house is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("what", zh="rebuild：重建索引。", en="rebuild: make the index anew.", choices=("rebuild",))


def _run(options: Namespace) -> int:
    from huying.search.upkeep import ask_all, every_portion

    house = opened()
    count = ask_all(house)
    for _ in every_portion(house):
        pass
    print(Said(f"已重新编入检索：{count} 件事项。", f"{count} issues were read anew.").read(options.languages))
    return SOUND


COMMAND = Command("search", Said("重建检索索引。", "Make the index of the search anew."), _run, _arguments)

"""``prefect``: what Prefect shows is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("what", zh="rebuild：全部重新显示。", en="rebuild: show all of it anew.", choices=("rebuild",))


def _run(options: Namespace) -> int:
    from huying.services.roots import rebuild_view
    from huying.settings import read

    return rebuild_view(read())


COMMAND = Command("prefect", Said("重建 Prefect 里的视图。", "Rebuild what Prefect shows."), _run, _arguments)

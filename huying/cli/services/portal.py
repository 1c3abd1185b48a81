"""``portal``: the portal alone is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import number
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "--fd",
        zh="已打开的监听套接字的编号。",
        en="The number of a socket that listens already.",
        type=number,
        metavar="N",
    )


def _run(options: Namespace) -> int:
    from huying.services.roots import serve_portal
    from huying.settings import read

    return serve_portal(read(), options.fd)


COMMAND = Command("portal", Said("只启动门户。", "Start the portal alone."), _run, _arguments)

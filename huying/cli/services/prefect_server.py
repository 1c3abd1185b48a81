"""``prefect-server``: one of several Prefect servers is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("--host", zh="监听的地址。", en="The address where it listens.", default="127.0.0.1")


def _run(options: Namespace) -> int:
    from huying.services.parts import become_server
    from huying.settings import read

    return become_server(read(), options.host)


COMMAND = Command(
    "prefect-server",
    Said("只启动一个 Prefect 服务。", "Start one of several Prefect servers."),
    _run,
    _arguments,
)

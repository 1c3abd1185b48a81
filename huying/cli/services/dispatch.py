"""``dispatch``: the dispatcher alone is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace


def _run(options: Namespace) -> int:
    from huying.services.roots import serve_dispatcher
    from huying.settings import read

    return serve_dispatcher(read())


COMMAND = Command("dispatch", Said("只启动派发程序。", "Start the dispatcher alone."), _run)

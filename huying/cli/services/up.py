"""``up``: everything is started on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command
from huying.cli.services.prepare import SAMPLE

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "--demo",
        zh="在单独的数据目录里填入示例城市，演示一件事从反映到办结。",
        en="Play one issue from report to closure, in a sample city in a data folder of its own.",
        action="store_true",
    )
    parser.take("--sample", zh=SAMPLE.zh, en=SAMPLE.en, action="store_true")


def _run(options: Namespace) -> int:
    from huying.delivery.transports import transports
    from huying.demo.house import apart
    from huying.services.supervisor import up
    from huying.settings import read

    if options.demo:
        # what is started from here reads the environment itself
        os.environ.update(apart(os.environ))
    settings = read()
    settings.make_home()
    # said here, once, and not by a process that is started again and again
    transports(settings)
    return up(settings, demo=options.demo, sample=options.demo or options.sample)


COMMAND = Command("up", Said("启动全部服务。", "Start everything."), _run, _arguments)

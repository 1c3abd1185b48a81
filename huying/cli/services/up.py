"""``up``: everything is started on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command
from huying.cli.services.prepare import SAMPLE, SIZES

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "--demo",
        zh="在单独的数据目录里填入示例城市，演示一件事从反映到办结；province 是全市规模，已有 4038 件事项办过。",
        en="Play one issue from report to closure, in a sample city in a data folder of its own; province: a whole city with the 4,038 issues "
        "that it has taken up.",
        nargs="?",
        const="city",
        choices=SIZES,
    )
    parser.take("--sample", zh=SAMPLE.zh, en=SAMPLE.en, nargs="?", const="city", choices=SIZES)


def _run(options: Namespace) -> int:
    from huying.delivery.transports import transports
    from huying.demo.house import apart
    from huying.services.supervisor import up
    from huying.settings import read

    if options.demo:
        # what is started from here reads the environment itself
        os.environ.update(apart(os.environ, "demo" if options.demo == "city" else options.demo))
    settings = read()
    settings.make_home()
    # said here, once, and not by a process that is started again and again
    transports(settings)
    return up(settings, demo=options.demo == "city", sample=options.demo or options.sample)


COMMAND = Command("up", Said("启动全部服务。", "Start everything."), _run, _arguments)

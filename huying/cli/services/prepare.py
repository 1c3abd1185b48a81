"""``prepare``: tables are made and upgraded, and what is shipped is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser

SAMPLE = Said("在空的名册里填入示例城市。", "Fill an empty register with the sample city.")


def _arguments(parser: Parser) -> None:
    parser.take("--sample", zh=SAMPLE.zh, en=SAMPLE.en, action="store_true")
    parser.take(
        "--no-sample",
        zh="不填示例城市；不写也是如此。",
        en="Leave the sample city out, as is done without it.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from huying.services.first_start import prepare
    from huying.services.parts import upgrade_prefect
    from huying.settings import read

    settings = read()
    settings.make_home()
    prepare(settings, tell=print, sample=options.sample and not options.no_sample)
    if upgrade_prefect(settings):
        print("Prefect 的数据库就绪 Prefect's database ready")
    return SOUND


COMMAND = Command(
    "prepare",
    Said("建表、升级、发布自带流程。", "Make and upgrade tables, publish what is shipped."),
    _run,
    _arguments,
)

"""``prepare``: tables are made and upgraded, and what is shipped is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser

SAMPLE = Said(
    "在空的名册里填入示例城市；province 是全市规模。",
    "Fill an empty register with the sample city; province: a whole one.",
)
SIZES = ("city", "province")


def _arguments(parser: Parser) -> None:
    parser.take("--sample", zh=SAMPLE.zh, en=SAMPLE.en, nargs="?", const="city", choices=SIZES)
    parser.take(
        "--no-sample",
        zh="不填示例城市；不写也是如此。",
        en="Leave the sample city out, as is done without it.",
        action="store_true",
    )
    parser.take(
        "--administrator",
        zh="设第一位管理员（姓名），印出一次性网址；不填示例城市。",
        en="Have this person as the first administrator, and print their one-time address; no sample city is filled in.",
        metavar="NAME",
    )
    parser.take(
        "--login",
        zh="管理员的用户名，默认 admin。",
        en="The administrator's user name; admin if not said.",
        default="admin",
    )


def _run(options: Namespace) -> int:
    from huying.services.first_start import prepare
    from huying.services.parts import upgrade_prefect
    from huying.settings import read

    settings = read()
    settings.make_home()
    none = options.no_sample or options.administrator
    prepare(settings, tell=print, sample=None if none else options.sample)
    if upgrade_prefect(settings):
        print("Prefect 的数据库就绪 Prefect's database ready")
    if options.administrator:
        from datetime import UTC, datetime

        from huying.access.accounts import first_administrator
        from huying.cli.house import opened
        from huying.cli.people.link import show_link

        house = opened(settings)
        made = first_administrator(house, datetime.now(UTC), options.administrator, options.login)
        show_link(made, settings.portal_url, house.zone, options)
    return SOUND


COMMAND = Command(
    "prepare",
    Said("建表、升级、发布自带流程。", "Make and upgrade tables, publish what is shipped."),
    _run,
    _arguments,
)

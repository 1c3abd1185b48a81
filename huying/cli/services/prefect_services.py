"""``prefect-services``: what Prefect does in the background is started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace


def _run(options: Namespace) -> int:
    from huying.services.parts import become_services
    from huying.settings import read

    return become_services(read())


COMMAND = Command(
    "prefect-services",
    Said("只启动 Prefect 的后台。", "Start what Prefect does in the background."),
    _run,
)

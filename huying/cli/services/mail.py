"""``mail``: where mail is taken is started alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace


def _run(options: Namespace) -> int:
    from huying.services.roots import serve_mail
    from huying.settings import read

    return serve_mail(read())


COMMAND = Command("mail", Said("只启动收信。", "Start alone what takes mail."), _run)

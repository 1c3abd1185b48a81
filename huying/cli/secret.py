"""A secret that a command is given: from a file or the standard input, never on the command line, which every process of the machine can read."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.parser import Parser

if TYPE_CHECKING:
    from argparse import Namespace


def secret_argument(parser: Parser, zh: str, en: str) -> None:
    """Take a secret; the option that took it openly is refused."""
    parser.take(
        "--secret-file",
        zh=f"{zh}写在这个文件里；- 为标准输入。",
        en=f"{en}, in this file; - is standard input.",
        metavar="FILE",
    )
    parser.refuse(
        "--secret",
        "密钥不能写在命令行里：本机的进程列表和历史命令都看得到。请写进文件，用 --secret-file 文件，或用 --secret-file - 从标准输入读；"
        "已经露出的密钥请换一个。",
        "A secret is not written on the command line: lists of processes and the shell's history show it. Write it into a file and give"
        " --secret-file FILE, or --secret-file - for standard input; one that was shown already should be changed.",
    )


def secret_of(options: Namespace) -> str | None:
    """The secret, without the end of its line; ``None`` if none is given."""
    if options.secret_file is None:
        return None
    if options.secret_file != "-":
        text = Path(options.secret_file).read_text("utf-8-sig")
    elif sys.stdin.isatty():
        text = getpass(Said("密钥", "Secret").read(options.languages) + ": ")
    else:
        text = sys.stdin.read()
    return text.strip("\r\n")

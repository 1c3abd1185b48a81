"""``certify``: what was recorded of one issue, so that a stranger can verify it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("number", zh="事项编号。", en="The number of the issue.", metavar="NUMBER")
    parser.take("file", zh="写到哪里；- 为标准输出。", en="Where to write it; - is standard output.", metavar="FILE")


def _run(options: Namespace) -> int:
    from huying.evidence.certificates import certificate
    from huying.evidence.notary import notary_of

    house = opened()
    made = certificate(house, notary_of(house.database), options.number)
    if options.file == "-":
        sys.stdout.buffer.write(made.written())
    else:
        with open(options.file, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(made.written())
    told = Said(
        f"{len(made.exhibits)} 条记录，到 {made.head.told.day} 的签名为止；其后 {made.since} 条还没有签名，不在其中。里面有个人信息，请按规定保管。",
        f"{len(made.exhibits)} records, up to the head of {made.head.told.day}; {made.since} later ones are not signed yet and left out. "
        "It holds personal data: keep it accordingly.",
    )
    print(told.read(options.languages), file=sys.stderr)
    return SOUND


COMMAND = Command(
    "certify",
    Said("为一件事项出具存证证明，外人可自行核验。", "Certify what was recorded of an issue; a stranger verifies it."),
    _run,
    _arguments,
)

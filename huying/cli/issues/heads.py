"""``heads``: the signed heads of the days, and the public key by which anybody checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take("--key", zh="只要公钥。", en="The public key alone.", action="store_true")
    parser.take(
        "--make",
        zh="现在就封存并签名（一天一次）。",
        en="Seal and sign now, once a day.",
        action="store_true",
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.evidence.heads import make_head, newest_heads
    from huying.evidence.notary import notary_of

    house = opened()
    notary = notary_of(house.database)
    if options.key:
        print(notary.public_key)
        return SOUND
    if options.make:
        make_head(house, notary, datetime.now(UTC))
    found = newest_heads(house, 30)
    if options.format == "json":
        rows = [{"body": one.head.body, "signature": one.head.signature, "handed": one.handed} for one in found]
        show_json({"key": notary.public_key, "heads": rows})
        return SOUND
    for one in found:
        told = one.head.told
        out = "、".join(one.handed) or Said("没有送出过", "never handed outside").read(options.languages)
        print(told.day, Said(f"{told.segments} 段", f"{told.segments} segments").read(options.languages), out, sep="  ")
    if not found:
        print(Said("还没有每日签名。", "No day is signed yet.").read(options.languages))
    return SOUND


COMMAND = Command(
    "heads",
    Said("列出每日签名，给出公钥。", "List the signed heads of the days, and the public key."),
    _run,
    _arguments,
    json=(("", "{key, heads: [{body, signature, handed}]}"),),
)

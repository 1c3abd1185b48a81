"""``heads``: the signed heads of the days, and the public key by which anybody checks them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.house import House


def _arguments(parser: Parser) -> None:
    parser.take("--key", zh="只要公钥。", en="The public key alone.", action="store_true")
    parser.take(
        "--make",
        zh="现在就封存并签名（一天一次）。",
        en="Seal and sign now, once a day.",
        action="store_true",
    )
    parser.take(
        "--stamps",
        zh="把签名和时间戳写到这个目录，供 openssl 核对。",
        en="Write the heads with their time stamps into this folder, for openssl.",
        metavar="DIR",
        type=Path,
    )


def _stamps(house: House, folder: Path, options: Namespace) -> int:
    """Write what was stamped and its stamp side by side, as openssl wants them."""
    from huying.evidence.heads import newest_heads

    stamped = [(one.day, one.head.body, one.stamp) for one in newest_heads(house, 10_000) if one.stamp is not None]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for day, body, stamp in stamped:
            (folder / f"{day}.txt").write_text(body, "utf-8")
            (folder / f"{day}.tsr").write_bytes(stamp)
    except OSError as error:
        said = Said(f"{folder} 不能写（{error.strerror}）。", f"{folder} cannot be written ({error.strerror}).")
        print(said.read(options.languages))
        return FINDINGS
    said = Said(
        f"写出 {len(stamped)} 天的签名和时间戳；核对：openssl ts -verify -data 日期.txt -in 日期.tsr -CAfile 证书.pem",
        f"Wrote heads and time stamps of {len(stamped)} days; check: openssl ts -verify -data DAY.txt -in DAY.tsr -CAfile CA.pem",
    )
    print(said.read(options.languages))
    return SOUND


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.evidence.heads import make_head, newest_heads
    from huying.evidence.notary import notary_of

    house = opened()
    notary = notary_of(house.database)
    if options.key:
        print(notary.public_key)
        return SOUND
    if options.stamps is not None:
        return _stamps(house, options.stamps, options)
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

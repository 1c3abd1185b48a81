"""``show``: a definition as it was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import number
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser

_COLUMNS = (
    "key",
    "version",
    "digest",
    "published_at",
    "published_by",
    "note",
    "in_force_from",
    "withdrawn_at",
    "source",
)


def _arguments(parser: Parser) -> None:
    parser.take("key", zh="流程名。", en="The definition's key.", metavar="KEY")
    parser.take(
        "--version", zh="第几版，默认最新。", en="Which version; the newest, if not said.", type=number, metavar="N"
    )


def _run(options: Namespace) -> int:
    known = opened().processes
    found = known.version(options.key, options.version) if options.version else known.newest(options.key)
    if options.format == "json":
        show_json({name: getattr(found, name) for name in _COLUMNS})
    else:
        print(found.source, end="")
    return SOUND


COMMAND = Command(
    "show",
    Said("显示一个定义。", "Show a definition."),
    _run,
    _arguments,
    json=(("", "{key, version, digest, published_at, published_by, note, in_force_from, withdrawn_at, source}"),),
)

"""``words``: every text that people read, in Chinese and English, and where it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace


def _run(options: Namespace) -> int:
    from huying.words.catalogue import catalogue

    entries = catalogue()
    if options.format == "json":
        show_json([entry._asdict() for entry in entries])
        return SOUND
    for entry in entries:
        print("\t".join((entry.place, *(_line(text) for text in (entry.zh, entry.en)))))
    return SOUND


def _line(text: str) -> str:
    return " ".join(text.split())


COMMAND = Command(
    "words",
    Said("列出界面、消息、提示中的全部文字（中英对照）。", "List every text that people read, in Chinese and English."),
    _run,
    json=(("", "[{zh, en, place}]"),),
)

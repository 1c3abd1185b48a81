"""``files``: the lines of the yearly files are made anew from the histories, or compared with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser

_FAULTS = {
    "missing": Said("档案里缺这一行", "missing in the file"),
    "extra": Said("经过里没有这一行", "nothing in the history stands for it"),
    "changed": Said("与经过不符", "not as the history says"),
}


def _arguments(parser: Parser) -> None:
    parser.take(
        "what",
        zh="rebuild：按办理经过重建；check：与办理经过核对，列出不同。",
        en="rebuild: make the lines anew from the histories; check: compare with them, and tell what differs.",
        choices=("rebuild", "check"),
    )


def _run(options: Namespace) -> int:
    return _rebuild(options) if options.what == "rebuild" else _check(options)


def _rebuild(options: Namespace) -> int:
    from huying.files.upkeep import rebuild

    made = list(rebuild(opened()))
    issues, lines = sum(one.issues for one in made), sum(one.lines for one in made)
    if options.format == "json":
        show_json({"lines": lines, "faults": []})
        return SOUND
    told = Said(f"已重建：{issues} 件事项，{lines} 行。", f"Made anew: {lines} lines of {issues} issues.")
    print(told.read(options.languages))
    return SOUND


def _check(options: Namespace) -> int:
    from huying.files.upkeep import freshen
    from huying.files.verification import count, differences

    house = opened()
    freshen(house)
    found = list(differences(house))
    if options.format == "json":
        show_json({"lines": count(house), "faults": [{"key": one.key, "fault": one.fault} for one in found]})
    else:
        for one in found:
            print(one.key, _FAULTS[one.fault].read(options.languages), sep="  ")
        if not found:
            print(Said("档案与办理经过相符。", "The files are what the histories say.").read(options.languages))
    return FINDINGS if found else SOUND


COMMAND = Command(
    "files",
    Said("重建一人一册，或与办理经过核对。", "Make the yearly files anew, or compare them with the histories."),
    _run,
    _arguments,
    json=(("", "{lines, faults: [{key, fault}]}"),),
)

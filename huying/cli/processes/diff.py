"""``diff``: what two versions of a definition differ in. It answers 0 when nothing differs that matters, else 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import definition
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from definitions.versions.difference import Difference
    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    definition(parser, "before", metavar="A")
    definition(parser, "after", "另一版，写法相同。", "The other one, named in the same ways.", metavar="B")
    parser.take(
        "--format",
        zh="给人看、给程序读，或逐行比较。",
        en="For people, for programs, or line by line.",
        choices=("text", "json", "yaml-diff"),
        default="text",
    )


def _run(options: Namespace) -> int:
    from definitions.versions.difference import differences, plain
    from definitions.versions.yaml import yaml_difference
    from huying.trials.simulation import subject

    old, new = (subject(name, None, opened).process.definition for name in (options.before, options.after))
    found = differences(old, new)
    if options.format == "json":
        show_json([plain(one) for one in found])
    elif options.format == "yaml-diff":
        print("".join(yaml_difference(old, new, options.before, options.after)), end="")
    else:
        print("\n".join(_lines(found, options.language)))
    return FINDINGS if any(one.matters for one in found) else SOUND


def _lines(found: tuple[Difference, ...], language: str | None) -> list[str]:
    if not found:
        return ["没有不同。 Nothing differs."]
    told = [one for one in found if one.matters]
    lines = [_line(one, language) for one in told]
    words = [one for one in found if not one.matters]
    if words:
        lines += ["", "只是文字 only words:", *(_line(one, language) for one in words)]
    return lines


def _line(one: Difference, language: str | None) -> str:
    return one.message[language] if language else f"{one.message['zh']}。 {one.message['en']}."


COMMAND = Command(
    "diff",
    Said("两版流程有什么不同。", "What two versions of a definition differ in."),
    _run,
    _arguments,
    json=(("", "[{part, key, how, path, matters, before, after, message: {zh, en}}]"),),
    unsound=UNREADABLE,
)

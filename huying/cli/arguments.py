"""Kinds of values, and arguments that many commands have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from huying.cli.parser import Parser, WrongValue


def number(value: str) -> int:
    """A whole number."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise WrongValue("应为正整数。", "This is a positive integer.")
    return int(value)


def at_most(longest: int) -> Callable[[str], str]:
    """A text that is not too long."""

    def text(value: str) -> str:
        if len(value) > longest:
            raise WrongValue(f"最多 {longest} 个字。", f"At most {longest} characters.")
        return value

    return text


def by(parser: Parser, zh: str, en: str) -> None:
    """In whose name it is done."""
    parser.take("--by", zh=zh, en=en, default="命令行 command line", type=at_most(100))


def note(parser: Parser, zh: str = "版本说明。", en: str = "What changed, and why.", longest: int = 1000) -> None:
    """What is written beside a version."""
    parser.take("--note", zh=zh, en=en, default="", type=at_most(longest))


def files(parser: Parser, zh: str = "", en: str = "", some: str = "+") -> None:
    """Files, one after the other."""
    parser.take("files", zh=zh, en=en, nargs=some, metavar="FILE")


def definition(parser: Parser, name: str = "name", zh: str = "", en: str = "", metavar: str = "NAME") -> None:
    """A definition, by its file, its name in the library, or its key among those published."""
    usual = (
        "流程文件、流程库名，或已发布的名（KEY@2）。",
        "A file, a name of the library, or a published key (KEY@2).",
    )
    parser.take(name, zh=zh or usual[0], en=en or usual[1], metavar=metavar)


def moment(value: str) -> datetime:
    """A moment such as ``2026-11-30T18:00``, by this machine's clock where no zone is named."""
    try:
        return datetime.fromisoformat(value).astimezone()
    except ValueError:
        raise WrongValue("应写成 2026-11-30T18:00。", "This is written like 2026-11-30T18:00.") from None

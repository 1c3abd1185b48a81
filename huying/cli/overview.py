"""``huying --help``: every command by subject, and the exit codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from definitions.text import Said
from huying.cli.registry import GROUPS, names

_USAGE = Said("用法：huying 命令 …", "Usage: huying COMMAND …")
_ABOUT = Said("呼应：流程定义即数据的办事引擎。", "Huying, a workflow engine whose processes are data.")
_MORE = Said(
    "“huying 命令 --help”说明一个命令，“huying --version”显示版本。",
    "“huying COMMAND --help” tells of one command, “huying --version” which version this is.",
)
_CODES = Said(
    "退出码：0 完成或没有问题；1 有问题或不能办；2 命令写错或文件读不了。",
    "Exit codes: 0 done, or nothing wrong; 1 something is wrong, or refused; 2 a wrong call, or a file that cannot be read.",
)


def overview(languages: Sequence[str]) -> str:
    """The help of the whole command line."""
    return "\n".join(_lines(languages))


def _lines(languages: Sequence[str]) -> Iterator[str]:
    width = max(len(name) for name in names())
    yield _USAGE.read(languages, "\n")
    yield f"\n{_ABOUT.read(languages)}"
    for group in GROUPS:
        yield f"\n{group.words.read(languages)}"
        for command in group.commands():
            yield f"  {command.name:<{width}}  {command.words.read(languages)}"
    yield f"\n{_MORE.read(languages, chr(10))}"
    yield _CODES.read(languages, "\n")

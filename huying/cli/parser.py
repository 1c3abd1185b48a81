"""The arguments of a command, described and refused in the reader's language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from definitions.text import Said
from huying.cli.command import UNREADABLE, Command
from huying.cli.complaint import complaint
from huying.cli.language import LANGUAGES


class WrongValue(ValueError):
    """A value is not of its kind; ``words`` says what would be right."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Said(zh, en)


class Parser(argparse.ArgumentParser):
    """The arguments of one command. ``taken`` are those that people may write, in the order of the help."""

    def __init__(self, command: Command, languages: Sequence[str] = LANGUAGES) -> None:
        self.languages = languages
        super().__init__(
            prog=f"huying {command.name}",
            description=command.words.read(languages),
            formatter_class=partial(_Formatter, languages=languages),
            add_help=False,
        )
        self.taken: list[argparse.Action] = []
        self._places = self.add_argument_group(Said("参数", "Arguments").read(languages))
        self._options = self.add_argument_group(Said("选项", "Options").read(languages))
        command.arguments(self)
        if command.json and not any("--format" in one.option_strings for one in self.taken):
            self.take("--format", zh="给人看，或给程序读。", en="For people, or for programs.", **_FORMATS)
        if command.speaks:
            self.take("--language", zh="只用一种语言。", en="In one language only.", choices=LANGUAGES)
        self.take("-h", "--help", zh="显示本说明。", en="Show this help.", action="help")
        self.set_defaults(command=command)

    def take(
        self,
        *names: str,
        zh: str = "",
        en: str = "",
        within: argparse._MutuallyExclusiveGroup | None = None,
        **how: Any,
    ) -> None:
        """Take an argument; ``how`` goes to argparse, but ``type`` may raise ``WrongValue``."""
        if "type" in how:
            how["type"] = self._of_kind(names[0], how["type"])
        place = within or (self._options if names[0].startswith("-") else self._places)
        self.taken.append(place.add_argument(*names, help=Said(zh, en).read(self.languages).strip(), **how))

    def refuse(self, name: str, zh: str, en: str) -> None:
        """An option that there was once: whoever still writes it hears what to write instead. Help does not name it."""
        self.add_argument(name, nargs="?", help=argparse.SUPPRESS, action=_Refused, words=Said(zh, en))

    def one_of(self) -> argparse._MutuallyExclusiveGroup:
        """Arguments of which one alone may be given."""
        return self._options.add_mutually_exclusive_group()

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with a call, and end."""
        self._end(complaint(message))

    def _end(self, words: Said) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UNREADABLE, f"{words.read(self.languages)}\n")

    def _of_kind(self, name: str, kind: Callable[[str], object]) -> Callable[[str], object]:
        def read(value: str) -> object:
            try:
                return kind(value)
            except WrongValue as wrong:
                self._end(Said(f"{name}：{wrong.words.zh}", f"{name}: {wrong.words.en}"))

        return read


_FORMATS: dict[str, Any] = {"choices": ("text", "json"), "default": "text"}


class _Formatter(argparse.HelpFormatter):
    """Help whose own words are in the reader's language."""

    def __init__(self, prog: str, *, languages: Sequence[str], **how: Any) -> None:
        super().__init__(prog, max_help_position=30, **how)
        self._usage = Said("用法", "Usage").read(languages) + ": "

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._usage if prefix is None else prefix)


class _Refused(argparse.Action):
    """Ends the call with its words."""

    def __init__(self, *, words: Said, **how: Any) -> None:
        super().__init__(**how)
        self._words = words

    def __call__(self, parser: Any, *_: object) -> None:
        parser.exit(UNREADABLE, f"{self._words.read(parser.languages)}\n")

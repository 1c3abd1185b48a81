"""Every text exists in every language that the definition names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.checks.places import places
from definitions.expressions.expression import Template
from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.message_rule import MESSAGE_PIECES
from definitions.model.step import STAGES, WaitingStep
from definitions.problem import Path, Problem, problem
from definitions.text import LISTED, Said

_NAMES = {"zh": Said("中文", "Chinese"), "en": Said("英文", "English")}


def check(definition: Definition) -> Iterator[Problem]:
    """Titles are there; every text, wherever it stands, is in every language."""
    for path, title in _titles(definition):
        if title is None:
            yield _missing(definition, path, "title", {})
    for path, text in places(definition):
        spoken = path and (path[-1] in _SPOKEN or path[-2:-1] == ("options",))
        if not (spoken and isinstance(text, Mapping) and text and _speaks(text)):
            continue
        if any(not str(text.get(language, "")).strip() for language in definition.languages):
            # how an issue ends is mostly written as a text alone
            place = path[:-1] if path[0] == "resolutions" else path
            yield _missing(definition, place, str(place[-1]), text)


def _missing(definition: Definition, path: Path, key: str, text: Mapping[str, Any]) -> Problem:
    """That a text lacks some language, or all; what is there already stands in what is to be written."""
    written = {language: str(text.get(language, "")).strip() for language in definition.languages}
    lacking = [language for language, said in written.items() if not said]
    zh, en = (between.join(_NAMES.get(one, Said(one, one))[at] for one in lacking) for at, between in enumerate(LISTED))
    shown = ", ".join(f"{language}: {said[:_LONGEST] or '…'}" for language, said in written.items())
    return problem(
        "missing-text",
        path,
        Said(f"缺少{zh}文字。", f"The text is missing in {en}."),
        Said(f"请写 {key}: {{{shown}}}。", f"Write {key}: {{{shown}}}."),
    )


#: So much of a text is shown again.
_LONGEST = 30
#: The keys of texts; options are texts by keys of their own.
_SPOKEN = ("title", "help", "say", "text", "reporter", "unit", "path", *MESSAGE_PIECES)


def _speaks(text: Mapping[Any, Any]) -> bool:
    """Whether a mapping is a text by language, and not a mapping of other things."""
    return all(isinstance(key, str) and isinstance(value, str | Template) for key, value in text.items())


def _titles(definition: Definition) -> Iterator[tuple[Path, Mapping[str, str] | None]]:
    """The titles that must be there: of roles, fields, steps and actions."""
    for key, role in definition.roles.items():
        yield ("roles", key), role.title
    for name, field in definition.fields.items():
        yield from _field(("fields", name), field)
    for name, field in definition.reopen.ask.items() if definition.reopen else ():
        yield from _field(("reopen", "ask", name), field)
    for stage in STAGES:
        for key, step in definition.stage(stage).items():
            yield (stage, key), step.title
            people = isinstance(step, WaitingStep)
            for name, action in step.actions.items() if isinstance(step, WaitingStep) else ():
                yield (stage, key, "actions", name), action.title
            for asker, name, field in step.asks():
                yield from _field((stage, key, *(("actions", asker) if people else ()), "ask", name), field)


def _field(path: Path, field: Field) -> Iterator[tuple[Path, Mapping[str, str] | None]]:
    yield path, field.title
    for name, column in field.columns.items():
        yield from _field((*path, "columns", name), column)

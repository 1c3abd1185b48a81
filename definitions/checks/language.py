"""Every text exists in every language that the definition names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.checks.problem import Path, Problem, problem
from definitions.definition import Definition
from definitions.field import Field
from definitions.step import STAGES, WaitingStep

_NAMES = {"zh": "中文", "en": "英文"}


def check(definition: Definition) -> Iterator[Problem]:
    """Titles are there, and in every language; helps and options too."""
    for path, text, needed in _texts(definition):
        if text is None:
            if needed:
                yield _missing(path, definition.languages)
            continue
        lacking = tuple(language for language in definition.languages if not text.get(language, "").strip())
        if lacking:
            yield _missing(path, lacking)


def _missing(path: Path, languages: tuple[str, ...]) -> Problem:
    zh = "、".join(_NAMES.get(language, language) for language in languages)
    example = ", ".join(f"{language}: …" for language in languages)
    return problem(
        "missing-text",
        path,
        (f"缺少{zh}文字。", f"The text is missing in: {', '.join(languages)}."),
        (f"请写 title: {{{example}}}。", f"Write title: {{{example}}}."),
    )


def _texts(definition: Definition) -> Iterator[tuple[Path, Mapping[str, str] | None, bool]]:
    yield ("title",), definition.title, True
    yield ("help",), definition.help, False
    for key, resolution in definition.resolutions.items():
        yield ("resolutions", key), resolution.title, True
    for key, role in definition.roles.items():
        yield ("roles", key), role.title, True
    for name, field in definition.fields.items():
        yield from _field(("fields", name), field)
    for stage in STAGES:
        for key, step in definition.stage(stage).items():
            yield (stage, key), step.title, True
            yield (stage, key, "help"), step.help, False
            for name, action in step.actions.items() if isinstance(step, WaitingStep) else ():
                path: Path = (stage, key, "actions", name)
                yield path, action.title, True
                for asked, field in action.ask.items():
                    yield from _field((*path, "ask", asked), field)


def _field(path: Path, field: Field) -> Iterator[tuple[Path, Any, bool]]:
    yield path, field.title, True
    yield (*path, "help"), field.help, False
    for option, text in field.options.items():
        yield (*path, "options", option), text, True

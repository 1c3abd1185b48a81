"""Every kind of step is whole: whatever the checks, the charts, the pages and the reference ask of a kind, it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar, get_args

import pytest

from definitions.loader import examine
from definitions.model.step import Shape, Step, StepKind, TimedStep, WaitingStep
from definitions.model.step_kind import KINDS, STEPS
from definitions.model.steps.close import CloseStep
from definitions.text import Said

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = ROOT / "tests" / "definitions" / "everything.yaml"


@cache
def examples() -> Mapping[type[Step], Step]:
    """A step of each kind that the definition with everything holds."""
    definition = examine(EVERYTHING.read_bytes(), str(EVERYTHING)).definition
    assert definition is not None
    return {type(step): step for step in definition.steps.values()}


class Plain:
    """Says names as they are."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, said: Said, *names: object) -> str:
        return said.of(self.language).format(*names)

    def roles(self, keys: Iterable[str]) -> str:
        return ", ".join(keys)

    def fields(self, names: Iterable[str]) -> str:
        return ", ".join(names)


def lacks(step: type[Step]) -> Iterator[str]:
    """What a kind lacks, in words."""
    kind: StepKind = step.step_kind
    if kind.key not in {field.alias or name for name, field in step.model_fields.items() if field.is_required()}:
        yield f"model: no required key “{kind.key}”, by which the kind is told"
    if not step.__doc__:
        yield "words: no docstring, which the reference shows"
    for name in ("title", "meaning", "value"):
        said: Said = getattr(kind, name)
        yield from (
            f"words: no {name} in {language}" for language in said._fields if not getattr(said, language).strip()
        )
    if kind.shape not in get_args(Shape):
        yield f"shape: “{kind.shape}” is none that charts draw"
    if not re.search(rf"(\*\*|`|, ){kind.key}\b", (ROOT / "docs" / "en" / "semantics.md").read_text("utf-8")):
        yield "words: docs/en/semantics.md does not say what it does"
    example = examples().get(step)
    if example is None:
        yield "tests/definitions/everything.yaml has none"
    else:
        yield from _lacks_of(example)


def _lacks_of(example: Step) -> Iterator[str]:
    kind, waits = example.step_kind, isinstance(example, TimedStep) and not isinstance(example, WaitingStep)
    ends = isinstance(example, CloseStep)
    if waits and example.ending() is None:
        yield "walk: it waits, and ending() does not say how the wait ends"
    if waits and kind.over is None:
        yield "words: it waits, and over does not say what is said when the wait has ended"
    if not ends and not example.targets():
        yield "walk: it leads nowhere"
    silent = ends or example.branches or isinstance(example, WaitingStep)
    for language in ("zh", "en"):
        if not silent and not example.does(Plain(language)):
            yield f"words: does() says nothing in {language}"


@pytest.mark.parametrize("step", STEPS, ids=KINDS)
def test_a_kind_lacks_nothing(step: type[Step]) -> None:
    assert [*lacks(step)] == []


def test_a_kind_that_is_only_begun_is_told_what_it_lacks() -> None:
    class PonderStep(Step):
        step_kind: ClassVar[StepKind] = StepKind(
            "ponder",
            Said("沉思", ""),
            Said("想一想", "Thinks"),
            Said("想什么", "what about"),
            shape="cloud",  # type: ignore[arg-type]
        )

    PonderStep.__doc__ = None
    assert [*lacks(PonderStep)] == [
        "model: no required key “ponder”, by which the kind is told",
        "words: no docstring, which the reference shows",
        "words: no title in en",
        "shape: “cloud” is none that charts draw",
        "words: docs/en/semantics.md does not say what it does",
        "tests/definitions/everything.yaml has none",
    ]


def test_a_kind_of_which_the_walk_knows_nothing_is_told_so() -> None:
    class Silent(TimedStep):
        step_kind: ClassVar[StepKind] = StepKind(
            "hush", Said("静", "Hush"), Said("静", "Hush"), Said("静", "Hush"), "wait"
        )

    assert [*_lacks_of(Silent())] == [
        "walk: it waits, and ending() does not say how the wait ends",
        "words: it waits, and over does not say what is said when the wait has ended",
        "walk: it leads nowhere",
        "words: does() says nothing in zh",
        "words: does() says nothing in en",
    ]


def test_no_two_kinds_share_a_key() -> None:
    assert len(set(KINDS)) == len(KINDS) == len(STEPS)

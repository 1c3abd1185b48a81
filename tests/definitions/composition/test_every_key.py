"""Every key of the language in every place, with every kind of value, and every word misspelt: what is said of it helps, and lies where it stands.

Made from the model and from a definition with every part: a key that is added to the language is tried here without a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from definitions.composition.fragments import compose, resolved, shared
from definitions.composition.overrides import Override
from definitions.composition.shape import problems_of_shape
from definitions.loader import examine
from definitions.model.definition import Definition
from definitions.model.step import Step
from definitions.model.step_kind import KINDS
from definitions.model.vocabulary import Part, berths, field_wanted, keys, part_at
from definitions.plans.plan import OpeningPlan, QuotaPlan, RotaPlan
from definitions.problem import Problem
from definitions.source.tree import read
from definitions.trials.assumptions import Assumptions
from definitions.trials.scenario import Scenario
from definitions.versions.migration import MigrationFile
from tests.definitions.composition.judge import absurd, literals

HERE = Path(__file__).parents[1]
EVERYTHING = (HERE / "everything.yaml").read_text("utf-8")

SCENARIO = """
- title: {zh: 一件, en: One}
  given: {at: 2026-01-05 09:00, form: {a: b}, booked: [{of: a, from: 2026-01-06}]}
  steps:
    - {by: clerk, do: accept, with: {a: b}}
    - {after: 3 days}
    - then: {step: look}
"""
ASSUMPTIONS = "{per day: 3, citizens: {takes: 1 hour}, steps: {look: {takes: 1 hour, actions: {go: 1}}}}"
OVERRIDE = """
override: a
for: {station: XG}
limits: {issue: {within: 3 days}}
fields: {a: {title: {zh: 一, en: One}}}
steps: {look: {within: 3 days, actions: {go: {title: {zh: 一, en: One}}}}}
"""
PLAN = "{plan: a, title: {zh: 一, en: One}, "
MIGRATION = "{steps: {look: {to: see}}}"


def _body(text: str) -> Any:
    return resolved(compose(read(text, "a.yaml"), shared(None)).body)[0]


def _everything() -> Any:
    body = _body(EVERYTHING)
    body["coordination"]["sign"]["within"] = [{"when": "people > 5", "is": "5 working days"}, "3 working days"]
    body["closure"]["closed"]["close"] = {"from": "urgency"}
    return body


#: Files of every kind that is a model, each with all parts that it can have.
FILES: dict[str, tuple[Any, Any]] = {
    "definition": (Definition, _everything()),
    "scenarios": (tuple[Scenario, ...], tuple(read(SCENARIO, "a.yaml").plain())),
    "assumptions": (Assumptions, _body(ASSUMPTIONS)),
    "override": (Override, _body(OVERRIDE)),
    "opening": (OpeningPlan, _body(PLAN + "opens: b, every: month on the 25th}")),
    "rota": (RotaPlan, _body(PLAN + "rota: b, every: month on the 25th}")),
    "quota": (QuotaPlan, _body(PLAN + "quota: b, entries: c, at least: 3, remind: half}")),
    "migration": (MigrationFile, _body(MIGRATION)),
}
#: What people write where something else belongs.
VALUES: tuple[Any, ...] = ("经办人", "two words", "head", 7, -1, 1.5, True, None, [], ["a", 3], {"a": "b"}, "")


def places(root: Any, body: Any) -> Iterator[tuple[tuple[Any, ...], Part]]:
    """The first place of every part that is written in a body."""
    told: set[Part] = set()
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), body)]
    while waiting:
        path, value = waiting.pop(0)
        if isinstance(value, Mapping):
            part = part_at(root, body, path)
            if part is not None and part not in told:
                told.add(part)
                yield path, part
            waiting += [((*path, key), one) for key, one in value.items()]
        elif isinstance(value, list | tuple):
            waiting += [((*path, index), one) for index, one in enumerate(value)]


def at(body: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        body = body[step]
    return body


PLACES = [
    pytest.param(root, body, path, part, id=f"{name}:{part.__name__}")
    for name, (root, body) in FILES.items()
    for path, part in places(root, body)
]
EVERY_KEY = sorted({key for root, _ in FILES.values() for part in berths(root) for key in keys(part)})


def found(root: Any, body: Any) -> tuple[Problem, ...]:
    """What is wrong with the shape of a body."""
    try:
        TypeAdapter(root).validate_python(body)
    except ValidationError as error:
        return problems_of_shape(error, body, root)
    return ()


def judged(problems: tuple[Problem, ...], body: Any) -> list[str]:
    """What is absurd in the words of problems."""
    names = set(_names(body))
    return [
        f"{', '.join(wrong)}: {one.message['zh']}{one.remedy['zh']} {one.message['en']} {one.remedy['en']}"
        for one in problems
        if (wrong := absurd(one.message, one.remedy, names))
    ]


def _names(body: Any) -> Iterator[str]:
    if isinstance(body, Mapping):
        for key, value in body.items():
            yield str(key)
            yield from _names(value)
    elif isinstance(body, list | tuple):
        for one in body:
            yield from _names(one)


def test_every_part_of_the_language_is_tried() -> None:
    tried = {part for root, body in FILES.values() for _, part in places(root, body)}
    assert {part.__name__ for root, _ in FILES.values() for part in berths(root)} == {part.__name__ for part in tried}


@pytest.mark.parametrize(("root", "body", "path", "part"), PLACES)
def test_each_key_at_each_wrong_place_is_told_of_where_it_stands(
    root: Any, body: Any, path: tuple[Any, ...], part: Part
) -> None:
    wrong = [key for key in EVERY_KEY if key not in keys(part) and key not in part.model_fields]
    kinds = KINDS if issubclass(part, Step) else ()
    spoilt = deepcopy(body)
    at(spoilt, path).update(dict.fromkeys([key for key in wrong if key not in kinds], "x"))
    problems = found(root, spoilt)
    told = {one.path for one in problems if one.rule == "unknown-key"}
    assert {(*path, key) for key in wrong if key not in kinds} <= told
    assert judged(problems, spoilt) == []
    known = {key for one in berths(root) for key in keys(one)}
    for one in problems:
        if one.rule == "unknown-key" and one.path[-1] in known:
            assert "belongs in" in one.remedy["en"], one
            assert "Did you mean" not in one.remedy["en"]


@pytest.mark.parametrize(("root", "body", "path", "part"), [one for one in PLACES if issubclass(one.values[3], Step)])  # type: ignore[arg-type]
def test_a_second_kind_of_a_step_is_told_of(root: Any, body: Any, path: tuple[Any, ...], part: type[Step]) -> None:
    for kind in KINDS:
        if kind in at(body, path) or kind in keys(part):
            continue
        spoilt = deepcopy(body)
        at(spoilt, path)[kind] = "x"
        problems = found(root, spoilt)
        assert problems
        assert judged(problems, spoilt) == []
        assert any("A step does one thing" in one.remedy["en"] for one in problems)


@pytest.mark.parametrize(("root", "body", "path", "part"), PLACES)
def test_each_key_with_each_wrong_kind_of_value_is_told_of(
    root: Any, body: Any, path: tuple[Any, ...], part: Part
) -> None:
    for key, field in keys(part).items():
        for value in VALUES:
            spoilt = deepcopy(body)
            at(spoilt, path)[key] = value
            problems = found(root, spoilt)
            assert judged(problems, spoilt) == [], (key, value)
            here = (*path, key)
            assert all(one.path[: len(here)] == here[: len(one.path)] for one in problems) or key in KINDS
            if problems and isinstance(value, str) and value:
                assert all(one.remedy["en"] != f"Did you mean “{value}”?" for one in problems)
        assert field_wanted(field).alternatives(), key


@pytest.mark.parametrize(("root", "body", "path", "part"), PLACES)
def test_each_key_that_is_missing_is_told_of(root: Any, body: Any, path: tuple[Any, ...], part: Part) -> None:
    for key in [key for key in at(body, path) if key in keys(part) and keys(part)[key].is_required()]:
        spoilt = deepcopy(body)
        del at(spoilt, path)[key]
        problems = found(root, spoilt)
        assert problems
        assert judged(problems, spoilt) == []


def _misspelt(word: str) -> Iterator[str]:
    """A word as it is mistyped: a letter left out, doubled, or two in the wrong order."""
    middle = len(word) // 2
    yield word[:middle] + word[middle + 1 :]
    yield word[:middle] + word[middle] + word[middle:]
    yield word[:middle] + word[middle : middle + 2][::-1] + word[middle + 2 :]


@pytest.mark.parametrize(("root", "body", "path", "part"), PLACES)
def test_each_key_that_is_misspelt_is_recognised(root: Any, body: Any, path: tuple[Any, ...], part: Part) -> None:
    for key in [key for key in at(body, path) if key in keys(part) and len(key) > 4]:
        for wrong in {*_misspelt(key)} - set(EVERY_KEY) - {key}:
            spoilt = deepcopy(body)
            owner = at(spoilt, path)
            owner[wrong] = owner.pop(key)
            problems = found(root, spoilt)
            assert judged(problems, spoilt) == []
            asked = [one for one in problems if f"Did you mean “{key}”?" in one.remedy["en"]]
            assert [one.path for one in asked] == [(*path, wrong)], (wrong, problems)


@pytest.mark.parametrize(("root", "body", "path", "part"), PLACES)
def test_each_word_that_is_misspelt_is_recognised(root: Any, body: Any, path: tuple[Any, ...], part: Part) -> None:
    for key, field in keys(part).items():
        values = [value for value in literals(field_wanted(field)) if isinstance(value, str) and len(value) > 4]
        for value in values:
            for wrong in {*_misspelt(value)} - {value}:
                spoilt = deepcopy(body)
                at(spoilt, path)[key] = wrong
                problems = [one for one in found(root, spoilt) if one.path[: len(path) + 1] == (*path, key)]
                assert judged(tuple(problems), spoilt) == []
                assert not problems or any(value in one.remedy["en"] for one in problems), (key, wrong, problems)


def test_what_is_found_lies_at_its_line_and_column() -> None:
    root, body = FILES["definition"]
    for path, part in places(root, body):
        spoilt = deepcopy(body)
        at(spoilt, path)["witin"] = "x"
        text = yaml.safe_dump(spoilt, allow_unicode=True, sort_keys=False, width=1_000)
        findings = [one for one in examine(text, "a.yaml").findings if one.rule == "unknown-key"]
        mark = read(text, "a.yaml").at((*path, "witin"), key=True)
        assert (mark.line, mark.column) in [(one.line, one.column) for one in findings], part

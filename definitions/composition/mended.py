"""One fault must not hide the others: what is wrong with the shape is mended for looking on, and the rest is checked as if it were right.

A misspelt word is read as the one that was meant; what cannot be guessed is left out, or something harmless stands in for it. Nothing is told of
what lies at such a place, nor of what only follows from it. The body is mended for checking alone: no definition is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from definitions import checks
from definitions.composition.shape import problems_of_shape
from definitions.composition.wanted import example, is_name
from definitions.finding import nearest
from definitions.model.definition import Definition
from definitions.model.node import NAME
from definitions.model.step import STAGES
from definitions.model.step_kind import meant
from definitions.model.vocabulary import Slot, keys, part_at, wanted_at
from definitions.problem import Path, Problem

#: What is mended can show what is wrong below it, so it is looked at again, so often.
_ROUNDS = 8
_NUMBER = "{{ station.code }}-{{ year }}-{{ sequence }}"
#: Keys behind which a step is named; of other names a role stands in.
_STEPS = ("to", "then")


def behind(body: object, known: Sequence[str], found: Sequence[Problem] = ()) -> tuple[Problem, ...]:
    """What is wrong besides ``found``, once its places are mended; ``known`` are the calendars that there are."""
    if not isinstance(body, Mapping):
        return ()
    mended = _Mended(deepcopy(dict(body)))
    told = [*found]
    for _ in range(_ROUNDS):
        try:
            definition = Definition.model_validate(mended.body)
        except ValidationError as error:
            problems = problems_of_shape(error, mended.body)
            told += mended.new(problems)
            for one in problems:
                mended.mend(one)
            continue
        return tuple(one for one in (*told, *_checked(definition, known, mended)) if one not in found)
    return tuple(one for one in told if one not in found)


def beside_unknown(body: object, known: Sequence[str], found: Sequence[Problem]) -> tuple[Problem, ...]:
    """What is wrong besides names that nothing bears, if each of them must have been meant to be another."""
    unknown = [one for one in found if one.rule.startswith("unknown-")]
    if not isinstance(body, Mapping) or not unknown or any(one.instead is None for one in unknown):
        return ()
    mended = _Mended(deepcopy(dict(body)))
    for one in unknown:
        if not mended.write(one):
            return ()
    try:
        definition = Definition.model_validate(mended.body)
    except ValidationError:
        return ()
    return tuple(one for one in _checked(definition, known, mended) if one not in found)


def _checked(definition: Definition, known: Sequence[str], mended: _Mended) -> Iterator[Problem]:
    """What the checks say; the ways that issues take are looked at only if all that was mended was misspelt."""
    checked = checks.checked(definition, known) if mended.sure else checks.alone(definition, known)
    yield from mended.new(checked.problems)


@dataclass(slots=True)
class _Mended:
    """A body with what was mended in it; ``sure``: only misspelt words were."""

    body: dict[str, Any]
    places: list[Path] = field(default_factory=list)
    sure: bool = True

    def new(self, problems: Sequence[Problem]) -> list[Problem]:
        """The problems that do not come of what was mended."""
        fields = {name for place in self.places if (name := _field(place)) is not None}
        return [
            one
            for one in problems
            if not any(_comes_of(one, place) for place in self.places) and not self._reads(one, fields)
        ]

    def _reads(self, problem: Problem, fields: set[str]) -> bool:
        """Whether a problem lies in an expression over one of these fields, of which not all is known."""
        owner, last = self._owner(problem.path)
        value = owner.get(last) if isinstance(owner, dict) else None
        words = set(re.findall(r"\w+", value)) if isinstance(value, str) else set()
        return not problem.rule.startswith("unknown-") and bool(words & fields)

    def write(self, problem: Problem) -> bool:
        """Put the name that was meant in the place of one that nothing bears; whether it could be done."""
        assert problem.instead is not None
        owner, last = self._owner(problem.path)
        if owner is None or owner.get(last) != problem.instead[0]:
            return False
        owner[last] = problem.instead[1]
        self.places.append(problem.path)
        return True

    def mend(self, problem: Problem) -> None:
        """Mend the place of a problem, as far as can be guessed."""
        path = problem.path
        match problem.rule:
            case "unknown-key":
                self._key(path)
            case "missing-key":
                self._missing(path)
            case "step-kind":
                self._kind(path)
            case _:
                self._value(path)

    def _owner(self, path: Path) -> tuple[Any, Any]:
        here: Any = self.body
        for step in path[:-1]:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return None, None
        return (here, path[-1]) if isinstance(here, dict | list) and path else (None, None)

    def _key(self, path: Path) -> None:
        owner, key = self._owner(path)
        part = part_at(Definition, self.body, path[:-1])
        if not isinstance(owner, dict) or part is None:
            return
        near = nearest(str(key), [name for name in keys(part) if name not in owner])
        value = owner.pop(key)
        if near is not None:
            owner[near] = value
        # what stood there may be missed above it, and is told of once it is in its place
        self.places += [path] if near is None else [path, (*path[:-1], near)]
        self.sure = self.sure and near is not None

    def _missing(self, path: Path) -> None:
        part = part_at(Definition, self.body, path)
        owner, _ = self._owner((*path, ""))
        if part is None or not isinstance(owner, dict):
            return
        for key, one in keys(part).items():
            if one.is_required() and key not in owner:
                owner[key] = self._stand_in(key, wanted_at(Definition, self.body, (*path, key)))
                self.places.append((*path, key))
                self.sure = False

    def _kind(self, path: Path) -> None:
        # the place is that of the step, or of its key that is nearly a kind
        path = path if len(path) == 2 else path[:2]
        owner, key = self._owner(path)
        step = owner[key] if owner is not None else None
        if not isinstance(step, Mapping):
            owner[key] = {"task": self._role(), "actions": {}}
            self.sure = False
            self.places.append(path)
            return
        written, kind = meant(step)
        value = step[written] if written is not None else self._role()
        owner[key] = {kind: value, **{name: one for name, one in step.items() if name != written}}
        self.places.append((*path, kind))

    def _value(self, path: Path) -> None:
        owner, last = self._owner(path)
        if owner is None:
            return
        self.places.append(path)
        self.sure = False
        if (
            isinstance(last, str)
            and not re.match(NAME, last)
            and any(one.values for one in wanted_at(Definition, self.body, path[:-1]))
        ):
            owner[f"stand-in-{len(self.places)}"] = owner.pop(last)
            return
        part = part_at(Definition, self.body, path[:-1])
        made = self._stand_in(str(last), wanted_at(Definition, self.body, path))
        optional = part is not None and last in keys(part) and not keys(part)[str(last)].is_required()
        if made is None or (optional and made in ("", [], {})):
            if isinstance(owner, dict):
                del owner[last]
            else:
                owner[last] = {}
        else:
            owner[last] = made

    def _role(self) -> str:
        roles = self.body.get("roles")
        return next(iter(roles), "reporter") if isinstance(roles, Mapping) else "reporter"

    def _step(self) -> str:
        steps = [key for stage in STAGES if isinstance(part := self.body.get(stage), Mapping) for key in part]
        return str(steps[-1]) if steps else "end"

    def _stand_in(self, key: str, several: tuple[Slot, ...]) -> Any:
        """Something harmless that may stand at a place; ``None`` if nothing is known."""
        if key == "number":
            return _NUMBER
        for one in several:
            if get_origin(one.annotation) is Literal:
                return get_args(one.annotation)[0]
            if one.part is not None or one.values is not None:
                return {}
            if is_name(one):
                return self._step() if key in _STEPS else self._role()
            if one.annotation is bool:
                return False
            if one.annotation in (int, float):
                return 1
        shown = [said for one in several if (said := _phrase(one))]
        return shown[0] if shown else None


def _phrase(slot: Slot) -> str | None:
    """The phrase that the JSON Schema shows, if one stands for all."""
    said = example(FieldInfo(annotation=slot.annotation, examples=list(slot.examples) or None))
    return None if "…" in said else said


def _field(place: Path) -> str | None:
    """The field in whose description a place lies, as expressions write it."""
    behind = [index + 1 for index, part in enumerate(place) if part in ("fields", "ask", "columns")]
    return str(place[behind[0]]).replace("-", "_") if behind and behind[0] < len(place) else None


def _comes_of(problem: Problem, place: Path) -> bool:
    """Whether a problem lies at or below a place, or above it without being told of texts, or names what is said there."""
    path = problem.path
    if path[: len(place)] == place:
        return True
    if place[: len(path)] == path and problem.rule not in ("missing-text",):
        return True
    return len(place) > 2 and not problem.rule.startswith("unknown-") and f"“{place[1]}”" in problem.message["en"]

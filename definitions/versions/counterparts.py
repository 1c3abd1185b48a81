"""What was renamed between two versions of a definition: recognised by the likeness of what it says, and of what stands beside it.

A name that only the older version has goes with one that only the newer has, if they are alike enough; each with one. What is renamed and changed
beyond recognition is one thing gone and another added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from definitions.model.definition import Definition
from definitions.model.step import STAGES
from definitions.model.step_kind import KINDS
from definitions.versions.likeness import alike, pairs

Body = Mapping[str, Any]
#: What is less alike has not been renamed.
_LEAST = 0.55
#: Texts for people: names are no words in them.
_FOR_PEOPLE = frozenset({"title", "help"})
_IN_BRACES = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Counterparts:
    """By old name the new one, of what has another; ``actions`` by the new name of their step."""

    steps: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    resolutions: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, part: str) -> Mapping[str, str]:
        """Those of a part, such as ``step``."""
        found: Mapping[str, str] = getattr(self, f"{part}s", {})
        return found

    def renamed(self, body: Body) -> dict[str, Any]:
        """A body of the older version in the names of the newer."""
        written = _Renamed(self)
        whole: dict[str, Any] = written.value(body)
        for stage in STAGES:
            for key, step in (whole.get(stage) or {}).items():
                if key in self.actions:
                    names = self.actions[key]
                    step["actions"] = {names.get(name, name): one for name, one in step["actions"].items()}
        return whole


class _Renamed:
    """Writes values with other names: whole words that are names where they stand, and fields within expressions and templates."""

    def __init__(self, names: Counterparts) -> None:
        others = {**names.fields, **{old: new for old, new in names.roles.items() if old not in names.fields}}
        self._words = {old.replace("-", "_"): new.replace("-", "_") for old, new in names.fields.items()}
        self._keys = {
            **dict.fromkeys(STAGES, names.steps),
            **dict.fromkeys(("fields", "ask", "set", "save", "with"), names.fields),
            "roles": names.roles,
            "within each": names.roles,
            "resolutions": names.resolutions,
        }
        self._values = {
            **dict.fromkeys(("to", "then", "leaves", "parallel"), names.steps),
            **{key: {**others, **names.steps} for key in ("until", "other than")},
            "as": names.resolutions,
            "close": {**others, **names.resolutions},
        }
        self._others: Mapping[str, str] = others

    def value(self, value: Any, under: str = "") -> Any:
        if isinstance(value, Mapping):
            names = self._keys.get(under)
            return {
                (names.get(key, key) if names is not None else key): (
                    one if key in _FOR_PEOPLE and names is None else self.value(one, key)
                )
                for key, one in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(one, under) for one in value]
        if not isinstance(value, str):
            return value
        names = self._values.get(under, self._others)
        if value in names:
            return names[value]
        if "{{" in value:
            return _IN_BRACES.sub(lambda found: self._expression(found[0]), value)
        return self._expression(value) if value.isascii() and under not in self._values else value

    def _expression(self, text: str) -> str:
        return re.sub(r"[A-Za-z_]\w*", lambda found: self._words.get(found[0], found[0]), text)


def counterparts(old: Definition, new: Definition) -> Counterparts:
    """What was renamed."""
    before, after = dumped(old), dumped(new)
    named = Counterparts(
        fields=_apart(before.get("fields") or {}, after.get("fields") or {}),
        roles=_apart(before.get("roles") or {}, after.get("roles") or {}),
        resolutions=_apart(before.get("resolutions") or {}, after.get("resolutions") or {}),
    )
    # the fields that steps ask for are compared with those of the issue, since a field may move
    here, there = steps_of(named.renamed(before)), steps_of(after)
    beside_old, beside_new = _beside(old), _beside(new)
    common = here.keys() & there.keys()

    def likeness(one: str, other: str) -> float:
        if here[one]["kind"] != there[other]["kind"]:
            return 0.0
        said = _likeness(one, other, here[one], there[other])
        near, far = beside_old[one] & common, beside_new[other] & common
        together = 2 * len(near & far) / (len(near) + len(far)) if near or far else said
        return 0.75 * said + 0.25 * together

    gone, come = [key for key in here if key not in there], [key for key in there if key not in here]
    steps = pairs(gone, come, likeness, _LEAST)
    moved = Counterparts(steps, named.fields, named.roles, named.resolutions)
    whole = steps_of(moved.renamed(before))
    actions = {
        key: _apart(whole[key].get("actions") or {}, there[key].get("actions") or {}) for key in whole if key in there
    }
    return Counterparts(
        steps, named.fields, named.roles, named.resolutions, {key: names for key, names in actions.items() if names}
    )


def dumped(definition: Definition) -> dict[str, Any]:
    """What a definition says, without what it need not say."""
    return definition.model_dump(by_alias=True, mode="json", exclude_defaults=True)


def steps_of(body: Body) -> dict[str, Any]:
    """The steps of all stages, each with its stage and its kind."""
    return {
        key: {"stage": stage, "kind": next((kind for kind in KINDS if kind in step), ""), **step}
        for stage in STAGES
        for key, step in (body.get(stage) or {}).items()
    }


def _apart(before: Body, after: Body) -> Mapping[str, str]:
    """Of the names that only one side has, those that go together."""
    gone, come = [key for key in before if key not in after], [key for key in after if key not in before]
    return pairs(gone, come, lambda one, other: _likeness(one, other, before[one], after[other]), _LEAST)


def _beside(definition: Definition) -> Mapping[str, set[str]]:
    """By step those to which it leads, and from which it is entered."""
    found: dict[str, set[str]] = {key: set() for key in definition.steps}
    for key, step in definition.steps.items():
        for to in step.targets():
            if to in found:
                found[key].add(to)
                found[to].add(key)
    return found


def _likeness(one: str, other: str, before: Any, after: Any) -> float:
    """Of two bodies with their names: mostly what they say."""
    if isinstance(before, Mapping) and isinstance(after, Mapping) and before.get("type") != after.get("type"):
        return 0.0
    here, there = dict(_leaves(before)), dict(_leaves(after))
    every = here.keys() | there.keys()
    same = sum(_value_likeness(here[path], there[path]) for path in here.keys() & there.keys())
    return 0.8 * (same / len(every) if every else 1.0) + 0.2 * alike(one, other)


def _value_likeness(one: Any, other: Any) -> float:
    if one == other:
        return 1.0
    return 0.6 * alike(one, other) if isinstance(one, str) and isinstance(other, str) else 0.0


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(one, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _leaves(one, (*path, str(number)))
    else:
        yield path, value

"""Whether everything that one condition counts is counted by another too: tried with every value that either knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from definitions.figures.condition import Among, Compared, Condition, Either, Every, HasValue, Holds, Unless, holds
from definitions.figures.names import KnownName

#: Beyond so many cases it is not looked at.
_MOST = 20_000
_ANOTHER = "…"


def outside(part: Condition, whole: Condition, names: Mapping[str, KnownName]) -> str | None:
    """A case that is in the part and not in the whole, in the words of the language; ``None`` if there is none."""
    values: dict[str, set[object]] = {}
    for name, value in (*_mentioned(part), *_mentioned(whole)):
        values.setdefault(name, {False, True} if names[name].kind == "flag" else {None, _other(names[name])}).add(value)
    domains = {name: sorted(some, key=repr) for name, some in values.items()}
    for number, case in enumerate(product(*domains.values())):
        if number == _MOST:
            return None
        given = dict(zip(domains, case, strict=True))
        if holds(part, given.get) and not holds(whole, given.get):
            return ", ".join(_said(name, value) for name, value in given.items())
    return None


def _other(name: KnownName) -> object:
    return 0 if name.kind == "number" else _ANOTHER


def _said(name: str, value: object) -> str:
    if isinstance(value, bool):
        return name if value else f"not {name}"
    return f"{name} is empty" if value is None else f"{name} == {value!r}"


def _mentioned(asked: Condition) -> Iterator[tuple[str, object]]:
    """Every name, with the values that make a difference."""
    match asked:
        case Every() | Either():
            for part in asked.parts:
                yield from _mentioned(part)
        case Unless():
            yield from _mentioned(asked.part)
        case Among():
            yield from ((asked.name, value) for value in asked.values)
        case Compared():
            yield from ((asked.name, asked.number + step) for step in (-1, 0, 1))
        case Holds():
            yield asked.name, True
        case HasValue():
            yield asked.name, None

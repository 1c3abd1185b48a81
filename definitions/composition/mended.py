"""A step whose kind is misspelt must not hide what else is wrong: it is read as the kind that was probably meant, and checked as that.

The body is mended for checking only. What is found lies where it is written; the misspelt key itself was told before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from definitions import checks
from definitions.composition.shape import problems_of_shape
from definitions.model.definition import Definition
from definitions.model.step import STAGES
from definitions.model.step_kind import KINDS, meant
from definitions.problem import Path, Problem


def behind_unknown_kinds(body: object, calendars: Sequence[str]) -> tuple[Problem, ...]:
    """What is wrong besides, once every step has a kind; nothing if all had one already."""
    mended, renamed = _mended(body)
    if not renamed:
        return ()
    try:
        found: Sequence[Problem] = checks.run(Definition.model_validate(mended), calendars)
    except ValidationError as error:
        found = problems_of_shape(error, mended)
    return tuple(one for one in found if not any(one.path[: len(path)] == path for path in renamed))


def _mended(body: object) -> tuple[object, tuple[Path, ...]]:
    """The body with a kind for every step, and the places of the kinds that were put in."""
    if not isinstance(body, Mapping):
        return body, ()
    whole, renamed = dict(body), list[Path]()
    role = next(iter(body["roles"]), "reporter") if isinstance(body.get("roles"), Mapping) else "reporter"
    for stage, key, step in _without_kind(body):
        written, kind = meant(step)
        value = step[written] if written is not None else role
        mended = {kind: value, **{name: one for name, one in step.items() if name != written}}
        whole[stage] = {**whole[stage], key: mended}
        renamed.append((stage, key, kind))
    return whole, tuple(renamed)


def _without_kind(body: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for stage in STAGES:
        steps = body.get(stage)
        for key, step in steps.items() if isinstance(steps, Mapping) else ():
            if isinstance(step, Mapping) and not any(kind in step for kind in KINDS):
                yield stage, key, step

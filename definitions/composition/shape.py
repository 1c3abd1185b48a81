"""What is wrong with a file's shape, in words for administrators: Pydantic finds it, this module says it.

It holds for every kind of file that is a model: definitions, overrides, plans, scenarios, assumptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from definitions.composition.wanted import belongs, example, form, is_name, listed, meaning, written
from definitions.expressions.expression import ExpressionError
from definitions.finding import nearest, only_near
from definitions.model.definition import Definition
from definitions.model.step import STAGES, Step
from definitions.model.step_kind import KINDS, meant
from definitions.model.vocabulary import Part, keys, part_at, wanted_at
from definitions.problem import Path, Problem, problem
from definitions.text import Said

#: Errors that say no more than that something else should stand there.
_LITERAL = "literal_error"


def problems_of_shape(error: ValidationError, body: object, root: Any = Definition) -> tuple[Problem, ...]:
    """One problem for each error, each place once; ``root`` is what the whole file is."""
    several = [(_path(details, body), details) for details in error.errors(include_url=False)]
    found: dict[tuple[Path, str], Problem] = {}
    for path, details in _decided(several, body):
        made = _Shape(root, body, path).problem(details)
        found.setdefault((made.path, made.rule), made)
    return tuple(one for one in found.values() if not _misspelt(one, found.values()))


def _misspelt(missing: Problem, found: Iterable[Problem]) -> bool:
    """Whether what is missing is there, and was told of as misspelt."""
    if missing.rule != "missing-key":
        return False
    beside = [one for one in found if one.rule == "unknown-key" and one.path[:-1] == missing.path]
    return any(f"“{one.instead[1]}”" in missing.message["en"] for one in beside if one.instead)


def _path(details: ErrorDetails, body: Any) -> Path:
    """The place in the file: without what Pydantic adds for alternatives, and no file holds."""
    path: list[str | int] = []
    here, last = body, len(details["loc"]) - 1
    for index, part in enumerate(details["loc"]):
        if part == "[key]":
            break
        inside = isinstance(here, Mapping) and part in here
        if inside or (isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)):
            path.append(part)
            here = here[part]
        elif index == last and details["type"] == "missing":
            path.append(part)
    return tuple(path)


def _decided(several: list[tuple[Path, ErrorDetails]], body: object) -> Iterator[tuple[Path, ErrorDetails]]:
    """Of errors for several alternatives those of the one that was meant: of a group, if a group is written, and one for each place."""
    deeper = [path for path, _ in several]
    told: set[Path] = set()
    for path, details in sorted(several, key=lambda one: one[1]["type"] == _LITERAL):
        if isinstance(_at(body, path), Mapping | list) and any(
            len(other) > len(path) and other[: len(path)] == path for other in deeper
        ):
            continue
        if details["type"] in (_LITERAL, "missing", "extra_forbidden", "value_error") or path not in told:
            if details["type"] == _LITERAL and path in told:
                continue
            told.add(path)
            yield path, details


def _at(body: object, path: Path) -> Any:
    for part in path:
        try:
            body = body[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return body


class _Shape:
    """Says what is wrong at one place of a file."""

    def __init__(self, root: Any, body: object, path: Path) -> None:
        self._root, self._body, self._path = root, body, path
        self._value = _at(body, path)

    def problem(self, details: ErrorDetails) -> Problem:
        """The problem of an error."""
        match details["type"]:
            case "extra_forbidden":
                return self._unknown_key()
            case "missing":
                return self._missing()
            case "step_kind" | "union_tag_not_found" | "union_tag_invalid":
                return _no_kind(self._path, self._value)
            case "literal_error":
                return self._not_one_of()
            case "string_pattern_mismatch" | "string_too_long" if self._named():
                return self._no_name()
            case "value_error" if self._says(cause := details.get("ctx", {}).get("error")):
                return _from_our_own(self._path, cause)
        return self._wrong_value()

    def _says(self, cause: Any) -> bool:
        """Whether an error has words of its own, and does not show what no text is as Python would."""
        message = getattr(cause, "message", None)
        shown = not isinstance(self._value, str | int | float) or isinstance(self._value, bool)
        return message is not None and not (shown and str(self._value)[:20] in message["en"])

    # -- keys

    @property
    def _part(self) -> Part | None:
        """The part in which the place lies."""
        return part_at(self._root, self._body, self._path[:-1])

    def _unknown_key(self) -> Problem:
        key, part = str(self._path[-1]), self._part
        here, beside = _called(self._path[:-1], part), _at(self._body, self._path[:-1])
        free = [name for name in keys(part) if name not in beside] if part else []
        where = belongs(self._root, key, part)
        said = problem(
            "unknown-key",
            self._path,
            Said(f"{here.zh}没有“{key}”这一项。", f"There is no “{key}” in {here.en}."),
            self._rather(key, part, where, free),
        )
        sure = None if where else only_near(key, free)
        return replace(said, instead=(key, sure) if sure else None)

    def _rather(self, key: str, part: Part | None, where: Said | None, free: list[str]) -> Said:
        """What a civil servant would write instead of an unknown key; ``free`` are those that could still be written here."""
        possible = listed(free)
        if part and issubclass(part, Step) and key in KINDS:
            return Said(
                f"一个步骤只做一件事：这一步已经是 {part.step_kind.key}，请把 {key} 另写成一步。",
                f"A step does one thing, and this one is a {part.step_kind.key}: make the {key} a step of its own.",
            )
        if where is not None and free:
            return Said(
                f"“{key}”要写在{where.zh}；这里可以写 {possible.zh}。",
                f"“{key}” belongs in {where.en}; here there can be {possible.en}.",
            )
        if where is not None:
            return Said(f"“{key}”要写在{where.zh}。", f"“{key}” belongs in {where.en}.")
        if near := nearest(key, free):
            return Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
        if not free:
            return Said("请删去它。", "Remove it.")
        return Said(f"这里可以写 {possible.zh}。", f"Here there can be {possible.en}.")

    def _missing(self) -> Problem:
        key, part = str(self._path[-1]), self._part
        field = keys(part).get(key) if part else None
        shown = example(field) if field else "…"
        means = meaning(part, key)
        zh, en = (f"（{means.zh}）", f" ({means.en})") if means else ("", "")
        here = _called(self._path[:-1], part)
        return problem(
            "missing-key",
            self._path[:-1],
            Said(f"{here.zh}缺少“{key}”。", f"“{key}” is missing in {here.en}."),
            Said(f"请加上 {key}: {shown}{zh}。", f"Add {key}: {shown}{en}."),
        )

    # -- values

    def _named(self) -> bool:
        """Whether a name is wanted: of a key, or behind one."""
        wanted = wanted_at(self._root, self._body, self._path)
        return not wanted or isinstance(self._value, Mapping) or any(is_name(one) for one in wanted)

    def _no_name(self) -> Problem:
        name = str(self._value if isinstance(self._value, str) else self._path[-1])
        if titled := _titled(self._body, name):
            right = Said(f"请写它的名字“{titled}”。", f"Write its name, “{titled}”.")
        elif plain := _plain(name):
            right = Said(
                f"名字用小写字母、数字和连字符，例如“{plain}”。",
                f"Names are lower case letters, digits and hyphens, such as “{plain}”.",
            )
        else:
            right = Said(
                "名字用小写字母、数字和连字符，例如 hand-up；中文写在 title 里。",
                "Names are lower case letters, digits and hyphens, such as hand-up; other words go into the title.",
            )
        said = Said(f"“{name[:40]}”不能用作名字。", f"“{name[:40]}” cannot be used as a name.")
        return problem("wrong-key", self._path, said, right)

    def _not_one_of(self) -> Problem:
        wanted = wanted_at(self._root, self._body, self._path)
        right = form(wanted, self._value)
        near = nearest(str(self._value), right.en.split(", ")) if isinstance(self._value, str) else None
        return problem(
            "wrong-value",
            self._path,
            self._cannot_stand(),
            Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
            if near
            else Said(f"可以写：{right.zh}。", f"It can be: {right.en}."),
        )

    def _wrong_value(self) -> Problem:
        wanted = wanted_at(self._root, self._body, self._path)
        right = form(wanted, self._value)
        key = next((one for one in reversed(self._path) if isinstance(one, str)), "")
        means = meaning(self._part, key)
        zh, en = (f"（{means.zh}）", f" ({means.en})") if means else ("", "")
        return problem(
            "wrong-type",
            self._path,
            self._cannot_stand(),
            Said(f"“{key}”{zh}这样写：{right.zh}。", f"Write for “{key}”{en}: {right.en}."),
        )

    def _cannot_stand(self) -> Said:
        shown = written(self._value)
        if not shown:
            return Said("这里没有写内容。", "Nothing is written here.")
        return Said(f"这里不能写“{shown}”。", f"“{shown}” cannot stand here.")


def _called(path: Path, part: Part | None) -> Said:
    """How the part at a path is called."""
    if not path:
        return Said("最外层", "the file")
    if part and issubclass(part, Step):
        kind = part.step_kind.key
        return Said(f"步骤“{path[-1]}”（{kind}）里", f"the {kind} step “{path[-1]}”")
    name = next((one for one in reversed(path) if isinstance(one, str)), "")
    return Said(f"“{name}”里", f"“{name}”")


def _titled(body: Any, text: str) -> str | None:
    """The one role, field, resolution or step that bears a title, for those who write titles where names belong."""
    found = {
        str(key)
        for section in ("roles", "fields", "resolutions", *STAGES)
        for key, one in _entries(body, section)
        if text in _texts(one)
    }
    return found.pop() if len(found) == 1 else None


def _entries(body: Any, section: str) -> Iterable[tuple[Any, Any]]:
    part = body.get(section) if isinstance(body, Mapping) else None
    return part.items() if isinstance(part, Mapping) else ()


def _texts(part: Any) -> Iterator[Any]:
    title = part.get("title", part) if isinstance(part, Mapping) else part
    yield from title.values() if isinstance(title, Mapping) else (title,)


def _plain(name: str) -> str:
    """A name made of what was written, if enough is left of it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")


def _no_kind(path: Path, step: object) -> Problem:
    written_as, kind = meant(step) if isinstance(step, Mapping) else (None, "")
    if written_as is not None:
        return problem(
            "step-kind",
            (*path, written_as),
            Said(f"没有“{written_as}”这种步骤。", f"There is no kind of step called “{written_as}”."),
            Said(f"是不是“{kind}”？", f"Did you mean “{kind}”?"),
        )
    return problem(
        "step-kind",
        path,
        Said("看不出这是哪一种步骤。", "This does not say what kind of step it is."),
        Said(f"请写其中一项：{'、'.join(KINDS)}。", f"Give it one of: {', '.join(KINDS)}."),
    )


def _from_our_own(path: Path, cause: Any) -> Problem:
    rule = "wrong-expression" if isinstance(cause, ExpressionError) else "wrong-value"
    return Problem(
        rule, path, cause.message, cause.remedy, getattr(cause, "position", None), getattr(cause, "length", None)
    )

"""What somebody does in the form, as rewrites of the text: values entered, things added, copied, moved and taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.node import NAME
from definitions.model.step import STAGES
from definitions.model.step_kind import STEPS
from definitions.model.term import Terms
from definitions.model.vocabulary import Part, Slot, field_wanted, keys, wanted_at
from definitions.source.rewrite import (
    InsertValue,
    MoveValue,
    NotRewritten,
    RemoveValue,
    Rewrite,
    SetValue,
    rewritten,
    same,
)
from definitions.text import Said
from engine.refusal import Unavailable
from huying.workshop.control import (
    NAMES,
    UnfitValue,
    displayed,
    entered_line,
    entered_number,
    entered_raw,
    entered_times,
    is_words,
)
from huying.workshop.sheet import SheetRow, sheet
from huying.workshop.way import Way, document_of, shipped_bodies

#: The names of a form's entries begin so.
VALUE = "v."
_LENGTH = "3 working days"


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """The text after what was done, or what was wrong with the entries by key; ``way``: where to look next."""

    source: str
    faults: Mapping[str, Said] = field(default_factory=dict)
    at: Way = ()


def filled(source: str, at: Way, entries: Mapping[str, str], adding: str, language: str) -> FormAnswer:
    """The text with what was entered in the form of one part; with any fault nothing is changed."""
    form = sheet(source, at, (), language, adding)
    body = document_of(source).plain()
    rewrites, faults = list[Rewrite](), dict[str, Said]()
    for row in form.rows:
        try:
            rewrites += _of_row(row, at, body, entries)
        except UnfitValue as wrong:
            faults[row.key] = wrong.message
    if faults:
        return FormAnswer(source, faults, at)
    return FormAnswer(_made(source, rewrites), at=at)


def _of_row(row: SheetRow, at: Way, body: Any, entries: Mapping[str, str]) -> Iterator[Rewrite]:
    if row.control.shown == "below":
        return
    path: Way = (*at, row.key) if not (at and str(at[-1]) == row.key and not _is_below(body, at, row.key)) else at
    before = _value(body, path)
    after = _entered(row, before, entries)
    if same(before, after):
        return
    if after is None and row.there:
        if row.needed:
            raise UnfitValue(Said("这一项必须填写。", "This has to be filled in."))
        yield RemoveValue(path)
    elif after is not None:
        yield SetValue(path, after)


def _is_below(body: Any, at: Way, key: str) -> bool:
    holder = _value(body, at)
    return isinstance(holder, dict) and key in holder


def _entered(row: SheetRow, before: Any, entries: Mapping[str, str]) -> Any:
    name = VALUE + row.key
    if not any(key == name or (row.control.shown == "words" and key.startswith(f"{name}.")) for key in entries):
        # a row that was not on the page: an older page, or a program
        return before
    match row.control.shown:
        case "words":
            return _words(name, before, entries)
        case "flag":
            return {"true": True, "false": False}.get(entries.get(name, ""))
        case "choice":
            return entries.get(name) or None
        case "names":
            return _names(row, name, before, entries)
        case "number":
            return entered_number(entries.get(name, ""))
        case "line" | "time":
            return entered_line(entries.get(name, "")) if _plain(entries.get(name, "")) != row.value else before
        case "times":
            return _times(row, before, entries.get(name, ""))
    text = entries.get(name, "")
    return before if _plain(text) == _plain(displayed(before)) else entered_raw(text)


def _times(row: SheetRow, before: Any, text: str) -> Any:
    if _plain(text) == row.value:
        return before
    several = entered_times(text)
    if not several:
        return None
    return several[0] if len(several) == 1 and not isinstance(before, list) else several


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _words(name: str, before: Any, entries: Mapping[str, str]) -> Any:
    found = dict[str, str]()
    for language in ("zh", "en", *(one for one in (before if isinstance(before, dict) else {}))):
        text = entries.get(f"{name}.{language}", "").replace("\r\n", "\n")
        said = (before if isinstance(before, dict) else {"zh": before}).get(language)
        if isinstance(said, str) and _plain(said) == _plain(text):
            text = said
        if text.strip():
            found[language] = text
    if not found:
        return None
    if isinstance(before, str) and set(found) == {"zh"}:
        return found["zh"]
    order = [*(before if isinstance(before, dict) else ()), *found]
    return {key: found[key] for key in dict.fromkeys(order) if key in found}


def _names(row: SheetRow, name: str, before: Any, entries: Mapping[str, str]) -> Any:
    chosen = [key for key in row.control.options if entries.get(f"{name}.{key}")]
    kept = [key for key in row.chosen if key in chosen]
    several = [*kept, *(key for key in chosen if key not in kept)]
    if "nobody" in several:
        return "nobody"
    if not several:
        return None
    return several[0] if len(several) == 1 and not isinstance(before, list) else several


# -- things added, copied, moved, taken out


def added(source: str, at: Way, key: str, kind: str, titles: Mapping[str, str]) -> FormAnswer:
    """A new thing in a section, with the least that it must say; ``Unavailable`` if its name cannot be, or is taken."""
    body = document_of(source).plain()
    holder = _value(body, at)
    slots = [
        one
        for each in wanted_at(Definition, body, at)
        for inner in (each.values, each.items)
        if inner
        for one in inner.alternatives()
    ]
    value = _begun(body, at, slots, kind, {key: text for key, text in titles.items() if text})
    if isinstance(holder, list):
        index = len(holder)
        return FormAnswer(_made(source, [InsertValue(at, index, value)]), at=(*at, index))
    _free(holder, key)
    lands = (*at, key) if any(slot.part for slot in slots) else at
    return FormAnswer(_put(source, at, holder, key, value), at=lands)


def copied(source: str, at: Way, origin: str, key: str) -> FormAnswer:
    """A thing of a shipped process taken over into the same section; under its own name, or another."""
    process, _, name = origin.partition("/")
    value = _value(shipped_bodies().get(process), (*at, name))
    if value is None:
        raise Unavailable("要复制的那一项已经没有了。", "What was to be copied is not there any more.")
    holder = _value(document_of(source).plain(), at)
    _free(holder, key or name)
    return FormAnswer(_put(source, at, holder, key or name, value), at=(*at, key or name))


def begun(source: str, at: Way, key: str) -> FormAnswer:
    """A key that a part may have, with the least that stands behind it."""
    body = document_of(source).plain()
    slots = wanted_at(Definition, body, (*at, key))
    for slot in slots:
        if slot.part is not None:
            return FormAnswer(_made(source, [SetValue((*at, key), _least(slot.part, body))]), at=(*at, key))
        inner = slot.values or slot.items
        part = (
            next((one.part for one in inner.alternatives() if one.part), None) if inner and not is_words(slot) else None
        )
        if part is not None:
            one = _least(part, body)
            value: Any = [one] if slot.items and not slot.values else {"first": one}
            return FormAnswer(_made(source, [SetValue((*at, key), value)]), at=(*at, key))
    return FormAnswer(source, at=at)


def moved(source: str, at: Way, up: bool) -> FormAnswer:
    """A thing one place up or down among those beside it."""
    holder = _value(document_of(source).plain(), at[:-1])
    place = at[-1] if isinstance(at[-1], int) else list(holder).index(at[-1])
    to = place + (-1 if up else 1)
    if not 0 <= to < len(holder):
        return FormAnswer(source, at=at[:-1])
    return FormAnswer(_made(source, [MoveValue(at, to)]), at=at[:-1])


def removed(source: str, at: Way) -> FormAnswer:
    """Without a thing, or a value; what refers to it is found by the checks."""
    return FormAnswer(_made(source, [RemoveValue(at)]), at=at[:-1])


def _made(source: str, rewrites: list[Rewrite]) -> str:
    try:
        return rewritten(source, *rewrites)
    except NotRewritten:
        raise Unavailable(
            "这一处的写法比较特别，表单改不了，请在文本里修改。",
            "This is written in a way that the form cannot change: please change it in the text.",
        ) from None


def _put(source: str, at: Way, holder: Any, key: str, value: Any) -> str:
    if isinstance(holder, dict) and holder:
        return _made(source, [InsertValue(at, len(holder), value, key)])
    return _made(source, [SetValue(at, {key: value})])


def _free(holder: Any, key: str) -> None:
    if not re.fullmatch(NAME, key) or len(key) > 60:
        raise Unavailable(
            f"标识“{key}”不合要求：应为小写字母、数字和连字符，如 site-visit。",
            f"“{key}” cannot be an id: lower-case letters, digits and hyphens, such as site-visit.",
        )
    if isinstance(holder, dict) and key in holder:
        raise Unavailable(
            f"这里已有标识为“{key}”的一项，请换一个。", f"There is a “{key}” here already: choose another id."
        )


def _begun(body: Any, at: Way, slots: list[Slot], kind: str, titles: dict[str, str]) -> Any:
    """The least that a new thing says: its title, its kind, and what its model demands."""
    parts = [one.part for one in slots if one.part is not None]
    if at and at[0] in STAGES and len(at) == 1:
        parts = [step for step in STEPS if step.step_kind.key == (kind or "task")]
    if not parts:
        return titles or _LENGTH
    title = {"title": titles} if titles and "title" in keys(parts[0]) else {}
    least = _least(parts[0], body)
    return {**({"title": least["title"]} if "title" in least else {}), **least, **title}


def _least(part: Part, body: Any) -> dict[str, Any]:
    """What a part must say at least, with values that may stand there."""
    found = dict[str, Any]()
    step = getattr(part, "step_kind", None)
    for key, info in keys(part).items():
        if info.is_required() or (step is not None and key == step.key):
            found[key] = _some(key, field_wanted(info), body)
    for key, value in _USUAL.get(part.__name__, {}).items():
        found.setdefault(key, value(body) if callable(value) else value)
    return found


def _some(key: str, wanted: Slot, body: Any) -> Any:
    what = NAMES.get(key)
    if what is not None:
        return _first_name(what, body)
    if key == "type":
        return "text"
    for slot in wanted.alternatives():
        if is_words(slot):
            return {"zh": "（请填写）", "en": "(to be filled in)"}
        if slot.annotation in (Duration, Terms):
            return _LENGTH
        if slot.annotation is int:
            return 1
        if slot.part is not None:
            return _least(slot.part, body)
        if slot.values is not None and (inner := slot.values.alternatives()[0]).part is not None:
            assert inner.part is not None
            return {"done": _least(inner.part, body)}
        literal = [one for one in get_args(slot.annotation) if isinstance(one, str)]
        if literal:
            return literal[0]
    return "（请填写）"


def _first_name(what: str, body: Any) -> str:
    if what == "step":
        return next((key for stage in reversed(STAGES) for key in (body.get(stage) or {})), "back")
    section = body.get({"role": "roles", "resolution": "resolutions", "field": "fields"}[what])
    return next(iter(section), "reporter") if isinstance(section, dict) else "reporter"


def _value(body: Any, path: Way) -> Any:
    for part in path:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def _overdue(body: Any) -> dict[str, Any]:
    return {"tell": _first_name("role", body)}


def _action(body: Any) -> dict[str, Any]:
    return {"done": {"title": {"zh": "办完", "en": "Done"}, "to": _first_name("step", body)}}


#: What a new part says besides what it must: so that it can be used at once.
_USUAL: Mapping[str, Mapping[str, Any]] = {
    "Role": {"title": {"zh": "（请填写）", "en": "(to be filled in)"}, "staff of": "station", "function": "clerk"},
    "Field": {"title": {"zh": "（请填写）", "en": "(to be filled in)"}},
    "TaskStep": {
        "title": {"zh": "（请填写）", "en": "(to be filled in)"},
        "within": _LENGTH,
        "overdue": _overdue,
        "actions": _action,
    },
    "Action": {"title": {"zh": "（请填写）", "en": "(to be filled in)"}, "to": lambda body: _first_name("step", body)},
    "Overdue": {"after": "1 working day"},
}

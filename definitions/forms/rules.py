"""The rules that fields keep among each other: the order of days, and rows that are not alike; and all rules of a field in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from definitions.forms.conditions import Message, context_of
from definitions.forms.credentials import CREDENTIALS
from definitions.forms.types import is_empty
from definitions.model.field import Field, Likeness
from definitions.model.order import TODAY, Bound, is_day
from definitions.text import SEMICOLON, Said, words

_SCOPES = {
    "open": Said("未办结的事项", "open issues"),
    "station": Said("同站的事项", "issues of one station"),
    "year": Said("同一年的事项", "issues of one year"),
    "reporter": Said("同一人提出的事项", "issues of one reporter"),
}


def keep_order(
    fields: Mapping[str, Field], values: Mapping[str, Any], errors: dict[str, Message], data: Mapping[str, Any]
) -> None:
    """Add an error for each day or time that is before or after what it may not be; with nothing to compare with, the rule holds."""
    context: Mapping[str, Any] = {}
    for name, field in fields.items():
        value = values.get(name) if field.bounds else None
        if name in errors or not isinstance(value, str):
            continue
        context = context or context_of(fields, values, data)
        # a value that stays as it was cannot have become wrong since, unless what it is compared with has changed
        stays = value == data.get(name)
        for bound in field.bounds:
            if (bound.mirrored and bound.other in fields) or (stays and bound.other not in fields):
                continue
            if _broken(value, bound, context):
                errors[name] = _message(field, name, bound, fields)
                break


def _broken(value: str, bound: Bound, context: Mapping[str, Any]) -> bool:
    other = bound.other if is_day(bound.other) else context.get(bound.other)
    return isinstance(other, str) and bool(other) and out_of_order(value, other, bound)


def out_of_order(value: str, other: str, bound: Bound) -> bool:
    """Whether a value is before what it may not be before, or after what it may not be after; a day and a moment are compared by their days."""
    length = min(len(value), len(other))
    return value[:length] > other[:length] if bound.after else value[:length] < other[:length]


def _message(field: Field, name: str, bound: Bound, fields: Mapping[str, Field]) -> Message:
    said = {}
    for language, how in (("zh", "晚于" if bound.after else "早于"), ("en", "after" if bound.after else "before")):
        title, other = words(field.title, language, name), _other(bound, fields, language)
        said[language] = Said(f"“{title}”不能{how}{other}。", f"“{title}” cannot be {how} {other}.").of(language)
    return said


def _other(bound: Bound, fields: Mapping[str, Field], language: str) -> str:
    """What a bound compares with, in words."""
    if bound.other == TODAY:
        return Said("今天", "today").of(language)
    if is_day(bound.other):
        return bound.other
    title = bound.title or (fields[bound.other].title if bound.other in fields else None)
    return f"“{words(title, language, bound.other)}”"


def alike(value: Any) -> str:
    """What two values share that count as the same: texts without blanks and whatever the width and size of their letters."""
    text = unicodedata.normalize("NFKC", str(value)).casefold()
    return "".join(text.split())


def twins(field: Field, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, str, Message]]:
    """The cells (row, column) of a table that repeat what an earlier row says, where a column may hold it once."""
    for name, column in field.columns.items():
        first: dict[str, int] = {}
        for number, row in rows if column.unique is not None else ():
            value = row.get(name)
            if is_empty(value):
                continue
            earlier = first.setdefault(alike(value), number)
            if earlier != number:
                yield number, name, {"zh": f"与第{earlier}行重复。", "en": f"This is the same as in row {earlier}."}


def among(field: Field, language: str) -> str:
    """The issues among which the value of a field may stand once, in words."""
    scopes = [_SCOPES[one].of(language) for one in field.unique or ()]
    return Said("、", " that are ").of(language).join(scopes) or Said("同类事项", "issues of this kind").of(language)


def spoken_rules(field: Field, language: str, fields: Mapping[str, Field] | None = None) -> str:
    """The rules of a field for whoever fills it in; empty if there is nothing to say."""
    return SEMICOLON.of(language).join(_spoken(field, language, fields or {}))


def _spoken(field: Field, language: str, fields: Mapping[str, Field]) -> Iterator[str]:
    for bound in field.bounds:
        if not bound.mirrored:
            other = _other(bound, fields, language)
            zh, en = ("不晚于", "not after") if bound.after else ("不早于", "not before")
            yield Said(f"{zh}{other}", f"{en} {other}").of(language)
    if isinstance(field.pattern, Likeness):
        yield words(field.pattern.say, language).rstrip("。.")
    elif field.pattern is not None:
        credential = CREDENTIALS[field.pattern]
        yield Said(f"填写{credential.title.zh}", credential.title.en).of(language)
    if field.unique is not None:
        yield Said(f"在{among(field, 'zh')}里不能重复", f"no two of the {among(field, 'en')} have the same").of(
            language
        )

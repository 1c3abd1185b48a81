"""The kinds of values that expressions work on, as far as a definition tells before anything has been filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from definitions.model.field import Field, FieldType
from definitions.text import Said

Sort = Literal["text", "number", "yes/no", "date", "date-time", "time", "list", "record", "empty", "unknown"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a value.

    ``options`` are the only texts that it can be, ``item`` is what a list holds (or, of a record without ``parts``, each of its parts),
    ``parts`` what a record holds by name. What is ``None`` is not known.
    """

    sort: Sort
    options: frozenset[str] | None = None
    item: Kind | None = None
    parts: Mapping[str, Kind] | None = field(default=None, hash=False)


TEXT, NUMBER, YES_NO, DATE = Kind("text"), Kind("number"), Kind("yes/no"), Kind("date")
EMPTY, UNKNOWN, LIST = Kind("empty"), Kind("unknown"), Kind("list")

#: Sorts that are texts when a program looks at them, and compare as such.
TEXTUAL = frozenset({"text", "date", "date-time", "time"})
_COUNTS = Kind("record", item=NUMBER)

#: The names of the house, which every expression of a definition sees.
HOUSE: Mapping[str, Kind] = {
    "issue": Kind(
        "record",
        parts={
            "number": TEXT,
            "opened_on": DATE,
            "channel": TEXT,
            "station": TEXT,
            "industry": TEXT,
            "stage": Kind("text", frozenset({"intake", "assignment", "coordination", "closure"})),
        },
    ),
    "today": DATE,
    "times": _COUNTS,
    "promises": Kind("record", parts={"open": NUMBER, "kept": NUMBER, "broken": NUMBER}),
    "votes": _COUNTS,
    "rung": Kind("record", item=TEXT),
    "row": Kind("record", item=UNKNOWN),
}

#: The names that the pattern of an issue's number sees, and no others.
NUMBERING: Mapping[str, Kind] = {
    "station": Kind("record", parts={"code": TEXT}),
    "year": NUMBER,
    "sequence": NUMBER,
}

#: The names that a message's own words see besides the fields of the issue: all of them texts, empty where there is nothing to say.
MESSAGE: Mapping[str, Kind] = {
    "issue": Kind("record", parts=dict.fromkeys(("number", "subject", "title", "station"), TEXT)),
    "recipient": Kind("record", parts={"name": TEXT}),
    **dict.fromkeys(("step", "action", "actor", "due", "day", "resolution", "follow_code"), TEXT),
}

_BY_TYPE: Mapping[FieldType, Kind] = {
    "integer": NUMBER,
    "number": NUMBER,
    "money": NUMBER,
    "date": DATE,
    "date-time": Kind("date-time"),
    "time": Kind("time"),
    "yes/no": YES_NO,
    "people": Kind("list", item=TEXT),
    "departments": Kind("list", item=TEXT),
    "files": Kind("list", item=TEXT),
    "place": Kind("record", parts={"address": TEXT, "longitude": NUMBER, "latitude": NUMBER}),
}

_WORDS: Mapping[Sort, Said] = {
    "text": Said("文字", "a text"),
    "number": Said("数字", "a number"),
    "yes/no": Said("是/否", "yes/no"),
    "date": Said("日期", "a date"),
    "date-time": Said("日期和时间", "a date with time"),
    "time": Said("时间", "a time of day"),
    "list": Said("列表", "a list"),
    "record": Said("一组数据", "a record"),
    "empty": Said("空值", "an empty value"),
    "unknown": Said("某种值", "some value"),
}


def kind_of(field: Field) -> Kind:
    """The kind of a field's value when it is filled in."""
    if field.type == "choice":
        return _choice(field)
    if field.type == "choices":
        return Kind("list", item=_choice(field))
    if field.type == "table":
        return Kind("list", item=Kind("record", parts=spelled(field.columns)))
    return _BY_TYPE.get(field.type, TEXT)


def spelled(fields: Mapping[str, Field]) -> Mapping[str, Kind]:
    """The kinds of fields by the names that expressions use: hyphens are underscores there."""
    return {name.replace("-", "_"): kind_of(field) for name, field in fields.items()}


def kinds_of(fields: Mapping[str, Field]) -> Mapping[str, Kind]:
    """The kind of every name that expressions of a definition with these fields can use."""
    return {**spelled(fields), **HOUSE}


def kinds_in_messages(fields: Mapping[str, Field]) -> Mapping[str, Kind]:
    """The kind of every name that a message's own words can use: fields stand there in words, and the names of messages come before them."""
    return {**dict.fromkeys(spelled(fields), TEXT), **MESSAGE}


def merged(one: Kind, other: Kind) -> Kind:
    """What is known of a value that is of the one kind or of the other."""
    if one == other or other.sort == "empty":
        return one
    if one.sort == "empty":
        return other
    if one.sort != other.sort:
        return UNKNOWN
    if one.sort == "text":
        both = one.options is not None and other.options is not None
        return replace(one, options=(one.options or frozenset()) | (other.options or frozenset()) if both else None)
    if one.sort == "list":
        return Kind("list", item=merged(one.item, other.item) if one.item and other.item else None)
    return Kind(one.sort)


def words_for(kind: Kind, language: str) -> str:
    """What kind of value it is, in words."""
    return _WORDS[kind.sort].of(language)


def _choice(field: Field) -> Kind:
    return Kind("text", frozenset(field.options) if field.options and field.of is None else None)

"""Cleaning values that point to something: options, parties, areas, stations, files, issues; and places.

Whether a reference exists is the register's to say; nothing here knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from definitions.forms.numbers import DECIMAL, written
from definitions.forms.values import Cleaner, Lookup, Wrong, clean_text
from definitions.model.field import REFERENCES, Field, code_kind
from definitions.model.reference import reference, refers_to
from definitions.text import Said, words

_NUMBERED = re.compile(r"(organisation|participant|area|station|issue):[1-9][0-9]{0,17}", re.ASCII)
_FILE = re.compile(r"file:[0-9a-f]{64}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)
_MOST = 100
_LONGEST_ADDRESS = 200

_MISSING: Mapping[str, Said] = {
    "organisation": Said(
        "没有这个部门，请从名单中选择。",
        "There is no such department; please choose one from the list.",
    ),
    "participant": Said("没有这个人，请从名单中选择。", "There is no such person; please choose one from the list."),
    "area": Said("没有这个区域，请从名单中选择。", "There is no such area; please choose one from the list."),
    "station": Said("没有这个站点，请从名单中选择。", "There is no such station; please choose one from the list."),
    "issue": Said("没有这个编号的事项，请核对编号。", "There is no issue of this number; please check the number."),
    "file": Said("没有收到这个文件，请重新上传。", "This file has not arrived; please upload it again."),
}


def clean_choice(field: Field, value: Any, register: Lookup) -> str:
    """The key of an option, or a code of the register's list that the field names."""
    if field.of is not None:
        if isinstance(value, str) and _CODE.fullmatch(value) and register.known(reference(code_kind(field.of), value)):
            return value
        raise Wrong("名单中没有这一项，请重新选择。", "The list has no such entry; please choose again.")
    if not isinstance(value, str) or value not in field.options:
        zh, en = ("、".join(words(t, language) for t in field.options.values()) for language in ("zh", "en"))
        raise Wrong(f"请从中选择：{zh}。", f"Please choose one of: {en.replace('、', ', ')}.")
    return value


def clean_reference(field: Field, value: Any, register: Lookup) -> str:
    """A reference that exists; people may write the number of an issue instead, and programs whatever ``resolve`` knows."""
    kind = REFERENCES[field.type]
    named = value.strip() if isinstance(value, str) else ""
    if not _is_reference(kind, named) and register.resolve is not None and 0 < len(named) <= 80:
        named = register.resolve(kind, named) or ""
    if not _is_reference(kind, named) or not register.known(named):
        raise Wrong(*_MISSING[kind])
    return named


def _is_reference(kind: str, text: str) -> bool:
    pattern = _FILE if kind == "file" else _NUMBERED
    return refers_to(text, kind) and pattern.fullmatch(text) is not None


def several(one: Cleaner) -> Cleaner:
    """A cleaner for many values out of that for one; each counts once."""

    def clean(field: Field, value: Any, register: Lookup) -> tuple[str, ...]:
        given = value if isinstance(value, list | tuple) else [value]
        most = _MOST if field.at_most is None else int(field.at_most)
        cleaned = tuple(
            dict.fromkeys(one(field, item, register) for item in given[: _MOST + 1] if item not in (None, ""))
        )
        if len(given) > _MOST or len(cleaned) > most:
            raise Wrong(f"选择的太多了，最多 {most} 项。", f"Too many are chosen; at most {most}.")
        if cleaned and len(cleaned) < (field.at_least or 0):
            raise Wrong(f"至少选择 {field.at_least:.0f} 项。", f"Please choose at least {field.at_least:.0f}.")
        return cleaned

    return clean


def clean_place(field: Field, value: Any, register: Lookup) -> Mapping[str, Any] | None:
    """A place: ``{address, longitude, latitude}``; a plain text is the address, and both coordinates are there or none is."""
    given = {"address": value} if isinstance(value, str) else value
    if not isinstance(given, Mapping) or not set(given) <= {"address", "longitude", "latitude"}:
        raise Wrong(
            "地点由 address（地址）、longitude（经度）和 latitude（纬度）组成。",
            "A place has an address, a longitude and a latitude.",
        )
    line = field.model_copy(update={"type": "text", "longest": field.longest or _LONGEST_ADDRESS})
    address = clean_text(line, given.get("address") or "", register)
    longitude, latitude = _degrees(given.get("longitude"), 180), _degrees(given.get("latitude"), 90)
    if (longitude is None) != (latitude is None):
        raise Wrong("经度和纬度要一起填写。", "Longitude and latitude belong together.")
    if not address and longitude is None:
        return None
    return {"address": address, "longitude": longitude, "latitude": latitude}


def _degrees(value: Any, most: int) -> float | None:
    if value is None or value == "":
        return None
    text = written(value)
    degrees = float(text) if DECIMAL.fullmatch(text) and "," not in text else most + 1.0
    if not -most <= degrees <= most:
        raise Wrong(f"经纬度应在 -{most} 到 {most} 之间。", f"The coordinate must be between -{most} and {most}.")
    # a tenth of a metre
    return round(degrees, 6)

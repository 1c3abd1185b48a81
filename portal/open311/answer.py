"""Answers as the standard writes them: a list in JSON is the list, in XML it has a root and an element each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from xml.sax.saxutils import escape

from starlette.responses import JSONResponse, Response

#: What an answer is made of.
Value = str | int | float | bool | datetime | None | Mapping[str, "Value"] | Sequence["Value"]

#: What a list's elements are called, by the list's name.
_ELEMENTS: Mapping[str, str] = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
#: XML 1.0 has no way to write these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Format(StrEnum):
    """In what an answer is written; nothing else is an address."""

    JSON = "json"
    XML = "xml"


def answer(form: Format, root: str, value: Value, status: int = 200) -> Response:
    """The answer; ``root`` is what XML calls it."""
    if form is Format.JSON:
        return JSONResponse(_plain(value), status, media_type="application/json; charset=utf-8")
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + _xml(root, value)
    return Response(text, status, media_type="text/xml; charset=utf-8")


def _plain(value: Value) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


def _xml(name: str, value: Value) -> str:
    within = _within(name, value)
    return f"<{name}>{within}</{name}>" if within else f"<{name}/>"


def _within(name: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return "".join(_xml(key, one) for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_xml(_ELEMENTS[name], one) for one in value)
    return escape(_UNWRITABLE.sub("", str(value)))

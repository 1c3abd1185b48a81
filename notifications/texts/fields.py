"""The short named values of a message, for channels that take approved templates alone: short messages, notices of official accounts.

Providers cut longer values without a word, or refuse them, and allow no link in one; so each has a cap here, and is cut to it by us.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from notifications.texts.context import Context

#: The number of the issue; what it is about; until when, or when; by whom, or where; the code for following it.
ShortField = Literal["number", "what", "until", "who", "code"]
SHORT_FIELDS: tuple[ShortField, ...] = get_args(ShortField)
#: So many characters a value has at most.
CAPS: Mapping[ShortField, int] = {"number": 32, "what": 20, "until": 20, "who": 10, "code": 12}
#: Where each stands in what a message may show: the first that is there.
_PLACES: Mapping[ShortField, tuple[str, ...]] = {
    "number": ("issue.number",),
    "what": ("step", "action", "issue.title", "own", "note"),
    "until": ("due", "day", "when"),
    "who": ("actor", "issue.station", "station", "people", "place"),
    "code": ("follow_code", "code"),
}
_LINKS = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)


def short_fields(context: Context) -> dict[str, str]:
    """The short values of a message, of what it may show; what is not there is left out."""
    return dict(_found(context))


def _found(context: Context) -> Iterator[tuple[str, str]]:
    for name in SHORT_FIELDS:
        said = next((text for place in _PLACES[name] if (text := _at(context, place))), "")
        if said:
            yield name, _cut(said, CAPS[name])


def _at(context: Context, place: str) -> str:
    value: Any = context
    for word in place.split("."):
        value = value.get(word) if isinstance(value, Mapping) else None
    return " ".join(_LINKS.sub("", value).split()) if isinstance(value, str) else ""


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"

"""Which kind of step somebody probably meant who wrote none that there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.finding import nearest
from definitions.model.step import KINDS

#: What a step without any kind is taken as, by the keys that it has: the first that fits.
_BY_KEYS = (({"choose"}, "choose"), ({"actions"}, "task"), ({"ask"}, "receive"), ({"save"}, "call"))


def meant(step: Mapping[str, Any]) -> tuple[str | None, str]:
    """The key of a step that is no kind and was probably meant as one (``None`` if none is near), and the kind."""
    for key in step:
        near = nearest(str(key), KINDS)
        if near is not None and key not in _OTHERS:
            return str(key), near
    return None, next((kind for keys, kind in _BY_KEYS if keys <= set(step)), "task")


#: Keys of steps that are near a kind by their letters alone.
_OTHERS = frozenset(
    {
        "title",
        "help",
        "tell",
        "to",
        "with",
        "save",
        "ask",
        "within",
        "as",
        "until",
        "work",
        "shelve",
        "remind",
        "extend",
    }
)

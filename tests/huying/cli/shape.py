"""Shapes of data as the commands write them: ``[{key, title: {zh, en}, days: [{day}]}]``.

A name alone may stand for anything; one with a question mark may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator


def differs(found: object, shape: str) -> list[str]:
    """Where data is not of its shape; null may stand for any of its parts."""
    return list(_differs(found, _read(re.findall(r"[\[\]{},:]|[\w-]+\??", shape)), "$"))


def _differs(found: object, wanted: object, place: str) -> Iterator[str]:
    if wanted is None or found is None:
        return
    if isinstance(wanted, list):
        if not isinstance(found, list):
            yield f"{place}: no list"
            return
        for number, one in enumerate(found):
            yield from _differs(one, wanted[0], f"{place}[{number}]")
    elif isinstance(wanted, dict):
        if not isinstance(found, dict):
            yield f"{place}: no dictionary"
            return
        needed, known = {name for name in wanted if name[-1] != "?"}, {name.rstrip("?") for name in wanted}
        yield from (f"{place}.{name} is missing" for name in needed - set(found))
        yield from (f"{place}.{name} is not named" for name in set(found) - known)
        for name, one in wanted.items():
            yield from _differs(found.get(name.rstrip("?")), one, f"{place}.{name}")


def _read(tokens: list[str]) -> object:
    """The shape that the tokens begin with: a dictionary, a list of one, or ``None`` for a name."""
    first = tokens.pop(0)
    if first == "[":
        inner = [_read(tokens)]
        assert tokens.pop(0) == "]"
        return inner
    if first != "{":
        return None
    names: dict[str, object] = {}
    while first != "}":
        name = tokens.pop(0)
        names[name] = None
        if tokens[0] == ":":
            tokens.pop(0)
            names[name] = _read(tokens)
        first = tokens.pop(0)
    return names

"""What the kernel's nouns have in common: they never change, and are written down as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

#: What a field holds; of a list there comes back what was written: a tuple.
Value = tuple[Any, ...] | dict[str, Any] | str | int | float | bool | None
Values = Mapping[str, Value]


def kind_of(name: str) -> str:
    """How a class of this name is called in histories: ``AskExtension`` is ``ask-extension``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Noun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A record that nobody changes once it is made.

    What it holds was made before it and cannot lead back to it, so the garbage collector need not look at it.
    """


class OfKind(Noun, frozen=True, tag_field="kind", tag=kind_of):
    """A noun that comes in kinds; as JSON it says which: ``{"kind": "item-done", …fields…}``."""

    @property
    def kind(self) -> str:
        """Which it is."""
        return str(self.__struct_config__.tag)

"""Every place of a definition: each node and value below it, with the path of keys that leads there in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.model.node import Node
from definitions.model.term import Terms
from definitions.problem import Path


def places(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The part itself and all that is in it, in the order written."""
    yield path, part
    if isinstance(part, Node):
        for name, field in type(part).model_fields.items():
            value = getattr(part, name)
            if value is not None:
                yield from places(value, (*path, field.alias or name))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from places(value, (*path, key))
    elif isinstance(part, tuple | Terms):
        for index, value in enumerate(part):
            yield from places(value, (*path, index))

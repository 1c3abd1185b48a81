"""Scenarios that are to say what now happens: values of a file are changed in place, and remarks and layout are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from definitions.source.edit import Edit, edited
from definitions.source.tree import Document, Scalar, Sequence, read

#: What needs no quotes, and is read as the same text.
_BARE = re.compile(r"[a-z][a-z0-9]*(?:[ _.-][a-z0-9]+)*", re.ASCII)
_WORDS = ("true", "false", "null")


@dataclass(frozen=True, slots=True)
class Amendment:
    """In one step (from 0) of one scenario (from 0): ``what`` is expected, such as ``due`` or ``told.clerk``, and what is to stand there."""

    scenario: int
    step: int
    what: str
    value: Any

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where it stands in the file."""
        return (self.scenario, "steps", self.step, "then", *self.what.split(".", 1))


def accepted(text: str, name: str, amendments: Iterable[Amendment]) -> str | None:
    """The text of a file of scenarios with these amendments; ``None`` if one of them cannot be made in place."""
    document = read(text, name)
    edits = [_edit(document, one) for one in amendments]
    made = [one for one in edits if one is not None]
    return edited(text, made) if len(made) == len(edits) else None


def _edit(document: Document, amendment: Amendment) -> Edit | None:
    node = document.find(amendment.path)
    if not isinstance(node, Scalar | Sequence) or node.written.end is None or node.written.end.line != node.mark.line:
        return None
    if isinstance(node, Sequence) and node.written.style != "[":
        return None
    length = node.written.end.column - node.mark.column
    single = isinstance(node, Scalar) and isinstance(amendment.value, list) and len(amendment.value) == 1
    return Edit(node.mark.line, node.mark.column, length, _written(amendment.value[0] if single else amendment.value))


def _written(value: Any) -> str:
    """A value as YAML, on one line."""
    return f"[{', '.join(_each(value))}]" if isinstance(value, list) else _scalar(value)


def _each(values: Iterable[Any]) -> Iterator[str]:
    return (_scalar(value) for value in values)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _BARE.fullmatch(value) and value not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)

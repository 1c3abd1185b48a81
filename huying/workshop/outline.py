"""The outline of a definition: its sections and what stands in them, each with its faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.model.step import STAGES
from huying.workshop.control import title_of
from huying.workshop.way import SECTIONS, WHOLE, FaultAt, Way, as_way, limit_title


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the outline, its address within the form, how deep it stands, and how many faults lie in it."""

    way: str
    title: str
    depth: int
    faults: int = 0
    current: bool = False


def outline(body: Any, at: Way, faults: Sequence[FaultAt], language: str) -> tuple[OutlineEntry, ...]:
    """The sections of a definition and what stands in them, in the order of the file."""
    return tuple(_outline(body if isinstance(body, dict) else {}, at, faults, language))


def _outline(body: Mapping[str, Any], at: Way, faults: Sequence[FaultAt], language: str) -> Iterator[OutlineEntry]:
    sections = [key for key in SECTIONS if isinstance(body.get(key), dict) or key in (*STAGES, "fields", "roles")]
    others = sum(one.path[:1] not in {(key,) for key in sections} for one in faults)
    yield OutlineEntry("", WHOLE.of(language), 0, others, not at)
    for key in sections:
        inside = [one for one in faults if one.path[:1] == (key,)]
        yield OutlineEntry(key, SECTIONS[key].of(language), 0, len(inside), at == (key,))
        if key in ("deadlines", "texts"):
            continue
        named = body.get(key)
        for name, value in (named if isinstance(named, dict) else {}).items():
            count = sum(one.path[:2] == (key, name) for one in inside)
            yield OutlineEntry(
                as_way((key, name)),
                limit_title(name, language) if key == "limits" else title_of(name, value, language),
                1,
                count,
                at[:2] == (key, name),
            )

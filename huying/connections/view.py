"""Other systems that definitions call, as administrators see them: with who calls them, and those that are called but not named yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from definitions.model.steps.request import RequestStep
from definitions.text import words
from huying.connections.calls import OWN, known_connections
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """One system; ``place`` is its host alone, since an address may hold a secret, and empty while it is only asked for."""

    key: str
    place: str
    signed: bool
    seconds: int
    asked_by: tuple[str, ...]


def connection_lines(house: House, language: str, now: datetime) -> tuple[ConnectionLine, ...]:
    """All that are in service or asked for by a definition in force, by key."""
    asked = _asked(house, language, now)
    known = {one.key: one for one in known_connections(house)}
    return tuple(
        ConnectionLine(
            key=key,
            place=_place(known[key].url) if key in known else "",
            signed=key in known and bool(known[key].secret),
            seconds=known[key].timeout_seconds if key in known else 0,
            asked_by=tuple(asked.get(key, ())),
        )
        for key in sorted({*known, *asked})
    )


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")


def _asked(house: House, language: str, now: datetime) -> dict[str, list[str]]:
    """The titles of the definitions in force that call a system, by its key."""
    asked: dict[str, list[str]] = {}
    for version in house.processes.all_in_force(now):
        definition = house.processes.process(version.id).definition
        for step in definition.steps.values():
            key = step.request.to if isinstance(step, RequestStep) else None
            title = words(definition.title, language, definition.id)
            if key and key not in OWN and title not in asked.setdefault(key, []):
                asked[key].append(title)
    return asked

"""The names of whatever a reference refers to: people, departments, areas, stations, issues, codes and files. It only reads."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select

from definitions.model.reference import Reference, reference
from definitions.text import words
from huying.access import parties
from huying.database.tables import areas, codes, issues, stations
from huying.house.kept import kept_name
from huying.register.directory.references import list_of
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.shelf.store import Store
from huying.words.names import named as in_language

_PARTIES = ("participant", "organisation")
#: What a level is called when it is chosen: that of deputies, where there is one.
LEVELS = {**AREA_LEVELS, **DEPUTY_LEVELS}
_PLACES: dict[str, Table] = {"area": areas, "station": stations}


def names(
    connection: Connection, references: Iterable[str], language: str, files: Store | None = None
) -> dict[str, str]:
    """Names by reference, one query for each kind; what does not exist any more has none. ``files`` is where files are kept."""
    by_kind: dict[str, set[str]] = {}
    for named in filter(None, map(Reference.read, references)):
        by_kind.setdefault(named.kind, set()).add(named.key)
    found: dict[str, str] = {}
    for kind, keys in by_kind.items():
        found |= _of_kind(connection, kind, keys, language, files)
    return found


def _of_kind(connection: Connection, kind: str, keys: set[str], language: str, files: Store | None) -> dict[str, str]:
    if kind in _PARTIES:
        return parties.names(connection, {reference(kind, key) for key in keys}, language)
    if kind == "file":
        named = {key: kept_name(files, key) for key in keys} if files else {}
        return {reference("file", key): name for key, name in named.items() if name}
    if kind == "issue":
        rows = connection.execute(select(issues.c.id, issues.c.number).where(issues.c.id.in_(map(int, keys))))
    elif kind in _PLACES:
        table = _PLACES[kind]
        name = in_language(table.c, language)
        rows = connection.execute(select(table.c.id, name).where(table.c.id.in_(map(int, keys))))
    elif kind == "level":
        return {reference("level", key): words(LEVELS[key], language) for key in keys if key in LEVELS}
    else:
        name = in_language(codes.c, language)
        rows = connection.execute(
            select(codes.c.code, name).where(codes.c.list == list_of(kind), codes.c.code.in_(keys))
        )
    return {reference(kind, key): name for key, name in rows}

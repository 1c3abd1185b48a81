"""What people choose from in forms: departments, persons, areas, stations and codes, by reference, named in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, select

from definitions.model.field import REFERENCES, Field, code_kind
from definitions.model.reference import reference
from definitions.text import words
from huying.database.tables import areas, codes, organisations, participants, stations
from huying.database.tenure import serving
from huying.house.house import House
from huying.register.names import LEVELS, names
from huying.words.names import named

_REFERENCE = re.compile(r"(file:[0-9a-f]{64}|issue:[1-9][0-9]{0,17})", re.ASCII)


def choices(
    house: House, fields: Iterable[Field], language: str, *, entered: object = None, public: bool = False
) -> dict[str, str]:
    """Names by reference of all that these fields offer, and of the files and issues that were ``entered`` already.

    To the ``public`` only deputies are offered as persons: who else serves is no business of everybody.
    """
    kinds = set(_kinds(fields))
    found: dict[str, str] = {}
    with house.database.reading() as connection:
        for kind in sorted(kinds):
            found |= _offered(connection, kind, language, public)
        if kinds & {"file", "issue"}:
            found |= names(connection, set(_references(entered)), language, house.store)
    return found


def _kinds(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.type in REFERENCES:
            yield REFERENCES[field.type]
        if field.of is not None:
            yield f"of {field.of}"
        yield from _kinds(field.columns.values())


def _offered(connection: Connection, kind: str, language: str, public: bool) -> dict[str, str]:
    if kind in ("file", "issue"):
        return {}
    if kind == "of levels":
        return {reference("level", key): words(title, language) for key, title in LEVELS.items()}
    prefix = code_kind(kind.removeprefix("of "))
    rows = connection.execute(_query(kind, language, public))
    return {reference(prefix, key): name for key, name in rows}


def _query(kind: str, language: str, public: bool) -> Select[Any]:
    match kind:
        case "organisation":
            query = select(organisations.c.id, named(organisations.c, language)).order_by(organisations.c.code)
            return query.where(organisations.c.kind == "department", organisations.c.active)
        case "participant":
            whoever = select(serving.c.participant_id)
            people = select(participants.c.id, participants.c.name).where(
                participants.c.active, participants.c.id.in_(whoever)
            )
            return (people.where(participants.c.kind == "deputy") if public else people).order_by(participants.c.name)
        case "area":
            return select(areas.c.id, named(areas.c, language)).order_by(areas.c.code)
        case "station":
            query = select(stations.c.id, named(stations.c, language)).where(stations.c.active)
            return query.order_by(stations.c.area_id, stations.c.code)
        case _:
            of = kind.removeprefix("of ")
            return (
                select(codes.c.code, named(codes.c, language))
                .where(codes.c.list == of, codes.c.active)
                .order_by(codes.c.position, codes.c.code)
            )


def _references(entered: object) -> Iterator[str]:
    """The references of files and issues anywhere in what was entered; whatever else stands there is left alone."""
    if isinstance(entered, str):
        if _REFERENCE.fullmatch(entered):
            yield entered
    elif isinstance(entered, Mapping):
        for part in entered.values():
            yield from _references(part)
    elif isinstance(entered, list | tuple):
        for part in entered:
            yield from _references(part)

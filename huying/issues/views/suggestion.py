"""Which departments an issue is most likely for: those in charge of what its choices say, the nearest first, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from definitions.model.field import Field
from definitions.model.reference import refers_to
from engine.directory import Search
from huying.database.tables import codes
from huying.house.house import House
from huying.issues.record import Record, record
from huying.locale import translations
from huying.register.directory import RegisterDirectory
from huying.words.names import named

_DEPARTMENTS = ("department", "departments")


def suggested(
    house: House, issue_id: int, fields: Iterable[Field], names: Mapping[str, str], language: str, now: datetime
) -> dict[str, str]:
    """The same ``names``, those of departments that an issue is most likely for before all others, each saying why; if a field asks for any."""
    if not any(one.type in _DEPARTMENTS for field in fields for one in (field, *field.columns.values())):
        return dict(names)
    _ = translations(language).gettext
    first: dict[str, str] = {}
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        for competence, said in _competences(connection, found, language):
            for party in _in_charge(house, connection, found, competence, now):
                if refers_to(party, "organisation") and party in names and party not in first:
                    first[party] = _("%(name)s (in charge of %(what)s)") % {"name": names[party], "what": said}
    return {**first, **{one: name for one, name in names.items() if one not in first}}


def _competences(connection: Connection, found: Record, language: str) -> Iterator[tuple[str, str]]:
    """What stands both among the answers of the issue that were chosen and in the register's list, in the order of the fields, with its name."""
    chosen = [
        found.state.data[name]
        for name, field in found.definition.data.items()
        if field.type == "choice" and field.open and isinstance(found.state.data.get(name), str)
    ]
    listed = select(codes.c.code, named(codes.c, language)).where(codes.c.list == "competences", codes.c.active)
    known: dict[str, str] = {row[0]: row[1] for row in connection.execute(listed.where(codes.c.code.in_(chosen)))}
    yield from ((one, known[one]) for one in dict.fromkeys(chosen) if one in known)


def _in_charge(house: House, connection: Connection, found: Record, competence: str, now: datetime) -> Iterator[str]:
    if found.state.facts is None:
        return
    wanted = Search(source="departments for", place=None, station=found.state.facts.station, competence=competence)
    directory = RegisterDirectory(connection, found.process.calendar, now, files=house.store, issue=found.id)
    yield from (one.party for one in directory.candidates(wanted))

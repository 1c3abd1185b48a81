"""From what the forms of the register let choose: codes, areas, stations, departments, calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, select

from huying.database.tables import areas, codes, organisations, stations
from huying.house.house import House
from huying.register.forms import AskedWord
from huying.words.names import named

#: More than these are not offered; whoever means another one types its code.
_MOST = 1_000
_TABLES: Mapping[str, Table] = {"area": areas, "station": stations, "organisation": organisations}


def options(
    house: House, language: str, asked: Sequence[AskedWord], texts: Mapping[str, str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """By word: the value and its words, in order; what stands there already is among them, also if it is not in use any more."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    with house.database.reading() as connection:
        for one in asked:
            if one.choices is not None:
                found[one.word] = tuple((key, said.of(language)) for key, said in one.choices.items())
            elif one.kind == "code":
                mine = codes.c.active | (codes.c.code == texts.get(one.word, ""))
                query = select(codes.c.code, named(codes.c, language)).where(codes.c.list == one.of, mine)
                rows = connection.execute(query.order_by(codes.c.position, codes.c.code))
                found[one.word] = tuple((row[0], row[1]) for row in rows)
            elif one.kind in _TABLES:
                table = _TABLES[one.kind]
                query = select(table.c.code, named(table.c, language)).order_by(table.c.code).limit(_MOST)
                found[one.word] = tuple((row[0], f"{row[0]} · {row[1]}") for row in connection.execute(query))
            elif one.kind == "calendar":
                found[one.word] = tuple((key, key) for key in house.calendars.known())
    return found

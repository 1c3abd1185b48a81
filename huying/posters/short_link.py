"""Making short addresses, many at once, and ending them: at one's own stations, for what the house takes in today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.refusal import Invalid
from huying.access.viewer import Viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import short_links, stations
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.posters.answer import answers_of, place_field
from huying.posters.code import new_code
from huying.posters.target import PAGES
from huying.rights.refusal import Unentitled
from huying.rights.right import may_everywhere

MAKE = "make posters"
#: So many at once; an office of 442 stations makes one for each.
MOST = 600
_LONGEST_TITLE = 100
_TRIES = 5

_NO_PAGE = {"zh": "请选择扫码后打开什么。", "en": "Please choose what the code opens."}
_NO_STATION = {"zh": "请至少选一个站点。", "en": "Please choose at least one station."}
_NO_PROCESS = {"zh": "请选择一个办理流程。", "en": "Please choose a process."}
_PAST = {"zh": "有效期要在今天以后。", "en": "The last day must be after today."}
_MANY = {"zh": f"一次最多做 {MOST} 个，请分几次。", "en": f"At most {MOST} at once; please make them in parts."}
_LONG = {"zh": f"每行最多 {_LONGEST_TITLE} 个字。", "en": f"At most {_LONGEST_TITLE} characters a line."}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWish:
    """What somebody wants: one address for each station (by code) and each place; without stations, one for the whole house."""

    page: str = "report"
    definition: str | None = None
    stations: Sequence[str] = ()
    places: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    valid_until: date | None = None


def make_links(house: House, wish: LinkWish, person: Viewer, by: By) -> tuple[int, ...]:
    """The ids of the new addresses, in order; the same request again gives the same. ``Invalid`` by entry, ``Unentitled`` beyond one's stations."""
    answers = _checked(house, wish, by)
    with house.database.writing() as connection:
        places = _places(connection, wish, person, by)
        rows = [{**row, "answers": answer} for row, answer in _rows(wish, places, answers)]
        made = tuple(_insert(connection, row | {"made_by_id": by.somebody, "made_at": by.now}) for row in rows)
        detail = {"links": len(made), "page": wish.page, "definition": wish.definition or ""}
        note(connection, AuditNote(what="posters-made", by=by.person, detail=detail, at=by.now))
    return made


def end_links(house: House, links: Sequence[int], person: Viewer, by: By) -> int:
    """End short addresses: whoever follows one from now on is told so. How many were ended."""
    c = short_links.c
    with house.database.writing() as connection:
        found = connection.execute(select(c.id, c.station_id, c.ended_at).where(c.id.in_(list(links)))).all()
        if not found:
            raise NotFound("没有这个二维码。", "There is no such code.")
        for row in found:
            assure_may(person, by, row.station_id)
        open_ones = [row.id for row in found if row.ended_at is None]
        connection.execute(
            update(short_links).where(c.id.in_(open_ones)).values(ended_at=by.now, ended_by_id=by.person)
        )
        detail = {"links": len(open_ones)}
        note(connection, AuditNote(what="posters-ended", by=by.person, detail=detail, at=by.now))
    return len(open_ones)


def assure_may(person: Viewer, by: By, station: int | None) -> None:
    """Refuse whoever may not make or end them there; those of the whole house are made by whoever may everywhere."""
    allowed = may_everywhere(MAKE, person.entitlement, by.now) if station is None else person.may(MAKE, by.now, station)
    if not allowed:
        raise Unentitled(MAKE)


def _checked(house: House, wish: LinkWish, by: By) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Each place with its answers, as the form would keep them; what is wrong, by entry."""
    errors: dict[str, Mapping[str, str]] = {}
    if wish.page not in PAGES:
        errors["page"] = _NO_PAGE
    if wish.valid_until is not None and wish.valid_until <= house.day_of(by.now):
        errors["valid_until"] = _PAST
    places = tuple(dict.fromkeys(" ".join(one.split()) for one in wish.places if one.strip())) or ("",)
    if any(len(one) > _LONGEST_TITLE for one in places):
        errors["places"] = _LONG
    if len(places) * max(1, len(wish.stations)) > MOST:
        errors["places"] = _MANY
    found: list[tuple[str, Mapping[str, Any]]] = []
    if wish.page != "report":
        found = [(one, {}) for one in places]
    elif wish.definition is None:
        errors["definition"] = _NO_PROCESS
    else:
        found = list(_answered(house, wish, places, by, errors))
    if errors:
        raise Invalid(errors)
    return found


def _answered(
    house: House, wish: LinkWish, places: Sequence[str], by: By, errors: dict[str, Mapping[str, str]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    version = house.processes.in_force(wish.definition or "", by.now)
    definition = house.processes.process(version.id).definition
    where = place_field(definition)
    for place in places:
        given = {**wish.answers, **({where: place} if where and place else {})}
        answers, wrong = answers_of(house, definition, given)
        for name, message in wrong.items():
            errors.setdefault("places" if name == where else name, message)
        yield place, answers


def _places(connection: Connection, wish: LinkWish, person: Viewer, by: By) -> Sequence[int | None]:
    """The stations by id, in the order in which they were named; ``NotFound`` for a code that is none."""
    if not wish.stations:
        if not may_everywhere(MAKE, person.entitlement, by.now):
            raise Invalid({"stations": _NO_STATION})
        return (None,)
    c = stations.c
    query = select(c.code, c.id).where(c.code.in_(list(wish.stations)), c.active)
    found: dict[str, int] = {row.code: row.id for row in connection.execute(query)}
    for code in wish.stations:
        if code not in found:
            raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
        assure_may(person, by, found[code])
    return tuple(found[code] for code in dict.fromkeys(wish.stations))


def _rows(
    wish: LinkWish, places: Sequence[int | None], answers: Sequence[tuple[str, Mapping[str, Any]]]
) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    for station in places:
        for title, answer in answers:
            yield (
                {
                    "page": wish.page,
                    "definition": wish.definition if wish.page == "report" else None,
                    "station_id": station,
                    "title": title,
                    "valid_until": wish.valid_until,
                },
                answer,
            )


def _insert(connection: Connection, row: dict[str, Any]) -> int:
    """A row with a code that no other has."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for _ in range(_TRIES):
        statement = make(short_links).values(**row, code=new_code()).on_conflict_do_nothing(index_elements=["code"])
        made = connection.execute(statement.returning(short_links.c.id)).scalar_one_or_none()
        if made is not None:
            return int(made)
    raise RuntimeError("no free code was found")

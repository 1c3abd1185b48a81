"""Claims: a station says what it has and by what that is seen, the level above checks it, and what was accepted stands in the register.

Nobody checks what they entered themself, nor what belongs to the one station for which alone they keep the register: it takes a level above.
A claim is kept as it was; a later one of the same station about the same thing replaces it while it waits.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from definitions.model.reference import Reference
from definitions.text import Said
from engine.refusal import Refusal
from huying.access.viewer import Viewer
from huying.database.day import day_of
from huying.database.tables import codes, have_claims, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.house.kept import hold
from huying.messages.notices import write_notice
from huying.register.changes import Change, Stamp, apply
from huying.register.haves import LIST
from huying.register.standard import standard_on
from huying.rights.refusal import Unentitled
from huying.rights.right import rights_to
from huying.words.names import named

CLAIM, CHECK = "claim haves", "check haves"
Extent = Literal["met", "partly", "not"]
EXTENTS: Mapping[Extent, Said] = {
    "met": Said("具备", "It is there"),
    "partly": Said("部分具备", "A part of it is there"),
    "not": Said("不具备", "It is missing"),
}
#: So many files may lie beside a claim.
MOST_FILES = 6


class WrongClaim(Refusal):
    """A claim, or a check of one, that cannot be; ``field`` is where."""

    code = "invalid"

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.field = field


@dataclass(frozen=True, slots=True)
class HaveClaim:
    """What a station says: of which thing, how far it is there, by what that is seen, and until when it is to count."""

    station: str
    have: str
    extent: str
    evidence: str = ""
    files: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What became of a claim: accepted, to count until a day, or returned with a remark."""

    claim: int
    accepted: bool
    remark: str = ""
    until: date | None = None


def may_claim(person: Viewer, now: datetime, station: int) -> bool:
    """Whether somebody may say what a station has."""
    return person.may(CLAIM, now, station)


def may_check(person: Viewer, now: datetime, station: int, entered_by: int | None = None) -> bool:
    """Whether somebody may check claims of a station, and this one."""
    above = (right.scope for right in rights_to(CHECK, person.entitlement, now) if right.scope.kind != "station")
    return person.participant_id != entered_by and any(scope.covers(station) for scope in above)


def enter(house: House, claim: HaveClaim, person: Viewer, now: datetime) -> int:
    """Keep a claim; its number. ``WrongClaim`` says at which field it cannot be."""
    with house.database.writing() as connection:
        station = _station(connection, claim.station)
        if not may_claim(person, now, station.id):
            raise Unentitled(CLAIM)
        _assure(house, connection, claim, now)
        c = have_claims.c
        before = (c.station_id == station.id) & (c.have == claim.have) & (c.status == "waiting")
        connection.execute(update(have_claims).where(before).values(status="replaced"))
        values = {
            "station_id": station.id,
            "have": claim.have,
            "extent": claim.extent,
            "evidence": claim.evidence,
            "files": list(claim.files),
            "until": claim.until,
            "entered_by_id": person.participant_id,
            "entered_at": now,
            "status": "waiting",
            "remark": "",
        }
        return int(connection.execute(insert(have_claims).values(**values).returning(c.id)).scalar_one())


def check(house: House, done: Check, person: Viewer, now: datetime) -> None:
    """Accept a claim, which the register says from then on, or return it; whoever entered it is told."""
    with house.database.writing() as connection:
        row = _claim(connection, done.claim)
        if not may_check(person, now, row.station_id, row.entered_by_id):
            raise Unentitled(CHECK)
        if row.status != "waiting":
            raise WrongClaim("claim", "这一条已经核定过了，请刷新再看。", "This was checked already; look again.")
        if not done.accepted and not done.remark.strip():
            raise WrongClaim("remark", "退回要写明要补什么。", "Say what is to be mended.")
        until = done.until or row.until or usual_until(connection, house.day_of(now))
        if done.accepted and until < house.day_of(now):
            raise WrongClaim("until", "有效期已经过了，请改到今天以后。", "It would count until a day that is over.")
        if done.accepted:
            _written(connection, row, until, person, now)
        said = {"checked_by_id": person.participant_id, "checked_at": now, "remark": done.remark.strip()[:1000]}
        told = {**said, "status": "accepted" if done.accepted else "returned"}
        connection.execute(update(have_claims).where(have_claims.c.id == row.id).values(**told))
        _tell(connection, row, done, person, now)


def usual_until(connection: Connection, today: date) -> date:
    """Until when a confirmation of today counts by the standard: the same day so many months on, or the month's last."""
    months = today.month - 1 + standard_on(connection, today).valid_months
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _station(connection: Connection, code: str) -> Row[Any]:
    row = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
    if row is None:
        raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
    return row


def _claim(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(have_claims).where(have_claims.c.id == number).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这条填报。", "There is no such claim.")
    return row


def _assure(house: House, connection: Connection, claim: HaveClaim, now: datetime) -> None:
    listed = select(codes.c.code).where(codes.c.list == LIST, codes.c.code == claim.have)
    if connection.execute(listed).first() is None:
        raise WrongClaim("have", "代码表里没有这一项条件。", "The list has no such thing.")
    if claim.extent not in EXTENTS:
        raise WrongClaim("extent", "请选具备、部分具备或不具备。", "Say whether it is there, in part, or missing.")
    if claim.extent != "not" and not claim.evidence and not claim.files:
        raise WrongClaim("evidence", "请写明依据，或附照片、文件。", "Say by what it is seen, or add a photo or paper.")
    if claim.extent == "partly" and not claim.evidence:
        raise WrongClaim("evidence", "部分具备的，请写明还缺什么。", "Say what is still missing.")
    if len(claim.evidence) > 1000:
        raise WrongClaim("evidence", "太长了，最多 1000 个字。", "Too long: at most 1000 characters.")
    if claim.until is not None and claim.until < house.day_of(now):
        raise WrongClaim("until", "有效期要在今天以后。", "It must count until a day to come.")
    if len(claim.files) > MOST_FILES:
        raise WrongClaim("files", f"最多附 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files.")
    if not all(hold(house.store, Reference.parse(one).key) for one in claim.files):
        raise WrongClaim("files", "附件没有传上来，请重新选择。", "A file did not arrive; choose it again.")


def _written(connection: Connection, row: Row[Any], until: date, person: Viewer, now: datetime) -> None:
    """What the register says from now on."""
    values = {
        "has": row.extent == "met",
        "partly": row.extent == "partly",
        "evidence": row.evidence or None,
        "confirmed_by": person.participant_id,
        "since": day_of(now, connection),
        "until": until,
    }
    change = Change("station_have", (row.station_id, row.have), values)
    apply(connection, [change], Stamp("page", now, person.participant_id, f"核定填报 {row.id} checked a claim"))


def _tell(connection: Connection, row: Row[Any], done: Check, person: Viewer, now: datetime) -> None:
    place = connection.execute(select(stations).where(stations.c.id == row.station_id)).one()
    thing = connection.execute(select(codes).where(codes.c.list == LIST, codes.c.code == row.have)).one()

    def words(language: str) -> Mapping[str, Any]:
        return {
            "station": named(place, language),
            "note": named(thing, language),
            "own": int(done.accepted),
            "actor": person.name,
            "people": done.remark.strip() or None,
        }

    write_notice(connection, "have-checked", f"claim.{row.id}", row.entered_by_id, words, now)


def files_of(row: Row[Any]) -> Sequence[str]:
    """The keys of the files beside a claim."""
    return tuple(Reference.parse(one).key for one in row.files)

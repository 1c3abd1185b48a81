"""The standard of stations: what the office demands of them, in versions that are never changed; a new one holds from its day on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, Row, insert, select

from definitions.text import Said
from engine.noun import Noun
from engine.refusal import Refusal
from huying.audit.record import AuditNote, note
from huying.database.tables import codes, station_standards
from huying.house.by import By
from huying.register.haves import LIST
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS

#: The longest that any of the numbers may say, in its own unit.
_MOST = 3_660
_NUMBERS: Mapping[str, Said] = {
    "dormant_days": Said("多少天没有活动算不活跃", "Days without anything until a station is dormant"),
    "remind_days": Said("到期前多少天提醒", "Days before the end when it is asked for again"),
    "valid_months": Said("一次确认管几个月", "Months for which a confirmation counts"),
}


class WrongStandard(Refusal):
    """A version that says what cannot be."""

    code = "wrong-standard"


class Standard(Noun, frozen=True):
    """One version; ``since`` is ``None`` for what holds where nobody has written any. ``haves``: codes; none means all in use."""

    since: date | None = None
    haves: tuple[str, ...] = ()
    area_levels: tuple[str, ...] = ("district", "street", "town", "neighbourhood", "village")
    team_levels: tuple[str, ...] = ("street", "town")
    deputy_levels: tuple[str, ...] = ("national", "provincial", "city", "district")
    dormant_days: int = 90
    remind_days: int = 30
    valid_months: int = 12
    note: str = ""
    number: int | None = None
    written_by: int | None = None
    written_at: datetime | None = None


def standard_on(connection: Connection, day: date) -> Standard:
    """The version that holds on a day."""
    s = station_standards.c
    query = select(station_standards).where(s.since <= day).order_by(s.since.desc(), s.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _read(row) if row is not None else Standard()


def standards(connection: Connection) -> tuple[Standard, ...]:
    """All versions, the newest first."""
    s = station_standards.c
    query = select(station_standards).order_by(s.since.desc(), s.id.desc())
    return tuple(_read(row) for row in connection.execute(query))


def write_standard(connection: Connection, standard: Standard, by: By) -> int:
    """Add a version; its number. ``WrongStandard`` if it cannot be."""
    _assure(connection, standard)
    values = {
        "since": standard.since,
        "note": standard.note[:1000],
        "written_by_id": by.person,
        "written_at": by.now,
        **{name: list(getattr(standard, name)) for name in ("haves", "area_levels", "team_levels", "deputy_levels")},
        **{name: getattr(standard, name) for name in _NUMBERS},
    }
    note(connection, AuditNote(what="register-changed", object="register:standard"))
    statement = insert(station_standards).values(**values).returning(station_standards.c.id)
    return int(connection.execute(statement).scalar_one())


def listed_haves(connection: Connection, day: date) -> tuple[str, ...]:
    """The codes of what stations should have on a day, in their order: those of the standard, else all of the list that are in use."""
    return listed(connection, standard_on(connection, day).haves)


def listed(connection: Connection, wanted: Collection[str]) -> tuple[str, ...]:
    """Those of the list that are wanted, in the order of the list; without any wish, all that are in use."""
    c = codes.c
    which = c.code.in_(wanted) if wanted else c.active
    query = select(c.code).where(c.list == LIST, which).order_by(c.position, c.code)
    return tuple(connection.execute(query).scalars())


def _read(row: Row[tuple[object, ...]]) -> Standard:
    said = row._mapping
    return Standard(
        since=said["since"],
        haves=tuple(said["haves"]),
        area_levels=tuple(said["area_levels"]),
        team_levels=tuple(said["team_levels"]),
        deputy_levels=tuple(said["deputy_levels"]),
        dormant_days=said["dormant_days"],
        remind_days=said["remind_days"],
        valid_months=said["valid_months"],
        note=said["note"],
        number=said["id"],
        written_by=said["written_by_id"],
        written_at=said["written_at"],
    )


def _assure(connection: Connection, standard: Standard) -> None:
    if standard.since is None:
        raise WrongStandard("请填从哪天起执行。", "Say from which day it holds.")
    for name, title in _NUMBERS.items():
        if not 1 <= getattr(standard, name) <= _MOST:
            raise WrongStandard(
                f"“{title.zh}”请填 1 到 {_MOST} 的整数。", f"“{title.en}”: a whole number from 1 to {_MOST}."
            )
    known = (
        (standard.area_levels, AREA_LEVELS),
        (standard.team_levels, AREA_LEVELS),
        (standard.deputy_levels, DEPUTY_LEVELS),
        (standard.haves, set(connection.execute(select(codes.c.code).where(codes.c.list == LIST)).scalars())),
    )
    for said, possible in known:
        wrong = [one for one in said if one not in possible]
        if wrong:
            raise WrongStandard(f"没有“{wrong[0]}”这一项，请从列出的里面选。", f"There is no “{wrong[0]}”; choose.")

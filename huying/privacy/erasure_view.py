"""Erasures as their officer sees them: what is proposed, by what it is counted, a list; what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from definitions.text import Said
from huying.database.tables import definition_versions, erasure_parts, erasures, issues, participants, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.privacy.erasures import ISSUE, STATES, WHYS
from huying.privacy.view import WHATS, process_titles
from huying.words.moments import date_words
from huying.words.names import named

_CAUSES = {"retention": Said("保存期满", "kept long enough"), "request": Said("本人申请", "asked for")}
_PERSON = Said("反映人本人", "the reporter")
_SHOWN, _LAST = 200, 50


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """An erasure: why, since when, how much of it is done, kept and still to be done."""

    id: int
    cause: str
    reason: str
    state: str
    state_words: str
    proposed: str
    by: str
    approved_by: str
    total: int
    done: int
    kept: int


@dataclass(frozen=True, slots=True)
class PartLine:
    """One issue or person of it; ``state``: waiting, done or kept, and why."""

    title: str
    process: str
    station: str
    what: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class ErasureView:
    """An erasure with what is in it: how many by process and what, the first ones as a list."""

    line: ErasureLine
    counts: tuple[tuple[str, str, int], ...]
    parts: tuple[PartLine, ...]


def erasure_lines(house: House, language: str, now: datetime) -> tuple[ErasureLine, ...]:
    """The last ones, the newest first."""
    with house.database.reading() as connection:
        rows = connection.execute(_erasures.order_by(erasures.c.id.desc()).limit(_LAST)).all()
        return tuple(_line(house, connection, row, language, now) for row in rows)


def erasure_view(house: House, number: int, language: str, now: datetime) -> ErasureView:
    """One of them; ``NotFound`` if there is none."""
    titles = process_titles(house, language, now)
    with house.database.reading() as connection:
        row = connection.execute(_erasures.where(erasures.c.id == number)).one_or_none()
        if row is None:
            raise NotFound("没有这一批。", "There is no such erasure.")
        parts = connection.execute(_parts(number, language).limit(_SHOWN)).all()
        counted = (
            select(definition_versions.c.key, erasure_parts.c.what, func.count())
            .select_from(erasure_parts)
            .join(issues, issues.c.id == erasure_parts.c.number)
            .join(definition_versions, definition_versions.c.id == issues.c.definition_version_id)
            .where(erasure_parts.c.erasure_id == number, erasure_parts.c.of == ISSUE)
            .group_by(definition_versions.c.key, erasure_parts.c.what)
        )
        counts = [
            (titles.get(key, key), WHATS[what].of(language), many) for key, what, many in connection.execute(counted)
        ]
        line = _line(house, connection, row, language, now)
    return ErasureView(line, tuple(counts), tuple(_part(one, titles, language) for one in parts))


_by = participants.alias("proposing")
_erasures = select(erasures, _by.c.name).join(_by, _by.c.id == erasures.c.proposed_by_id, isouter=True)


def _parts(number: int, language: str) -> Select[tuple[object, ...]]:
    return (
        select(
            erasure_parts,
            issues.c.number.label("shown"),
            definition_versions.c.key,
            named(stations.c, language).label("station"),
        )
        .join(issues, (issues.c.id == erasure_parts.c.number) & (erasure_parts.c.of == ISSUE), isouter=True)
        .join(definition_versions, definition_versions.c.id == issues.c.definition_version_id, isouter=True)
        .join(stations, stations.c.id == issues.c.station_id, isouter=True)
        .where(erasure_parts.c.erasure_id == number)
        .order_by(erasure_parts.c.of, erasure_parts.c.number)
    )


def _part(row: Row[tuple[object, ...]], titles: dict[str, str], language: str) -> PartLine:
    return PartLine(
        title=row.shown or _PERSON.of(language),
        process=titles.get(row.key, row.key or ""),
        station=row.station or "",
        what=WHATS[row.what].of(language),
        state=row.state,
        why=WHYS[row.why].of(language) if row.why in WHYS else "",
    )


def _line(
    house: House, connection: Connection, row: Row[tuple[object, ...]], language: str, now: datetime
) -> ErasureLine:
    counted = select(erasure_parts.c.state, func.count()).where(erasure_parts.c.erasure_id == row.id)
    by_state = {found[0]: int(found[1]) for found in connection.execute(counted.group_by(erasure_parts.c.state))}
    return ErasureLine(
        id=row.id,
        cause=_CAUSES[row.cause].of(language),
        reason=row.reason,
        state=row.state,
        state_words=STATES[row.state].of(language),
        proposed=date_words(house.day_of(row.proposed_at), language, house.day_of(now)),
        by=row.name or "",
        approved_by=row.approved_by,
        total=sum(by_state.values()),
        done=by_state.get("done", 0),
        kept=by_state.get("kept", 0),
    )

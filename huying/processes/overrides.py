"""Overrides in force: publishing one, and the version by which an issue is opened at a station.

An issue is pinned to a *variant*: the definition in force with the overrides of its station and the areas above laid over it, nearest last.
Variants are made when they are first needed, and never change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from definitions.composition.overrides import lay_over, read_override
from definitions.loader import Unsound, examine_body
from definitions.model.reference import reference
from engine.refusal import Unavailable
from huying.audit.record import AuditNote, note
from huying.database.connections import Writing
from huying.database.tables import areas, stations
from huying.database.tables import definition_overrides as overrides
from huying.database.tables import definition_versions as versions
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.processes import InForce, Version


@dataclass(frozen=True, slots=True)
class PublishedOverride:
    """An override as lists show it; ``problem`` says why it does not fit the definition in force, and is left out."""

    id: int
    definition_key: str
    scope: str
    version: int
    published_at: datetime
    published_by: str
    note: str
    problem: str | None


_COLUMNS = [overrides.c[name] for name in PublishedOverride.__slots__]


def publish_override(
    house: House, source: str | bytes, name: str, *, by: str, note: str = "", now: datetime
) -> tuple[PublishedOverride, bool]:
    """Publish an override of a definition in force, and whether it is new; ``Unreadable`` and ``Unsound`` carry what is wrong."""
    return publish_beside(house, source, name, Imprint(by, now, note), None)


def publish_beside(
    house: House, source: str | bytes, name: str, imprint: Imprint, beside: Writing | None
) -> tuple[PublishedOverride, bool]:
    """The same, with something else that is written in the same transaction."""
    row = _checked(house, source, name, imprint)
    with house.database.writing() as connection:
        if beside is not None:
            beside(connection)
        return _laid_down(connection, row)


def overriding(house: House, source: str | bytes, name: str, imprint: Imprint, newest: int | None) -> Writing:
    """The same in a transaction of one's own.

    It was looked at beside an override of the number ``newest`` (``None``: there was none), and is refused where there is another by then.
    """
    row = _checked(house, source, name, imprint)

    def write(connection: Connection) -> None:
        last = connection.execute(_of(row["definition_key"], row["scope"]).limit(1)).one_or_none()
        if newest != (last.version if last is not None else None):
            raise Unavailable(
                "提请以后，这一范围的覆盖已另行发布；请对照新的重新提请。",
                "Another override of this scope was published since: propose it anew beside that one.",
            )
        _laid_down(connection, row)

    return write


def override_about(house: House, source: str | bytes, name: str) -> tuple[str, str, int | None]:
    """The definition that an override is of, its scope, and the number of the one in force; ``Unreadable`` and ``Unsound`` as ever."""
    row = _checked(house, source, name, Imprint("", datetime.now(UTC)))
    key, scope = row["definition_key"], row["scope"]
    with house.database.reading() as connection:
        last = connection.execute(_of(key, scope).limit(1)).one_or_none()
    return key, scope, last.version if last is not None else None


def _checked(house: House, source: str | bytes, name: str, imprint: Imprint) -> dict[str, Any]:
    """What is to be written but for its number."""
    found = read_override(source, name)
    if found.override is None or found.findings:
        raise Unsound(found.findings)
    key, scope = found.override.override, str(found.override.for_)
    base = house.processes.in_force(key, imprint.now)
    laid, problems = lay_over(house.processes.body(base.id), found.body)
    if problems:
        raise Unsound(found.document.findings_of(problems))
    wrong = examine_body(laid, name, calendars=house.calendars.known()).findings
    if wrong:
        raise Unsound(wrong)
    digest = hashlib.sha256(orjson.dumps(found.body)).hexdigest()
    return {
        "definition_key": key,
        "scope": scope,
        "digest": digest,
        "source": source.decode() if isinstance(source, bytes) else source,
        "body": found.body,
        "published_at": imprint.now,
        "published_by": imprint.by,
        "note": imprint.note,
    }


def _laid_down(connection: Connection, row: dict[str, Any]) -> tuple[PublishedOverride, bool]:
    same = _of(row["definition_key"], row["scope"]).limit(1)
    newest = connection.execute(same).one_or_none()
    if newest is not None and newest.digest == row["digest"]:
        return _published(newest), False
    number = newest.version + 1 if newest is not None else 1
    connection.execute(insert(overrides), {**row, "version": number})
    told = AuditNote(
        what="override-published",
        object=f"process:{row['definition_key']}",
        reason=row["note"],
        detail={"version": number, "scope": row["scope"], "how": row["published_by"]},
        at=row["published_at"],
    )
    note(connection, told)
    return _published(connection.execute(same).one()), True


def _of(key: str, scope: str) -> Any:
    named = overrides.c.definition_key == key, overrides.c.scope == scope
    return select(overrides).where(*named).order_by(overrides.c.version.desc())


def _published(row: Any) -> PublishedOverride:
    return PublishedOverride(*(getattr(row, name) for name in PublishedOverride.__slots__))


def overrides_in_force(house: House, key: str | None = None) -> tuple[PublishedOverride, ...]:
    """The newest override of every scope, of one definition or of all."""
    newest = (
        select(overrides.c.definition_key, overrides.c.scope, func.max(overrides.c.version).label("version"))
        .group_by(overrides.c.definition_key, overrides.c.scope)
        .subquery()
    )
    query = select(*_COLUMNS).join(
        newest,
        (newest.c.definition_key == overrides.c.definition_key)
        & (newest.c.scope == overrides.c.scope)
        & (newest.c.version == overrides.c.version),
    )
    if key is not None:
        query = query.where(overrides.c.definition_key == key)
    with house.database.reading() as connection:
        rows = connection.execute(query.order_by(overrides.c.definition_key, overrides.c.scope))
        return tuple(PublishedOverride(*row) for row in rows)


def variant_at(house: House, base: Version | InForce, station: str) -> int:
    """The id of a version with the overrides in force at a station laid over it; its own, where there are none."""
    published = {one.scope: one for one in overrides_in_force(house, base.key)}
    if not published:
        return base.id
    with house.database.reading() as connection:
        chain = [published[scope] for scope in _scopes(connection, station) if scope in published]
    return _variant(house, base.id, chain) if chain else base.id


def _scopes(connection: Connection, station: str) -> list[str]:
    """The scopes that hold at a station: its areas from the top down, and the station itself."""
    area = connection.execute(select(stations.c.area_id).where(stations.c.code == station)).scalar_one_or_none()
    found = [reference("station", station)]
    while area is not None:
        row = connection.execute(select(areas.c.code, areas.c.parent_id).where(areas.c.id == area)).one()
        found.append(reference("area", row.code))
        area = row.parent_id
    return found[::-1]


def _variant(house: House, base_id: int, chain: list[PublishedOverride]) -> int:
    """The version with these overrides laid over it, made if there is none yet."""
    name = hashlib.sha256(".".join(str(one.id) for one in chain).encode()).hexdigest()[:16]
    for _ in range(3):
        with house.database.reading() as connection:
            base = connection.execute(select(versions).where(versions.c.id == base_id)).one()
            same = versions.c.key == base.key, versions.c.version == base.version
            existing = connection.execute(select(versions.c.id).where(*same, versions.c.variant == name)).scalar()
        if existing is not None:
            return int(existing)
        body = _laid(house, base.body, chain)
        row = {column.name: getattr(base, column.name) for column in versions.columns if column.name != "id"}
        row |= {"variant": name, "body": body, "digest": hashlib.sha256(orjson.dumps(body)).hexdigest()}
        try:
            with house.database.writing() as connection:
                connection.execute(insert(versions), row)
        except IntegrityError:
            # somebody else made it at the same moment
            continue
    raise RuntimeError("the variant could not be made")


def _laid(house: House, body: Any, chain: list[PublishedOverride]) -> Any:
    """The body with every override that still fits; of one that does not, it is noted why, for all to see."""
    for one in chain:
        with house.database.reading() as connection:
            said = connection.execute(select(overrides.c.body).where(overrides.c.id == one.id)).scalar_one()
        laid, problems = lay_over(body, said)
        found = [problem.message["en"] for problem in problems] or [
            str(finding) for finding in examine_body(laid, one.scope, calendars=house.calendars.known()).findings
        ]
        if not found:
            body = laid
        if bool(found) != (one.problem is not None):
            with house.database.writing() as connection:
                why = "; ".join(found)[:2000] or None
                connection.execute(update(overrides).where(overrides.c.id == one.id).values(problem=why))
    return body


def recheck(house: House, version: Version) -> tuple[PublishedOverride, ...]:
    """The overrides that do not fit a new version of their definition; each is noted with the reason."""
    for one in overrides_in_force(house, version.key):
        _laid(house, house.processes.body(version.id), [one])
    return tuple(one for one in overrides_in_force(house, version.key) if one.problem is not None)

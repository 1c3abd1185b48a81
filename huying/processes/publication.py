"""Publishing definitions: a sound text becomes the next immutable version, or nothing happens."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from definitions.checks.books import counted_elsewhere, counted_there
from definitions.checks.references import called, not_among
from definitions.finding import Unreadable, in_order, nearest
from definitions.loader import Examined, Unsound, examine, located
from definitions.model.definition import Definition
from definitions.model.steps.request import RequestStep
from definitions.problem import Problem, problem, unknown
from definitions.text import Said
from engine.refusal import Unavailable
from huying.audit.record import AuditNote, note
from huying.connections.calls import OWN, known_connections
from huying.database.connections import Writing
from huying.database.tables import definition_versions as versions
from huying.database.tables import issues
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.processes import Version
from huying.processes.outlets import without_template

#: Raised when the language changes so that older versions must be read differently.
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that is to be published: its file's name, when it comes into force (at once, unless later), and what was found of it before."""

    source: str | bytes
    name: str
    in_force_from: datetime | None = None
    report: Mapping[str, Any] | None = None


def publish(
    house: House,
    source: str | bytes,
    name: str,
    imprint: Imprint,
    *,
    in_force_from: datetime | None = None,
    report: Mapping[str, Any] | None = None,
) -> tuple[Version, bool]:
    """Publish one definition, as ``publish_all`` does several."""
    return publish_all(house, [Edition(source, name, in_force_from, report)], imprint)[0]


def publish_all(
    house: House,
    editions: Sequence[Edition],
    imprint: Imprint,
    *,
    unconnected: bool = False,
    beside: Writing | None = None,
) -> tuple[tuple[Version, bool], ...]:
    """Publish definitions, all of them or none; each version that this is, and whether it is new (the same content again makes no new one).

    They may call each other. ``Unsound`` carries the findings of all, and leaves nothing behind. ``unconnected``: systems that
    are requested need not be connected yet, since nobody could have done it. ``beside`` is written in the same transaction.
    """
    rows = _rows(house, editions, imprint, unconnected)
    new = _insert(house, rows, again=False, beside=beside)
    return tuple((house.processes.newest(row["key"]), one) for row, one in zip(rows, new, strict=True))


def publishing(house: House, edition: Edition, imprint: Imprint, newest: int | None) -> Writing:
    """Publish one definition in a transaction of one's own: what is wrong with it is said now, and it is written later.

    ``newest``: the number that the newest version had when this one was looked at (``None``: there was none); ``Unavailable`` where it is another
    one by then, since what was compared with it says something else now.
    """
    (row,) = _rows(house, [edition], imprint, unconnected=False)

    def write(connection: Connection) -> None:
        _assure_newest(connection, row["key"], newest)
        _inserted(connection, row, again=False)

    return write


def _assure_newest(connection: Connection, key: str, newest: int | None) -> None:
    """``Unavailable`` if the newest version is another than the one that was looked at."""
    last = connection.execute(select(func.max(versions.c.version)).where(versions.c.key == key)).scalar_one()
    if last != newest:
        raise Unavailable(
            f"提请以后，“{key}”已发布第 {last} 版；请对照新版重新起草、重新提请。",
            f"Version {last} of “{key}” was published since this was proposed: write and propose it anew beside that one.",
        )


def newest_number(house: House, key: str) -> int | None:
    """The number of the newest version; ``None`` if there is none."""
    with house.database.reading() as connection:
        found = connection.execute(select(func.max(versions.c.version)).where(versions.c.key == key)).scalar_one()
    return None if found is None else int(found)


def _rows(
    house: House, editions: Sequence[Edition], imprint: Imprint, unconnected: bool
) -> Sequence[Mapping[str, Any]]:
    """What is to be written of each but for its number; ``Unavailable`` and ``Unsound`` as ``publish_all`` says."""
    if any(one.in_force_from is not None and one.in_force_from < imprint.now for one in editions):
        raise Unavailable("生效时间已经过去。", "The moment at which it is to come into force is over.")
    bodies = _sound(house, editions, imprint.now, unconnected)
    return [
        {
            "key": key,
            "digest": hashlib.sha256(orjson.dumps(body)).hexdigest(),
            "source": one.source.decode() if isinstance(one.source, bytes) else one.source,
            "body": body,
            "schema_version": SCHEMA_VERSION,
            "published_at": imprint.now,
            "published_by": imprint.by,
            "note": imprint.note,
            "in_force_from": one.in_force_from or imprint.now,
            "report": one.report,
        }
        for one, (key, body) in zip(editions, bodies, strict=True)
    ]


def _sound(house: House, editions: Sequence[Edition], now: datetime, unconnected: bool) -> Sequence[tuple[str, object]]:
    """The key and the body of each; ``Unsound`` with what is wrong with any of them."""
    examined = examine_all(house, editions, now, unconnected=unconnected)
    found = [finding for one in examined for finding in one.findings]
    bodies = [(one.definition.id, one.body) for one in examined if one.definition is not None]
    if found or len(bodies) < len(editions):
        raise Unsound(found)
    doubles = [key for key, times in Counter(key for key, _ in bodies).items() if times > 1]
    if doubles:
        raise Unavailable(
            f"几个文件写的是同一个流程：{'、'.join(doubles)}。请只留一个。",
            f"Several files say the same process: {', '.join(doubles)}. Leave one of them.",
        )
    return bodies


def examine_all(
    house: House, editions: Sequence[Edition], now: datetime, *, unconnected: bool = False
) -> tuple[Examined, ...]:
    """Read and check definitions as this house would have them: by its calendars, and with what they call of each other.

    What cannot be read at all is a finding like others. ``unconnected``: systems that they request need not be connected.
    """
    known = house.calendars.known()
    examined = [_examined(one, known) for one in editions]
    together = {one.definition.id for one in examined if one.definition is not None}
    whole = []
    for edition, one in zip(editions, examined, strict=True):
        if one.definition is not None:
            at = edition.in_force_from or now
            problems = wanted(house, one.definition, at, together=together, unconnected=unconnected)
            lost = located(edition.source, edition.name, problems) if problems else ()
            one = replace(one, findings=in_order([*one.findings, *lost]))
        whole.append(one)
    return tuple(whole)


def _examined(edition: Edition, calendars: Sequence[str]) -> Examined:
    try:
        return examine(edition.source, edition.name, calendars=calendars)
    except Unreadable as error:
        return Examined(None, None, error.findings)


def _insert(
    house: House, rows: Sequence[Mapping[str, Any]], *, again: bool, beside: Writing | None = None
) -> tuple[bool, ...]:
    """Write the next versions in one transaction; which were written: not those whose content is that of the last one, unless ``again``."""
    for _ in range(5):
        try:
            with house.database.writing() as connection:
                if beside is not None:
                    beside(connection)
                made = tuple([_inserted(connection, row, again=again) for row in rows])
            house.processes.forget()
            return made
        except IntegrityError:
            # somebody else published a version of one at the same moment
            continue
    keys = ", ".join(row["key"] for row in rows)
    raise RuntimeError(f"could not publish {keys}: too many others publish at the same time")


def _inserted(connection: Connection, row: Mapping[str, Any], *, again: bool) -> bool:
    itself = (versions.c.key == row["key"]) & (versions.c.variant == "")
    columns = versions.c.version, versions.c.digest, versions.c.withdrawn_at
    last = connection.execute(select(*columns).where(itself).order_by(versions.c.version.desc()).limit(1)).one_or_none()
    if last is not None and last.digest == row["digest"] and last.withdrawn_at is None and not again:
        return False
    number = last.version + 1 if last is not None else 1
    connection.execute(insert(versions), {**row, "version": number, "variant": ""})
    told = AuditNote(
        what="definition-rolled-back" if again else "definition-published",
        object=f"process:{row['key']}",
        reason=row["note"],
        detail={"version": number, "how": row["published_by"]},
        at=row["published_at"],
    )
    note(connection, told)
    return True


def roll_back(house: House, key: str, number: int, imprint: Imprint) -> Version:
    """Publish what an earlier version said once more: a new version, in force at once. Checks that came later do not judge it."""
    _insert(house, [_earlier(house, key, number, imprint)], again=True)
    return house.processes.newest(key)


def rolling_back(house: House, key: str, number: int, imprint: Imprint, newest: int | None) -> Writing:
    """The same in a transaction of one's own; ``newest`` as ``publishing`` says."""
    row = _earlier(house, key, number, imprint)

    def write(connection: Connection) -> None:
        _assure_newest(connection, key, newest)
        _inserted(connection, row, again=True)

    return write


def _earlier(house: House, key: str, number: int, imprint: Imprint) -> Mapping[str, Any]:
    """What an earlier version said, as a row that is published now."""
    earlier = house.processes.version(key, number)
    with house.database.reading() as connection:
        columns = [versions.c[name] for name in ("key", "digest", "source", "body", "schema_version", "report")]
        row = dict(connection.execute(select(*columns).where(versions.c.id == earlier.id)).one()._mapping)
    said = {"published_at": imprint.now, "published_by": imprint.by, "in_force_from": imprint.now}
    words = f"回到第 {number} 版。 Back to version {number}. {imprint.note}".strip()
    return {**row, **said, "note": words[:1000]}


def withdraw(house: House, key: str, number: int, *, by: str, reason: str, now: datetime) -> None:
    """Let nobody open issues by a version any more; refused when there are issues that follow it, for they go on by it."""
    write = withdrawing(house, key, number, Imprint(by, now, reason))
    with house.database.writing() as connection:
        write(connection)
    house.processes.forget()


def withdrawing(house: House, key: str, number: int, imprint: Imprint) -> Writing:
    """The same in a transaction of one's own."""
    version = house.processes.version(key, number)
    if version.withdrawn_at is not None:
        raise Unavailable("这一版已经撤回。", "This version was withdrawn already.")
    same = select(versions.c.id).where(versions.c.key == key, versions.c.version == number)

    def write(connection: Connection) -> None:
        count = connection.execute(
            select(func.count()).select_from(issues).where(issues.c.definition_version_id.in_(same))
        ).scalar_one()
        if count:
            raise Unavailable(
                f"有 {count} 件事项按这一版办理，不能撤回；可以发布新版，再把在办事项转过去。",
                f"{count} issues follow this version: publish another, and move the running ones there.",
            )
        gone = {
            "withdrawn_at": imprint.now,
            "withdrawn_by": imprint.by[:100],
            "withdrawn_because": imprint.note[:500],
        }
        connection.execute(update(versions).where(versions.c.id == version.id).values(**gone))
        told = AuditNote(
            what="definition-withdrawn",
            object=f"process:{key}",
            reason=imprint.note,
            detail={"version": number, "how": imprint.by},
            at=imprint.now,
        )
        note(connection, told)

    return write


def wanted(
    house: House, definition: Definition, at: datetime, *, together: Collection[str] = (), unconnected: bool = False
) -> list[Problem]:
    """What a definition calls, starts, counts or requests, and nobody could open or reach at a moment."""
    problems = [*_not_callable(house, definition, at, together), *_not_counted(house, definition, at, together)]
    return (
        problems
        if unconnected
        else [*problems, *_not_connected(house, definition), *without_template(house, definition)]
    )


def _not_callable(house: House, definition: Definition, at: datetime, together: Collection[str]) -> list[Problem]:
    """Where a definition calls or starts one by which nobody could open an issue."""
    if not called(definition):
        return []
    return not_among(definition, {*(version.key for version in house.processes.all_in_force(at)), *together})


def _not_counted(house: House, definition: Definition, at: datetime, together: Collection[str]) -> Iterator[Problem]:
    """Where a field counts issues of another definition that is not there, or that has no such field."""
    for path, field, counting in counted_elsewhere(definition):
        known = {version.key: version for version in house.processes.all_in_force(at)}
        if counting.of in known:
            yield from counted_there(house.processes.process(known[counting.of].id).definition, path, field, counting)
        elif counting.of not in together:
            names = sorted({*known, *together} - {definition.id})
            yield unknown("unknown-definition", (*path, "of"), Said("流程", "definition"), str(counting.of), names)


def _not_connected(house: House, definition: Definition) -> list[Problem]:
    """Where a definition requests a system that the house has no connection with."""
    requests = [(key, step.request.to) for key, step in definition.steps.items() if isinstance(step, RequestStep)]
    if not requests:
        return []
    known = [*(one.key for one in known_connections(house)), *sorted(OWN)]
    return [_unconnected(definition, key, to, known) for key, to in requests if to not in known]


def _unconnected(definition: Definition, key: str, to: str, known: Sequence[str]) -> Problem:
    near = nearest(to, known)
    meant = Said(f"是不是“{near}”？", f"Did you mean “{near}”?") if near else Said("", "")
    return problem(
        "unknown-connection",
        (definition.stage_of[key], key, "request", "to"),
        Said(f"没有名为“{to}”的外部系统连接。", f"There is no connection “{to}” with another system."),
        Said(
            f"{meant.zh}请先在“外部系统”页登记“{to}”，或用 huying connect {to} 地址。",
            f"{meant.en} Name “{to}” on the page of other systems first, or by huying connect {to} ADDRESS.".strip(),
        ),
    )

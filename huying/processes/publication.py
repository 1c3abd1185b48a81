"""Publishing definitions: a sound text becomes the next immutable version, or nothing happens."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from definitions.checks.references import called
from definitions.finding import in_order
from definitions.loader import LIBRARY, Examined, Unsound, examine, located
from definitions.model.definition import Definition
from definitions.problem import Problem, unknown
from definitions.text import Said
from engine.refusal import Unavailable
from huying.database.tables import definition_versions as versions
from huying.database.tables import issues
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.processes import Version

#: Raised when the language changes so that older versions must be read differently.
SCHEMA_VERSION = 1


def publish(
    house: House,
    source: str | bytes,
    name: str,
    imprint: Imprint,
    *,
    in_force_from: datetime | None = None,
    report: Mapping[str, Any] | None = None,
) -> tuple[Version, bool]:
    """Publish a definition; the version that this is, and whether it is new (the same content again makes no new version).

    It comes into force at once, or at a later moment. ``report``: what was found before, to be kept with it. ``Unreadable`` and ``Unsound``
    carry the findings, and leave nothing behind.
    """
    if in_force_from is not None and in_force_from < imprint.now:
        raise Unavailable("生效时间已经过去。", "The moment at which it is to come into force is over.")
    examined = examine_here(house, source, name, imprint.now)
    if examined.findings or examined.definition is None:
        raise Unsound(examined.findings)
    text = source.decode() if isinstance(source, bytes) else source
    row = {
        "key": examined.definition.id,
        "digest": hashlib.sha256(orjson.dumps(examined.body)).hexdigest(),
        "source": text,
        "body": examined.body,
        "schema_version": SCHEMA_VERSION,
        "published_at": imprint.now,
        "published_by": imprint.by,
        "note": imprint.note,
        "in_force_from": in_force_from or imprint.now,
        "report": report,
    }
    new = _insert(house, row, again=False)
    return house.processes.newest(examined.definition.id), new


def _insert(house: House, row: Mapping[str, Any], *, again: bool) -> bool:
    """Write the next version, unless (or, ``again``, even if) its content is that of the last one; whether it was written."""
    itself = (versions.c.key == row["key"]) & (versions.c.variant == "")
    for _ in range(5):
        try:
            with house.database.writing() as connection:
                columns = versions.c.version, versions.c.digest, versions.c.withdrawn_at
                last = connection.execute(
                    select(*columns).where(itself).order_by(versions.c.version.desc()).limit(1)
                ).one_or_none()
                if last is not None and last.digest == row["digest"] and last.withdrawn_at is None and not again:
                    return False
                number = last.version + 1 if last is not None else 1
                connection.execute(insert(versions), {**row, "version": number, "variant": ""})
            return True
        except IntegrityError:
            # somebody else published a version of it at the same moment
            continue
    raise RuntimeError(f"could not publish {row['key']}: too many others publish it at the same time")


def roll_back(house: House, key: str, number: int, imprint: Imprint) -> Version:
    """Publish what an earlier version said once more: a new version, in force at once. Checks that came later do not judge it."""
    earlier = house.processes.version(key, number)
    with house.database.reading() as connection:
        columns = [versions.c[name] for name in ("key", "digest", "source", "body", "schema_version", "report")]
        row = dict(connection.execute(select(*columns).where(versions.c.id == earlier.id)).one()._mapping)
    said = {"published_at": imprint.now, "published_by": imprint.by, "in_force_from": imprint.now}
    words = f"回到第 {number} 版。 Back to version {number}. {imprint.note}".strip()
    _insert(house, {**row, **said, "note": words[:1000]}, again=True)
    return house.processes.newest(key)


def withdraw(house: House, key: str, number: int, *, by: str, reason: str, now: datetime) -> None:
    """Let nobody open issues by a version any more; refused when there are issues that follow it, for they go on by it."""
    version = house.processes.version(key, number)
    if version.withdrawn_at is not None:
        raise Unavailable("这一版已经撤回。", "This version was withdrawn already.")
    same = select(versions.c.id).where(versions.c.key == key, versions.c.version == number)
    with house.database.writing() as connection:
        count = connection.execute(
            select(func.count()).select_from(issues).where(issues.c.definition_version_id.in_(same))
        ).scalar_one()
        if count:
            raise Unavailable(
                f"有 {count} 件事项按这一版办理，不能撤回；可以发布新版，再把在办事项转过去。",
                f"{count} issues follow this version: publish another, and move the running ones there.",
            )
        gone = {"withdrawn_at": now, "withdrawn_by": by[:100], "withdrawn_because": reason[:500]}
        connection.execute(update(versions).where(versions.c.id == version.id).values(**gone))


def examine_here(house: House, source: str | bytes, name: str, now: datetime) -> Examined:
    """Read and check a definition as this house would have it: by its calendars, and with the definitions that it could call; ``Unreadable``."""
    examined = examine(source, name, calendars=house.calendars.known())
    if examined.definition is None:
        return examined
    missing = located(source, name, _not_callable(house, examined.definition, now))
    return replace(examined, findings=in_order([*examined.findings, *missing]))


def _not_callable(house: House, definition: Definition, now: datetime) -> list[Problem]:
    """Where a definition calls or starts one that is neither published nor shipped."""
    if not called(definition):
        return []
    published = {version.key for version in house.processes.all_in_force(now)}
    known = sorted({*published, *(path.parent.name for path in LIBRARY.glob("*/definition.yaml"))} - {definition.id})
    return [
        unknown("unknown-definition", (definition.stage_of[key], key, word), Said("流程", "definition"), other, known)
        for key, step in definition.steps.items()
        for word in ("call", "start")
        if isinstance(other := getattr(step, word, None), str) and other not in known
    ]

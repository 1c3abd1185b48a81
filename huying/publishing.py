"""Publishing definitions: a sound text becomes the next immutable version, or nothing happens."""

from __future__ import annotations

import hashlib
from datetime import datetime

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from definitions.checks.problem import Problem, unknown
from definitions.checks.references import called
from definitions.definition import Definition
from definitions.loader import LIBRARY, Unsound, examine, located
from huying.house import House
from huying.processes import Version
from huying.tables import definition_versions as versions

#: Raised when the language changes so that older versions must be read differently.
SCHEMA_VERSION = 1


def publish(
    house: House, source: str | bytes, name: str, *, by: str, note: str = "", now: datetime
) -> tuple[Version, bool]:
    """Publish a definition; the version in force, and whether it is new (the same content again makes no new version).

    ``Unreadable`` and ``Unsound`` carry the findings, and leave nothing behind.
    """
    examined = examine(source, name, calendars=house.calendars.known())
    if examined.findings or examined.definition is None:
        raise Unsound(examined.findings)
    _callable(house, source, name, examined.definition)
    text = source.decode() if isinstance(source, bytes) else source
    key, digest = examined.definition.id, hashlib.sha256(orjson.dumps(examined.body)).hexdigest()
    itself = (versions.c.key == key) & (versions.c.variant == "")
    for _ in range(5):
        try:
            with house.database.writing() as connection:
                newest = connection.execute(
                    select(versions.c.digest).where(itself).order_by(versions.c.version.desc()).limit(1)
                ).scalar_one_or_none()
                if newest != digest:
                    last = connection.execute(select(func.max(versions.c.version)).where(itself)).scalar_one()
                    row = {
                        "key": key,
                        "version": (last or 0) + 1,
                        "variant": "",
                        "digest": digest,
                        "source": text,
                        "body": examined.body,
                    }
                    more = {"schema_version": SCHEMA_VERSION, "published_at": now, "published_by": by, "note": note}
                    connection.execute(insert(versions), {**row, **more})
            return house.processes.in_force(key), newest != digest
        except IntegrityError:
            # somebody else published a version of it at the same moment
            continue
    raise RuntimeError(f"could not publish {key}: too many others publish it at the same time")


def _callable(house: House, source: str | bytes, name: str, definition: Definition) -> None:
    """Refuse a definition that calls or starts one that is neither published nor shipped; ``Unsound`` says the nearest name."""
    wanted = called(definition)
    if not wanted:
        return
    published = {version.key for version in house.processes.all_in_force()}
    known = sorted({*published, *(path.parent.name for path in LIBRARY.glob("*/definition.yaml"))} - {definition.id})
    problems: list[Problem] = [
        unknown("unknown-definition", (definition.stage_of[key], key, word), ("流程", "definition"), other, known)
        for key, step in definition.steps.items()
        for word in ("call", "start")
        if isinstance(other := getattr(step, word, None), str) and other not in known
    ]
    if problems:
        raise Unsound(located(source, name, problems))

"""Figure sets in force: what the office published, else as shipped; checking and publishing one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from definitions.figures.set import FigureSet, read_figures, restore_figures
from definitions.finding import Finding, nearest
from definitions.loader import LIBRARY, Unsound
from huying.database.tables import figure_sets
from huying.errors import NotFound
from huying.house.house import House

SHIPPED = LIBRARY / "figures"


@dataclass(frozen=True, slots=True)
class SetInForce:
    """A set with its version: 0 is the one that is shipped; ``published_at`` says since when another holds, ``published_by`` who published it."""

    figures: FigureSet
    version: int
    digest: str
    source: str
    published_at: datetime | None = None
    published_by: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """Its name."""
        return self.figures.figures


def sets_in_force(house: House) -> tuple[SetInForce, ...]:
    """All sets, by key."""
    newest = select(func.max(figure_sets.c.id)).group_by(figure_sets.c.key)
    with house.database.reading() as connection:
        rows = connection.execute(select(figure_sets).where(figure_sets.c.id.in_(newest))).all()
    found = {**_shipped(), **{row.key: _published(row) for row in rows}}
    return tuple(found[key] for key in sorted(found))


def set_in_force(house: House, key: str, version: int | None = None) -> SetInForce:
    """The set of a key that is in force, or one of its versions; ``NotFound`` if there is none."""
    query = select(figure_sets).where(figure_sets.c.key == key).order_by(figure_sets.c.version.desc()).limit(1)
    if version:
        query = query.where(figure_sets.c.version == version)
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none() if version != 0 else None
    if row is not None:
        return _published(row)
    if version or key not in _shipped():
        known = [one.key for one in sets_in_force(house)]
        near = nearest(key, known)
        raise NotFound(
            f"没有名为“{key}”的数据口径。" + (f"是不是“{near}”？" if near else f"现有：{'、'.join(known)}。"),
            f"There is no figure set “{key}”. "
            + (f"Did you mean “{near}”?" if near else f"There are: {', '.join(known)}."),
        )
    return _shipped()[key]


def kept_set(source: str, version: int) -> SetInForce:
    """A set from its text as it was kept elsewhere, whatever is published or shipped today; ``Unsound`` if we read none in it any more."""
    found = read_figures(source, "figures.yaml")
    if found.figures is None:
        raise Unsound(found.findings)
    return SetInForce(found.figures, version, digest_of(found.body), source)


def examine_set(source: str | bytes, name: str) -> tuple[FigureSet | None, tuple[Finding, ...]]:
    """The set of a text, if it has a sound shape, and everything that is wrong with it; ``Unreadable`` if it is no YAML."""
    found = read_figures(source, name)
    return found.figures, found.findings


def publish_set(
    house: House, source: str | bytes, name: str, *, by: str, note: str = "", now: datetime
) -> tuple[SetInForce, bool]:
    """Publish a set; the one in force, and whether it is new (the same content again makes no new version).

    ``Unreadable`` and ``Unsound`` carry the findings, and leave nothing behind.
    """
    found = read_figures(source, name)
    if found.figures is None or found.findings:
        raise Unsound(found.findings)
    key, digest = found.figures.figures, digest_of(found.body)
    for _ in range(5):
        newest = select(func.max(figure_sets.c.version)).where(figure_sets.c.key == key)
        try:
            with house.database.writing() as connection:
                last = connection.execute(newest).scalar() or 0
                before = select(figure_sets.c.digest).where(figure_sets.c.key == key, figure_sets.c.version == last)
                if connection.execute(before).scalar() == digest:
                    return set_in_force(house, key), False
                row = {
                    "key": key,
                    "version": last + 1,
                    "digest": digest,
                    "source": source.decode() if isinstance(source, bytes) else source,
                    "body": found.body,
                    "published_at": now,
                    "published_by": by,
                    "note": note,
                }
                connection.execute(insert(figure_sets), row)
        except IntegrityError:
            # somebody else published a version of it at the same moment
            continue
        return set_in_force(house, key), True
    raise RuntimeError(f"could not publish {key}: too many others publish it at the same time")


def digest_of(body: Any) -> str:
    """What tells one content of a set from another."""
    return hashlib.sha256(orjson.dumps(body)).hexdigest()


@cache
def _shipped() -> Mapping[str, SetInForce]:
    return {one.key: one for one in map(_read, sorted(SHIPPED.glob("*.yaml")))}


def _read(path: Path) -> SetInForce:
    source = path.read_text("utf-8")
    found = read_figures(source, path.name)
    if found.figures is None or found.findings:
        raise Unsound(found.findings)
    return SetInForce(found.figures, 0, digest_of(found.body), source)


def _published(row: Any) -> SetInForce:
    return SetInForce(
        figures=restore_figures(row.body),
        version=row.version,
        digest=row.digest,
        source=row.source,
        published_at=row.published_at,
        published_by=row.published_by,
        note=row.note,
    )

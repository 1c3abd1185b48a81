"""Versions of a definition as staff see them: from when each holds, what it changed, what was found before it was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.model.definition import Definition
from definitions.model.reference import Reference
from definitions.text import words
from definitions.versions.difference import Difference, differences
from huying.house.house import House
from huying.locale import translations
from huying.processes.overrides import overrides_in_force
from huying.processes.versions import VersionRecord, records, report_of
from huying.words.moments import moment_words

#: By which colour a step is marked in the chart: new, gone, or other than before.
COLOURS: Mapping[str, str] = {"added": "#2f7d4f", "removed": "#8a8378", "changed": "#b9770e"}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the list; ``state``: ``in-force``, ``later``, ``withdrawn`` or ``past``."""

    number: int
    published: str
    by: str
    note: str
    from_when: str
    state: str
    why: str
    issues: int
    open: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: its definition, what differs from the one before, the report that was kept, and where overrides no longer fit (if in force)."""

    line: VersionLine
    title: str
    definition: Definition
    before: int | None
    matters: tuple[Difference, ...]
    only_words: tuple[Difference, ...]
    marks: Mapping[str, str]
    report: Mapping[str, Any] | None
    old: Definition | None
    misfits: tuple[str, ...]


def version_lines(house: House, key: str, language: str, now: datetime) -> tuple[VersionLine, ...]:
    """All versions, the latest first; ``NotFound`` if nothing of that name was published."""
    house.processes.newest(key)
    in_force = {one.id for one in house.processes.all_in_force(now)}
    return tuple(_line(house, one, one.version.id in in_force, language, now) for one in records(house, key))


def _line(house: House, record: VersionRecord, holds: bool, language: str, now: datetime) -> VersionLine:
    version = record.version
    zone = house.processes.process(version.id).calendar.zone
    late = version.in_force_from > now
    return VersionLine(
        number=version.version,
        published=moment_words(version.published_at, zone, language),
        by=version.published_by,
        note=version.note,
        from_when=moment_words(version.in_force_from, zone, language)
        if version.in_force_from != version.published_at
        else "",
        state="withdrawn" if version.withdrawn_at else "in-force" if holds else "later" if late else "past",
        why=record.withdrawn_because or "",
        issues=record.issues,
        open=record.open,
    )


def version_view(house: House, key: str, number: int, language: str, now: datetime) -> VersionView:
    """One version beside the one before; ``NotFound`` if there is none."""
    version = house.processes.version(key, number)
    definition = house.processes.process(version.id).definition
    line = next(one for one in version_lines(house, key, language, now) if one.number == number)
    old = house.processes.process(house.processes.version(key, number - 1).id).definition if number > 1 else None
    found = differences(old, definition) if old else ()
    return VersionView(
        line=line,
        title=words(definition.title, language, key),
        definition=definition,
        before=number - 1 if old else None,
        matters=tuple(one for one in found if one.matters),
        only_words=tuple(one for one in found if not one.matters),
        marks={
            one.key: COLOURS["added" if one.how == "added" else "changed"]
            for one in found
            if one.part == "step" and one.key in definition.steps
        },
        report=report_of(house, key, number),
        old=old,
        misfits=_misfits(house, key, language) if line.state == "in-force" else (),
    )


def _misfits(house: House, key: str, language: str) -> tuple[str, ...]:
    """The stations and areas whose overrides do not fit the version in force, and are left out."""
    _ = translations(language).gettext
    kinds = {"station": _("station %(code)s"), "area": _("area %(code)s")}
    scopes = [Reference.parse(one.scope) for one in overrides_in_force(house, key) if one.problem is not None]
    return tuple(kinds[scope.kind] % {"code": scope.key} for scope in scopes)

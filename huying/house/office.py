"""The office whose house this is: what stands at the head of its pages, under its mails and on its papers.

A process looks for changes at most once a second, as for calendars: a page must not pay for what changes once in years.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Any

from sqlalchemy import Connection, insert, select, update

from definitions.forms.characters import seen
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.connections import Database
from huying.database.tables import offices, restorations
from huying.errors import NotFound
from huying.house.calendars import Calendars
from huying.house.picture import emblem
from huying.locale import LANGUAGES

#: How long, in seconds, a process goes on without looking for changes.
_FRESH = 1.0
_MISSING = {"zh": "请填写单位名称。", "en": "Please enter the name of the office."}
_LONG = {"zh": "太长了，最多 {most} 个字。", "en": "This is too long: at most {most} characters."}
_SILENT = {"zh": "请至少选一种语言。", "en": "Please choose at least one language."}
_UNKNOWN = {"zh": "没有这个日历，请从列表中选。", "en": "There is no such calendar; please choose one of the list."}
_LONGEST = {"name_zh": 100, "name_en": 100, "address": 200}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeProfile:
    """What is known of it; ``sample``: its people are those of the sample city. ``held``: it was restored from a backup, and nothing leaves the
    house until somebody has looked; ``restored``: when that happened. Without a name it is the product that is named.
    """

    name_zh: str = ""
    name_en: str = ""
    address: str = ""
    calendar: str = "china"
    languages: tuple[str, ...] = LANGUAGES
    logo_digest: str = ""
    settled: bool = False
    sample: bool = False
    cleared_at: datetime | None = None
    held: bool = False
    restored: tuple[datetime, ...] = ()

    def epoch(self, made_at: datetime) -> str:
        """What is put behind the key of something that was made at a moment, and leaves the house: ``-r1`` since the house was restored once.

        What the house did between a backup and its restoration it has forgotten, and would give the same keys to other things: whoever knows the
        key already would take them for repeats.
        """
        times = sum(1 for at in self.restored if at < made_at)
        return f"-r{times}" if times else ""

    def called(self, language: str) -> str:
        """Its name in a language, or in the one that it has; empty before it was entered."""
        return (self.name_en if language == "en" else "") or self.name_zh or self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeEntry:
    """What somebody has entered; without a new ``logo`` the old one stays."""

    name_zh: str
    name_en: str
    address: str
    calendar: str
    languages: tuple[str, ...]
    logo: bytes | None = None


class Offices:
    """Looks the office up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # whoever looks is asked for the zone by the connection it opens, and so comes here again
        self._lock = RLock()
        self._known = OfficeProfile()
        self._looked_at = float("-inf")

    def now(self) -> OfficeProfile:
        """What is known of it now."""
        if time.monotonic() - self._looked_at < _FRESH:
            return self._known
        with self._lock:
            if time.monotonic() - self._looked_at >= _FRESH:
                with self._database.reading() as connection:
                    self._known = _read(connection)
                self._looked_at = time.monotonic()
        return self._known

    def forget(self) -> None:
        """Look for changes at once."""
        self._looked_at = float("-inf")

    def logo(self) -> bytes:
        """Its emblem as a PNG; ``NotFound`` where there is none."""
        with self._database.reading() as connection:
            found = connection.execute(select(offices.c.logo)).scalar_one_or_none()
        if not found:
            raise NotFound("还没有标志。", "There is no emblem yet.")
        return bytes(found)

    def settle(self, entry: OfficeEntry, calendars: Calendars, now: datetime) -> None:
        """Keep what was entered; ``Invalid`` says what is wrong with it, by name, ``WrongFile`` that the emblem is no picture."""
        values = _checked(entry, calendars)
        if entry.logo is not None:
            made = emblem(entry.logo)
            values |= {"logo": made, "logo_digest": hashlib.sha256(made).hexdigest()[:16]}
        with self._database.writing() as connection:
            write(connection, **values, settled_at=now)
            changes = sorted(name for name in values if name not in ("logo", "logo_digest"))
            note(
                connection,
                AuditNote(what="settings-changed", object="setting:office", detail={"changes": changes}, at=now),
            )
        self.forget()


def write(connection: Connection, **values: Any) -> None:
    """Note something of the office, whether anything was known of it before or not."""
    if not connection.execute(update(offices).values(**values)).rowcount:
        blank = {"id": 1, "calendar": "china", "languages": ",".join(LANGUAGES)}
        connection.execute(insert(offices).values(**(blank | values)))


def _read(connection: Connection) -> OfficeProfile:
    row = connection.execute(select(offices)).one_or_none()
    times = connection.execute(select(restorations.c.restored_at, restorations.c.released_at)).all()
    restored, held = tuple(one.restored_at for one in times), any(one.released_at is None for one in times)
    if row is None:
        return OfficeProfile(held=held, restored=restored)
    return OfficeProfile(
        held=held,
        restored=restored,
        name_zh=row.name_zh or "",
        name_en=row.name_en or "",
        address=row.address or "",
        calendar=row.calendar,
        languages=tuple(one for one in row.languages.split(",") if one in LANGUAGES) or LANGUAGES,
        logo_digest=row.logo_digest or "",
        settled=row.settled_at is not None,
        sample=row.sample_at is not None,
        cleared_at=row.cleared_at,
    )


def _checked(entry: OfficeEntry, calendars: Calendars) -> dict[str, Any]:
    said = {name: " ".join(seen(getattr(entry, name)).split()) for name in _LONGEST}
    errors: dict[str, Mapping[str, str]] = {}
    if not said["name_zh"]:
        errors["name_zh"] = _MISSING
    for name, most in _LONGEST.items():
        if len(said[name]) > most:
            errors[name] = {language: words.format(most=most) for language, words in _LONG.items()}
    languages = [one for one in LANGUAGES if one in entry.languages]
    if not languages:
        errors["languages"] = _SILENT
    if entry.calendar not in calendars.known():
        errors["calendar"] = _UNKNOWN
    if errors:
        raise Invalid(errors)
    kept = {name: text or None for name, text in said.items()}
    return {**kept, "calendar": entry.calendar, "languages": ",".join(languages)}

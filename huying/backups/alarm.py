"""Whoever keeps the house hears of a backup that failed or is late: once a day by message, and on the page of backups until one was made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select

from definitions.text import Said
from huying.audit.record import AuditNote, note_at_once
from huying.database.day import day_of
from huying.database.tables import audit, deliveries
from huying.house.house import House
from huying.messages.notices import write_notice
from huying.rights.grants import holders
from huying.words.moments import moment_words

OCCASION = "backup-missing"
#: Older than this the newest backup is late: one a day is usual.
STALE = timedelta(hours=26)
_LATE = Said(
    "每天一次的备份没有按时做成，也没有报错：请看调度程序是否在运行、备份目录连得上连不上。",
    "The backup of the day was not made in time, and nothing failed: see whether the dispatcher runs, and whether the folder can be reached.",
)
#: Between both languages, where what went wrong is kept.
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class FailedBackup:
    """The last try that failed since one was made: when, and why."""

    at: datetime
    why: Said


def note_failure(house: House, why: Said, now: datetime) -> int:
    """Keep that a backup was tried and failed, and tell whoever keeps the house; how many messages were written."""
    reason = f"{why.zh[:200]}{_BETWEEN}{why.en[:250]}"
    note_at_once(house.database.engine, AuditNote(what="backup-failed", outcome="failed", reason=reason, at=now))
    return _tell(house, why, now)


def late_untold(house: House, now: datetime) -> bool:
    """Whether the newest backup is too old, and nobody was told of one that is missing today. Backups made by hand count, wherever they lie."""
    with house.database.reading() as connection:
        made = last_made(connection)
        if made is None or now - made <= STALE:
            return False
        told = exists().where(deliveries.c.key.startswith(f"{_event(connection, now)}.", autoescape=True))
        heard = connection.execute(select(told)).scalar()
        return not heard and bool(holders(connection, "keep house", now))


def tell_late(house: House, now: datetime) -> int:
    """Tell of it; how many messages were written."""
    return _tell(house, _LATE, now)


def last_made(connection: Connection) -> datetime | None:
    """When the newest backup of this house was made; ``None`` if that is not known."""
    return _last(connection, "backup-made")


def last_failure(house: House) -> FailedBackup | None:
    """The last try, if it failed."""
    with house.database.reading() as connection:
        failed, made = _last(connection, "backup-failed"), _last(connection, "backup-made")
        if failed is None or (made is not None and made >= failed):
            return None
        query = select(audit.c.reason).where(audit.c.what == "backup-failed", audit.c.at == failed).limit(1)
        zh, _, en = str(connection.execute(query).scalar_one()).partition(_BETWEEN)
    return FailedBackup(failed, Said(zh, en or zh))


def _last(connection: Connection, what: str) -> datetime | None:
    query = select(audit.c.at).where(audit.c.what == what).order_by(audit.c.at.desc()).limit(1)
    return connection.execute(query).scalar()


def _event(connection: Connection, now: datetime) -> str:
    return f"backup.{day_of(now, connection).isoformat()}"


def _tell(house: House, why: Said, now: datetime) -> int:
    written = 0
    with house.database.writing() as connection:
        made = last_made(connection)

        def words(language: str) -> Mapping[str, str | None]:
            return {"note": why.of(language), "when": moment_words(made, house.zone, language) if made else None}

        for person in holders(connection, "keep house", now):
            written += write_notice(connection, OCCASION, _event(connection, now), person, words, now)
    return written

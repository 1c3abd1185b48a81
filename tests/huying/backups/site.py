"""A town that is backed up, and the places where it is made again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from huying.backups.manifest import Backup
from huying.backups.restoration import Restored, Site, restore
from huying.database.connections import Database
from huying.delivery.sender import send_pending
from huying.effects.carriers import carry_many
from huying.house.house import House
from huying.outbox.claims import claim_effects
from huying.timers.sweep import fire_due
from models import metadata
from notifications import Mailbox, Transports
from tests.huying.town import Town


@dataclass
class Elsewhere:
    """Where a house is made again."""

    site: Site
    opened: list[Database] = field(default_factory=list)

    def restored(self, backup: Backup, town: Town, **how: Any) -> Restored:
        """Make it again from a backup."""
        return restore(backup, self.site, town.clock, **how)

    def town(self, town: Town) -> Town:
        """The people in the house that was made again, with the same clock."""
        database = Database(self.site.database_url)
        self.opened.append(database)
        house = House(database, self.site.files)
        return Town(house, town.clock, town.people, town.departments)


def rows(house: House, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with house.database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in without
        }


def files(house: House) -> dict[str, bytes]:
    """All attachments."""
    return {str(path.relative_to(house.files)): path.read_bytes() for path in house.files.rglob("*") if path.is_file()}


def work(town: Town, box: Path) -> None:
    """What the dispatcher does until nothing is left: timers, effects, messages."""
    house, now = town.house, town.clock.now
    transports = Transports(mail=Mailbox(box))
    for _ in range(20):
        fired = fire_due(house, now)
        effects = claim_effects(house, now)
        carry_many(house, effects, now)
        sent = send_pending(house, transports, "http://x", now)
        if not (fired or effects or sent.accepted):
            return
        now += timedelta(seconds=1)


def letters(box: Path) -> list[str]:
    """The messages that have left, by what tells one from every other."""
    return [_key(path.read_bytes()) for path in sorted(box.rglob("*")) if path.is_file()]


def _key(content: bytes) -> str:
    head = content.split(b"\n\n", 1)[0].decode(errors="replace")
    return next(line.split(":", 1)[1].strip() for line in head.splitlines() if line.lower().startswith("message-id:"))

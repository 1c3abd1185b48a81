"""What happens before anything is started: tables, shipped definitions, and a sample city in an empty register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from definitions.loader import library
from huying.calendars import publish_shipped
from huying.database import Database
from huying.house import House
from huying.publishing import publish
from huying.sample import fill
from huying.settings import Settings


def prepare(settings: Settings, tell: Callable[[str], None], *, sample: bool = True) -> None:
    """Make the data folder ready; harmless when it is. ``sample``: fill an empty register with the sample city."""
    database = Database(settings.database_url)
    try:
        with database.alone("prepare"):
            _prepare(settings, database, tell, sample)
    finally:
        database.close()


def _prepare(settings: Settings, database: Database, tell: Callable[[str], None], sample: bool) -> None:
    database.migrate()
    tell("数据库就绪 database ready")
    house = House(database, settings.files)
    for calendar in publish_shipped(
        house.calendars, database, by="呼应 Huying", note="随程序发布 shipped", now=datetime.now(UTC)
    ):
        tell(f"已发布日历 published calendar {calendar.key} v{calendar.version}")
    for path in library():
        version, new = publish(
            house, path.read_bytes(), path.name, by="呼应 Huying", note="随程序发布 shipped", now=datetime.now(UTC)
        )
        if new:
            tell(f"已发布流程 published {version.key} v{version.version}")
    logins = fill(database, datetime.now(UTC)) if sample else None
    if logins:
        (settings.home / "sample-logins.txt").write_text(logins, "utf-8")
        tell("已填入示例城市 sample city filled in")

"""What happens before anything is started: tables, shipped definitions, and a sample city in an empty register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from definitions.loader import library
from huying.database.connections import Database
from huying.demo.sample import fill
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes import gate
from huying.processes.publication import publish
from huying.settings import Settings

#: Who publishes what comes with the program, and why.
_US, _NOTE = "呼应 Huying", "随程序发布 shipped"


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
    for calendar in publish_shipped(house.calendars, database, Imprint(_US, datetime.now(UTC), _NOTE)):
        tell(f"已发布日历 published calendar {calendar.key} v{calendar.version}")
    for path in library():
        tell_of = _publish_shipped(house, path)
        if tell_of:
            tell(tell_of)
    logins = fill(database, datetime.now(UTC)) if sample else None
    if logins:
        (settings.home / "sample-logins.txt").write_text(logins, "utf-8")
        tell("已填入示例城市 sample city filled in")


def _publish_shipped(house: House, path: Path) -> str:
    """Publish a shipped definition, unless the office has published its own by that name, or withdrawn ours; what to tell, or nothing."""
    known = house.processes.versions(path.parent.name)
    if known and (known[0].published_by != _US or known[0].withdrawn_at is not None):
        return ""
    kept = gate.kept_for(gate.Beside.file(path))
    version, new = publish(house, path.read_bytes(), path.name, Imprint(_US, datetime.now(UTC), _NOTE), report=kept)
    return f"已发布流程 published {version.key} v{version.version}" if new else ""

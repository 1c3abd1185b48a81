"""What happens before anything is started: tables, shipped definitions, and a sample city in an empty register."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime

from definitions.finding import Finding
from definitions.loader import LIBRARY, library
from definitions.text import Said
from huying.access.accounts import AccountRefusal, first_administrator
from huying.access.credential_links import MadeLink
from huying.assessment.tables import publish_table, versions
from huying.backups.upgrade import open_upgraded
from huying.database.connections import Database
from huying.demo import province
from huying.demo.sample import Size, fill
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.known_keys import is_copied
from huying.house.office import write
from huying.issues.conversion import seal_what_is_open
from huying.keys import place
from huying.processes import gate
from huying.processes.publication import Edition, examine_all, publish_all
from huying.settings import SettingError, Settings
from huying.shelf.arrangement import store_of
from huying.words.moments import clock_words

#: Who publishes what comes with the program, and why.
#: The scoring tables that shipped processes ask for; others are examples to begin with.
_ASKED_FOR = ("deputy-year", "room-contest", "station-stars")
_US, _NOTE = "呼应 Huying", "随程序发布 shipped"


def prepare(settings: Settings, tell: Callable[[str], None], *, sample: Size | None = None) -> None:
    """Make the data folder ready; harmless when it is. ``sample``: fill an empty register with the sample city of this size, where nobody else can
    reach it.
    """
    if sample and settings.public:
        raise SettingError(
            f"HUYING_PORTAL_URL={settings.portal_url}",
            "示例城市的口令人人知道，只能在本机试用；对外的门户请不带 --demo、--sample 启动。",
            "Everybody knows the sample city's passphrase: it is for this machine alone. Start a portal for others without --demo and --sample.",
        )
    settings.assure_whole()
    with (
        closing(Database(settings.database_url)) as gate,
        gate.alone("prepare"),
        closing(open_upgraded(settings, tell)) as database,
    ):
        _prepare(settings, database, tell, sample)


def first_link(settings: Settings) -> tuple[MadeLink, Said] | None:
    """How the first administrator comes in: a new one-time link in place of the one before, until somebody has used it, and how long it works."""
    database = Database(settings.database_url, ring=place.found(settings))
    try:
        house = House(database, settings.files, store_of(settings, database.ring))
        made = first_administrator(house, datetime.now(UTC))
        return made, clock_words(made.expires_at, house.zone)
    except AccountRefusal:
        return None
    finally:
        database.close()


def _prepare(settings: Settings, database: Database, tell: Callable[[str], None], sample: Size | None) -> None:
    tell("数据库就绪 database ready")
    if not sample and not is_copied(database):
        tell(
            "钥匙串还没有另存：丢了它，加密的内容谁也读不出。请运行 huying keys export，存到别处，再运行 huying keys copied"
        )
        tell(
            "no copy of the ring of keys is kept: without it nobody reads what is sealed. Run huying keys export, keep it"
        )
        tell("on another machine, then run huying keys copied")
    house = House(database, settings.files, store_of(settings, database.ring))
    if sealed := seal_what_is_open(house):
        tell(f"已加密 {sealed} 件事项的内容 sealed what people wrote in {sealed} issues")
    for calendar in publish_shipped(house.calendars, database, Imprint(_US, datetime.now(UTC), _NOTE)):
        tell(f"已发布日历 published calendar {calendar.key} v{calendar.version}")
    for line in _publish_shipped(house):
        tell(line)
    for line in _adopt_tables(house):
        tell(line)
    _adopt(settings, house)
    if sample == "city" and fill(database, datetime.now(UTC)):
        tell("已填入示例城市 sample city filled in")
    if sample == "province" and province.fill(house, datetime.now(UTC), tell):
        tell("已填入全市示例 whole city filled in")


def _adopt(settings: Settings, house: House) -> None:
    """Note what a house of an earlier version knew by a file alone: that its people are the sample's."""
    told = settings.home / "sample-logins.txt"
    if told.is_file():
        with house.database.writing() as connection:
            write(connection, sample_at=datetime.now(UTC))
        told.unlink()


def _publish_shipped(house: House) -> Iterator[str]:
    """Publish the shipped definitions, all or none, but for those that the office has published itself, or withdrawn; what to tell."""
    editions = [
        Edition(path.read_bytes(), str(path), report=gate.kept_for(gate.Beside.file(path)))
        for path in library()
        if _ours(house, path.parent.name)
    ]
    now = datetime.now(UTC)
    while lost := _lost(house, editions, now):
        # the office has withdrawn what these call
        yield from (f"没有发布 not published：{finding}" for finding in lost.values())
        editions = [one for one in editions if one.name not in lost]
    for version, new in publish_all(house, editions, Imprint(_US, now, _NOTE), unconnected=True):
        if new:
            yield f"已发布流程 published {version.key} v{version.version}"


def _adopt_tables(house: House) -> Iterator[str]:
    """Adopt the scoring tables that shipped processes ask for, unless the office has adopted its own; what to tell."""
    now = datetime.now(UTC)
    for path in sorted((LIBRARY / "scores").glob("*.yaml")):
        known = versions(house, path.stem)
        if path.stem in _ASKED_FOR and (not known or known[0].published_by == _US):
            found = publish_table(house, path.read_text("utf-8"), path.name, Imprint(_US, now, _NOTE))
            if not known or known[0].version != found.version:
                yield f"已启用计分表 adopted scoring table {found.key} v{found.version}"


def _lost(house: House, editions: Sequence[Edition], now: datetime) -> Mapping[str, Finding]:
    """By file what keeps a shipped definition from being published here."""
    examined = examine_all(house, editions, now, unconnected=True)
    return {finding.file: finding for one in examined for finding in one.findings}


def _ours(house: House, key: str) -> bool:
    """Whether what is published of a shipped definition is as it was shipped, so that a newer text may take its place."""
    known = house.processes.versions(key)
    return not known or (known[0].published_by == _US and known[0].withdrawn_at is None)

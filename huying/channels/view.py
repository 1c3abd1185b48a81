"""All ways in as the office sees them, with what came by each this year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from definitions.channels.channel import Entered
from definitions.text import Said, words
from huying.access.viewer import Viewer
from huying.database.tables import issues
from huying.house.house import House

_PLACES: dict[Entered, Said] = {
    "desk": Said("登记台", "intake desk"),
    "form": Said("网上表单", "online form"),
    "api": Said("接口", "API"),
    "open311": Said("Open311", "Open311"),
    "mail": Said("来信", "mail"),
    "chat": Said("聊天", "chat"),
    "session": Said("接访", "reception"),
    "house": Said("系统自己", "the house itself"),
}


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One way in; ``came``: so many matters this year, as far as the reader looks after them."""

    key: str
    title: str
    help: str
    places: str
    online: bool
    closed: bool
    numbers: str
    came: int


def channel_lines(house: House, reader: Viewer, language: str, now: datetime) -> tuple[ChannelLine, ...]:
    """All that there are, in their order; a key by which issues came that has no channel any more stands at the end."""
    since = house.day_of(now).replace(month=1, day=1)
    query = select(issues.c.channel, func.count()).where(issues.c.opened_on >= since).group_by(issues.c.channel)
    if not reader.office:
        query = query.where(issues.c.station_id.in_(reader.stations))
    with house.database.reading() as connection:
        came = {key: int(many) for key, many in connection.execute(query)}
    between = Said("、", ", ").of(language)
    known = tuple(
        ChannelLine(
            key=key,
            title=one.name(language),
            help=words(one.help, language),
            places=between.join(_PLACES[place].of(language) for place in one.at),
            online=one.online,
            closed=one.closed,
            numbers=one.numbers.before if one.numbers else "",
            came=came.pop(key, 0),
        )
        for key, one in house.channels.all().items()
    )
    return (*known, *(ChannelLine(key, key, "", "", False, True, "", many) for key, many in sorted(came.items())))

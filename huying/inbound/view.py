"""What came in, as whoever looks after a station sees it: what lies before them, one message whole, and what else its sender has brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from definitions.text import words
from huying.access.viewer import Viewer
from huying.database.tables import addresses, deliveries, inbound_messages, issues, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.inbound.store import is_blocked, no_message, within
from huying.inbound.words import STATES, why_words
from huying.words.names import named

#: What is listed: what a person decides; what was decided or went by itself; what machines sent.
TrayList = Literal["tray", "settled", "machines"]
TRAY_LISTS: tuple[TrayList, ...] = get_args(TrayList)
_MOST = 200
_EARLIER = 5
_m = inbound_messages.c
_MACHINES = ("bounce", "away", "auto")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayLine:
    """One message: from whom, about what, when, why it lies there (in words), and how it stands. ``number``: the issue to which it belongs now."""

    id: int
    channel: str
    sender: str
    name: str
    subject: str
    at: datetime
    why: tuple[str, ...]
    files: int
    station: str
    state: str
    state_words: str
    kind: str
    trust: str
    number: str = ""
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class TrayIssue:
    """An issue that a message may belong to."""

    id: int
    number: str
    subject: str
    open: bool
    reporter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayMessage:
    """One message whole. ``text`` is what is new in it. ``suggested``: the issue that it seems to belong to; ``earlier``: what its sender brought.

    ``answers``: the message of ours that it answers, or that came back. ``missing``: what the process asks for and it does not say.
    """

    line: TrayLine
    text: str
    whole: str
    files: tuple[Mapping[str, Any], ...]
    definition: str
    definition_title: str
    station_code: str
    suggested: TrayIssue | None
    earlier: tuple[TrayIssue, ...]
    answers: str
    missing: tuple[str, ...]
    hard: bool
    emptied: bool
    blocked: bool
    recipients: tuple[str, ...] = field(default=())


def tray_lines(house: House, reader: Viewer, which: TrayList, language: str) -> tuple[TrayLine, ...]:
    """The messages of a list: the oldest first where something is to be done, else the newest."""
    order = _m.id if which == "tray" else _m.id.desc()
    query = _query(language).where(within(reader), _of(which)).order_by(order).limit(_MOST)
    with house.database.reading() as connection:
        return tuple(_line(row, language) for row in connection.execute(query))


def tray_counts(house: House, reader: Viewer) -> Mapping[TrayList, int]:
    """How many there are of each."""
    with house.database.reading() as connection:
        return {
            one: int(connection.execute(select(func.count()).where(within(reader), _of(one))).scalar_one())
            for one in TRAY_LISTS
        }


def tray_count(house: House, reader: Viewer) -> int:
    """How many wait for somebody to decide."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).where(within(reader), _of("tray"))).scalar_one())


def has_inbound(house: House) -> bool:
    """Whether anything ever came in this way."""
    with house.database.reading() as connection:
        return connection.execute(select(_m.id).limit(1)).first() is not None


def tray_message(house: House, reader: Viewer, message: int, language: str) -> TrayMessage:
    """One message; ``NotFound`` if there is none that this person may read."""
    with house.database.reading() as connection:
        row = connection.execute(_query(language).where(_m.id == message, within(reader))).one_or_none()
        if row is None:
            raise no_message()
        said = row._mapping
        suggestion = said["suggestion"] or {}
        title, missing = _process(house, said["definition"], said["why"], said["at"], language)
        return TrayMessage(
            line=_line(row, language),
            text=said["text"] or "",
            whole=said["whole"] or "",
            files=tuple(said["files"] or ()),
            definition=said["definition"] or "",
            definition_title=title,
            station_code=said["station_code"] or "",
            suggested=_issue(connection, reader, suggestion.get("issue")),
            earlier=_earlier(connection, reader, said["sender"] or ""),
            answers=_answers(connection, said["delivery_id"]),
            missing=missing,
            hard=bool(suggestion.get("hard")),
            emptied=said["emptied_at"] is not None,
            blocked=is_blocked(connection, said["sender"] or "", said["station_id"]),
            recipients=tuple((said["recipients"] or {}).get("to", ())),
        )


def raw_of(house: House, reader: Viewer, message: int) -> bytes | None:
    """A message as it came; ``None`` if that is gone. ``NotFound`` if there is none that this person may read."""
    with house.database.reading() as connection:
        row = connection.execute(select(_m.id, _m.raw).where(_m.id == message, within(reader))).one_or_none()
    if row is None:
        raise no_message()
    return house.store.get(row.raw["digest"]) if row.raw else None


def messages_of_issue(house: House, reader: Viewer, issue: int, language: str) -> tuple[TrayLine, ...]:
    """What came in and belongs to an issue now, as far as this person looks after it."""
    query = _query(language).where(_m.issue_id == issue, within(reader)).order_by(_m.id).limit(_MOST)
    with house.database.reading() as connection:
        return tuple(_line(row, language) for row in connection.execute(query))


def other_stations(house: House, but: str, language: str) -> Mapping[str, str]:
    """The open stations to which a message may be handed, by code."""
    name = named(stations.c, language).label("name")
    query = select(stations.c.code, name).where(stations.c.active, stations.c.code != but).order_by(stations.c.code)
    with house.database.reading() as connection:
        return {row.code: row.name for row in connection.execute(query)}


def _of(which: TrayList) -> ColumnElement[bool]:
    if which == "tray":
        return _m.state == "tray"
    if which == "machines":
        return and_(_m.state.in_(("bounce", "ignored")), _m.kind.in_(_MACHINES))
    decided = and_(_m.state == "ignored", _m.kind.not_in(_MACHINES))
    return or_(_m.state.in_(("attached", "opened")), decided)


def _query(language: str) -> Select[tuple[Any, ...]]:
    return (
        select(
            inbound_messages,
            named(stations.c, language).label("station"),
            stations.c.code.label("station_code"),
            issues.c.number.label("issue_number"),
        )
        .outerjoin(stations, stations.c.id == _m.station_id)
        .outerjoin(issues, issues.c.id == _m.issue_id)
    )


def _line(row: Row[tuple[Any, ...]], language: str) -> TrayLine:
    said = row._mapping
    return TrayLine(
        id=said["id"],
        channel=said["channel"],
        sender=said["sender"] or "",
        name=said["sender_name"] or "",
        subject=said["subject"] or "",
        at=said["at"],
        why=why_words(said["why"], language),
        files=len(said["files"] or ()),
        station=said["station"] or "",
        state=said["state"],
        state_words=STATES[said["state"]].of(language),
        kind=said["kind"],
        trust=said["trust"],
        number=said["issue_number"] or "",
        settled_by=said["settled_by"],
    )


def _issue(connection: Connection, reader: Viewer, issue: int | None) -> TrayIssue | None:
    if issue is None:
        return None
    row = connection.execute(_issues(reader).where(issues.c.id == issue)).one_or_none()
    return _issue_of(row) if row is not None else None


def _issues(reader: Viewer) -> Select[tuple[Any, ...]]:
    query = select(issues.c.id, issues.c.number, issues.c.subject, issues.c.status, issues.c.reporter_id)
    return query if reader.office else query.where(issues.c.station_id.in_(reader.stations))


def _issue_of(row: Row[tuple[Any, ...]]) -> TrayIssue:
    said = row._mapping
    return TrayIssue(said["id"], said["number"], said["subject"], said["status"] == "open", said["reporter_id"])


def _earlier(connection: Connection, reader: Viewer, sender: str) -> tuple[TrayIssue, ...]:
    """The last issues of whoever is known by this address."""
    if not sender:
        return ()
    whose = select(addresses.c.participant_id).where(addresses.c.channel == "mail", addresses.c.target_index == sender)
    query = _issues(reader).where(issues.c.reporter_id.in_(whose)).order_by(issues.c.id.desc()).limit(_EARLIER)
    return tuple(_issue_of(row) for row in connection.execute(query))


def _answers(connection: Connection, delivery: int | None) -> str:
    if delivery is None:
        return ""
    return connection.execute(select(deliveries.c.subject).where(deliveries.c.id == delivery)).scalar() or ""


def _process(house: House, key: str | None, why: str, now: datetime, language: str) -> tuple[str, tuple[str, ...]]:
    """What would be opened, and which of its fields it lacks, in words."""
    try:
        version = house.processes.in_force(key, now) if key else None
    except NotFound:
        version = None
    if version is None:
        return "", ()
    definition = house.processes.process(version.id).definition
    lacking = [words(definition.entered[one].title, language, one) for one in why.split() if one in definition.entered]
    return words(definition.title, language, definition.id), tuple(lacking)

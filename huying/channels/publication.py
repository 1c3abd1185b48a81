"""Adopting a way in: its text is checked against the definitions in force, and becomes the next immutable version, or nothing happens."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from definitions.channels.channel import STAFFED, Channel, ReadChannel, read_channel, restore_channel
from definitions.finding import Finding, in_order
from definitions.loader import Unsound
from definitions.model.definition import Definition
from definitions.problem import Problem, problem, unknown
from definitions.text import Said
from huying.audit.record import AuditNote, note
from huying.database.tables import channel_versions, stations
from huying.errors import NotFound
from huying.house.channels import shipped_channels
from huying.house.house import House
from huying.house.imprint import Imprint

#: What a text that somebody typed is called in findings.
CHANNEL_FILE = "channel.yaml"
#: In which functions, or as which kinds of person, somebody may be let to use a channel.
FUNCTIONS = ("clerk", "head", "substitute", "liaison", "deputy", "handler", "staff", "administrator", "citizen")


@dataclass(frozen=True, slots=True)
class ChannelVersion:
    """One version of a channel: 0 is the one that is shipped."""

    channel: Channel
    version: int
    source: str
    published_at: datetime | None = None
    published_by: str = ""
    note: str = ""


def examine_channel(house: House, source: str | bytes, name: str, now: datetime) -> ReadChannel:
    """What becomes of a text here: with what this house does not know; ``Unreadable`` if it is no YAML."""
    found = read_channel(source, name)
    if found.channel is None:
        return found
    more: tuple[Finding, ...] = tuple(found.document.findings_of(_unknown(house, found.channel, now)))
    return ReadChannel(found.channel, found.body, found.document, in_order([*found.findings, *more]))


def publish_channel(house: House, source: str, name: str, imprint: Imprint) -> tuple[Channel, bool]:
    """Adopt a channel; whether it is new (the same content again makes no new version). ``Unreadable``, ``Unsound`` leave nothing behind."""
    found = examine_channel(house, source, name, imprint.now)
    if found.channel is None or found.findings:
        raise Unsound(found.findings)
    key = found.channel.channel
    digest = hashlib.sha256(orjson.dumps(found.body)).hexdigest()
    row = {"key": key, "digest": digest, "source": source, "body": found.body, "note": imprint.note}
    made = {"published_at": imprint.now, "published_by": imprint.by}
    for _ in range(5):
        try:
            new = _written(house, {**row, **made})
        except IntegrityError:
            # somebody else published a version of it at the same moment
            continue
        house.channels.forget()
        return found.channel, new
    raise RuntimeError(f"could not publish {key}: too many others publish it at the same time")


def _written(house: House, row: dict[str, object]) -> bool:
    c = channel_versions.c
    with house.database.writing() as connection:
        last = connection.execute(
            select(c.version, c.digest).where(c.key == row["key"]).order_by(c.version.desc()).limit(1)
        ).one_or_none()
        if last is not None and last.digest == row["digest"]:
            return False
        version = (last.version if last else 0) + 1
        connection.execute(insert(channel_versions), {**row, "version": version})
        detail = {"version": version}
        note(connection, AuditNote(what="channel-published", object=f"channel:{row['key']}", detail=detail))
    return True


def channel_versions_of(house: House, key: str) -> tuple[ChannelVersion, ...]:
    """All versions of a channel, the newest first, the shipped one last; ``NotFound`` if there is none."""
    query = select(channel_versions).where(channel_versions.c.key == key).order_by(channel_versions.c.version.desc())
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    found = [
        ChannelVersion(restore_channel(row.body), row.version, row.source, row.published_at, row.published_by, row.note)
        for row in rows
    ]
    if key in shipped_channels():
        found.append(ChannelVersion(shipped_channels()[key][0], 0, shipped_channels()[key][1]))
    if not found:
        raise NotFound(f"没有名为“{key}”的渠道。", f"There is no channel “{key}”.")
    return tuple(found)


def own_channels(house: House) -> int:
    """How many channels the office has of its own, or has changed."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count(func.distinct(channel_versions.c.key)))).scalar_one())


def _unknown(house: House, channel: Channel, now: datetime) -> Iterator[Problem]:
    """Definitions, fields and functions that nothing here bears, and a channel that nobody may use."""
    known = {
        version.key: house.processes.process(version.id).definition for version in house.processes.all_in_force(now)
    }
    definition = Said("流程", "definition")
    for at, key in enumerate(channel.opens or ()):
        if key not in known:
            yield unknown("unknown-definition", ("opens", at), definition, key, known)
    for at, key in enumerate(channel.used_by or ()):
        if key not in FUNCTIONS:
            yield unknown("unknown-function", ("used by", at), Said("职务", "function"), key, FUNCTIONS)
    for at, one in enumerate(channel.letters):
        if one.opens is not None and one.opens not in known:
            yield unknown("unknown-definition", ("letters", at, "opens"), definition, one.opens, known)
        if one.station is not None and one.station not in (codes := _station_codes(house)):
            yield unknown("unknown-station", ("letters", at, "station"), Said("站点", "station"), one.station, codes)
    for key in channel.forms:
        if key not in known:
            yield unknown("unknown-definition", ("forms", key), definition, key, known)
        else:
            yield from _fields(channel, key, known[key])
    if known and not channel.closed and set(channel.at) <= STAFFED:
        opened = [one for key, one in known.items() if channel.opens_one(key)]
        if opened and not any(one.taken_by for one in opened):
            yield problem(
                "nobody-may-use-it",
                ("opens",) if channel.opens else (),
                Said(
                    "这些流程都没有写明由谁代登记（taken by）。",
                    "None of these definitions says who takes it in (taken by).",
                ),
                Said("请换一个流程，或在流程里写 taken by。", "Name another definition, or give it “taken by”."),
            )


def _station_codes(house: House) -> tuple[str, ...]:
    with house.database.reading() as connection:
        return tuple(connection.execute(select(stations.c.code).where(stations.c.active)).scalars())


def _fields(channel: Channel, key: str, definition: Definition) -> Iterator[Problem]:
    fields, form = definition.entered, channel.forms[key]
    for part, names in (("first", form.first), ("leave out", form.leave_out)):
        for at, name in enumerate(names):
            path = ("forms", key, part, at)
            if name not in fields:
                yield unknown("unknown-field", path, Said("登记项", "field"), name, fields)
            elif part == "leave out" and fields[name].required is True:
                yield problem(
                    "needed-field",
                    path,
                    Said(f"“{name}”是必填项，不能不问。", f"“{name}” has to be answered, and cannot be left out."),
                    Said("请从 leave out 里删去。", "Drop it from “leave out”."),
                )

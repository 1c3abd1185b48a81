"""What somebody does with a message that lies before them: into an issue, into a new one, away; and its sender is heard no more, or again.

Each is noted, and done once: of two who decide at the same moment the second hears that it is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from definitions.text import Said
from engine.event import Comment
from engine.refusal import Invalid, Unavailable
from huying.access.viewer import viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import blocked_senders, deliveries, inbound_messages, participants, stations
from huying.delivery.bounces import bounced
from huying.house.by import By
from huying.house.house import House
from huying.inbound.files import EnclosedFile, hand_over, remark_of, sorted_files, told_files
from huying.inbound.store import is_blocked, message_for, move_on, no_message
from huying.issues.decision import Capacity, Receipt, change
from huying.issues.record import issue_id_of, no_issue, record
from huying.issues.sight import sight_of
from huying.issues.voice import may_note

_m = inbound_messages.c
_FROM = Said("{who}来信：", "{who} wrote:")


@dataclass(frozen=True, slots=True)
class AttachWish:
    """Into which issue, by its number; ``reporter``: whoever decides is sure that its reporter wrote it."""

    number: str
    reporter: bool


def _taken() -> Unavailable:
    return Unavailable("同事已经处理了这份来件。", "A colleague has settled this message.")


def attach_message(house: House, message: int, wanted: AttachWish, files: Sequence[EnclosedFile], by: By) -> Receipt:
    """Make it part of an issue: as its reporter's word, if whoever decides says that it is and may note it; else as their own remark."""
    with house.database.reading() as connection:
        reader = viewer(connection, by.somebody)
        row = message_for(connection, reader, message)
    if row.state != "tray":
        raise _taken()
    if not wanted.number.strip():
        raise Invalid({"number": {"zh": "请填事项编号。", "en": "Enter the number of the issue."}})
    issue = issue_id_of(house, wanted.number.strip().upper())
    if sight_of(house, issue, by.somebody) is None:
        raise no_issue()
    noted = wanted.reporter and _may_note(house, issue, by)
    found = sorted_files(house, files)
    said = remark_of(row.text or "", found, reader.language)
    if not noted:
        who = f"{row.sender_name or ''} {row.sender or ''}".strip()
        said = f"{_FROM.of(reader.language).format(who=who)}\n{said}"
    acting = By(by.somebody, by.now, f"tray-{message}", via="mail" if noted else None)

    def also(connection: Connection, _: object) -> None:
        new = {"state": "attached", "issue_id": issue, "files": told_files(files, found)}
        _decide(connection, message, new, by, AuditNote(what="message-attached", detail={"number": wanted.number}))

    receipt = change(house, issue, Comment(said, noted), acting, capacity=Capacity(True), also=also)
    hand_over(house, issue, found.taken, acting, public=noted)
    return receipt


def became_issue(house: House, message: int, issue: int, files: Sequence[EnclosedFile], by: By) -> None:
    """It was taken in as a new matter: note that, and add its files there. ``Unavailable``: a colleague was faster."""
    found = sorted_files(house, files)
    with house.database.writing() as connection:
        new = {"state": "opened", "issue_id": issue, "files": told_files(files, found)}
        _decide(connection, message, new, by, AuditNote(what="message-opened"))
    hand_over(house, issue, found.taken, By(by.somebody, by.now, f"tray-{message}"), public=True)


def ignore_message(house: House, message: int, reason: str, by: By) -> None:
    """Nothing comes of it."""
    with house.database.writing() as connection:
        _row(connection, message, by)
        _decide(connection, message, {"state": "ignored"}, by, AuditNote(what="message-ignored", reason=reason[:300]))


def return_message(house: House, message: int, by: By) -> None:
    """Put back what was ignored."""
    with house.database.writing() as connection:
        _row(connection, message, by)
        new = {"state": "tray", "why": "returned", "settled_at": None, "settled_by": ""}
        if not move_on(connection, message, new, of="ignored"):
            raise _taken()
        _note(connection, message, by, AuditNote(what="message-returned"))


def hand_message(house: House, message: int, station: str, by: By) -> None:
    """It belongs to another station: whoever looks after that one decides."""
    with house.database.writing() as connection:
        _row(connection, message, by)
        place = connection.execute(select(stations.c.id).where(stations.c.code == station, stations.c.active)).scalar()
        if place is None:
            raise Invalid({"station": {"zh": "请选择站点。", "en": "Choose a station."}})
        if not move_on(connection, message, {"station_id": place}, of="tray"):
            raise _taken()
        _note(connection, message, by, AuditNote(what="message-handed", detail={"station": station}))


def block_sender(house: House, message: int, reason: str, by: By) -> None:
    """Letters of this sender to the same station are shown to nobody; what lies there of them goes with it. In their own issues they are heard."""
    with house.database.writing() as connection:
        row = _row(connection, message, by)
        if not row.sender:
            raise Invalid({"sender": {"zh": "这份来件没有发件地址。", "en": "This message has no sender's address."}})
        if not is_blocked(connection, row.sender, row.station_id):
            new = {"target": row.sender, "reason": reason[:300], "station_id": row.station_id}
            connection.execute(insert(blocked_senders), {**new, "blocked_at": by.now, "blocked_by_id": by.somebody})
        same = _m.station_id == row.station_id if row.station_id is not None else _m.station_id.is_(None)
        gone = update(inbound_messages).where(_m.state == "tray", _m.sender_index == row.sender, same)
        connection.execute(gone.values(state="ignored", why="blocked", **_settled(connection, by)))
        _note(connection, message, by, AuditNote(what="sender-blocked", reason=reason[:300]))


def unblock_sender(house: House, message: int, by: By) -> None:
    """What this sender sends there from now on is seen again."""
    c = blocked_senders.c
    with house.database.writing() as connection:
        row = _row(connection, message, by)
        place = c.station_id == row.station_id if row.station_id is not None else c.station_id.is_(None)
        lifted = update(blocked_senders).where(c.target_index == row.sender, c.lifted_at.is_(None), place)
        connection.execute(lifted.values(lifted_at=by.now, lifted_by_id=by.somebody))
        _note(connection, message, by, AuditNote(what="sender-unblocked"))


def confirm_bounce(house: House, message: int, by: By) -> None:
    """It is a mail of ours that came back: its address is marked as if that were certain."""
    with house.database.writing() as connection:
        row = _row(connection, message, by)
        known = connection.execute(select(deliveries.c.id).where(deliveries.c.id == row.delivery_id)).scalar()
        if known is None:
            raise no_message()
        _decide(connection, message, {"state": "bounce"}, by, AuditNote(what="bounce-confirmed"))
        bounced(connection, known, row.text or "", by.now, hard=bool((row.suggestion or {}).get("hard")))


def _row(connection: Connection, message: int, by: By) -> Row[Any]:
    return message_for(connection, viewer(connection, by.somebody), message)


def _decide(connection: Connection, message: int, new: Mapping[str, Any], by: By, told: AuditNote) -> None:
    """Write what becomes of it, and by whom; ``Unavailable``: a colleague was faster."""
    if not move_on(connection, message, {**new, **_settled(connection, by)}, of="tray"):
        raise _taken()
    _note(connection, message, by, told)


def _note(connection: Connection, message: int, by: By, told: AuditNote) -> None:
    note(connection, replace(told, object=f"message:{message}", by=by.person))


def _settled(connection: Connection, by: By) -> dict[str, Any]:
    name = connection.execute(select(participants.c.name).where(participants.c.id == by.somebody)).scalar()
    return {"settled_at": by.now, "settled_by": name or ""}


def _may_note(house: House, issue: int, by: By) -> bool:
    with house.database.reading() as connection:
        return may_note(house, connection, record(house, connection, issue, "zh"), by.somebody, by.now)

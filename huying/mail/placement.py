"""Putting mails where they belong, one by one: into their issue, into a new one, back to the message that did not arrive, or before a person.

Everything that a mail may do by itself it does in a way that a repeat changes nothing: whoever dies in between, the next one goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from engine.refusal import Refusal
from huying.database.tables import deliveries, issues
from huying.delivery.bounces import bounced
from huying.house.house import House
from huying.inbound.files import told_files
from huying.inbound.store import are_received, floods, is_blocked, move_on, put_off, received
from huying.mail.acknowledgment import PostRoom, acknowledge
from huying.mail.authentication import verdict
from huying.mail.automatic import machine
from huying.mail.bounce import bounce_of
from huying.mail.content import MailContent, content_of, short
from huying.mail.letter import open_letter
from huying.mail.plan import MailPlan
from huying.mail.quotation import reply_of
from huying.mail.recipient import MailRecipient, recipients
from huying.mail.remark import add_reply
from huying.mail.thread import Thread, message_of, thread

_log = logging.getLogger("huying.mail")
_LONGEST_SUBJECT = 300


@dataclass(frozen=True, slots=True)
class PlacedMails:
    """What became of a batch: so many went on by themselves, lie before a person, and will be read again."""

    placed: int = 0
    held: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail that is being placed: its row, what it says, for whom it is (those of ours), whether its sender is who they say, to what it belongs."""

    row: Row[Any]
    content: MailContent
    recipients: tuple[MailRecipient, ...]
    trust: str
    thread: Thread | None

    @property
    def request(self) -> str:
        """The name under which whatever it does is done once."""
        return f"mail-{self.row.id}"

    @property
    def letter(self) -> MailRecipient:
        """As a letter to whom it came."""
        return next((one for one in self.recipients if one.kind == "letter"), MailRecipient("letter"))


def has_received(house: House, now: datetime) -> bool:
    """Whether a mail waits to be placed."""
    with house.database.reading() as connection:
        return are_received(connection, now)


def place_received(house: House, room: PostRoom, now: datetime, limit: int = 20) -> PlacedMails:
    """Place a batch of mails."""
    with house.database.reading() as connection:
        rows = received(connection, now, limit)
    done = PlacedMails()
    for row in rows:
        try:
            state = _Placing(house, room.plan, now).place(row)
            if state == "tray":
                acknowledge(house, room, row.id, now)
        except Exception:
            # one mail must not keep the others back; what it says is not for the log
            _log.exception("mail %s could not be placed", row.id)
            put_off(house, row.id, row.tries, now)
            done = replace(done, again=done.again + 1)
            continue
        done = replace(done, held=done.held + (state == "tray"), placed=done.placed + (state != "tray"))
    return done


class _Placing:
    """One mail on its way."""

    def __init__(self, house: House, plan: MailPlan, now: datetime) -> None:
        self._house, self._plan, self._now = house, plan, now

    def place(self, row: Row[Any]) -> str:
        """Place it; its state then."""
        raw = self._house.store.get(row.raw["digest"]) if row.raw else None
        if raw is None:
            return self._end(row, {"state": "tray", "why": "unreadable"})
        content = content_of(raw)
        with self._house.database.reading() as connection:
            mail = self._read(connection, row, content)
            flood = floods(connection, content.sender.address, self._now)
        told = _told(mail)
        returned_to = row.recipients.get("returned_to") if row.recipients else None
        kind = machine(content, returned_to, self._plan.sent_from)
        if kind == "bounce":
            return self._back(mail, told)
        if kind is not None:
            return self._from_machine(mail, told, kind)
        return self._end(row, {**told, **self._seen(mail, flood=flood)})

    def _read(self, connection: Connection, row: Row[Any], content: MailContent) -> ReadMail:
        named = (row.recipients or {}).get("to") or content.to
        mine = tuple(recipients(self._house, connection, self._plan, named).values())
        trust = verdict(content.sender.address, content.results, self._plan.servers)
        return ReadMail(row, content, mine, trust, thread(connection, content, mine, self._plan.sent_from))

    def _end(self, row: Row[Any], new: Mapping[str, Any]) -> str:
        values = {**new, **({} if new["state"] == "tray" else {"settled_at": self._now})}
        values["why"] = " ".join(dict.fromkeys(f"{row.why} {new.get('why', '')}".split()))[:200]
        with self._house.database.writing() as connection:
            move_on(connection, row.id, values)
        return str(new["state"])

    def _back(self, mail: ReadMail, told: Mapping[str, Any]) -> str:
        """One of ours came back: for certain, at the address that its own tag names; else a person says so."""
        found = bounce_of(mail.content)
        delivery = next((one.delivery for one in mail.recipients if one.delivery is not None), None)
        new = {**told, "kind": "bounce", "state": "bounce", "text": found.reason}
        if found.late:
            # it is still on its way
            return self._end(mail.row, {**new, "delivery_id": delivery, "why": "late"})
        if delivery is not None:
            values = {**new, "delivery_id": delivery, "settled_at": self._now}
            with self._house.database.writing() as connection:
                if move_on(connection, mail.row.id, values):
                    bounced(connection, delivery, found.reason, self._now, hard=found.hard)
            return "bounce"
        with self._house.database.reading() as connection:
            named = message_of(connection, mail.content.returned, self._plan.sent_from)
        if named is None:
            # somebody sent mail in our name: nothing of ours came back
            return self._end(mail.row, {**new, "state": "ignored", "why": "not-ours"})
        suggestion = {"delivery": named, "hard": found.hard}
        return self._end(
            mail.row, {**new, "state": "tray", "delivery_id": named, "suggestion": suggestion, "why": "unproved-bounce"}
        )

    def _from_machine(self, mail: ReadMail, told: Mapping[str, Any], kind: str) -> str:
        """No machine is answered, and nothing comes of what it writes; that somebody is away is noted at the message that they did not read."""
        at = mail.thread if mail.thread is not None and mail.thread.delivery is not None else None
        delivery = at.delivery if at else None
        if kind == "away" and at is not None and at.mark == "address":
            said = f"对方自动回复：{short(mail.content.text or mail.content.subject, 200)}"
            with self._house.database.writing() as connection:
                known = update(deliveries).where(deliveries.c.id == delivery, deliveries.c.reason.is_(None))
                connection.execute(known.values(reason=said))
        new = {**told, "kind": "away" if kind == "away" else "auto", "state": "ignored", "delivery_id": delivery}
        return self._end(mail.row, {**new, "why": kind})

    def _seen(self, mail: ReadMail, *, flood: bool) -> dict[str, Any]:
        """What becomes of a letter, unless the station wants to see none of this sender; answers in their own issues are heard."""
        if mail.thread is None or not mail.thread.theirs:
            with self._house.database.reading() as connection:
                if is_blocked(connection, mail.content.sender.address, mail.letter.station):
                    return {"state": "ignored", "why": "blocked", "station_id": mail.letter.station}
        return self._of_person(mail, flood=flood)

    def _of_person(self, mail: ReadMail, *, flood: bool) -> dict[str, Any]:
        """What becomes of a letter that somebody wrote."""
        doubts = [
            *("unreadable" for _ in mail.content.faults[:1]),
            *(["flood"] if flood else []),
            *mail.row.why.split(),
        ]
        if mail.thread is not None:
            return self._in_thread(mail, mail.thread, doubts)
        letter = mail.letter
        new: dict[str, Any] = {"station_id": letter.station, "definition": letter.definition}
        if mail.trust != "pass":
            doubts.append("unverified")
        if letter.definition is None or letter.station is None:
            doubts.append("undecided")
        if doubts:
            return {**new, "state": "tray", "why": " ".join(doubts)}
        opened = open_letter(self._house, mail, letter, self._now)
        return {**new, **opened}

    def _in_thread(self, mail: ReadMail, found: Thread, doubts: list[str]) -> dict[str, Any]:
        """A reply: a remark of whom it was for. It acts on nothing, whatever it says."""
        new: dict[str, Any] = {
            "kind": "reply",
            "delivery_id": found.delivery,
            "station_id": self._station_of(found.issue) or mail.letter.station,
            "suggestion": {"issue": found.issue, "mark": found.mark} if found.issue else None,
        }
        if found.issue is None:
            doubts.append("no-issue")
        elif found.mark == "number":
            doubts.append("by-number")
        elif not found.theirs:
            doubts.append("other-sender")
        elif mail.trust == "fail" or (mail.trust != "pass" and found.mark != "address"):
            doubts.append("unverified")
        if doubts or found.issue is None or found.person is None:
            return {**new, "state": "tray", "why": " ".join(doubts)}
        try:
            kept = add_reply(self._house, mail, found.issue, found.person, self._now)
        except Refusal as refusal:
            return {**new, "state": "tray", "why": f"refused {refusal.code}"}
        return {**new, **kept, "state": "attached", "issue_id": found.issue, "participant_id": found.person}

    def _station_of(self, issue: int | None) -> int | None:
        if issue is None:
            return None
        with self._house.database.reading() as connection:
            return connection.execute(select(issues.c.station_id).where(issues.c.id == issue)).scalar()


def _told(mail: ReadMail) -> dict[str, Any]:
    """What the row says of any mail once it was read."""
    content = mail.content
    words = reply_of(content.text).words if mail.thread is not None else content.text
    return {
        "sender": content.sender.address or None,
        "sender_index": content.sender.address or None,
        "sender_name": content.sender.name or None,
        "trust": mail.trust,
        "subject": short(content.subject, _LONGEST_SUBJECT),
        "text": words,
        "whole": content.text,
        "files": told_files(content.files),
    }

"""Erasing an issue or a person: their data key is destroyed, and whatever repeats their words in other tables is emptied, in one transaction.

What statistics need stays: kind, area, steps, moments, how it ended. The history stays whole and its chain verifiable: it runs over what was sealed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, delete, exists, insert, or_, select, update

from definitions.model.reference import participant, reference
from huying.audit.record import AuditNote, note
from huying.database import tables as t
from huying.database.data_keys import open_keys
from huying.evidence.segments import Exemption, let_go
from huying.house.house import House
from huying.privacy.rules import FILE
from models.kept import ERASED

_WHY = "个人信息已依规删除 personal data was erased by rule"
#: So many rows are changed at once.
_AT_ONCE = 500
_FILE = re.compile(r"[0-9a-f]{64}")


def erase_issue(house: House, connection: Connection, issue: int, what: str, now: datetime) -> None:
    """Erase the ``personal`` data of an issue, or its whole ``file``, in the caller's transaction; its files go at once.

    A resident all of whose issues are erased is erased with the last of them.
    """
    for key in (*_files(connection, issue), *_papers(connection, issue)):
        # the bytes, and what an upload of them was called
        for name in (*house.store.names_of(key), *house.store.names_of(f"{key}.json")):
            house.store.shelf.drop(name)
    _destroy(connection, reference("issue", issue), now)
    _erase_messages(connection, t.deliveries.c.issue_id == issue, now)
    _erase_told(connection, issue, what, now)
    for table in (t.form_drafts, t.unique_values, t.action_links, t.event_deliveries):
        connection.execute(delete(table).where(table.c.issue_id == issue))
    connection.execute(delete(t.outbox).where(t.outbox.c.issue_id == issue, t.outbox.c.status == "done"))
    connection.execute(update(t.promises).where(t.promises.c.issue_id == issue).values(what=ERASED))
    connection.execute(update(t.consents).where(t.consents.c.issue_id == issue).values(guardian=""))
    blank = {"number": None, "number_index": None, "recording": None}
    connection.execute(update(t.calls).where(t.calls.c.issue_id == issue).values(**blank))
    for digest in empty_inbound(connection, t.inbound_messages.c.issue_id == issue, now):
        for name in house.store.names_of(digest):
            house.store.shelf.drop(name)
    connection.execute(update(t.incidents).where(t.incidents.c.issue_id == issue).values(reason="", note=None))
    moved = update(t.process_migration_issues).where(t.process_migration_issues.c.issue_id == issue)
    connection.execute(moved.values(obstacles=[]))
    # the run in Prefect is made anew without words, and so is what the search knows
    shown = {"subject": ERASED, "erased": what, "shown_version": 0, "shown_as": None}
    connection.execute(update(t.issues).where(t.issues.c.id == issue).values(**shown))
    connection.execute(insert(t.search_due), {"issue_id": issue})
    let_go(connection, Exemption(of_table="issue", keys=[str(issue)], why=_WHY, anew=True), now)
    told = AuditNote(what="data-erased", object=reference("issue", issue), reason=what, via="system", at=now)
    note(connection, told)
    reporter = connection.execute(select(t.issues.c.reporter_id).where(t.issues.c.id == issue)).scalar_one()
    if is_left(connection, reporter):
        erase_person(connection, reporter, now)


def _erase_told(connection: Connection, issue: int, what: str, now: datetime) -> None:
    """What tells of the issue is not public any more; what it published is emptied with its whole file, and so is what it entered in files."""
    # whoever consented is not known any more: what tells of the issue is taken back
    cases = update(t.publications).where(t.publications.c.about_id == issue, t.publications.c.withdrawn_at.is_(None))
    connection.execute(cases.values(withdrawn_at=now, withdrawn_why=_WHY))
    mine = update(t.publications).where(t.publications.c.issue_id == issue)
    if what == FILE:
        keys = _keys(connection, t.publications, t.publications.c.issue_id == issue)
        gone = {"title": {}, "text": {}, "words": "", "photos": [], "credit": [], "withdrawn_at": now}
        connection.execute(mine.values(**gone))
        let_go(connection, Exemption(of_table="publication", keys=keys, why=_WHY), now)
    filed = t.file_entries.c.issue_id == issue
    if keys := _keys(connection, t.file_entries, filed):
        connection.execute(update(t.file_entries).where(filed).values(title={}))
        let_go(connection, _of_content("file_entry", keys), now)


def erase_person(connection: Connection, person: int, now: datetime) -> None:
    """Erase somebody in the caller's transaction: nothing is known of them then but that there was somebody."""
    _destroy(connection, reference("participant", person), now)
    own = t.participants.c.id == person
    blank = dict.fromkeys(("phone", "profession", "unit", "login", "passphrase_hash"))
    connection.execute(update(t.participants).where(own).values(name=ERASED, active=False, erased_at=now, **blank))
    for table in (
        *(t.addresses, t.accounts, t.identities, t.sessions, t.credential_links, t.passkeys, t.passkey_challenges),
        *(
            t.second_factors,
            t.calendar_feeds,
            t.action_links,
            t.form_drafts,
            t.data_codes,
            t.preferences,
            t.quiet_hours,
        ),
    ):
        connection.execute(delete(table).where(table.c.participant_id == person))
    connection.execute(delete(t.saved_views).where(t.saved_views.c.owner_id == person))
    _erase_messages(connection, t.deliveries.c.participant_id == person, now)
    # the bytes go with the files that nobody names
    empty_inbound(connection, t.inbound_messages.c.participant_id == person, now)
    changed = t.register_changes.c.person_id == person
    keys = _keys(connection, t.register_changes, changed)
    connection.execute(update(t.register_changes).where(changed).values(before=None, after=None))
    let_go(connection, _of_content("register_change", keys), now)
    asked = update(t.data_requests).where(t.data_requests.c.participant_id == person)
    connection.execute(asked.values(said=""))
    followed = update(t.involvements).where(t.involvements.c.party == participant(person))
    connection.execute(followed.values(follow_code=None))
    note(connection, AuditNote(what="data-erased", object=reference("participant", person), via="system", at=now))


def hinders(connection: Connection, person: int) -> str:
    """Why somebody cannot be erased, as a word: they serve here (``serves``), or an issue of theirs is open (``open``); empty: nothing does."""
    row = connection.execute(select(t.participants.c.kind).where(t.participants.c.id == person)).one_or_none()
    serves = exists().where(t.memberships.c.participant_id == person)
    if row is None or row.kind != "citizen" or connection.execute(select(serves)).scalar_one():
        return "serves"
    open_ones = exists().where(t.issues.c.reporter_id == person, t.issues.c.status == "open")
    return "open" if connection.execute(select(open_ones)).scalar_one() else ""


def is_left(connection: Connection, person: int) -> bool:
    """Whether nothing is left here for which somebody has to be known: a resident without an account and without an issue that is not erased."""
    if hinders(connection, person):
        return False
    known = exists().where(t.issues.c.reporter_id == person, t.issues.c.erased.is_(None))
    own = (t.participants.c.id == person, t.participants.c.login.is_(None), t.participants.c.erased_at.is_(None))
    return connection.execute(select(t.participants.c.id).where(*own, ~known)).first() is not None


def _destroy(connection: Connection, of: str, now: datetime) -> None:
    keys = list(connection.execute(select(t.data_keys.c.id).where(t.data_keys.c.of == of)).scalars())
    open_keys(connection).destroy(connection, keys, now)


def _erase_messages(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    """Take the words and addresses out of messages, and out of the digests in which they went; what still waits is not sent any more."""
    digests = select(t.deliveries.c.digest_id).where(which, t.deliveries.c.digest_id.is_not(None))
    mine = or_(which, t.deliveries.c.id.in_(digests))
    numbers = [int(key) for key in _keys(connection, t.deliveries, mine)]
    for begin in range(0, len(numbers), _AT_ONCE):
        some = t.deliveries.c.id.in_(numbers[begin : begin + _AT_ONCE])
        connection.execute(
            update(t.deliveries).where(some).values(target="", instead_of=None, reason=None, wait_until=None)
        )
        waits = t.deliveries.c.status.in_(("pending", "gathered", "untold"))
        connection.execute(update(t.deliveries).where(some, waits).values(status="failed", ended_at=now))
        empty_messages(connection, some, now)


def empty_messages(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    """Take the words out of messages, in the caller's transaction; how many."""
    keys = _keys(connection, t.deliveries, which)
    emptied = {"subject": "", "text": "", "html": "", "fields": None, "by_channel": None, "emptied_at": now}
    for begin in range(0, len(keys), _AT_ONCE):
        some = keys[begin : begin + _AT_ONCE]
        mine = t.deliveries.c.id.in_([int(key) for key in some])
        connection.execute(update(t.deliveries).where(mine).values(**emptied))
        let_go(connection, _of_content("delivery", some), now)
    return len(keys)


def empty_inbound(connection: Connection, which: ColumnElement[bool], now: datetime) -> list[str]:
    """Take out of messages that came in who sent them and what they say, in the caller's transaction; the keys under which their bytes lie."""
    c = t.inbound_messages.c
    found = connection.execute(select(c.id, c.raw).where(which, c.emptied_at.is_(None))).all()
    blank = dict.fromkeys(
        (
            "sender",
            "sender_index",
            "sender_name",
            "recipients",
            "subject",
            "text",
            "whole",
            "files",
            "raw",
            "suggestion",
        )
    )
    for begin in range(0, len(found), _AT_ONCE):
        some = [row.id for row in found[begin : begin + _AT_ONCE]]
        connection.execute(update(t.inbound_messages).where(c.id.in_(some)).values(**blank, emptied_at=now))
    return [row.raw["digest"] for row in found if row.raw]


def _keys(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[str]:
    return [str(one) for one in connection.execute(select(table.c.id).where(which)).scalars()]


def _of_content(table: str, keys: Sequence[str]) -> Exemption:
    return Exemption(of_table=table, keys=keys, why=_WHY, aspects=("content",))


def _files(connection: Connection, issue: int) -> list[str]:
    """The files that this issue alone names."""
    mine = select(cast(t.history.c.event, Text), cast(t.history.c.changes, Text)).where(t.history.c.issue_id == issue)
    named: set[str] = set()
    for event, changes in connection.execute(mine):
        for text in (event, changes):
            if '"digest"' in text or "file:" in text:
                named.update(_FILE.findall(text))
    shown = select(t.publications.c.photos).where(t.publications.c.withdrawn_at.is_(None))
    public = {key for photos in connection.execute(shown).scalars() for key in _FILE.findall(" ".join(photos))}
    return [digest for digest in sorted(named - public) if not _named_elsewhere(connection, digest, issue)]


def _papers(connection: Connection, issue: int) -> list[str]:
    """The files of the papers that were made about this issue: their numbers stay, what stood in them does not."""
    return [
        file["digest"]
        for file in connection.execute(select(t.papers.c.file).where(t.papers.c.issue_id == issue)).scalars()
    ]


def _named_elsewhere(connection: Connection, digest: str, issue: int) -> bool:
    held = select(t.history.c.issue_id).join(t.issues, t.issues.c.id == t.history.c.issue_id)
    texts = [cast(column, Text).contains(digest) for column in (t.history.c.event, t.history.c.changes)]
    others = held.where(t.history.c.issue_id != issue, t.issues.c.erased.is_(None), or_(*texts)).limit(1)
    return connection.execute(others).first() is not None

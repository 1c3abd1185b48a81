"""Reading a mailbox elsewhere, for an office without a mail server: what is new is kept here, then marked as read there; nothing is deleted.

A mailbox numbers its mails, and says by UIDVALIDITY whether the numbers still mean the same. What was read is known again by its Message-ID.
"""

from __future__ import annotations

import hashlib
import imaplib
import re
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from huying.database.tables import mail_folders
from huying.house.house import House
from huying.mail.arrival import MailEnvelope, take
from huying.mail.plan import MailPlan
from huying.settings.mail import imap_parts

#: So often it is looked into, and so many mails are fetched at once.
EVERY = timedelta(minutes=1)
PORTION = 50
_TIMEOUT = 30.0
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_f = mail_folders.c


@dataclass(frozen=True, slots=True)
class PolledMails:
    """What came of looking: so many mails are new, so many were seen; ``fault``: why it could not be read, in words without secrets."""

    new: int = 0
    seen: int = 0
    fault: str = ""


class _Unreadable(Exception):
    """The mailbox does not do as the standard says."""


def is_due(house: House, plan: MailPlan, now: datetime) -> bool:
    """Whether it is time to look again."""
    if plan.mailbox is None:
        return False
    with house.database.reading() as connection:
        at = connection.execute(select(_f.read_at).where(_f.key == _key(plan.mailbox))).scalar()
    return at is None or at <= now - EVERY


def poll(house: House, plan: MailPlan, now: datetime) -> PolledMails:
    """Look into the mailbox once."""
    assert plan.mailbox is not None
    found, fault = PolledMails(), ""
    try:
        client = _connected(plan.mailbox)
    except (imaplib.IMAP4.error, OSError, ssl.SSLError) as error:
        fault = _said(error)
    else:
        try:
            found = _read(house, plan, client, now)
        except (imaplib.IMAP4.error, OSError, _Unreadable) as error:
            fault = _said(error)
        finally:
            _leave(client)
    _note(house, plan.mailbox, {"read_at": now, "fault": fault})
    return PolledMails(found.new, found.seen, fault)


def _said(error: Exception) -> str:
    """The kind of a fault, and what the server said, if that is no more than a line."""
    said = " ".join(str(error).split())
    return (
        f"{type(error).__name__}: {said}"[:300]
        if isinstance(error, imaplib.IMAP4.error | _Unreadable)
        else type(error).__name__
    )


def _connected(address: str) -> imaplib.IMAP4:
    secure, host, port, user, password, _ = imap_parts(address)
    client: imaplib.IMAP4
    if secure:
        client = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)
    else:
        client = imaplib.IMAP4(host, port, timeout=_TIMEOUT)
    try:
        client.login(user, password)
        if "ID" in client.capabilities:
            # without a name NetEase lets nobody in
            client.xatom("ID", '("name" "huying" "version" "1")')
    except BaseException:
        _leave(client)
        raise
    return client


def _leave(client: imaplib.IMAP4) -> None:
    try:
        client.logout()
    except (imaplib.IMAP4.error, OSError):
        client.shutdown()


def _read(house: House, plan: MailPlan, client: imaplib.IMAP4, now: datetime) -> PolledMails:
    assert plan.mailbox is not None
    folder = imap_parts(plan.mailbox)[5]
    _good(client.select(f'"{folder}"'))
    validity = _number(client.response("UIDVALIDITY")[1])
    last = _last(house, plan.mailbox, validity)
    wanted = set(_found(client, "UNSEEN"))
    if last:
        wanted |= {one for one in _found(client, "UID", f"{last + 1}:*") if one > last}
    new = 0
    for uid in sorted(wanted)[:PORTION]:
        raw, cut = _fetched(client, uid, plan.largest)
        if raw is not None:
            new += take(house, raw, MailEnvelope(None, cut=cut), now)
            # kept here: now it may be marked there
            _good(client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))
        last = max(last, uid)
        _note(house, plan.mailbox, {"validity": validity, "last_uid": last})
    _note(house, plan.mailbox, {"validity": validity, "last_uid": last})
    return PolledMails(new, min(len(wanted), PORTION))


def _found(client: imaplib.IMAP4, *criteria: str) -> list[int]:
    lines = _good(client.uid("SEARCH", *criteria))
    return [int(one) for line in lines if isinstance(line, bytes) for one in line.split() if one.isdigit()]


def _fetched(client: imaplib.IMAP4, uid: int, largest: int) -> tuple[bytes | None, bool]:
    """A mail, and whether it is cut off behind its head, since it is too large; nothing of one that is gone."""
    size = _SIZE.search(b" ".join(_plain(_good(client.uid("FETCH", str(uid), "(RFC822.SIZE)")))))
    if size is None:
        return None, False
    cut = int(size[1]) > largest
    parts = _good(client.uid("FETCH", str(uid), "(BODY.PEEK[HEADER])" if cut else "(BODY.PEEK[])"))
    raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
    return (raw if isinstance(raw, bytes) else None), cut


def _plain(parts: list[Any]) -> list[bytes]:
    return [one for part in parts for one in (part if isinstance(part, tuple) else (part,)) if isinstance(one, bytes)]


def _good(answer: tuple[str, list[Any]]) -> list[Any]:
    status, lines = answer
    if status != "OK":
        raise _Unreadable(status)
    return lines


def _number(lines: list[Any]) -> int:
    found = next((one for one in lines if isinstance(one, bytes) and one.isdigit()), None)
    if found is None:
        raise _Unreadable("UIDVALIDITY")
    return int(found)


def _last(house: House, address: str, validity: int) -> int:
    """Up to which number all was read; 0 where the numbers mean other mails than before."""
    with house.database.reading() as connection:
        row = connection.execute(select(_f.validity, _f.last_uid).where(_f.key == _key(address))).one_or_none()
    return int(row.last_uid) if row is not None and row.validity == validity else 0


def _note(house: House, address: str, new: dict[str, Any]) -> None:
    with house.database.writing() as connection:
        done = connection.execute(update(mail_folders).where(_f.key == _key(address)).values(**new))
        if not done.rowcount:
            row = {"key": _key(address), "validity": 0, "last_uid": 0, "fault": "", **new}
            connection.execute(insert(mail_folders), row)


def _key(address: str) -> str:
    _, host, port, user, _, folder = imap_parts(address)
    return hashlib.sha256(f"{user}@{host}:{port}/{folder}".encode()).hexdigest()

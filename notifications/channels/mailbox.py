"""The reading side of the local mailbox: what was sent lately, and one message by its key."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from notifications.channels.mailbox_plugin import file_name


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as its recipient sees it; ``key`` finds it again, ``at`` is its date (UTC)."""

    key: str
    message_id: str
    to: str
    sender: str
    subject: str
    at: datetime
    text: str
    html: str


def read_mails(folder: Path, limit: int = 50) -> tuple[Mail, ...]:
    """The messages of the mailbox, the one sent last first, at most ``limit``; empty while there is no mailbox."""
    found = [(path.stat().st_mtime_ns, path.name, path) for path in _files(folder)]
    mails = (_parsed(path) for _, _, path in heapq.nlargest(limit, found))
    return tuple(mail for mail in mails if mail is not None)


def read_mail(folder: Path, key: str) -> Mail | None:
    """The message with this key, or ``None``."""
    return _parsed(folder / "new" / file_name(key))


def _files(folder: Path) -> list[Path]:
    new = folder / "new"
    return list(new.glob("*.eml")) if new.is_dir() else []


def _parsed(path: Path) -> Mail | None:
    try:
        made = message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
    except FileNotFoundError:
        return None
    return Mail(
        key=path.stem,
        message_id=str(made["Message-ID"]),
        to=str(made["To"]),
        sender=str(made["From"]),
        subject=str(made["Subject"]),
        at=parsedate_to_datetime(str(made["Date"])).astimezone(UTC),
        text=_body(made, "plain"),
        html=_body(made, "html"),
    )


def _body(made: EmailMessage, kind: str) -> str:
    part = made.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")

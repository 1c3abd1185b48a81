"""A message as mail (RFC 5322): both bodies, a stable Message-ID, and marks that keep automatic answers away.

Apprise's own mail plugin makes a new Message-ID for each attempt, and its plain text out of the HTML; here both are given.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from html import escape

from notifications.message import OutgoingMessage
from notifications.texts.context import one_line

#: What a key may be made of to stand in a Message-ID, a file name and an HTTP header as it is.
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_LONGEST_KEY = 160
_LONGEST_SUBJECT = 300
_BODY = re.compile(r"<body[^>]{0,500}>", re.I)
_MAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}@(?:[^\W_]|[.-]){1,255}")


class _Whole(MessageIDHeader, BaseHeader):  # type: ignore[misc]  # typeshed does not know that the one is made for the other
    """A Message-ID is written on one line, however long: not every receiver puts a folded one together again."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("message-id", _Whole)

#: Bodies are base64 or quoted-printable, so that any server can take them.
_POLICY = SMTP.clone(cte_type="7bit", header_factory=_headers)


def identifier(key: str) -> str:
    """The key where it is plain, else a plain name with a digest of it: the same for the same key, different for different ones."""
    if len(key) <= _LONGEST_KEY and _PLAIN_KEY.fullmatch(key):
        return key
    readable = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")[:60]
    return f"{readable or 'key'}-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def is_mail_address(email: str) -> bool:
    """Whether this is one bare address: no name, no list, no quoted local part, nothing that could start a header."""
    return _MAIL.fullmatch(email) is not None and ".." not in email and not email.startswith(".") and ".@" not in email


def sender_of(from_address: str) -> tuple[str, str]:
    """Name and address of ``Name <address>`` or ``address``; ``ValueError`` when there is no sound address in it."""
    name, email = parseaddr(from_address)
    if not is_mail_address(email):
        raise ValueError("发件人应为“名称 <地址>”或“地址”。 A sender is 'Name <address>' or 'address'.")
    return name, email


def mail(message: OutgoingMessage, to: str, from_address: str, now: datetime) -> EmailMessage:
    """The mail; ``ValueError`` for an address that is none."""
    if not is_mail_address(to):
        raise ValueError("not a mail address")
    name, email = sender_of(from_address)
    made = EmailMessage(policy=_POLICY)
    made["Message-ID"] = f"<{identifier(message.key)}@{email.rpartition('@')[2]}>"
    made["Date"] = format_datetime((message.written_at or now).astimezone(UTC))
    made["From"] = Address(one_line(message.sender or name), addr_spec=email)
    made["To"] = Address(addr_spec=to)
    if message.reply_to:
        made["Reply-To"] = Address(addr_spec=message.reply_to)
    if message.answers:
        made["In-Reply-To"] = made["References"] = f"<{message.answers}>"
    made["Subject"] = one_line(message.subject, _LONGEST_SUBJECT)
    # RFC 3834: nobody's holiday notice shall answer this
    made["Auto-Submitted"] = "auto-replied" if message.answers else "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(_with_line(message.reply_line, message.text), subtype="plain", charset="utf-8")
    made.add_alternative(_with_marked_line(message.reply_line, message.html), subtype="html", charset="utf-8")
    return made


def _with_line(line: str, text: str) -> str:
    return f"{line}\n\n{text}" if line else text


def _with_marked_line(line: str, html: str) -> str:
    """The line at the top of the page, however it begins."""
    if not line:
        return html
    shown = f'<p style="color:#6b6b6b;font-size:12px">{escape(line)}</p>'
    body = _BODY.search(html)
    return f"{html[: body.end()]}{shown}{html[body.end() :]}" if body else f"{shown}{html}"

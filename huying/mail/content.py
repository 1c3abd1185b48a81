"""What a mail says: who, to whom, about what, in which words, with which files. Reading it never fails: what cannot be read is said to be so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Literal

from huying.inbound.files import EnclosedFile
from huying.mail.charset import clean, text_of
from huying.mail.header import (
    MailParty,
    addresses_in,
    decoded,
    identifiers,
    line_of,
    parameters,
    party,
    raw_lines,
)
from huying.mail.markup import words_of

#: A letter has no more parts, and none so deep; who sends more is not writing a letter.
MOST_PARTS, DEEPEST = 100, 20
#: So much of its text is kept.
LONGEST_TEXT = 200_000
_HEAD = 256 * 1024
_MOST_BOUNDARIES = 5_000
_TYPE = re.compile(r"\s*([a-zA-Z0-9!#$&^_.+-]{1,60})/([a-zA-Z0-9!#$&^_.+-]{1,80})")
#: What could not be read: all of it (``unreadable``), or not all.
MailFault = Literal["unreadable", "too-deep", "too-many-parts", "too-long"]
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MailReport:
    """One recipient's part of a report about a delivery (RFC 3464)."""

    action: str = ""
    status: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """A mail as read. ``marks``: the headers by which machines are told from people, by lower-case name, the topmost of each;
    ``results``: what mail servers said of its sender, the topmost first; ``returned``: the Message-ID of a mail that comes back."""

    sender: MailParty
    reply_to: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    files: tuple[EnclosedFile, ...] = ()
    marks: dict[str, str]
    results: tuple[str, ...] = ()
    reports: tuple[MailReport, ...] = ()
    returned: str = ""
    faults: tuple[MailFault, ...] = ()


_MARKS = (
    *("auto-submitted", "precedence", "x-auto-response-suppress", "list-id", "list-unsubscribe", "x-autoreply"),
    *("x-autorespond", "x-auto-reply", "x-failed-recipients", "return-path", "x-loop", "feedback-id"),
)


def content_of(raw: bytes) -> MailContent:
    """Read it; whatever it is, there is an answer."""
    try:
        return _read(raw)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        MemoryError,
        AssertionError,
        OverflowError,
    ):
        # what of the standard library's parser anybody's bytes bring down; the raw mail is there, and a person looks at it
        return _head_of(raw)


def message_id_of(raw: bytes) -> str:
    """Its Message-ID; empty if it has none."""
    try:
        return _identifier(BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEAD]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""


def body_of(raw: bytes) -> bytes:
    """What stands after the headers: it is the same by whatever way a mail came."""
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if at >= 0]
    return raw[min(ends) :].replace(b"\r", b"") if ends else b""


def _head_of(raw: bytes) -> MailContent:
    head = raw[:_HEAD]
    try:
        return _headers(BytesHeaderParser(policy=compat32).parsebytes(head), ("unreadable",))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return MailContent(sender=MailParty(""), marks={}, faults=("unreadable",))


def _read(raw: bytes) -> MailContent:
    if raw.count(b"\n--") > _MOST_BOUNDARIES and b"multipart/" in raw[:_HEAD].lower():
        return _head_of(raw)
    message = message_from_bytes(raw, policy=compat32)
    head = _headers(message, ())
    body = _Body()
    body.read(message)
    text, faults = body.text(), body.faults
    if len(text) > LONGEST_TEXT:
        text, faults = text[:LONGEST_TEXT], [*faults, "too-long"]
    return MailContent(
        sender=head.sender,
        reply_to=head.reply_to,
        to=head.to,
        subject=head.subject,
        date=head.date,
        message_id=head.message_id,
        references=head.references,
        marks=head.marks,
        results=head.results,
        text=text,
        files=tuple(body.files),
        reports=tuple(body.reports),
        returned=body.returned,
        faults=tuple(dict.fromkeys(faults)),
    )


def _headers(message: Message, faults: tuple[MailFault, ...]) -> MailContent:
    senders, answers = raw_lines(message, "from"), raw_lines(message, "reply-to")
    to = [one for name in ("to", "cc", "delivered-to", "x-original-to") for one in raw_lines(message, name)]
    references = [
        one for name in ("in-reply-to", "references") for line in raw_lines(message, name) for one in identifiers(line)
    ]
    return MailContent(
        sender=party(senders[0]) if senders else MailParty(""),
        reply_to=party(answers[0]).address if answers else "",
        to=tuple(dict.fromkeys(address for one in to for address in addresses_in(one)))[:MOST_PARTS],
        subject=line_of(message, "subject")[:500],
        date=_date(line_of(message, "date")),
        message_id=_identifier(message),
        references=tuple(dict.fromkeys(references)),
        marks={name: line_of(message, name).lower()[:500] for name in _MARKS if raw_lines(message, name)},
        results=tuple(decoded(one) for one in raw_lines(message, "authentication-results")[:MOST_PARTS]),
        faults=faults,
    )


def _identifier(message: Message) -> str:
    found = raw_lines(message, "message-id")
    named = identifiers(found[0]) if found else ()
    plain = found[0].split() if found else []
    return (named[0] if named else plain[0] if plain else "")[:900]


def _date(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if abs(found.year - 2050) < 80 and found > _NEVER else None


class _Body:
    """The parts of a mail, one by one, within bounds."""

    def __init__(self) -> None:
        self.files: list[EnclosedFile] = []
        self.reports: list[MailReport] = []
        self.returned = ""
        self.faults: list[MailFault] = []
        self._plain: list[str] = []
        self._marked: list[str] = []
        self._parts = 0

    def text(self) -> str:
        """The words: the plain ones, if there are any; else those of the HTML."""
        plain = "\n\n".join(one for one in self._plain if one.strip()).strip()
        return plain or "\n\n".join(one for one in self._marked if one.strip()).strip()

    def read(self, message: Message, depth: int = 0, *, within: str = "") -> None:
        """Read a part, and what is in it."""
        self._parts += 1
        if depth > DEEPEST or self._parts > MOST_PARTS:
            self.faults.append("too-deep" if depth > DEEPEST else "too-many-parts")
            return
        kind, said = _kind(message)
        if kind == "message/delivery-status":
            self._report(message)
        elif kind in ("message/rfc822", "message/global") or kind.startswith("message/rfc822-"):
            self._mail_within(message, within)
        elif message.is_multipart():
            for part in _parts_of(message):
                self.read(part, depth + 1, within=kind)
        else:
            self._leaf(message, kind, said, within)

    def _leaf(self, message: Message, kind: str, said: dict[str, str], within: str) -> None:
        disposition = line_of(message, "content-disposition").lower()
        name = (parameters(_raw(message, "content-disposition")).get("filename") or said.get("name") or "")[:200]
        content = _content(message)
        if kind == "text/rfc822-headers":
            self.returned = self.returned or message_id_of(content)
            return
        is_text = kind in ("text/plain", "text/html") and not disposition.startswith("attachment")
        if is_text and not (name and disposition.startswith("inline") and within == "multipart/mixed" and self._plain):
            text = text_of(content, said.get("charset", ""))
            (self._plain if kind == "text/plain" else self._marked).append(
                text if kind == "text/plain" else words_of(text)
            )
        elif content:
            self.files.append(EnclosedFile(name or _unnamed(kind), kind, content))

    def _mail_within(self, message: Message, within: str) -> None:
        inner = next(_parts_of(message), None)
        if within == "multipart/report":
            self.returned = self.returned or (
                _identifier(inner) if inner is not None else message_id_of(_content(message))
            )
            return
        # as bytes it stands in the raw mail; made anew it says the same
        content = inner.as_bytes() if inner is not None else _content(message)
        title = line_of(inner, "subject") if inner is not None else ""
        self.files.append(EnclosedFile(f"{title[:80] or 'mail'}.eml", "message/rfc822", content))

    def _report(self, message: Message) -> None:
        for block in _parts_of(message):
            action, status = line_of(block, "action").lower(), line_of(block, "status")
            if action or status:
                self.reports.append(MailReport(action[:20], status[:20], line_of(block, "diagnostic-code")[:500]))


def _raw(message: Message, name: str) -> str:
    found = raw_lines(message, name)
    return found[0] if found else ""


def _kind(message: Message) -> tuple[str, dict[str, str]]:
    """What a part is, and what its Content-Type says besides."""
    raw = _raw(message, "content-type")
    found = _TYPE.match(raw)
    kind = f"{found[1]}/{found[2]}".lower() if found else "text/plain"
    return kind, parameters(raw)


def _parts_of(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def _content(message: Message) -> bytes:
    """The bytes of a part before they were made fit for mail."""
    payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unnamed(kind: str) -> str:
    ending = {
        "image/jpeg": "jpg",
        "image/png": "png",
        "image/heic": "heic",
        "application/pdf": "pdf",
        "text/calendar": "ics",
    }
    return f"file.{ending.get(kind, 'bin')}"


def short(text: str, longest: int) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"

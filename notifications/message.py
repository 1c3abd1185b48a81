"""What is sent, to where, by what way, and what became of it: the nouns of delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

#: The domain that stands in for a sender's where no mail leaves the house; mail servers are never given it (RFC 2606).
NOWHERE = "huying.invalid"
NO_REPLY = f"呼应 Huying <noreply@{NOWHERE}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message to one address, complete with its link.

    ``key`` stays the same however often the message is sent, and becomes its Message-ID and Idempotency-Key. ``sender`` is the
    name shown as sender, in place of the transport's own; ``written_at`` is the date shown, else the moment of sending.
    """

    key: str
    subject: str
    text: str
    html: str
    sender: str | None = None
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A person's mail address, such as ``li@example.org``, without a name."""

    email: str


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """An http or https address that takes messages as JSON; with a ``secret``, they are signed."""

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


Address = MailAddress | WebhookAddress


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Mail goes into a local folder, which is the default of a house without a mail server."""

    folder: Path
    from_address: str = NO_REPLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """Mail goes to a mail server, over at most ``connections`` connections at once."""

    host: str
    port: int
    secure: Literal["starttls", "tls", "plain"]
    from_address: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    connections: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Transports:
    """The ways out of the house. ``allow_private`` lets webhooks lead to addresses that are not public, such as an office's network."""

    mail: Mailbox | Smtp
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of one attempt: ``accepted`` says that the next station took it, not that it was read.

    ``temporary`` is worth another attempt, ``permanent`` is not; ``reason`` says why in Chinese and English, without secrets.
    """

    status: Literal["accepted", "temporary", "permanent"]
    reason: str = ""


ACCEPTED = DeliveryResult("accepted")
_LONGEST_REASON = 500


def temporary(chinese: str, english: str, detail: object = "") -> DeliveryResult:
    """A failure that may pass."""
    return DeliveryResult("temporary", _reason(chinese, english, detail))


def permanent(chinese: str, english: str, detail: object = "") -> DeliveryResult:
    """A failure that will not pass by itself."""
    return DeliveryResult("permanent", _reason(chinese, english, detail))


def _reason(chinese: str, english: str, detail: object) -> str:
    said = " ".join(str(detail).split())
    printable = "".join(character for character in said if character.isprintable())
    return f"{chinese} {english}{f': {printable}' if printable else ''}"[:_LONGEST_REASON]

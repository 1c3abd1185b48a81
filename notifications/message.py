"""What is sent, to where, by what way, and what became of it: the nouns of delivery."""

from __future__ import annotations

from collections.abc import Mapping
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
    ``fields``: the same in short named values (``notifications.texts.fields``), ``link`` the page that it leads to, ``occasion`` and ``language``
    what it is about: for channels that take approved templates alone, or show a card. Of a mail, ``reply_to`` is where it is answered (with a
    ``reply_line``: above that, and the answer arrives where it belongs), ``return_path`` where it comes back if nobody is there; ``answers`` is the
    Message-ID of the mail that a machine of ours answers by it.
    """

    key: str
    subject: str
    text: str
    html: str
    sender: str | None = None
    written_at: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    occasion: str = ""
    language: str = "zh"
    link: str = field(default="", repr=False)
    reply_to: str = ""
    reply_line: str = ""
    return_path: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A person's mail address, such as ``li@example.org``, without a name."""

    email: str


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """An http or https address that takes messages as JSON; with a ``secret``, they are signed."""

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AccountAddress:
    """Somebody as a provider knows them (``target``), written to through an account of the office there.

    ``kind`` is the account's (``notifications.channels.kinds``), ``credential`` what that kind made of the account's fields and secret, and
    ``templates`` its register of approved ones, for kinds that take nothing else.
    """

    kind: str
    target: str
    credential: object = field(repr=False)
    templates: object = None


Address = MailAddress | WebhookAddress | AccountAddress


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
    """The ways out of the house. ``allow_private`` lets webhooks lead to addresses that are not public, such as an office's network.

    ``answered_at``: the domain of the addresses at which our mails are answered, or the one address of all of them; empty: nowhere.
    """

    mail: Mailbox | Smtp
    allow_private: bool = False
    answered_at: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of one attempt: ``accepted`` says that the next station took it, not that it was read.

    ``temporary`` is worth another attempt, ``permanent`` is not; ``unknown``: it was handed over, the answer was lost, and the provider would take a
    repeat for another message. ``reason`` says why in Chinese and English, without secrets. ``reference``: the provider's number of the message, by
    which its receipts name it. ``fault``: at whom it lies that it failed, where that is known: ``address`` (nobody is there),
    ``account`` (the office's own account: it must be put right there, and the message waits), ``pace`` (too many for now).
    """

    status: Literal["accepted", "temporary", "permanent", "unknown"]
    reason: str = ""
    reference: str = ""
    fault: Fault = ""


Fault = Literal["", "address", "account", "pace"]
ACCEPTED = DeliveryResult("accepted")
_LONGEST_REASON = 500


def accepted(reference: str = "") -> DeliveryResult:
    """Taken, under this number of the provider's."""
    return DeliveryResult("accepted", reference=reference)


def temporary(chinese: str, english: str, detail: object = "", fault: Fault = "") -> DeliveryResult:
    """A failure that may pass."""
    return DeliveryResult("temporary", _reason(chinese, english, detail), fault=fault)


def permanent(chinese: str, english: str, detail: object = "", fault: Fault = "") -> DeliveryResult:
    """A failure that will not pass by itself."""
    return DeliveryResult("permanent", _reason(chinese, english, detail), fault=fault)


def unknown(chinese: str, english: str, detail: object = "", reference: str = "") -> DeliveryResult:
    """Perhaps it was taken: a receipt (of our own number, where the provider gives that back) may say so, and nobody repeats it blindly."""
    return DeliveryResult("unknown", _reason(chinese, english, detail), reference)


def _reason(chinese: str, english: str, detail: object) -> str:
    said = " ".join(str(detail).split())
    printable = "".join(character for character in said if character.isprintable())
    return f"{chinese} {english}{f': {printable}' if printable else ''}"[:_LONGEST_REASON]

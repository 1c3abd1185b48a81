"""The local mailbox, for a house that has no mail server yet: what would have been sent, to be read by everybody on this machine.

With a mail server there is no such page: messages hold links that act for their recipients.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from huying.errors import NotFound
from huying.words.moments import moment_words
from notifications import Mail, read_mail, read_mails
from portal.frame.here import Here, Portal
from portal.frame.page import page
from portal.frame.reader import Reading

router = APIRouter()
_MOST = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words."""

    id: str
    to: str
    subject: str
    when: str
    text: str


@router.get("/outbox")
def outbox(request: Request, here: Here, reading: Reading) -> Response:
    """The newest messages."""
    letters = [_letter(here, mail, reading.language) for mail in read_mails(_mailbox(here), _MOST)]
    return page(request, reading, "outbox.html", messages=letters)


@router.get("/outbox/{key}")
def letter(request: Request, here: Here, reading: Reading, key: str) -> Response:
    """One message; its links to this portal can be followed."""
    mail = read_mail(_mailbox(here), key)
    if mail is None:
        raise NotFound("没有这封通知。", "There is no such message.")
    found = _letter(here, mail, reading.language)
    return page(request, reading, "letter.html", message=found, portal_url=here.config.portal_url)


def _mailbox(here: Portal) -> Path:
    if here.config.mailbox is None:
        raise NotFound("通知已发往邮件服务器，这里没有。", "Messages go to a mail server; there are none here.")
    return here.config.mailbox


def _zone(here: Portal) -> tzinfo:
    return here.house.calendars.in_force("china").zone


def _letter(here: Portal, mail: Mail, language: str) -> Letter:
    return Letter(mail.key, mail.to, mail.subject, moment_words(mail.at, _zone(here), language), mail.text)

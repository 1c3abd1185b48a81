"""The local mailbox of a sample city that has no mail server: what would have been sent, to be read on this machine alone.

With a mail server, or with real people, there is no such page: messages hold links that act for their recipients.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from huying.errors import NotFound
from huying.words.moments import moment_words
from notifications import Mail, read_mail, read_mails
from portal.frame.here import Portal
from portal.frame.network import on_this_machine
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])
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
def outbox(at: Received) -> Response:
    """The newest messages."""
    letters = [_letter(at.here, mail, at.language) for mail in read_mails(_mailbox(at), _MOST)]
    return at.page("outbox.html", messages=letters)


@router.get("/outbox/{key}")
def letter(at: Received, key: str) -> Response:
    """One message; its links to this portal can be followed."""
    mail = read_mail(_mailbox(at), key)
    if mail is None:
        raise NotFound("没有这封通知。", "There is no such message.")
    found = _letter(at.here, mail, at.language)
    return at.page("letter.html", message=found, portal_url=at.here.config.portal_url)


def _mailbox(at: Reception) -> Path:
    here = at.here
    if here.config.mailbox is None or not on_this_machine(at.request):
        raise NotFound("通知只发给收件人，这里看不到。", "Messages go to their recipients; none can be read here.")
    if not here.house.offices.now().sample:
        # links in messages act for their recipients
        raise NotFound(
            "只有示例城市在这里显示通知。请用 HUYING_SMTP_URL 设置发信服务器；此前的通知在数据目录的 mailbox 里。",
            "Only a sample city shows its messages here. Name a mail server in HUYING_SMTP_URL; until then messages lie in the data folder, "
            "in mailbox.",
        )
    return here.config.mailbox


def _zone(here: Portal) -> tzinfo:
    return here.house.zone


def _letter(here: Portal, mail: Mail, language: str) -> Letter:
    return Letter(mail.key, mail.to, mail.subject, moment_words(mail.at, _zone(here), language), mail.text)

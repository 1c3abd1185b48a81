"""By what right somebody stands before an issue: signed in, with number and code, or through a link in a message.

A code opens one issue and speaks for its reporter; it is kept in a cookie, so that it need not stand in every address.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Request

from huying.access.links import LinkSpent, open_link
from huying.access.viewer import Look
from huying.errors import NotFound
from huying.house.by import CODE, LINK, VOICES, By
from huying.issues.record import issue_id_of, no_issue
from huying.issues.sight import may_see
from huying.issues.voice import reporter_heard_by
from portal.frame.bounds import Number
from portal.frame.brake import whose_code
from portal.frame.here import portal
from portal.frame.reader import Cookie, SignInNeeded, reader

FOLLOWED = "huying_followed"
_MOST = 8
_MONTH = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Door:
    """The person who stands before an issue, by what right, and where the page's forms go.

    By ``voice`` it is the reporter, who tells somebody (``noting``) on some ``way``, such as by phone. By ``link`` and ``key``
    histories bear its ``mark``;
    ``over``: what the link was for is done, or no longer theirs.
    """

    participant_id: int
    issue_id: int
    by: Literal["session", "code", "link", "voice", "key"]
    item: int | None = None
    token: str | None = None
    noting: int | None = None
    way: str = ""
    mark: str = ""
    over: bool = False

    @property
    def by_code(self) -> bool:
        """Whether only the code was shown: then no personal data are."""
        return self.by == "code"

    def look(self, language: str, now: datetime) -> Look:
        """Their look at the issue."""
        return Look(self.participant_id, language, now, self.by_code or self.by == "voice", self.by == "link")

    def whose(self, now: datetime, request_id: str | None = None) -> By:
        """By whom something is done that comes through this door."""
        if self.by == "voice":
            return By(self.noting, now, request_id, via=self.way)
        if self.by == "link":
            return By(self.participant_id, now, request_id, via=f"{LINK}{self.mark}")
        return By(self.participant_id, now, request_id, via=CODE if self.by_code else self.mark or None)

    def task(self, item: int) -> str:
        """The address of a task's page."""
        if self.by == "voice":
            return f"{self.issue}/{item}"
        return f"/t/{self.token}" if self.by == "link" else f"/tasks/{self.issue_id}/{item}"

    @property
    def issue(self) -> str:
        """The address to which remarks and files go."""
        if self.by == "voice":
            return f"/said/{self.way}/{self.issue_id}"
        return f"/t/{self.token}" if self.by == "link" else f"/issues/{self.issue_id}"

    def file(self, sequence: int) -> str:
        """The address of a file."""
        return f"/t/{self.token}/files/{sequence}" if self.by == "link" else f"/attachments/{self.issue_id}/{sequence}"

    def kept(self, digest: str) -> str:
        """The address of a file that a field holds."""
        return f"/t/{self.token}/kept/{digest}" if self.by == "link" else f"/attachments/{self.issue_id}/kept/{digest}"


def codes(request: Request) -> dict[int, str]:
    """The codes that this browser has shown before, by issue."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(request.cookies.get(FOLLOWED, "").encode()))
        return {
            issue: code for issue, code in raw if isinstance(issue, int) and isinstance(code, str) and code.isascii()
        }
    except (ValueError, TypeError, RecursionError, binascii.Error):
        # anybody can write into their own cookies whatever they like
        return {}


def remembered(request: Request, issue_id: int, code: str) -> Cookie:
    """The cookie that remembers one more code."""
    known = codes(request)
    known.pop(issue_id, None)
    kept = [*known.items(), (issue_id, code)][-_MOST:]
    return Cookie(FOLLOWED, base64.urlsafe_b64encode(json.dumps(kept).encode()).decode(), _MONTH)


def issue_door(request: Request, issue_id: Number) -> Door:
    """The right to stand before the issue in this address: the signed-in person's own, else the code's; ``SignInNeeded`` without either.

    How much a signed-in person may see is decided by the views.
    """
    here, found = portal(request), reader(request)
    code = request.query_params.get("code") or codes(request).get(issue_id)
    reporter = whose_code(request, issue_id, code) if code else None
    person = found.person.participant_id if found.person else None
    if reporter is not None and (person is None or not may_see(here.house, issue_id, person)):
        return Door(reporter, issue_id, "code")
    if person is None:
        raise SignInNeeded
    return Door(person, issue_id, "session")


def number_door(request: Request, number: str) -> Door:
    """The same for an issue that is named by its number."""
    try:
        issue_id = issue_id_of(portal(request).house, number)
    except NotFound:
        # whoever is not signed in learns nothing about which numbers exist
        if reader(request).person is None:
            raise SignInNeeded from None
        raise no_issue() from None
    return issue_door(request, issue_id)


def any_link_door(request: Request, token: str) -> Door:
    """The right that a link in a message gives, or gave while what it is for was to be done."""
    here = portal(request)
    link = open_link(here.house, token, here.clock())
    return Door(link.participant_id, link.issue_id, "link", link.item, token, mark=link.mark, over=link.over)


def link_door(request: Request, token: str) -> Door:
    """The right that a link in a message gives; ``LinkSpent`` when what it was for is over."""
    door = any_link_door(request, token)
    if door.over:
        raise LinkSpent
    return door


def voice_door(request: Request, way: str, issue_id: Number) -> Door:
    """The right to note what the reporter says: of whoever is signed in, and may take such issues for residents."""
    person = reader(request).person
    if person is None:
        raise SignInNeeded
    if way not in VOICES:
        raise no_issue()
    reporter = reporter_heard_by(portal(request).house, issue_id, person.participant_id, portal(request).clock())
    return Door(reporter, issue_id, "voice", noting=person.participant_id, way=way)


IssueDoor = Annotated[Door, Depends(issue_door)]
NumberDoor = Annotated[Door, Depends(number_door)]
VoiceDoor = Annotated[Door, Depends(voice_door)]
LinkDoor = Annotated[Door, Depends(link_door)]
AnyLinkDoor = Annotated[Door, Depends(any_link_door)]

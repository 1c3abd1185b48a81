"""The calendar on one's phone: making and revoking its address, and the feed itself."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from huying.calendars.agenda import agenda
from huying.calendars.feeds import Feed, feed_of, make_feed, open_feed, revoke_feed
from huying.calendars.icalendar import calendar_text
from huying.words.moments import moment_words
from portal.frame.cache import known_tags
from portal.frame.here import Here, Portal, portal
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[OWN])


@router.get("/my/calendar")
def my_calendar(at: SignedIn, done: bool = False) -> Response:
    """Whether there is an address, and since when."""
    return calendar_page(at, done=done)


@router.post("/my/calendar")
def make(at: SignedIn, form: Submitted) -> Response:
    """Make an address, in place of the one before; it is shown now and never again."""
    subjects = form.entries.get("subjects") == "yes"
    token = make_feed(at.house, at.somebody.participant_id, subjects=subjects, now=at.now)
    return calendar_page(at, address=feed_address(at.here, token))


@router.post("/my/calendar/revoke")
def revoke(at: SignedIn, form: Submitted) -> Response:
    """Let the address open nothing any more."""
    revoke_feed(at.house, at.somebody.participant_id, at.now)
    return at.go("/my/calendar?done=1")


def feed_address(here: Portal, token: str) -> str:
    """The whole address of a feed."""
    return f"{here.config.portal_url}/feed/{token}.ics"


def calendar_page(at: Reception, *, address: str | None = None, done: bool = False) -> Response:
    """The page; ``address`` is a new one."""
    feed = feed_of(at.house, at.somebody.participant_id)
    zone, language = at.house.zone, at.language
    read_at = feed.last_read_at if feed else None
    return at.page(
        "my_calendar.html",
        address=address,
        done=done,
        feed=feed,
        created=moment_words(feed.created_at, zone, language) if feed else "",
        read=moment_words(read_at, zone, language) if read_at else "",
        back="/my/calendar",
    )


def feed_door(request: Request, token: str) -> Feed:
    """The feed of the address in this request; ``NotFound`` alike for one that never was and one that was revoked."""
    here = portal(request)
    return open_feed(here.house, token, here.clock())


FeedDoor = Annotated[Feed, Depends(feed_door)]


@router.get("/feed/{token}.ics")
def feed(request: Request, here: Here, door: FeedDoor) -> Response:
    """The deadlines, duties and promises of whoever has this address; unchanged ones are not sent again."""
    wait = here.feeds.wait(door.key, here.clock())
    if wait:
        return PlainTextResponse(
            "读取过于频繁，请稍后再试。 Read too often; please try again later.\n", 429, {"Retry-After": str(wait)}
        )
    shown = agenda(here.house, door, here.config.portal_url, here.clock())
    text = calendar_text(shown.name, shown.events).encode()
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow"}
    if tag in known_tags(request):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="huying.ics"'
    return Response(text, media_type="text/calendar", headers=headers)

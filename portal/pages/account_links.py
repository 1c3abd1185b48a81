"""One's own links in messages: which of them still open something, and an end to them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.access.links import end_links, links_of
from huying.words.moments import moment_words
from portal.frame.reception import SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[OWN])


@router.get("/account/links")
def own_links(at: SignedIn, ended: int | None = None) -> Response:
    """The list."""
    zone = at.house.zone
    return at.page(
        "account_links.html",
        links=links_of(at.house, at.somebody.participant_id, at.now),
        moment=lambda one: moment_words(one, zone, at.language),
        ended=ended,
    )


@router.post("/account/links/end")
def end(form: Submitted, at: SignedIn) -> Response:
    """End one, or all of them."""
    with at.house.database.writing() as connection:
        ended = end_links(connection, at.somebody.participant_id, at.now, form.entry("link")[:64])
    return at.go(f"/account/links?ended={ended}")

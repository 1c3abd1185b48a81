"""What has been made public: typical cases, notices, results. Everybody may read them, search them and subscribe to them."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import words
from engine.refusal import Invalid
from huying.issues.record import number_of
from huying.publicity.opening import open_case
from huying.publicity.publications import withdraw_consent, withdraw_publication
from huying.publicity.view import (
    CaseFilter,
    case_choices,
    newest_change,
    photograph,
    publication,
    published,
)
from portal.frame.atom import FeedEntry, FeedHead, feed_answer
from portal.frame.bounds import Number
from portal.frame.cache import assure_moderate, public_answer
from portal.frame.door import IssueDoor
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import OWN, PUBLIC, needs
from portal.frame.submission import Submitted

router = APIRouter()
_PAGE = 20
_IN_FEED = 50
#: What a cache may keep of a photograph.
_PHOTO = {"Cache-Control": "public, max-age=60", "Content-Security-Policy": "default-src 'none'; sandbox"}


@router.get("/cases", dependencies=[PUBLIC])
def cases(
    at: Received, q: str = "", area: str = "", matter: str = "", year: str = "", before: Number | None = None
) -> Response:
    """The public texts that are sought, the newest first."""
    assure_moderate(at)
    wanted = _wanted(q, area, matter, year)
    found = published(at.house, at.language, wanted, before=before, limit=_PAGE)
    kept = {"q": wanted.q, "area": wanted.area, "matter": wanted.matter, "year": wanted.year or ""}
    query = urlencode({key: value for key, value in kept.items() if value})
    known = case_choices(at.house, at.language)
    answer = at.page(
        "cases.html",
        found=found,
        wanted=wanted,
        known=known,
        matters=[(one, one) for one in known.matters],
        years=[(str(one), str(one)) for one in known.years],
        query=query,
        more=f"/cases?{urlencode({**kept, 'before': found[-1].id})}" if len(found) == _PAGE else "",
    )
    return public_answer(at, answer)


@router.get("/cases.atom", dependencies=[PUBLIC])
def cases_feed(at: Received, q: str = "", area: str = "", matter: str = "", year: str = "") -> Response:
    """The newest of them as a feed; with the same words as the page."""
    assure_moderate(at)
    found = published(at.house, at.language, _wanted(q, area, matter, year), limit=_IN_FEED)
    entries = (
        FeedEntry(f"/cases/{one.id}", one.title, one.published_at, one.text, "、".join(who.name for who in one.credit))
        for one in found
    )
    title = {"zh": "公开案例", "en": "Cases made public"}
    changed = newest_change(at.house)
    head = FeedHead("/cases", at.request.url.path, words(title, at.language))
    return public_answer(at, feed_answer(at, head, entries, changed), changed)


@router.get("/cases/{number}", dependencies=[PUBLIC])
def case(at: Received, number: Number) -> Response:
    """One public text."""
    assure_moderate(at)
    return public_answer(at, case_page(at, number))


@router.get("/cases/{number}/photos/{place}", dependencies=[PUBLIC])
def case_photo(at: Received, number: Number, place: Number) -> Response:
    """One of its photographs."""
    assure_moderate(at)
    kept, content = photograph(at.house, number, place)
    return Response(content, media_type=kept.media_type, headers=_PHOTO)


@router.get("/cases/{number}/article", dependencies=[needs("withdraw cases")])
def article(at: SignedIn, number: Number) -> Response:
    """The text for the official account, to copy, and its photographs to save."""
    return at.page("case_article.html", case=publication(at.house, number, at.language))


@router.post("/cases/{number}/withdraw", dependencies=[needs("withdraw cases")])
def withdraw(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take a text back, as the office, saying why."""
    try:
        withdraw_publication(at.house, number, form.entries.get("why", ""), at.by(form.request_id))
    except Invalid as wrong:
        return case_page(at, number, wrong)
    return at.go("/cases")


@router.post("/issues/{issue_id}/cases/withdraw", dependencies=[OWN])
def take_back(at: Received, form: Submitted, door: IssueDoor) -> Response:
    """Take back one's consent, as the reporter: all that was published of the issue is withdrawn at once."""
    withdraw_consent(at.house, door.issue_id, door.participant_id, door.whose(at.now, form.request_id))
    return at.go(f"/issues/{quote(number_of(at.house, door.issue_id))}?done=1")


@router.post("/issues/{issue_id}/cases", dependencies=[OWN])
def begin(at: SignedIn, form: Submitted, door: IssueDoor) -> Response:
    """Begin to make a closed issue a public case."""
    receipt = open_case(at.house, door.issue_id, door.look(at.language, at.now), form.request_id)
    return at.go(f"/issues/{quote(receipt.number)}?done=1")


def case_page(at: Reception, number: int, wrong: Invalid | None = None) -> Response:
    """The page of a public text."""
    found = publication(at.house, number, at.language)
    errors = wrong.errors if wrong else {}
    return at.page("case.html", 422 if wrong else 200, case=found, errors=errors)


def _wanted(q: str, area: str, matter: str, year: str) -> CaseFilter:
    whole = int(year) if len(year) == 4 and year.isascii() and year.isdigit() and 1900 < int(year) < 2200 else None
    return CaseFilter(q.strip()[:60], area[:40], matter[:100], whole)

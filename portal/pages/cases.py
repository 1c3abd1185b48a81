"""What has been made public: typical cases, notices, results. Everybody may read them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from engine.refusal import NotAllowed
from huying.publicity.publications import publication, published, withdraw_publication
from portal.frame.bounds import Number
from portal.frame.here import Here
from portal.frame.page import go, page
from portal.frame.reader import Reading, SignedIn, person_of
from portal.frame.submission import Submitted

router = APIRouter()


@router.get("/cases")
def cases(request: Request, here: Here, reading: Reading, before: Number | None = None) -> Response:
    """The public texts, the newest first."""
    found = published(here.house, reading.language, before=before)
    return page(request, reading, "cases.html", found=found)


@router.get("/cases/{number}")
def case(request: Request, here: Here, reading: Reading, number: Number) -> Response:
    """One public text."""
    return page(request, reading, "case.html", case=publication(here.house, number, reading.language))


@router.post("/cases/{number}/withdraw")
def withdraw(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Take a text back, as the office."""
    if not person_of(reading).office:
        raise NotAllowed
    withdraw_publication(here.house, number, here.clock())
    return go(request, reading, "/cases")

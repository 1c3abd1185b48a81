"""What has been made public: typical cases, notices, results. Everybody may read them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.publicity.publications import publication, published, withdraw_publication
from portal.frame.bounds import Number
from portal.frame.reception import Received, SignedIn
from portal.frame.right import PUBLIC, needs
from portal.frame.submission import Submitted

router = APIRouter()


@router.get("/cases", dependencies=[PUBLIC])
def cases(at: Received, before: Number | None = None) -> Response:
    """The public texts, the newest first."""
    found = published(at.house, at.language, before=before)
    return at.page("cases.html", found=found)


@router.get("/cases/{number}", dependencies=[PUBLIC])
def case(at: Received, number: Number) -> Response:
    """One public text."""
    return at.page("case.html", case=publication(at.house, number, at.language))


@router.post("/cases/{number}/withdraw", dependencies=[needs("withdraw cases")])
def withdraw(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Take a text back, as the office."""
    withdraw_publication(at.house, number, at.now)
    return at.go("/cases")

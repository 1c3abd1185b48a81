"""Backups: which there are, and what waits since the house was restored from one. For whoever keeps the house."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Refusal
from huying.backups.overview import overview
from huying.backups.quarantine import release
from huying.house.known_keys import is_copied
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("keep house")])


@router.get("/backups")
def listed(at: SignedIn, done: str = "") -> Response:
    """What lies in the folder of backups, and what is held back."""
    return _page(at, done=done)


@router.post("/backups/release")
def released(form: Submitted, at: SignedIn) -> Response:
    """Let messages leave the house; ``again=yes``: also those that may have been sent before."""
    try:
        release(at.house, again=form.entry("again") == "yes", by=at.by(form.request_id))
    except Refusal as refusal:
        return _page(at, refused=refusal.message[at.language], status=409)
    return at.go("/backups?done=released")


def _page(at: Reception, *, done: str = "", refused: str = "", status: int = 200) -> Response:
    found = overview(at.house, at.here.config.backups, at.now, at.language)
    copied = is_copied(at.house.database)
    return at.page("backups.html", status, found=found, copied=copied, done=done, refused=refused, back="/backups")

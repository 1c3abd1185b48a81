"""Other systems that definitions call, for administrators: their addresses, secrets and patience. Definitions know their names alone."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.approvals.proposals import NewProposal
from huying.connections.calls import assure_fits, connect, disconnect
from huying.connections.view import connection_lines
from huying.webhooks.subscriptions import place_of
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("keep connections")])


@router.get("/connections")
def connections(at: SignedIn, key: str = "") -> Response:
    """All of them, and the form to name one or change it."""
    return _list(at, {"key": key})


@router.post("/connections")
def name(form: Submitted, at: SignedIn) -> Response:
    """Name a system, change it, or call it no more."""
    key = form.entry("key")
    if form.entry("do") == "off":
        answer = proposed(at, form, NewProposal("disconnect", {"key": key}, key))
        if answer is None:
            disconnect(at.house, key)
        return answer or at.go("/connections")
    url, secret, seconds = form.entry("url"), form.entry("secret") or None, _seconds(form)
    try:
        assure_fits(at.house, key, url, secret, seconds)
        body = {"key": key, "url": url, "secret": secret, "seconds": seconds}
        answer = proposed(at, form, NewProposal("connect", body, key, place_of(url) if url else ""))
        if answer is not None:
            return answer
        connect(at.house, key, url, secret, seconds)
    except Invalid as wrong:
        return _list(at, form.entries, wrong.errors, 422)
    return at.go("/connections")


def _seconds(form: Submission) -> int | None:
    """The seconds that were entered; what is no number is as wrong as none at all."""
    text = form.entry("seconds")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _list(
    at: Reception, entered: Mapping[str, str], errors: Mapping[str, Mapping[str, str]] | None = None, status: int = 200
) -> Response:
    lines = connection_lines(at.house, at.language, at.now)
    return at.page(
        "connections.html",
        status,
        lines=lines,
        entered={name: entered.get(name, "") for name in ("key", "url", "seconds")},
        known={line.key for line in lines if line.place},
        errors=errors or {},
        back="/connections",
    )

"""Other systems that definitions call, for administrators: their addresses, secrets and patience. Definitions know their names alone."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from engine.refusal import Invalid, NotAllowed
from huying.connections.calls import connect, disconnect
from huying.connections.view import connection_lines
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@router.get("/connections")
def connections(request: Request, here: Here, reading: SignedIn, key: str = "") -> Response:
    """All of them, and the form to name one or change it."""
    _administrator(reading)
    return _list(request, here, reading, {"key": key})


@router.post("/connections")
def name(request: Request, form: Submitted, here: Here, reading: SignedIn) -> Response:
    """Name a system, change it, or call it no more."""
    _administrator(reading)
    key = form.entry("key")
    if form.entry("do") == "off":
        disconnect(here.house, key)
        return go(request, reading, "/connections")
    try:
        connect(here.house, key, form.entry("url"), form.entry("secret") or None, _seconds(form))
    except Invalid as wrong:
        return _list(request, here, reading, form.entries, wrong.errors, 422)
    return go(request, reading, "/connections")


def _administrator(reading: Reader) -> None:
    if person_of(reading).kind != "administrator":
        raise NotAllowed


def _seconds(form: Submission) -> int | None:
    """The seconds that were entered; what is no number is as wrong as none at all."""
    text = form.entry("seconds")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _list(
    request: Request,
    here: Portal,
    reading: Reader,
    entered: Mapping[str, str],
    errors: Mapping[str, Mapping[str, str]] | None = None,
    status: int = 200,
) -> Response:
    lines = connection_lines(here.house, reading.language, here.clock())
    return page(
        request,
        reading,
        "connections.html",
        status,
        lines=lines,
        entered={name: entered.get(name, "") for name in ("key", "url", "seconds")},
        known={line.key for line in lines if line.place},
        errors=errors or {},
        back="/connections",
    )

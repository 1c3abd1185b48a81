"""Refusals and faults as friendly pages, in the reader's language."""

from __future__ import annotations

import logging
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from definitions.text import words
from engine.refusal import Refusal
from huying.errors import Later
from huying.locale import translations
from huying.rights.action import ACTIONS
from huying.rights.refusal import Unentitled
from huying.rights.views.holders import HolderLine, who_may
from huying.telemetry import figures
from portal.frame.places import shell_of
from portal.frame.reader import SignInNeeded
from portal.frame.reception import Reception, reception
from portal.frame.submission import StalePage
from portal.frame.watch import route_of

_log = logging.getLogger("huying.portal")

#: Of those who may, so many are named.
_NAMED = 10
#: The HTTP status of each refusal, by its code.
STATUS: dict[str, int] = {
    "refused": 400,
    "wrong-login": 401,
    "wrong-code": 401,
    "wrong-passkey": 401,
    "unbound": 403,
    "provider-refused": 400,
    "provider-away": 503,
    "second-factor-needed": 401,
    "sign-in-needed": 401,
    "not-allowed": 403,
    "four-eyes": 403,
    "recused": 403,
    "suspended": 423,
    "too-soon": 429,
    "too-often": 429,
    "busy": 503,
    "stale-page": 403,
    "not-found": 404,
    "already-done": 409,
    "gone": 409,
    "link-over": 410,
    "withdrawn": 410,
    "account": 409,
    "taken": 409,
    "unavailable": 409,
    "request-reused": 409,
    "too-large": 413,
    "wrong-file": 415,
    "unfit-template": 422,
    "no-pdf": 503,
    "no-font": 503,
    "invalid": 422,
    "weak-key": 400,
    "away": 503,
}


def install(app: FastAPI) -> None:
    """Have the application answer refusals and faults with pages."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, http_page)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(ClientDisconnect, left_unfinished)
    app.add_exception_handler(Exception, _fault)


def refusal_page(at: Reception, refusal: Refusal) -> Response:
    """What a refusal looks like; the one place for it."""
    message = words(refusal.message, at.language)
    status = STATUS.get(refusal.code, 400)
    if isinstance(refusal, StalePage):
        return at.page("stale.html", status, message=message, entered=refusal.entered, back="/")
    answer = _page(at, status, title(status, at.language), message + _again(at, refusal), _who_may(at, refusal))
    answer.headers.update(waiting(refusal))
    return answer


def waiting(refusal: Refusal) -> dict[str, str]:
    """The header that says when to ask again; it is counted that somebody was sent away."""
    if not isinstance(refusal, Later):
        return {}
    figures.THROTTLED.labels(refusal.about or refusal.code).inc()
    return {"Retry-After": str(refusal.seconds)}


def _again(at: Reception, refusal: Refusal) -> str:
    """The hour and minute from which on it may be tried again, where that is a while."""
    if not isinstance(refusal, Later) or refusal.seconds < 60:
        return ""
    then = (at.now + timedelta(seconds=refusal.seconds + 59)).astimezone(at.house.zone)
    return translations(at.language).gettext(" You can try again from %s on.") % f"{then:%H:%M}"


def _who_may(at: Reception, refusal: Refusal) -> tuple[HolderLine, ...] | None:
    """Whom to ask instead, for colleagues; ``None`` where that is nobody's business, or many may."""
    colleague = at.person is not None and shell_of(at.person) == "staff"
    if not (colleague and isinstance(refusal, Unentitled)) or ACTIONS[refusal.action].duties:
        return None
    return who_may(at.house, refusal.action, at.language, at.now)[:_NAMED]


def _page(
    at: Reception, status: int, heading: str, message: str, holders: tuple[HolderLine, ...] | None = None
) -> Response:
    """A refusal or fault, with the way back to where the reader was."""
    back = came_from(at.request)
    return at.page("error.html", status, title=heading, message=message, holders=holders, came_from=back, back="/")


def came_from(request: Request) -> str | None:
    """The page of ours from which somebody came, if their browser tells it and it is another than this."""
    said = urlsplit(request.headers.get("referer", ""))
    if said.netloc != request.url.netloc or not said.path.startswith("/") or said.path == request.url.path:
        return None
    return said.path + (f"?{said.query}" if said.query else "")


def title(status: int, language: str) -> str:
    """What a status means to a person."""
    _ = translations(language).gettext
    titles = {
        401: _("Please log in"),
        403: _("You may not do this"),
        404: _("Not found"),
        409: _("Somebody was first"),
        410: _("This link works no more"),
        423: _("It cannot be done now"),
        429: _("Please wait a little"),
        413: _("Too large"),
        415: _("This kind of file is not taken"),
        422: _("Please check your entries"),
        500: _("Something went wrong"),
        503: _("Please wait a little"),
    }
    return titles.get(status, _("This did not work"))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    at = reception(request)
    if isinstance(error, SignInNeeded):
        following = request.url.path if request.method == "GET" else "/tasks"
        return at.go(f"/login?next={quote(following, safe='')}")
    return refusal_page(at, error)


def http_page(request: Request, error: Exception) -> Response:
    """What an error of HTTP looks like."""
    assert isinstance(error, HTTPException)
    at = reception(request)
    _ = translations(at.language).gettext
    messages = {
        404: _("There is no page at this address. It may have been mistyped."),
        413: _(
            "What you sent is too large: at most 10 MB for a file, 20 MB altogether. Go back to find your text again."
        ),
    }
    message = messages.get(error.status_code, HTTPStatus(error.status_code).phrase)
    heading = title(error.status_code, at.language)
    answer = _page(at, error.status_code, heading, message)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _malformed(request: Request, error: Exception) -> Response:
    """A part of the address that is no number: there is no such page."""
    return http_page(request, HTTPException(404))


def left_unfinished(request: Request, error: Exception) -> Response:
    """Whoever goes away before they have asked to the end hears nothing; it is no fault of ours."""
    return Response(status_code=400)


def _fault(request: Request, error: Exception) -> Response:
    _log.error("unexpected fault at %s", route_of(request.scope), exc_info=error)
    at = reception(request)
    _ = translations(at.language).gettext
    message = _("We could not carry this out. Nothing was lost; please try again in a moment.")
    return _page(at, 500, title(500, at.language), message)

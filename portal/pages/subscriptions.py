"""Webhooks out of the house, for administrators: who is told of what, how it goes, and a new secret, a trial or a repeat at a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from engine.refusal import Invalid, NotAllowed
from huying.access.viewer import Viewer
from huying.webhooks import subscriptions
from huying.webhooks.subscriptions import NewSubscription
from huying.webhooks.view import choices, subscription_lines, subscription_view
from portal.frame.bounds import Number
from portal.frame.here import Here, Portal
from portal.frame.page import go, page
from portal.frame.reader import Reader, SignedIn, person_of
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@router.get("/subscriptions")
def listed(request: Request, here: Here, reading: SignedIn) -> Response:
    """All of them, and the form for a new one."""
    _administrator(reading)
    return _list(request, here, reading)


@router.post("/subscriptions")
def new(request: Request, form: Submitted, here: Here, reading: SignedIn) -> Response:
    """Make one, and show its secret this once."""
    person = _administrator(reading)
    wish = NewSubscription(
        name=form.entry("name"),
        url=form.entry("url"),
        definitions=_chosen(form, "definitions"),
        happenings=_chosen(form, "happenings"),
        station=form.entry("station") or None,
        secret=form.entry("secret") or None,
    )
    allow = here.config.allow_private_webhooks
    try:
        made, secret = subscriptions.subscribe(here.house, wish, by=person.name, allow_private=allow, now=here.clock())
    except Invalid as wrong:
        return _list(request, here, reading, status=422, wish=wish, errors=wrong.errors)
    return _one(request, here, reading, made.id, secret=None if wish.secret else secret)


@router.get("/subscriptions/{number}")
def one(request: Request, here: Here, reading: SignedIn, number: Number) -> Response:
    """One of them, with what it was told lately."""
    _administrator(reading)
    return _one(request, here, reading, number)


@router.post("/subscriptions/{number}/secret")
def renew(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Change its secret, and show the new one this once."""
    _administrator(reading)
    secret = subscriptions.rotate(here.house, number, here.clock())
    return _one(request, here, reading, number, secret=secret)


@router.post("/subscriptions/{number}/stop")
def stop(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Send it nothing more."""
    person = _administrator(reading)
    return _then(request, here, reading, number, lambda: subscriptions.stop(here.house, number, person.name))


@router.post("/subscriptions/{number}/resume")
def resume(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Send to it again."""
    _administrator(reading)
    return _then(request, here, reading, number, lambda: subscriptions.go_on(here.house, number))


@router.post("/subscriptions/{number}/trial")
def trial(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Send it a trial."""
    _administrator(reading)
    return _then(request, here, reading, number, lambda: subscriptions.try_out(here.house, number, here.clock()))


@router.post("/subscriptions/{number}/resend")
def resend(request: Request, form: Submitted, here: Here, reading: SignedIn, number: Number) -> Response:
    """Send one event again, or all that were given up."""
    _administrator(reading)
    named = form.entry("event")
    only = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None
    return _then(
        request,
        here,
        reading,
        number,
        lambda: subscriptions.send_again(here.house, number, here.clock(), only=only),
    )


def _administrator(reading: Reader) -> Viewer:
    """What leaves the house is for administrators to decide."""
    person = person_of(reading)
    if person.kind != "administrator":
        raise NotAllowed
    return person


def _then(request: Request, here: Portal, reading: Reader, number: int, do: Callable[[], object]) -> Response:
    do()
    return go(request, reading, f"/subscriptions/{number}")


def _chosen(form: Submission, name: str) -> tuple[str, ...]:
    """The keys that were ticked."""
    given: Any = form.fields.get(name, ())
    return (given,) if isinstance(given, str) else tuple(str(one) for one in given)


def _list(
    request: Request,
    here: Portal,
    reading: Reader,
    *,
    status: int = 200,
    wish: NewSubscription | None = None,
    errors: Any = None,
) -> Response:
    return page(
        request,
        reading,
        "subscriptions.html",
        status,
        lines=subscription_lines(here.house, reading.language, here.clock()),
        choices=choices(here.house, reading.language, here.clock()),
        wish=wish or NewSubscription(name="", url=""),
        errors=errors or {},
        back="/subscriptions",
    )


def _one(request: Request, here: Portal, reading: Reader, number: int, secret: str | None = None) -> Response:
    view = subscription_view(here.house, number, reading.language, here.clock())
    return page(request, reading, "subscription.html", view=view, secret=secret, back=f"/subscriptions/{number}")

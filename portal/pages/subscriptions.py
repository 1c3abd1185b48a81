"""Webhooks out of the house, for administrators: who is told of what, how it goes, and a new secret, a trial or a repeat at a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.approvals.proposals import NewProposal
from huying.webhooks import subscriptions
from huying.webhooks.subscriptions import NewSubscription
from huying.webhooks.view import choices, subscription_lines, subscription_view
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("keep subscriptions")])


@router.get("/subscriptions")
def listed(at: SignedIn) -> Response:
    """All of them, and the form for a new one."""
    return _list(at)


@router.post("/subscriptions")
def new(form: Submitted, at: SignedIn) -> Response:
    """Make one, and show its secret this once."""
    person = at.somebody
    wish = NewSubscription(
        name=form.entry("name"),
        url=form.entry("url"),
        definitions=_chosen(form, "definitions"),
        happenings=_chosen(form, "happenings"),
        station=form.entry("station") or None,
        secret=form.entry("secret") or None,
    )
    allow = at.here.config.allow_private_webhooks
    try:
        subscriptions.assure_fits(at.house, wish, wish.secret or subscriptions.new_secret(), allow_private=allow)
        answer = proposed(at, form, _asked(wish, allow))
        if answer is not None:
            return answer
        made, secret = subscriptions.subscribe(at.house, wish, by=person.name, allow_private=allow, now=at.now)
    except Invalid as wrong:
        return _list(at, status=422, wish=wish, errors=wrong.errors)
    return _one(at, made.id, secret=None if wish.secret else secret)


@router.get("/subscriptions/{number}")
def one(at: SignedIn, number: Number) -> Response:
    """One of them, with what it was told lately."""
    return _one(at, number)


@router.post("/subscriptions/{number}/secret")
def renew(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Change its secret, and show the new one this once."""
    secret = subscriptions.rotate(at.house, number, at.now)
    return _one(at, number, secret=secret)


@router.post("/subscriptions/{number}/stop")
def stop(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Send it nothing more."""
    person = at.somebody
    return _then(at, number, lambda: subscriptions.stop(at.house, number, person.name))


@router.post("/subscriptions/{number}/resume")
def resume(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Send to it again."""
    return _then(at, number, lambda: subscriptions.go_on(at.house, number))


@router.post("/subscriptions/{number}/trial")
def trial(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Send it a trial."""
    return _then(at, number, lambda: subscriptions.try_out(at.house, number, at.now))


@router.post("/subscriptions/{number}/resend")
def resend(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Send one event again, or all that were given up."""
    named = form.entry("event")
    only = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None
    return _then(at, number, lambda: subscriptions.send_again(at.house, number, at.now, only=only))


def _asked(wish: NewSubscription, allow: bool) -> NewProposal:
    """The same as a proposal."""
    return NewProposal(
        "subscribe",
        {**asdict(wish), "private": allow},
        f"{wish.name} {subscriptions.place_of(wish.url)}",
        "\n".join((*wish.definitions, *wish.happenings, wish.station or "")).strip(),
    )


def _then(at: Reception, number: int, do: Callable[[], object]) -> Response:
    do()
    return at.go(f"/subscriptions/{number}")


def _chosen(form: Submission, name: str) -> tuple[str, ...]:
    """The keys that were ticked."""
    given: Any = form.fields.get(name, ())
    return (given,) if isinstance(given, str) else tuple(str(one) for one in given)


def _list(at: Reception, *, status: int = 200, wish: NewSubscription | None = None, errors: Any = None) -> Response:
    return at.page(
        "subscriptions.html",
        status,
        lines=subscription_lines(at.house, at.language, at.now),
        choices=choices(at.house, at.language, at.now),
        wish=wish or NewSubscription(name="", url=""),
        errors=errors or {},
        back="/subscriptions",
    )


def _one(at: Reception, number: int, secret: str | None = None) -> Response:
    view = subscription_view(at.house, number, at.language, at.now)
    return at.page("subscription.html", view=view, secret=secret, back=f"/subscriptions/{number}")

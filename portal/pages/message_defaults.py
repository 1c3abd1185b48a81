"""Messages for administrators: what the office sets for kinds of people, and who is told of what by a definition."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.messages.defaults import KINDS, defaults_for, set_defaults
from huying.messages.ways import DIGESTS
from huying.processes.audience import audience
from notifications import CHANNELS
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter()
_HOUSE = needs("keep house")


@router.get("/messages/defaults", dependencies=[_HOUSE])
def defaults(at: SignedIn, kind: str = "citizen", done: str = "") -> Response:
    """What the office sets for a kind of people."""
    return _page(at, kind, done=done)


@router.post("/messages/defaults", dependencies=[_HOUSE])
def settle(form: Submitted, at: SignedIn) -> Response:
    """Set it."""
    kind = form.entry("kind")
    try:
        set_defaults(at.house, kind, form.entries, at.by(form.request_id))
    except Invalid as wrong:
        return _page(at, kind, errors=wrong.errors)
    return at.go(f"/messages/defaults?kind={kind}&done=kept")


@router.get("/definitions/{key}/messages", dependencies=[needs("read versions")])
def told(at: SignedIn, key: str) -> Response:
    """Who is told of what, role by role."""
    return at.page("audience.html", table=audience(at.house, key, at.language, at.now))


def _page(
    at: Reception, kind: str, *, done: str = "", errors: Mapping[str, Mapping[str, str]] | None = None
) -> Response:
    chosen = kind if kind in KINDS else "citizen"
    return at.page(
        "message_defaults.html",
        422 if errors else 200,
        kinds=KINDS,
        kind=chosen,
        found=defaults_for(at.house, chosen),
        digests=DIGESTS,
        channels=CHANNELS,
        errors=errors or {},
        done=done,
        back="/messages/defaults",
    )

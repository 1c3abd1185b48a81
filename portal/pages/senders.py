"""Senders, for administrators: the accounts with providers by which messages leave, tried, limited, on trial or live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.delivery.accounts import MODES, SenderEntry, check_sender, keep_sender, pause, sender_lines, try_sender
from huying.words.moments import moment_words
from notifications import CHANNELS, KINDS
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("keep connections")])


@router.get("/senders")
def senders(at: SignedIn, key: str = "", kind: str = "", done: str = "") -> Response:
    """All of them, and the form to name one or change it."""
    return _page(at, {"key": key, "kind": kind}, done=done)


@router.post("/senders")
def keep(form: Submitted, at: SignedIn) -> Response:
    """Name one, or change it."""
    entered = form.entries
    entry = SenderEntry(
        key=form.entry("key"),
        kind=form.entry("kind"),
        title=form.entry("title"),
        fields={
            name.removeprefix("ask_"): value.replace("\r\n", "\n")
            for name, value in entered.items()
            if name.startswith("ask_")
        },
        mode=form.entry("mode"),
        guests=form.entry("guests").replace("，", " ").replace(",", " ").split(),
        per_minute=form.entry("per_minute"),
        per_person_day=form.entry("per_person_day"),
    )
    try:
        keep_sender(at.house, entry, at.by(form.request_id))
    except Invalid as wrong:
        return _page(at, entered, wrong.errors)
    return at.go("/senders?done=kept")


@router.post("/senders/{key}/{do}")
def act(form: Submitted, at: SignedIn, key: str, do: Literal["try", "check", "pause", "resume"]) -> Response:
    """Ask the provider whether it knows an account, try one on oneself, pause it, or let it go on."""
    by = at.by(form.request_id)
    if do in ("pause", "resume"):
        pause(at.house, key, by, state="paused" if do == "pause" else "active")
        return at.go("/senders?done=kept")
    if do == "check":
        checked = check_sender(at.house, key, by)
        return at.go("/senders?done=" + ("known" if checked.status == "accepted" else "refused"))
    try:
        result = try_sender(at.house, key, form.entry("target"), by)
    except Invalid as wrong:
        return _page(at, {"key": key}, wrong.errors)
    return at.go("/senders?done=" + ("tried" if result.status == "accepted" else "refused"))


def _page(
    at: Reception, entered: Mapping[str, str], errors: Mapping[str, Mapping[str, str]] | None = None, done: str = ""
) -> Response:
    lines = sender_lines(at.house)
    chosen = next((one for one in lines if one.key == entered.get("key")), None)
    kind = KINDS.get(chosen.kind if chosen else entered.get("kind", ""))
    zone = at.house.zone
    return at.page(
        "senders.html",
        422 if errors else 200,
        lines=lines,
        chosen=chosen,
        kind=kind,
        kinds=KINDS,
        channels=CHANNELS,
        modes=MODES,
        entered=entered,
        errors=errors or {},
        done=done,
        portal_url=at.here.config.portal_url,
        moment=lambda one: moment_words(one, zone, at.language),
        back="/senders",
    )

"""What comes of an effect: told to an issue as an event, with the effect's id as the request key, and the effect marked done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Update, update

from engine import Outcome
from engine.effect import Effect
from engine.event import Event
from engine.refusal import Refusal
from huying.database.tables import outbox
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import Also, change
from huying.outbox.claims import Errand


def give_back(house: House, errand: Errand[Effect], event: Event, what: str, now: datetime) -> None:
    """Tell the issue what came of its effect, and mark that done in the same transaction; or alone, where the issue needs it no more."""
    marked = False

    def also(opened: Connection, _outcome: Outcome) -> None:
        nonlocal marked
        opened.execute(_marked_done(errand, now))
        marked = True

    let_happen(house, errand.issue_id, event, f"effect-{errand.id}-{what}", now, also)
    if not marked:
        mark_done(house, errand, now)


def let_happen(
    house: House, issue_id: int, event: Event, request_id: str, now: datetime, also: Also | None = None
) -> None:
    """Let an event happen to an issue; one that has moved on meanwhile needs it no more."""
    try:
        change(house, issue_id, event, By(None, now, request_id), also=also)
    except Refusal as refusal:
        if refusal.code not in ("gone", "unavailable"):
            raise


def mark_done(house: House, errand: Errand[Effect], now: datetime) -> None:
    with house.database.writing() as opened:
        opened.execute(_marked_done(errand, now))


def _marked_done(errand: Errand[Effect], now: datetime) -> Update:
    """What staff have skipped meanwhile stays so."""
    mine = outbox.c.id == errand.id, outbox.c.status != "skipped"
    return update(outbox).where(*mine).values(status="done", done_at=now, error=None)

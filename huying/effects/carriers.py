"""Carrying out effects, whatever their kind: each at least once, and by its own key as if once.

What a visit waits for comes back to its issue as an event, with the effect's id as the request key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update, select, update

from definitions.model.reference import Reference, issue
from engine import Outcome, State
from engine.effect import Effect, Notify, OpenIssue, Publish, Register, Request, Tell
from engine.event import Absorb, Connect, Event, Result
from engine.refusal import Invalid, Refusal
from huying.connections.calls import call, connection
from huying.database.tables import issue_links, issues, outbox, stations
from huying.effects.failure import not_carried
from huying.files.entries import register
from huying.house.house import House
from huying.issues.decision import Also, change
from huying.issues.opening import open_issue
from huying.messages.tellings import tell
from huying.outbox.claims import Errand
from huying.publicity.publications import publish_text

__all__ = ["carry", "not_carried"]


def carry(house: House, errand: Errand[Effect], now: datetime) -> None:
    """Carry out one effect and mark it done; an exception means that it is to be tried again."""
    _CARRIERS[type(errand.effect)](house, errand, now)


def _request(house: House, errand: Errand[Request], now: datetime) -> None:
    effect = errand.effect
    to = connection(house, effect.connection)
    answer = call(to, effect.path, effect.send, f"huying-{errand.id}", now)
    _return(house, errand, Result(effect.visit, values=answer), "result", now)


def _open_issue(house: House, errand: Errand[OpenIssue], now: datetime) -> None:
    """Open the issue for the same reporter at the same station; values that its definition does not know are left out."""
    effect = errand.effect
    with house.database.reading() as opened:
        row = opened.execute(
            select(issues.c.reporter_id, stations.c.code)
            .join(stations, stations.c.id == issues.c.station_id)
            .where(issues.c.id == errand.issue_id)
        ).one()
    parent = issue(errand.issue_id)
    try:
        receipt = open_issue(
            house,
            definition=effect.definition,
            station=row.code,
            reporter=row.reporter_id,
            values={name: value for name, value in effect.values.items() if value is not None},
            request_id=f"effect-{errand.id}",
            now=now,
            channel="process",
            parent=parent if effect.visit is not None else None,
        )
    except Invalid as wrong:
        raise ValueError(f"{effect.definition}: {'; '.join(e['en'] for e in wrong.errors.values())}") from wrong
    other = issue(receipt.issue_id)
    if effect.visit is not None:
        event: Event = Result(effect.visit, called=other, ended=False)
    else:
        event = Connect("started", other)
        _to(house, receipt.issue_id, Connect("origin", parent), f"effect-{errand.id}-origin", now)
    _return(house, errand, event, "opened", now)


def _notify(house: House, errand: Errand[Notify], now: datetime) -> None:
    """Tell another issue: that the one it called has ended, that one was merged into it, or that one is linked with it."""
    effect = errand.effect
    other = Reference.parse(effect.issue).number
    this = issue(errand.issue_id)
    if effect.news == "ended":
        for visit in _calling(house, other, this):
            event = Result(visit, values=effect.values)
            _to(house, other, event, f"effect-{errand.id}", now)
    elif effect.news == "merged":
        _to(house, other, Absorb(this, effect.followers), f"effect-{errand.id}", now)
    else:
        _to(house, other, Connect(effect.relation, this), f"effect-{errand.id}", now)
    _done(house, errand, now)


def _calling(house: House, issue_id: int, called: str) -> list[int]:
    """The visits of an issue that wait for the issue that they called."""
    with house.database.reading() as opened:
        state: State = opened.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        child = opened.execute(
            select(issue_links.c.kind).where(
                issue_links.c.issue_id == issue_id, issue_links.c.other_id == Reference.parse(called).number
            )
        ).first()
    waiting = [visit.number for visit in state.visits if visit.called == called]
    if not waiting and child is None and state.status == "open":
        # the child was quicker than the news that it exists: that comes first
        raise RuntimeError(f"issue {issue_id} does not know yet that it called {called}")
    return waiting


def _return(house: House, errand: Errand[Effect], event: Event, what: str, now: datetime) -> None:
    """Tell the issue what came of its effect, and mark that done in the same transaction; or alone, where the issue needs it no more."""
    marked = False

    def also(opened: Connection, _outcome: Outcome) -> None:
        nonlocal marked
        opened.execute(_mark_done(errand, now))
        marked = True

    _to(house, errand.issue_id, event, f"effect-{errand.id}-{what}", now, also)
    if not marked:
        _done(house, errand, now)


def _to(house: House, issue_id: int, event: Event, request_id: str, now: datetime, also: Also | None = None) -> None:
    """Let an event happen to an issue; one that has moved on meanwhile needs it no more."""
    try:
        change(house, issue_id, event, actor_id=None, request_id=request_id, now=now, also=also)
    except Refusal as refusal:
        if refusal.code not in ("gone", "unavailable"):
            raise


def _done(house: House, errand: Errand[Effect], now: datetime) -> None:
    with house.database.writing() as opened:
        opened.execute(_mark_done(errand, now))


def _mark_done(errand: Errand[Effect], now: datetime) -> Update:
    """What staff have skipped meanwhile stays so."""
    mine = outbox.c.id == errand.id, outbox.c.status != "skipped"
    return update(outbox).where(*mine).values(status="done", done_at=now, error=None)


_CARRIERS: Mapping[type[Effect], Callable[[House, Errand[Any], datetime], Any]] = {
    Tell: tell,
    Register: register,
    Publish: publish_text,
    Request: _request,
    OpenIssue: _open_issue,
    Notify: _notify,
}

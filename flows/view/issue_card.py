"""The card of an issue, made from what the product says may be shown of it."""

from __future__ import annotations

from datetime import datetime

from definitions.text import words
from flows.view.card import CardMoment, IssueCard, Standing
from huying.console import Desk, staff_form
from huying.console.view import Showing, showing
from huying.house.house import House
from huying.issues.views.events import TimelineEntry
from huying.words.horizon import next_change
from huying.words.mask import mask
from huying.words.private_text import masked
from huying.words.stages import stage_title

_LANGUAGE = "zh"


def issue_card(house: House, issue_id: int, portal_url: str, now: datetime, desk: Desk | None = None) -> IssueCard:
    """The card of an issue at this moment, with what staff may do, by their ``desk`` if there is one; ``NotFound`` if there is no such issue."""
    seen = showing(house, issue_id, now, _LANGUAGE)
    record, standing = seen.record, seen.standing
    definition = record.definition
    running = {due.at: due for due in standing.dues if due.at is not None and due.paused_at is None}
    first = running[min(running)] if running else None
    changes = [next_change(at, record.process.calendar, now, due.begun) for at, due in running.items()]
    form = None if seen.incidents else staff_form(house, issue_id, desk, now)
    return IssueCard(
        number=record.number,
        subject=masked(record.subject),
        definition_title=words(definition.title, _LANGUAGE, definition.id),
        definition_key=definition.id,
        station=record.station_name,
        area=seen.area,
        stage=record.stage,
        stage_title=stage_title(record.stage, _LANGUAGE),
        step_keys=tuple(waiting.step for waiting in standing.waiting),
        step_titles=tuple(waiting.title for waiting in standing.waiting),
        waiting_for=tuple(waiting.whom for waiting in standing.waiting if waiting.whom),
        due=first.by if first else "",
        due_at=first.at if first else None,
        overdue=standing.overdue,
        due_soon=first is not None and first.tone in ("soon", "today"),
        paused="" if first else next((due.says for due in standing.dues if due.paused_at), ""),
        provisional=first is not None and first.provisional,
        changes_at=min((moment for moment in changes if moment), default=None),
        answerable=seen.answerable,
        status=_status(seen),
        resolution_title=standing.resolution or "",
        portal_url=f"{portal_url}/issues/{record.number}",
        version=record.state.version,
        timeline=tuple(_moment(happening) for happening in seen.timeline),
        form=form.schema if form else None,
        staff_to=form.waits if form else "",
        incidents=tuple(mask(one) for one in seen.incidents),
        deputy=seen.deputy,
        suspended=record.state.suspended,
    )


def _status(seen: Showing) -> Standing:
    if seen.record.state.status == "closed":
        return Standing.cancelled if seen.record.state.resolution == "cancelled" else Standing.closed
    return Standing.incident if seen.incidents else Standing.open


def _moment(happening: TimelineEntry) -> CardMoment:
    notes = [f"{note.title}：{note.text}" if note.title else note.text for note in happening.notes]
    return CardMoment(
        at=happening.when, who=happening.who, what=happening.what, note=masked("；".join([*notes, *happening.follows]))
    )

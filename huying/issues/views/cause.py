"""Why a task has come to somebody: what was written last, what was written before it, and whether the matter came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.model.reference import participant
from definitions.text import words
from engine.event import Act
from huying.database.tables import history, work_items
from huying.issues.record import Record
from huying.issues.views.events import TimelineEntry
from huying.issues.views.people import people
from huying.locale import translations

#: So many earlier replies stand beside the last one; the rest is in the course.
_EARLIER = 2
_MOST_PEOPLE = 8


@dataclass(frozen=True, slots=True)
class Cause:
    """``last`` is what the last person who acted wrote, if they wrote anything; ``earlier`` what others wrote before, the newest first.

    ``back``: it came back to a step in which it had been before theirs. ``round``: the how-manieth time it is there.
    """

    last: TimelineEntry | None
    earlier: tuple[TimelineEntry, ...]
    back: bool
    round: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who has to do with an issue: their part, their name, and their phone where it may be seen."""

    role: str
    name: str
    phone: str = ""


def cause_of(connection: Connection, issue_id: int, told: Sequence[TimelineEntry], item: Row[tuple[Any, ...]]) -> Cause:
    """Why this item was opened, as far as its reader may see the timeline."""
    w, h = work_items.c, history.c
    rows = connection.execute(select(w.number, w.step, w.visit).where(w.issue_id == issue_id).order_by(w.number)).all()
    step_of = {row.number: row.step for row in rows}
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.step, row.visit)
    rounds = {row.visit for row in rows if row.step == item.step and row.visit <= item.visit}
    acts = connection.execute(select(h.sequence, h.event).where(h.issue_id == issue_id, h.kind == "act"))
    steps = {row.sequence: step_of.get(row.event.item) for row in acts if isinstance(row.event, Act)}
    before = [entry for entry in told if entry.kind == "act" and entry.at <= item.opened_at]
    written = [entry for entry in before if entry.notes]
    last = before[-1] if before and before[-1].notes else None
    step = steps.get(last.sequence) if last else None
    return Cause(
        last=last,
        earlier=tuple(reversed([entry for entry in written if entry is not last][-_EARLIER:])),
        back=len(rounds) > 1 and step is not None and first[item.step] < first.get(step, 0),
        round=len(rounds),
    )


def contacts_of(
    connection: Connection, found: Record, reporter: str | None, values: Mapping[str, str], language: str
) -> tuple[Contact, ...]:
    """The reporter, if that may be known (``values`` are what may be seen), and whoever holds a role, by role and name."""
    state, definition = found.state, found.definition
    known = people(connection, {party for given in state.roles.values() for party in given}, language)
    seen: list[Contact] = []
    if reporter:
        phone = next(
            (values[name] for name, spec in definition.data.items() if spec.type == "phone" and name in values), ""
        )
        seen.append(Contact(translations(language).gettext("Reporter"), reporter, phone))
    own = participant(found.reporter_id)
    for role, parties in state.roles.items():
        title = words(definition.role_title(role), language, role)
        seen += [Contact(title, known.name(party)) for party in parties if party != own]
    return tuple({(one.role, one.name): one for one in seen}.values())[:_MOST_PEOPLE]

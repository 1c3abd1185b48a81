"""Putting incidents right: tried again, or gone on without; one, or many at once, with counts that add up."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, select, true

from definitions.model.reference import reference
from engine.event import Event, Skip, TryAgain
from engine.refusal import Invalid, NotAllowed, Refusal
from huying.access.viewer import Viewer, viewer
from huying.database.tables import incidents
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import happen
from huying.issues.incident_rows import end, free

_log = logging.getLogger("huying.incidents")
Do = Literal["retry", "skip"]
#: So many at once; the rest is asked for again.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Righted:
    """What became of a request about several: ``asked`` = ``done`` + ``refused`` + ``gone`` (closed, or somebody else's, meanwhile).

    Of a retry, ``done`` are those tried again; whether they are fixed is known only once they have succeeded. ``refusals`` say why, by incident.
    """

    asked: int
    done: int
    refused: int
    gone: int
    refusals: dict[int, str]


@dataclass(frozen=True, slots=True)
class Became:
    """How several incidents stand now: ``asked`` is the sum of the others.

    ``failing``: not put right, because they failed again, or were not tried; ``running``: being tried; ``skipped``: over without having been
    carried out, whoever saw to that; ``unknown``: there are none such, or somebody else looks after them.
    """

    asked: int
    fixed: int
    failing: int
    running: int
    skipped: int
    unknown: int


def became(house: House, which: Sequence[int], actor_id: int) -> Became:
    """What has become of incidents that were tried again or skipped."""
    wanted = list(dict.fromkeys(which))[:MOST]
    with house.database.reading() as connection:
        mine = incidents.c.id.in_(wanted), looked_after(viewer(connection, actor_id))
        rows = connection.execute(select(incidents.c.status, incidents.c.outcome).where(*mine)).all()
    fixed = sum(row.outcome == "fixed" for row in rows)
    failing = sum(row.status == "open" for row in rows)
    running = sum(row.status == "retrying" for row in rows)
    skipped = len(rows) - fixed - failing - running
    return Became(len(wanted), fixed, failing, running, skipped, len(wanted) - len(rows))


def right(house: House, which: Sequence[int], do: Do, reason: str, by: By) -> Righted:
    """Try incidents again, or go on without what failed; staff do, each for what they look after. ``Invalid`` for a skip without a reason."""
    wanted = list(dict.fromkeys(which))[:MOST]
    if do == "skip" and not reason.strip():
        raise Invalid({"reason": {"zh": "请写明跳过的理由。", "en": "Please say why it is skipped."}})
    with house.database.reading() as connection:
        person = viewer(connection, by.somebody)
        if not person.staff:
            raise NotAllowed
        query = select(incidents).where(
            incidents.c.id.in_(wanted), incidents.c.status != "closed", looked_after(person)
        )
        found = connection.execute(query.order_by(incidents.c.id)).all()
    done, refusals = 0, dict[int, str]()
    for row in found:
        try:
            _right_one(house, row, do, reason.strip(), by.part(f"-{row.id}"))
            done += 1
        except Refusal as refusal:
            refusals[row.id] = f"{refusal.message['zh']} {refusal.message['en']}"
        # an issue that no event can move must not keep the others from being put right
        except Exception as error:
            _log.exception("incident %s", row.id)
            why = type(error).__name__
            refusals[row.id] = (
                f"事项本身出错，须由管理员处理（{why}）。 The issue itself is broken; an administrator is needed."
            )
    return Righted(len(wanted), done, len(refusals), len(wanted) - len(found), refusals)


def looked_after(person: Viewer) -> ColumnElement[bool]:
    """The incidents that somebody looks after: those of their stations; the office all of them."""
    return true() if person.office else incidents.c.station_id.in_(person.stations)


def _right_one(house: House, row: Row[Any], do: Do, reason: str, by: By) -> None:
    """By the kernel, so that it stands in the history with who did it and why, even of a closed issue; what is about none has but its row."""
    # a deadline goes on being tried by itself: to have it tried sooner is no event of the issue, which may be what is broken
    if row.issue_id and not (row.what == "timer" and do == "retry"):
        event = _event(row, do, reason)
        happen(house, row.issue_id, event, by)
        return
    with house.database.writing() as connection:
        if do == "retry":
            free(connection, row, by.now)
        else:
            end(connection, row, "skipped", by.now, by.person, reason)


def _event(row: Row[Any], do: Do, reason: str) -> Event:
    if row.visit is not None:
        return TryAgain(row.visit, reason) if do == "retry" else Skip(row.visit, reason)
    thing = reference(row.what, row.what_id)
    if do == "retry":
        return TryAgain(0, reason, thing)
    return Skip(0, reason, thing, row.what_id if row.what == "timer" else 0)

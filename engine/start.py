"""Opening an issue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from definitions.forms import form
from engine.change import FollowersJoined, Linked, Opened
from engine.directory import Directory
from engine.draft import Draft
from engine.evolve import EMPTY
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Invalid
from engine.rules.entry import enter
from engine.rules.limits import settle_limits
from engine.rules.uniqueness import refuse_taken, taken
from engine.rules.voice import refuse_strangers
from engine.state import Facts, Link, Party


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody reports: at which station (reference and code), who, and the answers of the form as entered.

    ``sequence`` is the running number that the pattern ``number`` of the definition may use; ``industry`` is the station's; ``parent`` the issue
    (a reference) that calls this one; ``taken_by`` whoever enters it for the reporter. ``before``: what stands before the number.
    """

    station: int
    station_code: str
    reporter: Party
    sequence: int
    values: Mapping[str, Any]
    industry: str | None = None
    channel: str = "web"
    parent: str | None = None
    followers: tuple[Party, ...] = ()
    taken_by: Party | None = None
    before: str = ""


def start(process: Process, opening: Opening, now: datetime, directory: Directory) -> Outcome:
    """Open an issue and lead it to its first waiting step; ``Invalid`` when the form has errors."""
    definition = process.definition
    checked = form.check(
        definition.entered,
        opening.values,
        required=False,
        known=directory.known,
        data={} if form.alone(definition.entered) else {"today": process.today(now)},
        resolve=directory.resolve,
    )
    if checked.errors:
        raise Invalid(checked.errors)
    return begin(process, msgspec.structs.replace(opening, values=checked.values), now, directory)


def begin(process: Process, opening: Opening, now: datetime, directory: Directory) -> Outcome:
    """The same with answers that were checked."""
    draft = Draft(process, EMPTY, now, directory)
    draft.record(Opened(facts_of(process, opening, now)))
    if opening.taken_by is not None:
        refuse_strangers(draft, frozenset({opening.taken_by}))
    draft.refuse_vacant(opening.values)
    draft.fill(opening.values)
    if opening.parent:
        draft.record(Linked(Link(kind="parent", issue=opening.parent)))
    if opening.followers:
        draft.record(FollowersJoined(opening.followers))
    draft.tell("opened", (opening.reporter,))
    enter(draft, process.definition.start)
    settle_limits(draft)
    if process.definition.unique:
        refuse_taken(process, taken(process, EMPTY, draft.state, directory.books))
    return draft.outcome()


def facts_of(process: Process, opening: Opening, now: datetime) -> Facts:
    """What is settled when an issue is opened."""
    return Facts(
        number=_number(process, opening, now),
        station=opening.station,
        reporter=opening.reporter,
        opened_at=now,
        station_code=opening.station_code,
        industry=opening.industry,
        channel=opening.channel,
        parent=opening.parent,
        taken_by=opening.taken_by,
    )


def _number(process: Process, opening: Opening, now: datetime) -> str:
    local = now.astimezone(process.calendar.zone)
    context = {"station": {"code": opening.station_code}, "year": local.year, "sequence": opening.sequence}
    return opening.before + process.definition.number.render(context)

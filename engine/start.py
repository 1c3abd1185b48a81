"""Opening an issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions import form
from engine.change import Filled, Opened
from engine.directory import Directory
from engine.draft import Draft
from engine.entering import enter
from engine.evolve import EMPTY
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Invalid
from engine.state import Facts, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What somebody reports: at which station (reference and code), who, and the answers of the form as entered.

    ``sequence`` is the running number that the pattern ``number`` of the definition may use.
    """

    station: int
    station_code: str
    reporter: Party
    sequence: int
    values: Mapping[str, Any]


def start(process: Process, opening: Opening, now: datetime, directory: Directory) -> Outcome:
    """Open an issue and lead it to its first waiting step; ``Invalid`` when the form has errors."""
    definition = process.definition
    checked = form.check(definition.fields, opening.values, required=False, known=directory.known)
    if checked.errors:
        raise Invalid(checked.errors)
    draft = Draft(process, EMPTY, now, directory)
    facts = Facts(
        number=_number(process, opening, now), station=opening.station, reporter=opening.reporter, opened_at=now
    )
    draft.record(Opened(facts))
    draft.record(Filled(checked.values))
    draft.tell("opened", (opening.reporter,))
    enter(draft, definition.start)
    return draft.outcome()


def _number(process: Process, opening: Opening, now: datetime) -> str:
    local = now.astimezone(process.calendar.zone)
    context = {"station": {"code": opening.station_code}, "year": local.year, "sequence": opening.sequence}
    return process.definition.number.render(context)

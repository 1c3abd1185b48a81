"""Opening the issue by which a closed one becomes a public case: by whichever process in force publishes what it tells of another issue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from definitions.model.definition import Definition
from definitions.model.steps.publish import PublishStep
from definitions.text import words
from engine.refusal import NotAllowed, Unavailable
from huying.access.viewer import Look, viewer
from huying.database.tables import stations
from huying.house.house import House
from huying.issues.decision import Receipt
from huying.issues.opening import Report, open_issue
from huying.issues.record import record
from huying.issues.sight import sight
from huying.processes.view import definitions_in_force
from huying.publicity.view import public_of

_RESIDENT = "citizen"


def case_process(house: House, about: Definition, kind: str, language: str, now: datetime) -> Definition | None:
    """The process by which a participant of a kind makes an issue (by the definition ``about``) public with its reporter's consent; ``None`` if none
    is in force, or if such issues are no resident's, or tell of another themselves.
    """
    if (about.opened_by and _RESIDENT not in about.opened_by) or _told_by(about) is not None:
        return None
    for line in definitions_in_force(house, language, now, kind):
        definition = house.processes.process(house.processes.in_force(line.key, now).id).definition
        if _told_by(definition) is not None:
            return definition
    return None


def open_case(house: House, issue_id: int, look: Look, request_id: str) -> Receipt:
    """Open it for whoever looks. ``NotAllowed`` if they see the issue only from outside, or no process lets them; ``Unavailable`` if it is public."""
    with house.database.reading() as connection:
        about = record(house, connection, issue_id, look.language)
        person = viewer(connection, look.person)
        seen = sight(connection, person, about)
        code = connection.execute(select(stations.c.code).where(stations.c.id == about.station_id)).scalar_one()
    definition = case_process(house, about.definition, person.kind, look.language, look.now)
    named = _told_by(definition) if definition is not None else None
    if definition is None or named is None or not seen.inside or look.by_code:
        raise NotAllowed
    if public_of(house, issue_id):
        raise Unavailable("这件事已经公开了。", "This issue is public already.")
    title = next((name for name, field in definition.entered.items() if field.type == "text" and field.open), None)
    values = {named: about.number, **({title: about.subject} if title else {})}
    report = Report(definition=definition.id, station=code, reporter=look.person, values=values)
    return open_issue(house, report, request_id=request_id, now=look.now)


def case_title(house: House, version: int, kind: str, language: str, now: datetime) -> str:
    """What the process is called by which an issue of a version can become public; empty if there is none for a participant of this kind."""
    definition = case_process(house, house.processes.process(version).definition, kind, language, now)
    return words(definition.title, language, definition.id) if definition is not None else ""


def _told_by(definition: Definition) -> str | None:
    """The field that names the issue which a definition makes public."""
    steps = (step for step in definition.steps.values() if isinstance(step, PublishStep))
    return next((step.publish.of for step in steps if step.publish.of in definition.entered), None)

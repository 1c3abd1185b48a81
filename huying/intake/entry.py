"""Entering at the desk what a resident says: the issue is theirs, and what is done at once with it is done in the same breath."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from definitions.forms.form import check
from definitions.model.reference import participant
from engine import Process
from engine.refusal import Invalid
from engine.rules.actions import form_of
from huying.channels.offered import assure_may_use
from huying.database.tables import candidates, work_items
from huying.house.by import By
from huying.house.house import House
from huying.intake.desk import first_actions, first_tasks
from huying.issues.consent import Consent, lacking
from huying.issues.decision import Receipt
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter, contact_fields
from huying.register.directory import RegisterDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a resident told on which ``channel``, as entered; ``action`` is what is done with it at once, with ``answers`` to its form;
    ``consent``: to the notice that was read to them. ``email``: from where they wrote, ``proved`` if that is certain.
    """

    definition: str
    station: str
    channel: str
    name: str
    phone: str
    values: Mapping[str, Any]
    action: str = ""
    answers: Mapping[str, Any]
    consent: Consent | None = None
    email: str = ""
    proved: bool = False


def answer_to(action: str, name: str) -> str:
    """Under which name the desk's form keeps what an action asks for, apart from what the issue asks for."""
    return f"on-{action}.{name}"


def enter(house: House, told: Told, by: By) -> Receipt:
    """Open the issue, and take the action; ``Invalid`` names everything that is wrong with either, before anything is written."""
    channel = assure_may_use(house, by.somebody, told.channel)
    process = house.processes.process(house.processes.in_force(told.definition, by.now).id)
    errors = _errors(house, process, told, by)
    if errors:
        raise Invalid(errors)
    report = Report(
        definition=told.definition,
        station=told.station,
        reporter=NewReporter(name=told.name or None, phone=told.phone or None, email=told.email or None),
        values=told.values,
        channel=channel.channel,
        taken_by=by.somebody,
        consent=told.consent,
        confirmed=told.proved,
    )
    receipt = open_issue(house, report, request_id=by.request_id or "", now=by.now)
    item = _first_item(house, receipt.issue_id, by.somebody, first_tasks(process)) if told.action else None
    if item is not None:
        return act(house, receipt.issue_id, item, told.action, told.answers, by.part("-at-once"))
    return receipt


def _errors(house: House, process: Process, told: Told, by: By) -> dict[str, Mapping[str, str]]:
    """What is wrong with the matter, with what is said of the resident, and with the form of the action."""
    definition = process.definition
    action = first_actions(process).get(told.action)
    with house.database.reading() as connection:
        directory = RegisterDirectory(connection, process.calendar, by.now, files=house.store)

        def wrong(fields: Mapping[str, Any], values: Mapping[str, Any], *, required: bool) -> Mapping[str, Any]:
            return check(
                fields,
                values,
                required=required,
                known=directory.known,
                data={"today": process.today(by.now), **told.values},
                resolve=directory.resolve,
            ).errors

        errors = dict(wrong(definition.entered, told.values, required=False))
        asked = contact_fields(definition)
        said = {name: entry for name, entry in (("name", told.name), ("phone", told.phone)) if name in asked}
        errors |= wrong(asked, said, required=False)
        if told.consent is not None:
            errors |= lacking(told.consent, definition, told.values)
        if action is not None:
            form = form_of(definition.fields, action)
            found = wrong(form, told.answers, required=True)
            errors |= {answer_to(told.action, name): message for name, message in found.items()}
    return errors


def _first_item(house: House, issue_id: int, person: int, steps: Collection[str]) -> int | None:
    """The task with which it begins, if it is this person's."""
    query = (
        select(work_items.c.number)
        .join(candidates, (candidates.c.issue_id == work_items.c.issue_id) & (candidates.c.item == work_items.c.number))
        .where(
            work_items.c.issue_id == issue_id,
            work_items.c.step.in_(steps),
            work_items.c.status == "open",
            candidates.c.party == participant(person),
        )
    )
    with house.database.reading() as connection:
        found: int | None = connection.execute(query).scalar()
    return found

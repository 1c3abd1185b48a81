"""Giving by hand what a failed call should have brought: the issue goes on with it, and its history says by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from definitions.model.field import Field
from definitions.model.step import OutsideStep
from engine import Process
from engine.event import Supply
from engine.rules.outside import supplied
from huying.access.viewer import viewer
from huying.database.tables import incidents
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.incidents.remedy import looked_after
from huying.issues.decision import Receipt
from huying.issues.deeds import happen


def supply(house: House, incident_id: int, values: Mapping[str, Any], reason: str, by: By) -> Receipt:
    """Give the values by field; ``Invalid`` names what is wrong with them.

    ``NotFound`` is for what no step waits for, what is being tried again, and what somebody else looks after.
    """
    with house.database.reading() as connection:
        mine = (
            incidents.c.id == incident_id,
            incidents.c.status == "open",
            looked_after(viewer(connection, by.somebody)),
        )
        row = connection.execute(select(incidents).where(*mine, incidents.c.visit.is_not(None))).one_or_none()
    if row is None:
        raise NotFound(
            "没有等待答复的受阻事项，或者您不能处理。",
            "There is no such incident that waits for an answer, or it is not yours.",
        )
    event = Supply(row.visit, dict(values), reason)
    return happen(house, row.issue_id, event, by)


def asked(process: Process, step: str) -> Mapping[str, Field]:
    """The fields whose values can be given in the stead of what a step calls; none for other steps."""
    found = process.definition.steps.get(step)
    if not isinstance(found, OutsideStep):
        return {}
    return {name: process.definition.data[name] for name in supplied(found) if name in process.definition.data}

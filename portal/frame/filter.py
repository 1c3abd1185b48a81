"""What the address of a list says that it is narrowed to, and the address that says it; an unknown word narrows nothing."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from pydantic import BaseModel

from huying.issues.urgency import URGENCIES
from huying.issues.views.filter import Filter


class Narrowing(BaseModel):
    """What an address says, in its own words; ``overdue=true`` is the older word for ``due=overdue``."""

    station: str = ""
    region: str = ""
    definition: str = ""
    stage: str = ""
    status: str = ""
    due: str = ""
    overdue: bool = False
    cared_for: bool = False


def wanted(said: Annotated[Narrowing, Query()]) -> Filter:
    """The filter of a page's address."""
    due = "overdue" if said.overdue and not said.due else said.due
    return Filter(
        station=said.station,
        region=said.region,
        definition=said.definition,
        stage=said.stage,
        status=said.status,
        due=next((known for known in URGENCIES if known == due), None),
        cared_for=said.cared_for,
    )


def query_of(filter_: Filter, **more: str | None) -> str:
    """The query string of a filter, without the page that is shown; what is not narrowed is left out."""
    said = {field.name: getattr(filter_, field.name) for field in fields(Filter) if field.name != "before"} | more
    return urlencode({name: "true" if value is True else value for name, value in said.items() if value})


Wanted = Annotated[Filter, Depends(wanted)]

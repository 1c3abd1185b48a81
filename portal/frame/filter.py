"""What the address of a list says that it is narrowed to, and the address that says it; an unknown word narrows nothing."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends

from huying.issues.urgency import URGENCIES
from huying.issues.views.list import Filter


def wanted(
    station: str = "",
    region: str = "",
    definition: str = "",
    stage: str = "",
    status: str = "",
    due: str = "",
    overdue: bool = False,
    cared_for: bool = False,
) -> Filter:
    """The filter of a page's address; ``overdue=true`` is the older word for ``due=overdue``."""
    if overdue and not due:
        due = "overdue"
    return Filter(
        station=station,
        region=region,
        definition=definition,
        stage=stage,
        status=status,
        due=next((known for known in URGENCIES if known == due), None),
        cared_for=cared_for,
    )


def query_of(filter_: Filter, **more: str | None) -> str:
    """The query string of a filter, without the page that is shown; what is not narrowed is left out."""
    said = {field.name: getattr(filter_, field.name) for field in fields(Filter) if field.name != "before"} | more
    return urlencode({name: "true" if value is True else value for name, value in said.items() if value})


Wanted = Annotated[Filter, Depends(wanted)]

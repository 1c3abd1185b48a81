"""What the address of a list says."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from huying.issues.views.filter import Filter
from huying.workbench.query import filter_of


def wanted(request: Request) -> Filter:
    """The filter of a page's address; an unknown word narrows nothing."""
    return filter_of(dict(request.query_params))


Wanted = Annotated[Filter, Depends(wanted)]

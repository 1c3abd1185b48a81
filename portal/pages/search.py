"""Searching all issues that somebody may see: as one types where scripts run, by a button where they do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from huying.search.view import Asker, search
from portal.frame.filter import Wanted
from portal.frame.reception import SignedIn
from portal.frame.right import OWN

router = APIRouter(dependencies=[OWN])


@router.get("/search")
def find(at: SignedIn, wanted: Wanted, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What is found, the surest first."""
    who = Asker(at.somebody.participant_id, at.language, at.now)
    # a list takes the same word for a part of its subjects
    narrowed = replace(wanted, words=None)
    return at.page("search.html", sought=q.strip(), found=search(at.house, who, q, narrowed))

"""Searching all issues that the caller may see."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from definitions.model.step import Stage
from huying.issues.urgency import Urgency
from huying.issues.views.filter import Filter
from huying.search.view import MOST, Asker, Found, search
from portal.api.caller import Caller, Language
from portal.api.keys import by_key
from portal.frame.here import Here
from portal.frame.right import OWN

router = APIRouter(tags=["issues"], dependencies=[OWN, by_key("issues:read")])


class Searched(BaseModel):
    """What is looked for: ``q`` as somebody types it; the others narrow it as they do a list."""

    q: Annotated[str, Field(max_length=200)]
    station: str | None = None
    region: str | None = None
    definition: str | None = None
    stage: Stage | None = None
    status: Literal["open", "closed"] | None = None
    due: Urgency | None = None
    cared_for: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST)] = 20


@router.get("/search")
def search_issues(here: Here, language: Language, caller: Caller, wanted: Annotated[Searched, Query()]) -> Found:
    """The issues that answer a question: by number, words, place, reporter, telephone or initials, the surest first.

    What only some may read is searched for those alone, and written down.
    """
    filters = Filter(**wanted.model_dump(exclude={"q", "limit"}))
    return search(here.house, Asker(caller, language, here.clock()), wanted.q, filters, wanted.limit)

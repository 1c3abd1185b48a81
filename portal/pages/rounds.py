"""A round of several households: their tasks on one page, so that notes can be taken where there is no connection, and sent one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from huying.errors import NotFound
from huying.issues.views.choices import choices
from huying.issues.views.task import TaskView, task_view
from huying.issues.views.tasks import my_tasks
from portal.frame.door import Door
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN

router = APIRouter(dependencies=[OWN])

#: Nobody visits more households in one go, and no page of forms is longer.
MOST = 20


@dataclass(frozen=True, slots=True)
class RoundTask:
    """One task of a round, with the names that its forms offer."""

    task: TaskView
    door: Door
    names: Mapping[str, str]


@router.get("/tasks/round")
def round_of(at: SignedIn, task: Annotated[list[str] | None, Query(max_length=200)] = None) -> Response:
    """The tasks of a round (``task=ISSUE-ITEM``, several times); without any, one's own to choose from."""
    visits = tuple(_visits(at, task or []))
    lines = () if visits else my_tasks(at.house, at.somebody.participant_id, at.language, at.now)
    return at.page(
        "round.html",
        visits=visits,
        lines=lines,
        most=MOST,
        gone=bool(task) and not visits,
        tried=None,
        entered={},
        errors={},
        told="",
    )


def _visits(at: Reception, said: list[str]) -> Iterator[RoundTask]:
    """What is still to be done of them; what is over or not theirs is left out."""
    for one in dict.fromkeys(said[:MOST]):
        issue, _, item = one.partition("-")
        if not (_number(issue) and _number(item)):
            continue
        door = Door(at.somebody.participant_id, int(issue), "session")
        try:
            seen = task_view(at.house, int(issue), int(item), door.look(at.language, at.now))
        except NotFound:
            continue
        if seen.over or not seen.actions:
            continue
        asked = tuple(field for action in seen.actions for field in action.fields.values())
        yield RoundTask(seen, door, choices(at.house, asked, at.language))


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10

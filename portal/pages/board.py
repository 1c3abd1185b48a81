"""The board of deadlines, and the circular that is printed from it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.figures.board import board, circular
from huying.issues.urgency import urgency_titles
from huying.issues.views.filter import Filter
from huying.processes.view import definitions_in_force
from huying.words.moments import date_words
from huying.workbench.query import query_of
from portal.frame.reception import SignedIn
from portal.frame.right import needs

router = APIRouter(dependencies=[needs("look after issues")])
#: So many stations at most stand on the page at once.
UNFOLDED = 40


@router.get("/board")
def deadlines(at: SignedIn, definition: str = "", region: str = "") -> Response:
    """The figures, each of which leads to the list of what was counted; many stations are folded by district, but for one district."""
    seen = board(at.house, at.somebody.participant_id, at.language, at.now, definition)
    return at.page(
        "board.html",
        board=seen,
        titles=urgency_titles(at.language),
        definitions={line.key: line.title for line in definitions_in_force(at.house, at.language, at.now)},
        definition=definition,
        folds=sum(len(one.stations) for one in seen.regions) > UNFOLDED,
        unfolded=region,
        query_of=query_of,
        counted=Filter(definition=definition, status="open", cared_for=True),
    )


@router.get("/board/circular")
def named(at: SignedIn, definition: str = "") -> Response:
    """The paper that names what is long overdue."""
    person, now = at.somebody.participant_id, at.now
    seen = circular(at.house, person, at.language, now, definition)
    titles = {line.key: line.title for line in definitions_in_force(at.house, at.language, at.now)}
    today = now.astimezone(at.house.zone).date()
    return at.page(
        "circular.html", board=seen, definition=titles.get(definition, ""), today=date_words(today, at.language)
    )

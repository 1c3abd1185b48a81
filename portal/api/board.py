"""The board of deadlines, for programs that make reports of it."""

from __future__ import annotations

from fastapi import APIRouter

from huying.figures.board import Board, board
from portal.api.caller import Caller, Language
from portal.api.keys import by_key
from portal.api.right import needs
from portal.frame.here import Here

router = APIRouter(tags=["board"], dependencies=[needs("look after issues"), by_key("figures:read")])


@router.get("/board")
def get_board(here: Here, language: Language, caller: Caller, definition: str | None = None) -> Board:
    """How many issues of the caller's stations are due, late or standing, by district and station; the oldest 20 of the late ones.

    ``GET /issues?cared_for=true&due=…`` with ``region``, ``station`` and ``definition`` lists what each figure counts.
    """
    return board(here.house, caller, language, here.clock(), definition)

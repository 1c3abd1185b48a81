"""The definitions in force, for everybody to read: how the house works, in words and as a diagram."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from huying.processes.view import definition_in_force, definitions_in_force
from portal.diagram.drawing import diagram
from portal.frame.reception import Received
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])


@router.get("/definitions")
def definitions(at: Received) -> Response:
    """All of them."""
    return at.page("definitions.html", definitions=definitions_in_force(at.house, at.language, at.now))


@router.get("/definitions/{key}")
def definition(at: Received, key: str) -> Response:
    """One, step by step."""
    view = definition_in_force(at.house, key, at.language, at.now)
    # our own drawing of a checked definition, with every text in it escaped
    picture = Markup(diagram(view.definition, at.language))
    return at.page("definition.html", view=view, picture=picture)

"""The definitions in force, for everybody to read: how the house works, in words and as a diagram."""

from __future__ import annotations

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from huying.processes.view import definition_in_force, definitions_in_force
from portal.diagram.drawing import diagram
from portal.frame.here import Here
from portal.frame.page import page
from portal.frame.reader import Reading

router = APIRouter()


@router.get("/definitions")
def definitions(request: Request, here: Here, reading: Reading) -> Response:
    """All of them."""
    return page(
        request,
        reading,
        "definitions.html",
        definitions=definitions_in_force(here.house, reading.language, here.clock()),
    )


@router.get("/definitions/{key}")
def definition(request: Request, here: Here, reading: Reading, key: str) -> Response:
    """One, step by step."""
    view = definition_in_force(here.house, key, reading.language, here.clock())
    # our own drawing of a checked definition, with every text in it escaped
    picture = Markup(diagram(view.definition, reading.language))
    return page(request, reading, "definition.html", view=view, picture=picture)

"""What can be reported, where, and with which form."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from definitions.forms.schema import form_schema
from huying.issues.views.choices import choices
from huying.processes.view import DefinitionLine, StepLine, definition_in_force, definitions_in_force
from huying.register.view import StationLine, departments, station_list
from portal.api.caller import Language
from portal.diagram.drawing import diagram
from portal.frame.here import Here
from portal.frame.right import PUBLIC

router = APIRouter(tags=["definitions"], dependencies=[PUBLIC])


class DefinitionAnswer(BaseModel):
    """A definition in force, its steps, and the JSON Schema of its report form."""

    definition: DefinitionLine
    steps: tuple[StepLine, ...]
    form: dict[str, Any]


@router.get("/definitions")
def list_definitions(here: Here, language: Language) -> tuple[DefinitionLine, ...]:
    """The definitions in force."""
    return definitions_in_force(here.house, language, here.clock())


@router.get("/definitions/{key}")
def get_definition(here: Here, language: Language, key: str) -> DefinitionAnswer:
    """One definition in force."""
    view = definition_in_force(here.house, key, language, here.clock())
    known = choices(here.house, view.definition.entered.values(), language, public=True)
    form = form_schema(view.definition.entered, language, known, required=False)
    return DefinitionAnswer(definition=view.line, steps=view.steps, form=form)


@router.get("/definitions/{key}/diagram.svg", response_class=Response)
def get_diagram(here: Here, language: Language, key: str) -> Response:
    """The definition as a drawing."""
    picture = diagram(definition_in_force(here.house, key, language, here.clock()).definition, language)
    return Response(picture, media_type="image/svg+xml")


@router.get("/stations")
def list_stations(here: Here, language: Language) -> tuple[StationLine, ...]:
    """The stations at which something can be reported."""
    return station_list(here.house, language)


@router.get("/departments")
def list_departments(here: Here, language: Language) -> dict[str, str]:
    """The departments in service: names by reference."""
    return dict(departments(here.house, language))

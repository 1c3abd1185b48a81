"""What can be reported, where, and with which form."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from definitions.forms.schema import form_schema
from huying.issues.views.choices import choices
from huying.privacy.collection import collection_notice
from huying.processes.view import DefinitionLine, StepLine, definition_in_force, definitions_in_force
from huying.register.view import StationLine, departments, station_list
from portal.api.caller import KnownCaller, Language
from portal.diagram.drawing import diagram
from portal.frame.here import Here
from portal.frame.right import PUBLIC

router = APIRouter(tags=["definitions"], dependencies=[PUBLIC])


class NoticeAnswer(BaseModel):
    """What whoever fills in the form is told about their data; ``digest`` names this very text in ``consent``; ``sensitive``: to which fields one
    agrees apart.
    """

    digest: str
    text: str
    sensitive: tuple[str, ...]


class DefinitionAnswer(BaseModel):
    """A definition in force, its steps, the JSON Schema of its report form, and the notice that stands at it (none where nothing is personal)."""

    definition: DefinitionLine
    steps: tuple[StepLine, ...]
    form: dict[str, Any]
    notice: NoticeAnswer | None


@router.get("/definitions")
def list_definitions(here: Here, language: Language) -> tuple[DefinitionLine, ...]:
    """The definitions in force."""
    return definitions_in_force(here.house, language, here.clock())


@router.get("/definitions/{key}")
def get_definition(here: Here, language: Language, caller: KnownCaller, key: str) -> DefinitionAnswer:
    """One definition in force."""
    view = definition_in_force(here.house, key, language, here.clock())
    known = choices(here.house, view.definition.entered.values(), language, public=True)
    form = form_schema(view.definition.entered, language, known, required=False)
    notice = collection_notice(here.house, view.definition, language, guest=caller is None)
    told = NoticeAnswer(digest=notice.digest, text=notice.text, sensitive=notice.sensitive) if notice else None
    return DefinitionAnswer(definition=view.line, steps=view.steps, form=form, notice=told)


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

"""Services and what each asks for."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from huying.open311.services import Attribute, Service, attributes, service_of, services
from portal.api.caller import Language
from portal.frame.cache import assure_moderate_guest
from portal.frame.here import Here
from portal.frame.right import PUBLIC
from portal.open311.answer import Format, Value, answer
from portal.open311.discovery import Jurisdiction


def moderate(request: Request, here: Here) -> None:
    """``TooOften`` if one network reads more than people do; services are the same for all, with a key or without."""
    assure_moderate_guest(request, here, here.clock())


router = APIRouter(dependencies=[PUBLIC, Depends(moderate)])


@router.get("/services.{form}")
def list_services(here: Here, language: Language, form: Format, ours: Jurisdiction) -> Response:
    """The services."""
    return answer(form, "services", [_service(one) for one in services(here.house, language, here.clock())])


@router.get("/services/{code}.{form}")
def get_service(here: Here, language: Language, code: str, form: Format, ours: Jurisdiction) -> Response:
    """What a service asks for."""
    definition = service_of(here.house, code, here.clock())
    asked = attributes(here.house, definition, language)
    told: list[Value] = [_attribute(order, one) for order, one in enumerate(asked, 1)]
    return answer(form, "service_definition", {"service_code": code, "attributes": told})


def _service(one: Service) -> Value:
    return {
        "service_code": one.code,
        "service_name": one.name,
        "description": one.description,
        "metadata": one.metadata,
        "type": "realtime",
        "keywords": "",
        "group": one.group,
    }


def _attribute(order: int, one: Attribute) -> Value:
    return {
        "variable": True,
        "code": one.code,
        "datatype": one.datatype,
        "required": one.required,
        "datatype_description": one.hint,
        "order": order,
        "description": one.description,
        "values": [{"key": key, "name": name} for key, name in one.values],
    }

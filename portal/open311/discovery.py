"""Where the interface is, and how a key is had."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from definitions.text import Said
from huying.errors import NotFound
from portal.api.caller import Language
from portal.frame.here import Here
from portal.frame.right import PUBLIC
from portal.open311.answer import Format, answer

router = APIRouter(dependencies=[PUBLIC])
_KEYS = Said("密钥由本单位管理员在“接口密钥”里开具。", "Keys are made by the office's administrator.")
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def jurisdiction(here: Here, jurisdiction_id: str | None = None) -> None:
    """This house has one jurisdiction: its own host. ``NotFound`` for another one."""
    if jurisdiction_id:
        assure_ours(here.config.portal_url, jurisdiction_id)


def assure_ours(portal_url: str, named: str) -> None:
    """``NotFound`` unless it is the house's own host."""
    host = portal_url.partition("://")[2].partition("/")[0].partition(":")[0]
    if named.lower() != host.lower():
        raise NotFound(
            f"没有辖区“{named}”，这里是“{host}”。", f"jurisdiction_id “{named}” was not found; this is “{host}”"
        )


Jurisdiction = Annotated[None, Depends(jurisdiction)]


@router.get("/discovery.{form}")
def discover(here: Here, language: Language, form: Format) -> Response:
    """The interface as the standard describes one."""
    base = f"{here.config.portal_url}/open311/v2"
    return answer(
        form,
        "discovery",
        {
            "changeset": here.clock().astimezone(here.house.zone),
            "contact": here.config.portal_url,
            "key_service": _KEYS.of(language),
            "endpoints": [
                {
                    "specification": _SPECIFICATION,
                    "url": base,
                    "changeset": here.clock().astimezone(here.house.zone),
                    "type": "production",
                    "formats": ["text/xml", "application/json"],
                }
            ],
        },
    )

"""Signs of life for the supervisor and for monitoring: alive, ready, and the figures. None of them waits for a database that hangs."""

from __future__ import annotations

import asyncio
import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response

from huying.telemetry.database_figures import exposition
from huying.telemetry.readiness import verdict
from huying.telemetry.vitals import dispatchers, health
from portal.frame.here import Here, portal
from portal.frame.network import on_this_machine
from portal.frame.right import OWN, PUBLIC

router = APIRouter()


@router.get("/healthz", dependencies=[PUBLIC])
def healthz(here: Here) -> JSONResponse:
    """200 when all parts are ready, else 503 with what keeps each from it."""
    parts = health(here.house, here.config.prefect_api_url, here.clock(), here.config.prefect_auth)
    ready = not any(parts.values())
    # without a database there is nobody to be counted
    well = len(dispatchers(here.house, here.clock())) if parts["portal"] is None else 0
    return JSONResponse({"ready": ready, "parts": parts, "dispatchers": well}, status_code=200 if ready else 503)


@router.get("/livez", dependencies=[PUBLIC])
async def livez() -> JSONResponse:
    """200 while this process answers at all; who gets no answer should start it again."""
    return JSONResponse({"alive": True})


@router.get("/readyz", dependencies=[PUBLIC])
async def readyz(request: Request, exclude: Annotated[list[str] | None, Query()] = None) -> JSONResponse:
    """200 when the database answers, its tables are this program's and the dispatcher was heard of; else 503. ``exclude`` leaves parts out."""
    # not by a dependency: those wait for a thread, and while the database hangs there is none
    status, body = verdict(await portal(request).readiness.parts(), frozenset(exclude or ()))
    return JSONResponse(body, status_code=status)


async def metrics_door(request: Request) -> None:
    """Open to who shows the token; where none is set, to this machine alone, and to nobody through a proxy."""
    token = portal(request).config.metrics_token
    if token is not None:
        shown = request.headers.get("authorization", "")
        if hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            return
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    if not on_this_machine(request):
        raise HTTPException(403)


@router.get("/metrics", dependencies=[OWN, Depends(metrics_door)])
async def metrics(request: Request) -> Response:
    """The figures, for Prometheus; on a thread that pages do not wait for."""
    return Response(await asyncio.to_thread(exposition, portal(request).figures), media_type=CONTENT_TYPE_LATEST)

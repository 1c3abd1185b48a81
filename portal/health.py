"""Whether everything is ready, for the supervisor and for monitoring."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from huying.vitals import dispatchers, health
from portal.here import Here

router = APIRouter()


@router.get("/healthz")
def healthz(here: Here) -> JSONResponse:
    """200 when all parts are ready, else 503 with what keeps each from it."""
    parts = health(here.house, here.config.prefect_api_url, here.clock())
    ready = not any(parts.values())
    # without a database there is nobody to be counted
    well = len(dispatchers(here.house, here.clock())) if parts["portal"] is None else 0
    return JSONResponse({"ready": ready, "parts": parts, "dispatchers": well}, status_code=200 if ready else 503)

"""Open311 GeoReport v2: other programs report and follow by the public standard, in JSON and in XML."""

from __future__ import annotations

from fastapi import FastAPI

from portal.frame.here import Portal
from portal.frame.watch import OWN_ALONE
from portal.open311 import discovery, faults, requests, services

BASE = "/open311/v2"
PARTS = (discovery, services, requests)


def create_open311(here: Portal) -> FastAPI:
    """The application that answers under ``/open311/v2``."""
    app = FastAPI(title="Open311 GeoReport v2", openapi_url=None, docs_url=None, redoc_url=None, telemetry=OWN_ALONE)
    app.state.portal = here
    for part in PARTS:
        app.include_router(part.router)
    faults.install(app)
    return app

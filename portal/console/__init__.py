"""The way through the portal to Prefect's pages: who is let in, which calls pass, and what is answered by the kernel instead."""

from __future__ import annotations

from fastapi import FastAPI

from portal.console import pages, refusals
from portal.console.server import Prefect
from portal.frame.here import Portal
from portal.frame.watch import OWN_ALONE


def create_console(here: Portal) -> FastAPI:
    """The application that answers under ``/prefect``."""
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=OWN_ALONE)
    made.state.portal = here
    made.state.prefect = Prefect(here.config.prefect_api_url, here.config.prefect_auth)
    made.include_router(pages.router)
    refusals.install(made)
    return made

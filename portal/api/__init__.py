"""The API, version 1: whatever a page can do, a program can do too."""

from __future__ import annotations

from fastapi import FastAPI

from portal.api import (
    board,
    calls,
    definitions,
    events,
    files,
    incidents,
    issues,
    links,
    messages,
    problem,
    search,
    sessions,
    tasks,
    uploads,
)
from portal.frame.here import Portal
from portal.frame.watch import OWN_ALONE

# before the others, whose addresses end in anything
PARTS = (sessions, definitions, uploads, events, messages, calls, issues, tasks, links, files, board, incidents, search)


def create_api(here: Portal) -> FastAPI:
    """The application that answers under ``/api/v1``; its description is at ``openapi.json``, its errors are RFC 9457 problems."""
    api = FastAPI(
        title="呼应 Huying",
        version="1",
        description="Report, follow, my tasks, act. Texts come in the language of Accept-Language (zh, en).",
        docs_url=None,
        redoc_url=None,
        telemetry=OWN_ALONE,
    )
    api.state.portal = here
    for part in PARTS:
        api.include_router(part.router)
    problem.install(api)
    return api

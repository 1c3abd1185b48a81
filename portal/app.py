"""The application: pages and API under one roof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from huying.console.address import BASE
from huying.house.house import House
from portal.api import create_api
from portal.console import create_console
from portal.frame import errors
from portal.frame.config import PortalConfig
from portal.frame.here import Portal
from portal.frame.host import KnownHosts
from portal.frame.page import STATIC
from portal.frame.protection import Protection
from portal.frame.provider import ProviderSession
from portal.frame.sheet import NAME, packed_sheet, sheet
from portal.frame.tally import tally
from portal.frame.watch import OWN_ALONE, Watching
from portal.open311 import BASE as OPEN311
from portal.open311 import create_open311
from portal.pages import (
    account,
    account_links,
    accounts,
    api_keys,
    assessment,
    attachments,
    audit,
    backups,
    board,
    calendars,
    call_forms,
    calls,
    cases,
    channels,
    charts,
    connections,
    coverage,
    data_requests,
    definitions,
    design,
    disclosure,
    duties,
    editor,
    editor_form,
    editor_publication,
    editor_scenarios,
    editor_trial,
    erasures,
    events,
    feed,
    figures,
    files,
    haves,
    heads,
    health,
    help,
    home,
    hooks,
    incidents,
    industries,
    intake,
    issues,
    joins,
    links,
    login,
    message_defaults,
    message_ways,
    migrations,
    open_registers,
    outbox,
    own_data,
    paper_templates,
    papers,
    passkey_login,
    passkeys,
    passphrase,
    phone_list,
    plans,
    posters,
    privacy,
    proposals,
    provider,
    records,
    register,
    register_export,
    register_import,
    register_invitations,
    register_row,
    report,
    reports,
    review,
    rights,
    rounds,
    score_tables,
    sender_templates,
    senders,
    sessions,
    subscriptions,
    tasks,
    tray,
    turnover,
    undelivered,
    versions,
    voice,
    welcome,
    workbench,
)

#: Pages, in the order in which their addresses are tried; the API and static files are mounted beside them.
PAGES = (
    help,
    heads,
    home,
    login,
    passkey_login,
    passphrase,
    provider,
    account,
    account_links,
    message_ways,
    message_defaults,
    passkeys,
    accounts,
    score_tables,
    sessions,
    api_keys,
    report,
    reports,
    call_forms,
    calls,
    channels,
    industries,
    intake,
    cases,
    open_registers,
    review,
    rounds,
    tasks,
    tray,
    events,
    workbench,
    own_data,
    disclosure,
    paper_templates,
    papers,
    issues,
    incidents,
    joins,
    links,
    assessment,
    attachments,
    backups,
    outbox,
    definitions,
    charts,
    calendars,
    duties,
    plans,
    phone_list,
    register_export,
    register_import,
    register_invitations,
    subscriptions,
    connections,
    posters,
    records,
    sender_templates,
    senders,
    undelivered,
    hooks,
    rights,
    data_requests,
    erasures,
    privacy,
    proposals,
    audit,
    register_row,
    turnover,
    coverage,
    haves,
    register,
    migrations,
    versions,
    voice,
    editor,
    editor_form,
    editor_publication,
    editor_scenarios,
    editor_trial,
    files,
    feed,
    figures,
    board,
    design,
    welcome,
    health,
)


class _Static(StaticFiles):
    """Our own static files: their addresses change with their content, so they may be kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for a year."""
        answer = _style(scope) if path == NAME else await super().get_response(path, scope)
        if answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def _style(scope: Scope) -> Response:
    """The stylesheet, compressed for whoever unpacks it."""
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
        return Response(packed_sheet(), headers=headers | {"Content-Encoding": "gzip"}, media_type="text/css")
    return Response(sheet(), headers=headers, media_type="text/css")


def create_app(house: House, config: PortalConfig, clock: Callable[[], datetime]) -> FastAPI:
    """The portal of a house; ``clock`` gives the present moment (aware)."""
    here = Portal(house, config, clock, counter=tally)
    app = FastAPI(title="Huying", openapi_url=None, docs_url=None, redoc_url=None, telemetry=OWN_ALONE)
    app.state.portal = here
    app.mount("/api/v1", create_api(here))
    app.mount(OPEN311, create_open311(here))
    app.mount(BASE, create_console(here))
    app.mount("/static", _Static(directory=STATIC))
    for part in PAGES:
        app.include_router(part.router)
    errors.install(app)
    if config.provider is not None:
        app.add_middleware(ProviderSession, provider=config.provider)
    app.add_middleware(Watching, lines=config.log_requests)
    app.add_middleware(Protection, encrypted=config.secure_cookies)
    app.add_middleware(KnownHosts, portal_url=config.portal_url, others=config.allowed_hosts)
    return app

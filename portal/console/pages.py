"""What is answered under ``/prefect``: Prefect's own pages, and what they ask for."""

from __future__ import annotations

import logging
import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from engine.refusal import Refusal
from huying.audit.record import AuditNote, note_at_once
from huying.console import marks
from huying.console.address import BASE
from huying.errors import NotFound
from portal.console.buttons import press
from portal.console.calls import CallKind, call_of, plain, run_of
from portal.console.entrant import Entrant, entrant, navigates
from portal.console.server import Prefect, Unlike
from portal.frame.here import portal
from portal.frame.right import needs

router = APIRouter(dependencies=[needs("open console")])
_log = logging.getLogger("huying.console")
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+", re.ASCII)
#: The tag of every issue's run and deployment.
_ISSUE = "诉求"


class ElsewhereDone(Refusal):
    """Something that Prefect could do, and that is done in the portal, or not at all."""

    code = "unavailable"

    def __init__(self) -> None:
        super().__init__("这里不能这样操作；请在门户办理。", "This cannot be done here; it is done in the portal.")


class NotTheirs(Refusal):
    """A run of the system."""

    code = "unavailable"

    def __init__(self) -> None:
        super().__init__("系统运行只有系统管理员可以操作。", "Runs of the system are the administrators' business.")


class Past(Refusal):
    """A run that showed an issue, and does not any more."""

    code = "unavailable"

    def __init__(self) -> None:
        super().__init__(
            "这条运行不再显示事项，请从事项列表重新打开；新事项请在门户登记。",
            "This run shows no issue any more: open the issue again from the list. New issues are reported in the portal.",
        )


@router.api_route("/{rest:path}", methods=_METHODS)
async def prefect(request: Request, rest: str, who: Annotated[Entrant, Depends(entrant)]) -> Response:
    """Prefect's answer, or the house's own."""
    path = plain(request.scope["raw_path"])
    call = call_of(request.method, path) if path is not None else None
    if path is None or (call is None and request.method in ("GET", "HEAD")):
        raise NotFound("没有这个地址。", "There is nothing at this address.")
    match call:
        case CallKind.TOLD:
            answer = await _told(request)
        case CallKind.SETTINGS:
            # the server's own tell passwords' names and paths, which are nobody's business here
            answer = JSONResponse({"PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": False})
        case CallKind.PAGE | CallKind.READ:
            if navigates(request):
                # a page opens although its calls would all fail: that is said before
                await _prefect(request).told("/api/admin/version")
            answer = await _passed(request, path)
        case CallKind.STATE | CallKind.RESUME | CallKind.START:
            answer = await _pressed(request, path, call, who)
        case _:
            raise ElsewhereDone
    return _bounded(request, answer)


async def _told(request: Request) -> Response:
    """Where the page finds what it asks for. Without ``auth`` it would ask for the house's password, and keep it in the browser."""
    found = await _prefect(request).told(f"{BASE}/ui-settings")
    if not isinstance(found, dict):
        raise Unlike
    own = {"api_url": f"{BASE}/api", "auth": None, "v2_base_url": None, "available_uis": ["v1"], "default_ui": "v1"}
    return JSONResponse(found | own)


async def _passed(request: Request, path: str) -> Response:
    body = await request.body()
    return await _prefect(request).passed(request.method, path, request.headers, body, request.url.query)


async def _pressed(request: Request, path: str, call: CallKind, who: Entrant) -> Response:
    here, body, run = portal(request), await request.body(), run_of(path)
    number = None if call is CallKind.START else await run_in_threadpool(marks.number_shown_by, here.house, run)
    if number is not None:
        return await run_in_threadpool(press, here.house, number, call, body, who, here.clock())
    kind = "deployments" if call is CallKind.START else "flow_runs"
    found = await _prefect(request).told(f"/api/{kind}/{run}")
    if isinstance(found, dict) and _ISSUE in (found.get("tags") or ()):
        raise Past
    if not who.system:
        raise NotTheirs
    _log.info("控制台 系统运行 %s %s，参与者 %d：转给 Prefect", run, call.name.lower(), who.person.participant_id)
    told = AuditNote(what="console-used", object=f"run:{run}", via="console", detail={"how": call.name.lower()})
    await run_in_threadpool(note_at_once, here.house.database.engine, told)
    return await _prefect(request).passed("POST", path, request.headers, body)


def _prefect(request: Request) -> Prefect:
    found: Prefect = request.app.state.prefect
    return found


def _bounded(request: Request, answer: Response) -> Response:
    """The answer with the bounds in which Prefect's page lives."""
    answer.headers["Content-Security-Policy"] = _policy(_origin(request))
    if request.url.path.startswith(f"{BASE}/assets/") and answer.status_code == 200:
        # their names change with what is in them
        answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _origin(request: Request) -> str:
    """The origin under which the page was asked for; http allows https as well."""
    host = request.headers.get("host", "")
    return f"http://{host if _HOST.fullmatch(host) else urlsplit(portal(request).config.portal_url).netloc}"


def _policy(origin: str) -> str:
    """Its drawing of runs needs ``unsafe-eval``; so that nothing that slipped into it can reach the portal beside it, it may ask for what lies
    under its own path alone, and open no window, frame or form.
    """
    own = f"{origin}{BASE}/"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {own} 'unsafe-eval'",
            f"style-src {own} 'unsafe-inline'",
            f"img-src {own} data: blob:",
            f"font-src {own} data:",
            f"worker-src {own} blob: data:",
            f"connect-src {own} data: blob:",
            f"manifest-src {own}",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-downloads",
        ]
    )

"""Where providers say what became of messages: one address for each sender, with a secret in it; answered in the provider's own form."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from huying.delivery.accounts import take_hook
from huying.errors import NotFound
from notifications import Hook
from portal.frame.brake import check_codes, wrong_code
from portal.frame.here import Here, Portal
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])


@router.post("/hooks/{sender}/{secret}")
async def receipts(request: Request, here: Here, sender: str, secret: str) -> Response:
    """Take receipts; a repeat, and one of a message that is not known here, is answered alike."""
    hook = Hook(
        method=request.method,
        query=dict(request.query_params),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
    )
    return await run_in_threadpool(_take, request, here, sender, secret, hook)


def _take(request: Request, here: Portal, sender: str, secret: str, hook: Hook) -> Response:
    network = check_codes(request)
    try:
        answer = take_hook(here.house, sender, secret, hook, here.clock())
    except NotFound:
        wrong_code(request, network)
        raise
    return Response(answer.body, answer.status, media_type=answer.content_type)

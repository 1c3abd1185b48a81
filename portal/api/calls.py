"""What a call centre tells of telephone calls, signed with its connection's secret. Repeats are harmless."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from huying.calls.arrival import SentEvent, take_call_event
from portal.frame.here import Here
from portal.frame.right import OWN

router = APIRouter(tags=["calls"], dependencies=[OWN])


class CallTaken(BaseModel):
    """It was understood; ``new`` is false for what was known already."""

    new: bool


@router.post("/calls/{connection_key}", status_code=200)
async def take_call(request: Request, here: Here, connection_key: str) -> CallTaken:
    """Take an event of a call: ringing, answered, ended, or where its recording lies."""
    sent = SentEvent(dict(request.headers), await request.body())
    return CallTaken(new=await run_in_threadpool(take_call_event, here.house, connection_key, sent, here.clock()))

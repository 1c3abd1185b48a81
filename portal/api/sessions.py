"""Logging in: a token for further calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from huying.access.sessions import LASTS, participant_of, sign_out
from huying.access.viewer import viewer
from portal.api.caller import Caller, bearer
from portal.frame.bounds import Body
from portal.frame.here import Here, Portal
from portal.frame.login import log_in
from portal.frame.right import OWN, PUBLIC

router = APIRouter(tags=["sessions"])


class LogIn(Body):
    """Name and passphrase."""

    login: str
    passphrase: str


class SessionAnswer(BaseModel):
    """The token, for ``Authorization: Bearer …``, and whose it is; it lasts ``expires_in`` seconds."""

    token: str
    expires_in: int
    participant_id: int
    name: str


@router.post("/sessions", status_code=201, dependencies=[PUBLIC])
async def open_session(request: Request, here: Here, body: LogIn) -> SessionAnswer:
    """Log in; not on a thread of other calls, which would wait for the passphrase's check."""
    token = await log_in(request, body.login, body.passphrase)
    return await run_in_threadpool(_answer, here, token)


def _answer(here: Portal, token: str) -> SessionAnswer:
    person = participant_of(here.house, token, here.clock())
    assert person is not None
    with here.house.database.reading() as connection:
        name = viewer(connection, person).name
    seconds = int(LASTS.total_seconds())
    return SessionAnswer(token=token, expires_in=seconds, participant_id=person, name=name)


@router.delete("/sessions", status_code=204, dependencies=[OWN])
def log_out(here: Here, caller: Caller, token: Annotated[str | None, Depends(bearer)]) -> None:
    """Log out."""
    sign_out(here.house, token or "")

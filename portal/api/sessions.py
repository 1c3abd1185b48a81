"""Logging in: a token for further calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from engine.refusal import Refusal
from huying.access.sessions import LASTS, awaited, participant_of, sign_out
from huying.access.viewer import viewer
from portal.api.caller import Caller, bearer
from portal.frame.bounds import Body
from portal.frame.here import Here, Portal
from portal.frame.login import log_in, second_factor_shown
from portal.frame.right import OWN, PUBLIC

router = APIRouter(tags=["sessions"])


class SecondFactorNeeded(Refusal):
    """Name and passphrase are right, and a code is missing, or has to be set up on a page first."""

    code = "second-factor-needed"

    def __init__(self) -> None:
        super().__init__(
            "还要第二重验证：请在 code 里写验证码；还没有设置的，请先在网页上登录一次。",
            "A second factor is needed: give its code as code; whoever has none yet logs in on the page first.",
        )


class LogIn(Body):
    """Name and passphrase, and the code of the second factor of whoever has one."""

    login: str
    passphrase: str
    code: str | None = None


class SessionAnswer(BaseModel):
    """The token, for ``Authorization: Bearer …``, and whose it is; it lasts ``expires_in`` seconds."""

    token: str
    expires_in: int
    participant_id: int
    name: str


@router.post("/sessions", status_code=201, dependencies=[PUBLIC])
async def open_session(request: Request, here: Here, body: LogIn) -> SessionAnswer:
    """Log in; not on a thread of other calls, which would wait for the passphrase's check."""
    token = await log_in(request, body.login, body.passphrase, program=True)
    return await run_in_threadpool(_answer, here, token, body.code)


def _answer(here: Portal, token: str, code: str | None) -> SessionAnswer:
    token = whole_session(here, token, code)
    person = participant_of(here.house, token, here.clock())
    assert person is not None
    with here.house.database.reading() as connection:
        name = viewer(connection, person).name
    seconds = int(LASTS.total_seconds())
    return SessionAnswer(token=token, expires_in=seconds, participant_id=person, name=name)


def whole_session(here: Portal, token: str, code: str | None) -> str:
    """The session's token, after its code is shown where one is asked for; ``SecondFactorNeeded`` without it."""
    half = awaited(here.house, token, here.clock())
    if half is None:
        return token
    if half[1] != "code" or code is None:
        sign_out(here.house, token)
        raise SecondFactorNeeded
    try:
        return second_factor_shown(here, half[0], token, code)
    except Refusal:
        sign_out(here.house, token)
        raise


@router.delete("/sessions", status_code=204, dependencies=[OWN])
def log_out(here: Here, caller: Caller, token: Annotated[str | None, Depends(bearer)]) -> None:
    """Log out."""
    sign_out(here.house, token or "")

"""Logging in: a token for further calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from huying.access.sessions import LASTS, participant_of, sign_in, sign_out
from huying.access.viewer import viewer
from portal.api.caller import Caller, bearer
from portal.frame.bounds import Body
from portal.frame.here import Here
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
def log_in(here: Here, body: LogIn) -> SessionAnswer:
    """Log in."""
    now = here.clock()
    token = sign_in(here.house, body.login, body.passphrase, now)
    person = participant_of(here.house, token, now)
    assert person is not None
    with here.house.database.reading() as connection:
        name = viewer(connection, person).name
    seconds = int(LASTS.total_seconds())
    return SessionAnswer(token=token, expires_in=seconds, participant_id=person, name=name)


@router.delete("/sessions", status_code=204, dependencies=[OWN])
def log_out(here: Here, caller: Caller, token: Annotated[str | None, Depends(bearer)]) -> None:
    """Log out."""
    sign_out(here.house, token or "")

"""Logging in and out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from huying.access.device import device_token
from huying.access.sessions import LASTS, WrongLogin, participant_of, sign_out
from portal.frame.door import FOLLOWED
from portal.frame.login import DEVICE, DEVICE_LASTS, log_in
from portal.frame.page import set_cookie
from portal.frame.reader import SESSION
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC
from portal.frame.submission import Submitted
from portal.pages.home import local

router = APIRouter(dependencies=[PUBLIC])


@router.get("/login")
def login_form(at: Received, next: str = "/tasks") -> Response:
    """The form."""
    return at.page("login.html", wrong=None, login="", following=local(next))


@router.post("/login")
async def login(at: Received, form: Submitted) -> Response:
    """Sign in, and go where the person wanted to go; not on a thread of pages, which would wait for the passphrase's check."""
    following = local(form.entries.get("next", "/tasks"))
    name = form.entry("login")
    try:
        token = await log_in(at.request, name, form.entries.get("passphrase", ""))
    except WrongLogin as wrong:
        said = {"wrong": wrong.message, "login": name, "following": following}
        return await run_in_threadpool(at.page, "login.html", 401, **said)
    return await run_in_threadpool(entered, at, token, following)


def entered(at: Reception, token: str, following: str) -> Response:
    """The way on for whoever has just come in: the browser keeps the session, and is marked as known."""
    answer = at.go(following)
    set_cookie(at.request, answer, SESSION, token, int(LASTS.total_seconds()))
    person = participant_of(at.house, token, at.now)
    mark = device_token(at.house, person) if person is not None else ""
    if mark:
        set_cookie(at.request, answer, DEVICE, mark, DEVICE_LASTS)
    return answer


@router.post("/logout")
def logout(at: Received, form: Submitted) -> Response:
    """End the session; harmless without one."""
    if at.reading.session:
        sign_out(at.house, at.reading.session)
    answer = at.go("/")
    answer.delete_cookie(SESSION, path="/")
    # whoever sits here next learns nothing of what was followed
    answer.delete_cookie(FOLLOWED, path="/")
    return answer

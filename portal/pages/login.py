"""Logging in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from huying.access.sessions import LASTS, WrongLogin, sign_in, sign_out
from portal.frame.here import Here
from portal.frame.page import go, page, set_cookie
from portal.frame.reader import SESSION, Reading
from portal.frame.submission import Submitted
from portal.pages.home import local

router = APIRouter()


@router.get("/login")
def login_form(request: Request, reading: Reading, next: str = "/tasks") -> Response:
    """The form."""
    return page(request, reading, "login.html", wrong=None, login="", following=local(next))


@router.post("/login")
def login(request: Request, here: Here, reading: Reading, form: Submitted) -> Response:
    """Sign in, and go where the person wanted to go."""
    following = local(form.entries.get("next", "/tasks"))
    name = form.entry("login")
    try:
        token = sign_in(here.house, name, form.entries.get("passphrase", ""), here.clock())
    except WrongLogin as wrong:
        return page(request, reading, "login.html", 401, wrong=wrong.message, login=name, following=following)
    answer = go(request, reading, following)
    set_cookie(request, answer, SESSION, token, int(LASTS.total_seconds()))
    return answer


@router.post("/logout")
def logout(request: Request, here: Here, reading: Reading, form: Submitted) -> Response:
    """End the session; harmless without one."""
    if reading.session:
        sign_out(here.house, reading.session)
    answer = go(request, reading, "/")
    answer.delete_cookie(SESSION, path="/")
    return answer

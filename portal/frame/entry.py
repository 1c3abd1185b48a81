"""Coming in and leaving: the cookies that a browser keeps, and where it goes on."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from huying.access.device import device_token
from huying.access.sessions import LASTS, awaited, participant_of
from portal.frame.door import FOLLOWED
from portal.frame.login import DEVICE, DEVICE_LASTS
from portal.frame.page import set_cookie
from portal.frame.reader import GUEST, session_cookie
from portal.frame.reception import Reception


def entered(at: Reception, token: str, following: str) -> Response:
    """The way on for whoever has just signed in: first to the second factor, where one is asked for. The browser keeps the session."""
    half = awaited(at.house, token, at.now)
    if half is not None:
        following = f"/login/{half[1]}?next={quote(following, safe='')}"
    answer = at.go(following)
    keep_session(at, answer, token)
    person = participant_of(at.house, token, at.now)
    mark = device_token(at.house, person) if person is not None else ""
    if mark:
        # a browser that is known may go on trying while others have used up the tries of the account
        set_cookie(at.request, answer, DEVICE, mark, DEVICE_LASTS)
    return answer


def keep_session(at: Reception, answer: Response, token: str) -> None:
    """Have the browser keep a session."""
    set_cookie(at.request, answer, session_cookie(at.here), token, int(LASTS.total_seconds()))


def left(at: Reception, following: str = "/") -> Response:
    """The way on for whoever has signed out: whoever sits here next learns nothing of what was followed or written."""
    answer = at.go(following)
    for name in (session_cookie(at.here), FOLLOWED, GUEST):
        answer.delete_cookie(name, path="/", secure=at.here.config.secure_cookies, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer

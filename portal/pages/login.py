"""Logging in and out, and the second factor between name and house."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from huying.access.accounts import person_row
from huying.access.second_factor import WrongCode, count_try, new_secret, set_up
from huying.access.sessions import Awaits, WrongLogin, awaited, complete_session, sign_out
from huying.register.office import office_name
from portal.frame.entry import entered, keep_session, left
from portal.frame.login import log_in, second_factor_shown
from portal.frame.reader import session_of
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC
from portal.frame.submission import Submitted
from portal.pages.authenticator import Enrolment, authenticator_page
from portal.pages.home import local

router = APIRouter(dependencies=[PUBLIC])


@router.get("/login")
def login_form(at: Received, next: str = "/tasks") -> Response:
    """The form."""
    return _login(at, None, "", local(next))


@router.post("/login")
async def login(at: Received, form: Submitted) -> Response:
    """Sign in, and go where the person wanted to go; not on a thread of pages, which would wait for the passphrase's check."""
    following = local(form.entries.get("next", "/tasks"))
    name = form.entry("login")
    try:
        token = await log_in(at.request, name, form.entries.get("passphrase", ""))
    except WrongLogin as wrong:
        return await run_in_threadpool(_login, at, wrong.message, name, following)
    return await run_in_threadpool(entered, at, token, following)


@router.get("/login/code")
def code_form(at: Received, next: str = "/tasks") -> Response:
    """The form for a code of the second factor; whoever has shown no passphrase begins with that."""
    if _half(at, "code") is None:
        return at.go("/login")
    return at.page("login_code.html", wrong=None, following=local(next), back="/login")


@router.post("/login/code")
def code(at: Received, form: Submitted) -> Response:
    """Take the code, and let its person in."""
    person, following = _half(at, "code"), local(form.entries.get("next", "/tasks"))
    if person is None:
        return at.go("/login")
    token = session_of(at.request)
    try:
        whole = second_factor_shown(at.here, person, token, form.entries.get("code", ""))
    except WrongCode as wrong:
        if not count_try(at.house, token):
            said = {
                "zh": "验证码错了几次，请从用户名和口令重新开始。",
                "en": "Several codes were wrong; please begin again with name and passphrase.",
            }
            return _login(at, said, "", following)
        return at.page("login_code.html", 401, wrong=wrong.message, following=following, back="/login")
    return entered(at, whole, following)


@router.get("/login/enrolment")
def enrolment_form(at: Received, next: str = "/tasks") -> Response:
    """How a second factor is set up, for whoever does not come in without one."""
    person = _half(at, "enrolment")
    if person is None:
        return at.go("/login")
    return _enrolment(at, person, local(next), new_secret())


@router.post("/login/enrolment")
def enrol(at: Received, form: Submitted) -> Response:
    """Set it up, and show the recovery codes."""
    person, following = _half(at, "enrolment"), local(form.entries.get("next", "/tasks"))
    if person is None:
        return at.go("/login")
    token, secret = session_of(at.request), form.entry("secret")
    try:
        with at.house.database.writing() as connection:
            codes = set_up(connection, person, secret, form.entry("code"), at.now)
            whole = complete_session(connection, token, at.now, at.here.config.accounts)
    except WrongCode as wrong:
        return _enrolment(at, person, following, secret, wrong)
    answer = at.page("recovery_codes.html", codes=codes, following=following, back="/login")
    keep_session(at, answer, whole)
    return answer


@router.post("/logout")
def logout(at: Received, form: Submitted) -> Response:
    """End the session; harmless without one."""
    token = session_of(at.request)
    if token:
        sign_out(at.house, token)
    return left(at)


def _login(at: Reception, wrong: Mapping[str, str] | None, login: str, following: str) -> Response:
    said = {"wrong": wrong, "login": login, "following": following, "provider": at.here.config.provider}
    return at.page("login.html", 401 if wrong else 200, back="/login", **said)


def _half(at: Reception, awaits: Awaits) -> int | None:
    """The person who has shown name and passphrase in this browser, and of whom that is awaited."""
    half = awaited(at.house, session_of(at.request), at.now)
    return half[0] if half is not None and half[1] == awaits else None


def _enrolment(at: Reception, person: int, following: str, secret: str, wrong: WrongCode | None = None) -> Response:
    with at.house.database.reading() as connection:
        who = person_row(connection, person)
    house = office_name(at.house, at.language)
    return authenticator_page(at, Enrolment("/login/enrolment", who.login, house, secret, following, wrong))

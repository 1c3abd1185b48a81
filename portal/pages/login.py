"""Logging in and out, and the second factor between name and house."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from huying.access.accounts import person_row
from huying.access.passkey import passkeys_of
from huying.access.passkey_site import passkey_site
from huying.access.second_factor import WrongCode, count_try, has_authenticator, new_secret, set_up
from huying.access.sessions import Awaits, WrongLogin, awaited, complete_session, sign_out
from huying.issues.disclosure import LooksTooOften
from huying.messages.second_factor import tell_owner
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
Words = Mapping[str, str]


@router.get("/login")
def login_form(at: Received, next: str = "/tasks", again: str = "") -> Response:
    """The form; ``again=looks``: whoever looked at personal data very often shows once more who they are."""
    return login_page(at, LooksTooOften().message if again == "looks" else None, local(next))


@router.post("/login")
async def login(at: Received, form: Submitted) -> Response:
    """Sign in, and go where the person wanted to go; not on a thread of pages, which would wait for the passphrase's check."""
    following = local(form.entries.get("next", "/tasks"))
    name = form.entry("login")
    try:
        token = await log_in(at.request, name, form.entries.get("passphrase", ""))
    except WrongLogin as wrong:
        return await run_in_threadpool(login_page, at, wrong.message, following, name)
    return await run_in_threadpool(entered, at, token, following)


@router.get("/login/code")
def code_form(at: Received, next: str = "/tasks") -> Response:
    """The form for a code of the second factor; whoever has shown no passphrase begins with that."""
    person = half(at, "code")
    if person is None:
        return at.go("/login")
    return code_page(at, person, local(next))


@router.post("/login/code")
def code(at: Received, form: Submitted) -> Response:
    """Take the code, and let its person in."""
    person, following = half(at, "code"), local(form.entries.get("next", "/tasks"))
    if person is None:
        return at.go("/login")
    token = session_of(at.request)
    try:
        whole = second_factor_shown(at.here, person, token, form.entries.get("code", ""))
    except WrongCode as wrong:
        return refused_once_more(at, following) or code_page(at, person, following, wrong=wrong.message)
    return entered(at, whole, following)


@router.get("/login/enrolment")
def enrolment_form(at: Received, next: str = "/tasks") -> Response:
    """How a second factor is set up, for whoever does not come in without one."""
    person = half(at, "enrolment")
    if person is None:
        return at.go("/login")
    return enrolment_page(at, person, local(next))


@router.post("/login/enrolment")
def enrol(at: Received, form: Submitted) -> Response:
    """Set up an authenticator, and show the recovery codes."""
    person, following = half(at, "enrolment"), local(form.entries.get("next", "/tasks"))
    if person is None:
        return at.go("/login")
    token, secret = session_of(at.request), form.entry("secret")
    try:
        with at.house.database.writing() as connection:
            codes = set_up(connection, person, secret, form.entry("code"), at.now)
            tell_owner(connection, "second-factor-set", person, at.now, at.house.zone)
            whole = complete_session(connection, token, at.now, at.here.config.accounts)
    except WrongCode as wrong:
        return enrolment_page(at, person, following, secret, wrong)
    return enrolled(at, codes, whole, following)


@router.post("/logout")
def logout(at: Received, form: Submitted) -> Response:
    """End the session; harmless without one."""
    token = session_of(at.request)
    if token:
        sign_out(at.house, token)
    return left(at)


def login_page(at: Reception, wrong: Words | None, following: str, login: str = "") -> Response:
    """The form to begin with, and what was wrong."""
    return at.page(
        "login.html",
        401 if wrong else 200,
        wrong=wrong,
        login=login,
        following=following,
        provider=at.here.config.provider,
        site=passkey_site(at.here.config.portal_url),
        back="/login",
    )


def half(at: Reception, awaits: Awaits) -> int | None:
    """The person who has shown name and passphrase in this browser, and of whom that is awaited."""
    found = awaited(at.house, session_of(at.request), at.now)
    return found[0] if found is not None and found[1] == awaits else None


def refused_once_more(at: Reception, following: str) -> Response | None:
    """The way back to the passphrase after several that were wrong; nothing before."""
    if count_try(at.house, session_of(at.request)):
        return None
    said = {
        "zh": "第二重验证错了几次，请从用户名和口令重新开始。",
        "en": "The second factor was wrong several times; please begin again with name and passphrase.",
    }
    return login_page(at, said, following)


def code_page(
    at: Reception, person: int, following: str, wrong: Words | None = None, refused: Words | None = None
) -> Response:
    """Where the second factor is shown: ``wrong`` says what about the code, ``refused`` what about the passkey."""
    with at.house.database.reading() as connection:
        keys, codes = passkeys_of(connection, person), has_authenticator(connection, person)
    return at.page(
        "login_code.html",
        401 if wrong or refused else 200,
        wrong=wrong,
        refused=refused,
        passkeys=keys,
        authenticator=codes,
        site=passkey_site(at.here.config.portal_url),
        following=following,
        back="/login",
    )


def enrolment_page(
    at: Reception,
    person: int,
    following: str,
    secret: str | None = None,
    wrong: WrongCode | None = None,
    refused: Words | None = None,
) -> Response:
    """Where a second factor is set up by whoever does not come in without one."""
    with at.house.database.reading() as connection:
        who = person_row(connection, person)
    house = office_name(at.house, at.language)
    of = Enrolment("/login/enrolment", who.login, house, secret or new_secret(), following, wrong, refused)
    return authenticator_page(at, of)


def enrolled(at: Reception, codes: tuple[str, ...], whole: str, following: str) -> Response:
    """In with the second factor that was just set up, past its recovery codes."""
    answer = at.page("recovery_codes.html", codes=codes, following=following, back="/login")
    keep_session(at, answer, whole)
    return answer

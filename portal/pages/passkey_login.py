"""Coming in with a passkey: alone, after the passphrase, or by adding the first one where the office asks for a second factor."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from huying.access.challenge import Challenge
from huying.access.passkey import WrongPasskey
from huying.access.passkey_check import PasskeyAnswer, add_passkey, options_to_show
from huying.access.session_view import agent_words
from huying.access.sessions import PASSKEY, complete_session
from huying.messages.second_factor import tell_owner
from portal.frame.entry import entered
from portal.frame.network import network_of
from portal.frame.passkey import second_passkey_shown, signed_in_by_passkey, site_of
from portal.frame.reader import session_of
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC
from portal.frame.submission import Submitted
from portal.pages.home import local
from portal.pages.login import code_page, enrolled, enrolment_page, half, login_page, refused_once_more
from portal.pages.passkeys import asked, options_for, over

router = APIRouter(dependencies=[PUBLIC])


@router.post("/login/passkey/challenge")
def challenge(at: Received, form: Submitted) -> Response:
    """What the browser needs for asking whichever passkey its owner chooses."""

    def options() -> str:
        network = network_of(at.request)
        if network is not None:
            at.here.throttle.take("passkey", network)
        return _options(at, Challenge("sign-in", at.reading.form_token))

    return asked(at, options)


@router.post("/login/passkey")
def sign_in(at: Received, form: Submitted) -> Response:
    """Let in whoever the passkey says they are."""
    following = local(form.entries.get("next", "/tasks"))
    try:
        token = signed_in_by_passkey(at, form.entries.get("credential", ""))
    except WrongPasskey as wrong:
        return login_page(at, wrong.message, following)
    return entered(at, token, following)


@router.post("/login/code/challenge")
def code_challenge(at: Received, form: Submitted) -> Response:
    """What the browser needs for asking a passkey of whoever has shown their passphrase."""
    person = half(at, "code")
    if person is None:
        return over(at)
    return asked(at, lambda: _options(at, Challenge("second-factor", at.reading.form_token, person)))


@router.post("/login/code/passkey")
def code(at: Received, form: Submitted) -> Response:
    """Take the passkey as the second factor, and let its person in."""
    person, following = half(at, "code"), local(form.entries.get("next", "/tasks"))
    if person is None:
        return at.go("/login")
    token = session_of(at.request)
    try:
        whole = second_passkey_shown(at, person, token, form.entries.get("credential", ""))
    except WrongPasskey as wrong:
        return refused_once_more(at, following) or code_page(at, person, following, refused=wrong.message)
    return entered(at, whole, following)


@router.post("/login/enrolment/challenge")
def enrolment_challenge(at: Received, form: Submitted) -> Response:
    """What the browser needs for making the first passkey of whoever does not come in without a second factor."""
    person = half(at, "enrolment")
    if person is None:
        return over(at)
    return asked(at, lambda: options_for(at, person))


@router.post("/login/enrolment/passkey")
def enrol(at: Received, form: Submitted) -> Response:
    """Keep it, show the recovery codes, and let its person in."""
    person, following = half(at, "enrolment"), local(form.entries.get("next", "/tasks"))
    if person is None:
        return at.go("/login")
    answer = PasskeyAnswer(Challenge("add", at.reading.form_token, person), form.entries.get("credential", ""))
    name = agent_words(at.request.headers.get("user-agent", "")).of(at.language)
    try:
        codes = add_passkey(at.house, site_of(at.here), answer, name, at.now)
    except WrongPasskey as wrong:
        return enrolment_page(at, person, following, refused=wrong.message)
    with at.house.database.writing() as connection:
        whole = complete_session(connection, session_of(at.request), at.now, at.here.config.accounts, by=PASSKEY)
        tell_owner(connection, "passkey-added", person, at.now, at.house.zone)
    return enrolled(at, codes, whole, following)


def _options(at: Reception, question: Challenge) -> str:
    with at.house.database.writing() as connection:
        return options_to_show(connection, site_of(at.here), question, at.now)

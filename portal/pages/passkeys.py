"""Passkeys on pages: one's own listed, added and removed. The browser's part is ``static/passkey.js``; without it passphrase and codes do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from definitions.text import words
from engine.refusal import Refusal
from huying.access.accounts import person_row
from huying.access.challenge import Challenge
from huying.access.passkey import MOST, WrongPasskey, passkeys_of, remove_passkey
from huying.access.passkey_check import PasskeyAnswer, PasskeyOwner, add_passkey, options_to_add
from huying.access.passkey_site import passkey_site
from huying.access.second_factor import has_authenticator
from huying.access.session_view import agent_words
from huying.access.sessions import end_sessions
from huying.messages.second_factor import tell_owner
from huying.register.office import office_name
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.confirmation import confirmed
from portal.frame.errors import STATUS, waiting
from portal.frame.passkey import site_of
from portal.frame.reader import SignInNeeded, session_of
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[OWN])
_WRONG = {
    "zh": "口令或验证码不对，没有改动。",
    "en": "This is neither your passphrase nor the code shown now; nothing was changed.",
}


def asked(at: Reception, make: Callable[[], str]) -> Response:
    """What a browser needs for asking a passkey, or why not, for the script that asked."""
    try:
        return Response(make(), media_type="application/json")
    except Refusal as refusal:
        return _told(at, refusal)


def over(at: Reception) -> Response:
    """What the script is told when the log-in that it belongs to has ended meanwhile."""
    return _told(at, SignInNeeded())


def _told(at: Reception, refusal: Refusal) -> Response:
    said = {"message": words(refusal.message, at.language)}
    return JSONResponse(said, STATUS.get(refusal.code, 400), headers=waiting(refusal))


@router.get("/account/passkeys")
def passkeys(at: SignedIn) -> Response:
    """One's own passkeys."""
    return _list(at)


@router.post("/account/passkeys/challenge")
async def challenge(form: Submitted, at: SignedIn) -> Response:
    """What the browser needs for making one, once the passphrase was shown."""
    try:
        if not await confirmed(at, form.entries.get("present", "")):
            raise WrongPasskey(_WRONG["zh"], _WRONG["en"])
    except Refusal as refusal:
        return _told(at, refusal)
    return await run_in_threadpool(asked, at, lambda: options_for(at, at.somebody.participant_id))


@router.post("/account/passkeys")
def add(form: Submitted, at: SignedIn) -> Response:
    """Keep the one that the browser has made; all other log-ins end, and recovery codes are shown to whoever has none yet."""
    person = at.somebody.participant_id
    answer = PasskeyAnswer(Challenge("add", at.reading.form_token, person), form.entries.get("credential", ""))
    try:
        codes = add_passkey(at.house, site_of(at.here), answer, form.entry("name"), at.now)
    except WrongPasskey as wrong:
        return _list(at, wrong.message)
    with at.house.database.writing() as connection:
        end_sessions(connection, person, but=session_of(at.request))
        tell_owner(connection, "passkey-added", person, at.now, at.house.zone)
    if codes:
        following = "/account/passkeys?done=added"
        return at.page("recovery_codes.html", codes=codes, following=following, back="/account/passkeys")
    return at.go("/account/passkeys?done=added")


@router.post("/account/passkeys/{key}/remove")
async def remove(form: Submitted, at: SignedIn, key: Number) -> Response:
    """Take one off, once the passphrase was shown."""
    if not await confirmed(at, form.entries.get("present", "")):
        return await run_in_threadpool(_list, at, _WRONG, key)
    return await run_in_threadpool(_removed, at, key)


def _removed(at: Reception, key: int) -> Response:
    person = at.somebody.participant_id
    demanded = at.somebody.kind in at.here.config.accounts.second_factor_for
    try:
        with at.house.database.writing() as connection:
            if remove_passkey(connection, person, key, demanded=demanded):
                tell_owner(connection, "passkey-removed", person, at.now, at.house.zone)
    except Refusal as refusal:
        return _list(at, refusal.message, key)
    return at.go("/account/passkeys?done=removed")


def options_for(at: Reception, person: int) -> str:
    """What the browser needs for making a passkey of somebody."""
    house = office_name(at.house, at.language)
    with at.house.database.writing() as connection:
        row = person_row(connection, person)
        owner = PasskeyOwner(person, row.login, row.name, house)
        return options_to_add(connection, site_of(at.here), owner, at.reading.form_token, at.now)


def _list(at: Reception, wrong: Mapping[str, str] | None = None, about: int | None = None) -> Response:
    person, zone = at.somebody.participant_id, at.house.zone
    with at.house.database.reading() as connection:
        found = passkeys_of(connection, person)
        codes = has_authenticator(connection, person)
    return at.page(
        "passkeys.html",
        422 if wrong else 200,
        passkeys=found,
        site=passkey_site(at.here.config.portal_url),
        full=len(found) >= MOST,
        authenticator=codes,
        suggested=agent_words(at.request.headers.get("user-agent", "")).of(at.language),
        moment=lambda moment: moment_words(moment, zone, at.language),
        done=at.request.query_params.get("done", ""),
        wrong=wrong,
        about=about,
        back="/account/passkeys",
    )

"""One's own account: log-ins listed and ended, the passphrase changed, the second factor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from engine.refusal import Invalid
from huying.access import second_factor
from huying.access.account_view import KINDS
from huying.access.accounts import change_passphrase, passphrase_rules, person_row
from huying.access.identity import bound_at
from huying.access.passkey import passkeys_of
from huying.access.second_factor import WrongCode
from huying.access.session_view import end_own, own_sessions
from huying.access.sessions import end_sessions
from huying.messages.second_factor import tell_owner
from huying.register.office import office_name
from huying.words.moments import moment_words
from portal.frame.confirmation import confirmed, tries_of
from portal.frame.entry import entered, left
from portal.frame.login import arrival_of
from portal.frame.reader import session_of
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN
from portal.frame.submission import Submission, Submitted
from portal.pages.authenticator import Enrolment, authenticator_page

router = APIRouter(dependencies=[OWN])
Errors = Mapping[str, Mapping[str, str]]
NOT_SAME: Errors = {
    "again": {"zh": "两次输入的不一样，请再输一次。", "en": "The two are not the same; please type them again."}
}


@router.get("/account")
def account(at: SignedIn) -> Response:
    """One's own account."""
    return _account(at)


@router.post("/account/passphrase")
async def change(form: Submitted, at: SignedIn) -> Response:
    """Change the passphrase; all other log-ins end."""
    return await at.here.passphrases.run(partial(_change, at, form))


def _change(at: Reception, form: Submission) -> Response:
    if form.entries.get("passphrase", "") != form.entries.get("again", ""):
        return _account(at, NOT_SAME)
    words = form.entries.get("present", ""), form.entries.get("passphrase", "")
    arrival, tries = arrival_of(at.request), tries_of(at)
    at.here.throttle.check("second-factor", tries)
    try:
        session = change_passphrase(at.house, at.somebody.participant_id, *words, arrival, at.now)
    except Invalid as wrong:
        if "present" in wrong.errors:
            at.here.throttle.count("second-factor", tries)
        return _account(at, wrong.errors)
    return entered(at, session, "/account?done=passphrase")


@router.post("/account/sessions/end")
def end(form: Submitted, at: SignedIn) -> Response:
    """End one of one's own log-ins."""
    end_own(at.house, at.somebody.participant_id, form.entry("session"))
    return at.go("/account?done=session")


@router.post("/account/sessions/others")
def end_others(form: Submitted, at: SignedIn) -> Response:
    """End all but this one."""
    with at.house.database.writing() as connection:
        end_sessions(connection, at.somebody.participant_id, but=session_of(at.request))
    return at.go("/account?done=others")


@router.post("/account/sessions/all")
def end_all(form: Submitted, at: SignedIn) -> Response:
    """Sign out everywhere, here too."""
    with at.house.database.writing() as connection:
        end_sessions(connection, at.somebody.participant_id)
    return left(at, "/login")


@router.get("/account/authenticator")
def authenticator(at: SignedIn) -> Response:
    """How a second factor is set up, or exchanged for another one."""
    return _authenticator(at, second_factor.new_secret())


@router.post("/account/authenticator")
async def set_authenticator(form: Submitted, at: SignedIn) -> Response:
    """Set it up, and show the recovery codes this once."""
    if not await confirmed(at, form.entries.get("present", "")):
        return await run_in_threadpool(_authenticator, at, form.entry("secret"), None, WRONG_PRESENT["present"])
    return await run_in_threadpool(_set_up, at, form)


def _set_up(at: Reception, form: Submission) -> Response:
    person, secret = at.somebody.participant_id, form.entry("secret")
    try:
        with at.house.database.writing() as connection:
            codes = second_factor.set_up(connection, person, secret, form.entry("code"), at.now)
            tell_owner(connection, "second-factor-set", person, at.now, at.house.zone)
            end_sessions(connection, person, but=session_of(at.request))
    except WrongCode as wrong:
        return _authenticator(at, secret, wrong)
    return at.page("recovery_codes.html", codes=codes, following="/account", back="/account")


@router.post("/account/authenticator/recovery")
async def recovery(form: Submitted, at: SignedIn) -> Response:
    """New recovery codes in place of the old ones."""
    return await _confirmed(at, form, _renewed)


def _renewed(at: Reception, form: Submission) -> Response:
    with at.house.database.writing() as connection:
        codes = second_factor.renew_recovery(connection, at.somebody.participant_id, at.now)
        tell_owner(connection, "recovery-renewed", at.somebody.participant_id, at.now, at.house.zone)
    return at.page("recovery_codes.html", codes=codes, following="/account", back="/account")


@router.post("/account/authenticator/off")
async def take_off(form: Submitted, at: SignedIn) -> Response:
    """Have no authenticator any more, where there is a passkey, or the office does not ask for a second factor."""
    return await _confirmed(at, form, _taken_off)


def _taken_off(at: Reception, form: Submission) -> Response:
    person = at.somebody.participant_id
    with at.house.database.reading() as connection:
        alone = not passkeys_of(connection, person)
    if alone and at.somebody.kind in at.here.config.accounts.second_factor_for:
        said = {
            "zh": "本单位要求您用第二重验证，不能取消；可以换一个。",
            "en": "Your office asks you for a second factor; you can exchange it.",
        }
        return _account(at, {"present": said})
    with at.house.database.writing() as connection:
        second_factor.take_off_authenticator(connection, person)
        tell_owner(connection, "second-factor-taken-off", person, at.now, at.house.zone)
    return at.go("/account?done=off")


WRONG_PRESENT: Errors = {
    "present": {"zh": "口令不对，没有改动。", "en": "The passphrase is wrong; nothing was changed."}
}


async def _confirmed(at: Reception, form: Submission, do: Callable[[Reception, Submission], Response]) -> Response:
    """What is done once the passphrase was shown."""
    if not await confirmed(at, form.entries.get("present", "")):
        return await run_in_threadpool(_account, at, WRONG_PRESENT)
    return await run_in_threadpool(do, at, form)


def _authenticator(
    at: Reception, secret: str, wrong: WrongCode | None = None, refused: Mapping[str, str] | None = None
) -> Response:
    with at.house.database.reading() as connection:
        login = person_row(connection, at.somebody.participant_id).login
    house = office_name(at.house, at.language)
    of = Enrolment("/account/authenticator", login, house, secret, "/account", wrong, refused)
    return authenticator_page(at, of)


def _account(at: Reception, errors: Errors | None = None) -> Response:
    person, zone = at.somebody, at.house.zone
    rules = at.here.config.accounts
    with at.house.database.reading() as connection:
        row = person_row(connection, person.participant_id)
        codes = second_factor.has_authenticator(connection, person.participant_id)
        keys = len(passkeys_of(connection, person.participant_id))
        left_over = second_factor.recovery_left(connection, person.participant_id)
        since = bound_at(connection, person.participant_id)
        wanted = passphrase_rules(connection, person.participant_id, rules)
    values: dict[str, Any] = {
        "row": row,
        "kind": KINDS.get(person.kind),
        "sessions": own_sessions(at.house, person.participant_id, session_of(at.request), at.now, rules),
        "moment": lambda moment: moment_words(moment, zone, at.language),
        "factor": codes or keys > 0,
        "authenticator": codes,
        "keys": keys,
        "demanded": person.kind in rules.second_factor_for,
        "recovery": left_over,
        "rules": wanted,
        "idle": int(rules.idle_of(person.kind).total_seconds() // 60),
        "provider": at.here.config.provider,
        "bound": since,
        "done": at.request.query_params.get("done", ""),
        "errors": errors or {},
    }
    return at.page("account.html", 422 if errors else 200, back="/account", **values)

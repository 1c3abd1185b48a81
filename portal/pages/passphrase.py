"""A passphrase set by a one-time link: of the first administrator, of whoever is invited, of whoever has forgotten theirs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from engine.refusal import Invalid
from huying.access.accounts import passphrase_rules, set_by_link
from huying.access.credential_links import CredentialLink, open_credential_link
from huying.access.sessions import sign_out
from huying.register.office import office_name
from huying.words.moments import moment_words
from portal.frame.entry import entered
from portal.frame.login import arrival_of
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC
from portal.frame.submission import Submission, Submitted
from portal.pages.account import NOT_SAME, Errors

#: The address is the right to set one person's passphrase, once.
router = APIRouter(dependencies=[PUBLIC])
#: Where somebody goes who has come in for the first time; to the first administrator the house is still strange.
_FIRST, _WELCOME = "/tasks", "/welcome"


@router.get("/account/set/{token}")
def set_form(at: Received, token: str) -> Response:
    """Whose passphrase the link sets, and the form for it. Looking uses nothing up."""
    link = _opened(at, token)
    return _form(at.speaking(link.language), token, link)


@router.post("/account/set/{token}")
async def set_passphrase(at: Received, form: Submitted, token: str) -> Response:
    """Set it, end what was signed in, and come in; hashed apart from the threads of pages, and only for whoever has a link."""
    link = await run_in_threadpool(_opened, at, token)
    return await at.here.passphrases.run(partial(_set, at.speaking(link.language), form, token, link))


def _set(at: Reception, form: Submission, token: str, link: CredentialLink) -> Response:
    passphrase = form.entries.get("passphrase", "")
    if passphrase != form.entries.get("again", ""):
        return _form(at, token, link, NOT_SAME, form.entries)
    first = link.purpose == "first-administrator"
    renamed = (form.entry("name") or link.name, form.entry("login").lower() or link.login) if first else None
    try:
        session = set_by_link(at.house, token, passphrase, arrival_of(at.request, "link"), at.now, renamed)
    except Invalid as wrong:
        return _form(at, token, link, wrong.errors, form.entries)
    if at.reading.session:
        # somebody else was signed in in this browser
        sign_out(at.house, at.reading.session)
    return entered(at, session, _WELCOME if first else _FIRST)


def _opened(at: Reception, token: str) -> CredentialLink:
    with at.house.database.reading() as connection:
        return open_credential_link(connection, token, at.now)


def _form(
    at: Reception,
    token: str,
    link: CredentialLink,
    errors: Errors | None = None,
    entries: Mapping[str, str] | None = None,
) -> Response:
    zone = at.house.zone
    with at.house.database.reading() as connection:
        rules = passphrase_rules(connection, link.participant_id, at.here.config.accounts)
    return at.page(
        "account_set.html",
        422 if errors else 200,
        link=link,
        token=token,
        rules=rules,
        house=office_name(at.house, at.language),
        until=moment_words(link.expires_at, zone, at.language),
        foreign=at.person is not None and at.person.participant_id != link.participant_id,
        errors=errors or {},
        entries=entries or {},
        back="/",
    )

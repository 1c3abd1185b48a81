"""Signing in through the office's provider, and binding one's account to it: asked for once more before it is done."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from huying.access.identity import Identity, Provider, Unbound, bind, person_of_identity, unbind
from huying.access.journal import noted_failure
from huying.access.sessions import begin_session
from huying.errors import NotFound
from portal.frame.confirmation import confirmed
from portal.frame.entry import entered
from portal.frame.login import arrival_of
from portal.frame.provider import came_back, sent_there
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import OWN, PUBLIC
from portal.frame.submission import Submitted
from portal.pages.account import WRONG_PRESENT
from portal.pages.home import local

router = APIRouter()
_BINDING = "/account/provider"


@router.get("/login/provider", dependencies=[PUBLIC])
async def leave(request: Request, at: Received, next: str = "/tasks") -> Response:
    """To the provider; nothing is changed here by that."""
    return await sent_there(request, _provider(at), local(next))


@router.get("/login/provider/back", dependencies=[PUBLIC])
async def back(request: Request, at: Received) -> Response:
    """Back from there: in, if an account is bound; whoever wanted to bind theirs is asked once more."""
    provider = _provider(at)
    identity, following = await came_back(request, provider)
    if following == _BINDING and at.person is not None:
        request.session["found"] = [identity.issuer, identity.subject, at.person.participant_id]
        return await run_in_threadpool(_ask, at, provider, identity.subject)
    return await run_in_threadpool(_in, at, provider, identity, following)


@router.get("/account/provider", dependencies=[OWN])
async def begin(request: Request, at: SignedIn) -> Response:
    """To the provider, to bind one's account."""
    return await sent_there(request, _provider(at), _BINDING)


@router.post("/account/provider", dependencies=[OWN])
async def bound(request: Request, form: Submitted, at: SignedIn) -> Response:
    """Bind what was found there, once the passphrase was shown: it opens the account from now on."""
    provider, found = _provider(at), request.session.get("found")
    if not isinstance(found, list) or len(found) != 3 or found[2] != at.somebody.participant_id:
        return at.go("/account")
    if not await confirmed(at, form.entries.get("present", "")):
        return await run_in_threadpool(_ask, at, provider, str(found[1]), WRONG_PRESENT["present"])
    request.session.pop("found")
    return await run_in_threadpool(_bound, at, found)


def _bound(at: Reception, found: list[object]) -> Response:
    person = at.somebody.participant_id
    with at.house.database.writing() as connection:
        bind(connection, person, Identity(str(found[0]), str(found[1])), at.now)
    return at.go("/account?done=bound")


@router.post("/account/provider/off", dependencies=[OWN])
def off(form: Submitted, at: SignedIn) -> Response:
    """Undo it."""
    with at.house.database.writing() as connection:
        unbind(connection, at.somebody.participant_id)
    return at.go("/account?done=unbound")


def _ask(at: Reception, provider: Provider, subject: str, wrong: Mapping[str, str] | None = None) -> Response:
    said = {"name": provider.name, "subject": subject, "wrong": wrong}
    return at.page("provider_bind.html", 422 if wrong else 200, back="/account", **said)


def _provider(at: Reception) -> Provider:
    provider = at.here.config.provider
    if provider is None:
        raise NotFound("这里没有接入统一身份认证。", "No provider is connected here.")
    return provider


def _in(at: Reception, provider: Provider, identity: Identity, following: str) -> Response:
    with at.house.database.writing() as connection:
        person = person_of_identity(connection, identity)
        if person is None:
            noted_failure(connection.engine, "provider-refused", None, "unbound")
            raise Unbound(provider.name)
        token = begin_session(connection, person, at.now, arrival_of(at.request, "provider"))
    return entered(at, token, following)

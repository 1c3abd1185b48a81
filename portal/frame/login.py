"""Logging in with name and passphrase, for the page and the API alike: braked by account and by network, checked apart from the threads of pages."""

from __future__ import annotations

import unicodedata
from functools import partial

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from huying.access.device import known_device
from huying.access.journal import noted_failure
from huying.access.second_factor import WrongCode, passed
from huying.access.sessions import ComingIn, WrongLogin, complete_session, sign_in
from huying.access.throttle import TooOften
from huying.messages.alarm import warn_of_guesses
from huying.messages.second_factor import tell_owner
from portal.frame.here import Portal, portal
from portal.frame.network import network_of

DEVICE = "huying_device"
#: So long a browser is remembered in which somebody signed in.
DEVICE_LASTS = 180 * 24 * 3600


def arrival_of(request: Request, how: str = "passphrase", *, vouched: bool = False, program: bool = False) -> ComingIn:
    """How this browser comes in, and what the office asks of whoever does."""
    agent = request.headers.get("user-agent", "")
    return ComingIn(how, agent, portal(request).config.accounts, vouched, program)


async def log_in(request: Request, login: str, passphrase: str, *, program: bool = False) -> str:
    """A new session's token; ``WrongLogin``, ``TooOften`` or ``Busy`` otherwise. An unknown name is answered as a known one, and takes as long."""
    here, network = portal(request), network_of(request)
    account = await run_in_threadpool(_admitted, here, login, network, request.cookies.get(DEVICE, ""))
    try:
        token = await here.passphrases.run(
            partial(sign_in, here.house, login, passphrase, here.clock(), arrival_of(request, program=program))
        )
    except WrongLogin:
        if network is not None:
            await run_in_threadpool(here.throttle.count, "log-in-address", network)
        raise
    await run_in_threadpool(here.throttle.succeeded, account)
    return token


def _admitted(here: Portal, login: str, network: str | None, device: str) -> str:
    """Whose tries are counted: those of a browser that is known, else those of the account; ``TooOften`` when there are no more."""
    name = unicodedata.normalize("NFKC", login).strip().casefold()
    known = known_device(here.house, login, device) if device else None
    account = f"device {known}" if known else f"login {name}"
    try:
        if network is not None:
            here.throttle.check("log-in-address", network)
        here.throttle.admit(account)
    except TooOften:
        noted_failure(here.house.database.engine, "sign-in-braked", None)
        if here.throttle.alarming(name):
            warn_of_guesses(here.house, login, here.clock())
        raise
    return account


def second_factor_shown(here: Portal, person: int, token: str, code: str) -> str:
    """A whole session in place of the half one of this token; ``WrongCode`` or ``TooOften`` otherwise."""
    now, account = here.clock(), str(person)
    # whoever knows the passphrase may begin again as often as they like: codes are counted apart
    here.throttle.check("second-factor", account)
    try:
        with here.house.database.writing() as connection:
            if passed(connection, person, code, now):
                tell_owner(connection, "recovery-used", person, now, here.house.zone)
            return complete_session(connection, token, now, here.config.accounts)
    except WrongCode:
        here.throttle.count("second-factor", account)
        raise

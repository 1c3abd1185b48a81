"""Coming in with a passkey: alone, or as the second factor; braked as passphrases and codes are."""

from __future__ import annotations

from huying.access.challenge import Challenge
from huying.access.passkey import WrongPasskey
from huying.access.passkey_check import PasskeyAnswer, shown_passkey
from huying.access.passkey_site import PasskeySite, passkey_site
from huying.access.sessions import PASSKEY, begin_session, complete_session
from huying.errors import NotFound
from portal.frame.here import Portal
from portal.frame.login import arrival_of
from portal.frame.network import network_of
from portal.frame.reception import Reception


def site_of(here: Portal) -> PasskeySite:
    """Where passkeys of this portal are good; ``NotFound`` where browsers offer none."""
    site = passkey_site(here.config.portal_url)
    if site is None:
        raise NotFound(
            "这个网址用不了通行密钥，请用口令和验证器。",
            "Passkeys cannot be used at this address; please use passphrase and authenticator.",
        )
    return site


def signed_in_by_passkey(at: Reception, text: str) -> str:
    """A new session's token for whoever a passkey says they are; ``WrongPasskey`` or ``TooOften`` otherwise."""
    here, network = at.here, network_of(at.request)
    if network is not None:
        here.throttle.check("log-in-address", network)
    answer = PasskeyAnswer(Challenge("sign-in", at.reading.form_token), text)
    try:
        person = shown_passkey(here.house, site_of(here), answer, at.now)
    except WrongPasskey:
        if network is not None:
            here.throttle.count("log-in-address", network)
        raise
    with here.house.database.writing() as connection:
        return begin_session(connection, person, at.now, arrival_of(at.request, PASSKEY, vouched=True))


def second_passkey_shown(at: Reception, person: int, token: str, text: str) -> str:
    """A whole session in place of the half one of this token; ``WrongPasskey`` or ``TooOften`` otherwise."""
    here, account = at.here, f"passkey {person}"
    here.throttle.check("second-factor", account)
    answer = PasskeyAnswer(Challenge("second-factor", at.reading.form_token, person), text)
    try:
        shown_passkey(here.house, site_of(here), answer, at.now)
    except WrongPasskey:
        here.throttle.count("second-factor", account)
        raise
    with here.house.database.writing() as connection:
        return complete_session(connection, token, at.now, here.config.accounts, by=PASSKEY)

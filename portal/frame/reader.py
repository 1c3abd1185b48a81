"""Who reads: their language, whether they are signed in, and the token that their forms must carry.

The language is the one asked for (``?lang=``), else the one chosen before (cookie), else the person's own, else the browser's, else Chinese.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request

from engine.refusal import Refusal
from huying.access.sessions import of_program, participant_of
from huying.access.viewer import Viewer, viewer
from huying.audit.caller import known_as
from huying.locale import known_language
from portal.frame.here import Portal, portal

SESSION = "huying_session"
GUEST = "huying_guest"
LANGUAGE = "huying_language"
DENSITY = "huying_density"
THEME = "huying_theme"
THEMES = ("light", "dark")
_HALF_A_YEAR = 180 * 24 * 3600


class SignInNeeded(Refusal):
    """The page is for people who are signed in."""

    code = "sign-in-needed"

    def __init__(self) -> None:
        super().__init__("请先登录。", "Please log in first.")


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that the answer sets."""

    name: str
    value: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of one request; ``chosen`` tells that they asked for this language themself.

    ``elder``: they read large type; ``theme``: ``light`` or ``dark`` where they chose one, else as their system has it.
    """

    language: str
    chosen: bool
    person: Viewer | None
    session: str | None
    form_token: str
    cookies: tuple[Cookie, ...] = ()
    elder: bool = False
    theme: str = ""

    def speaking(self, language: str | None) -> Reader:
        """The same reader in a person's own language, unless they chose another."""
        known = known_language(language)
        return self if self.chosen or known is None else replace(self, language=known)


def reader(request: Request) -> Reader:
    """Who reads; found out once for each request."""
    found: Reader | None = getattr(request.state, "reader", None)
    if found is None:
        found = request.state.reader = _find(request, portal(request))
    return found


def session_cookie(here: Portal) -> str:
    """What the cookie of a log-in is called: with https so that no other host or path can set it."""
    return f"__Host-{SESSION}" if here.config.secure_cookies else SESSION


def session_of(request: Request) -> str:
    """The token that the browser brings along, of a whole log-in, a half one, or none; one of a program is none."""
    token = request.cookies.get(session_cookie(portal(request)), "")
    return "" if of_program(token) else token


def _find(request: Request, here: Portal) -> Reader:
    session = session_of(request)
    person = _person(here, session)
    cookies: list[Cookie] = []
    asked = known_language(request.query_params.get("lang"))
    if asked:
        cookies.append(Cookie(LANGUAGE, asked, _HALF_A_YEAR))
    chosen = asked or known_language(request.cookies.get(LANGUAGE))
    own = known_language(person.language) if person else None
    seed = session if person and session else request.cookies.get(GUEST)
    if not seed:
        seed = secrets.token_urlsafe(24)
        cookies.append(Cookie(GUEST, seed, _HALF_A_YEAR))
    spoken = here.house.offices.now().languages
    language = chosen or own or accepted_language(request.headers.get("accept-language", ""))
    return Reader(
        language=language if language in spoken else spoken[0],
        chosen=chosen is not None,
        person=person,
        session=session if person else None,
        form_token=hashlib.sha256(f"form:{seed}".encode()).hexdigest(),
        cookies=tuple(cookies),
        elder=_said(request, "density", DENSITY) == "elder",
        theme=said if (said := _said(request, "theme", THEME)) in THEMES else "",
    )


def _said(request: Request, name: str, cookie: str) -> str:
    """A wish for this page alone, from its address, else the one kept in the cookie."""
    return request.query_params.get(name) or request.cookies.get(cookie, "")


def _person(here: Portal, session: str) -> Viewer | None:
    number = participant_of(here.house, session, here.clock(), here.config.accounts) if session else None
    if number is None:
        return None
    known_as(number, session)
    with here.house.database.reading() as connection:
        return viewer(connection, number)


def accepted_language(header: str) -> str:
    """The best of our languages for an ``Accept-Language`` header; Chinese when it names none of them."""
    best, weight = "zh", 0.0
    for part in header.split(",")[:20]:
        tag, _, parameters = part.partition(";")
        quality = parameters.strip().removeprefix("q=") or "1"
        known = known_language(tag)
        try:
            value = float(quality)
        except ValueError:
            continue
        if known and value > weight:
            best, weight = known, value
    return best


def signed_in(request: Request) -> Reader:
    """A reader who is signed in; ``SignInNeeded`` otherwise."""
    found = reader(request)
    if found.person is None:
        raise SignInNeeded
    return found


def kind_of(reading: Reader) -> str:
    """What kind of participant reads; a guest is a citizen."""
    return reading.person.kind if reading.person else "citizen"


Reading = Annotated[Reader, Depends(reader)]


def person_of(reading: Reader) -> Viewer:
    """The person who is signed in; ``SignInNeeded`` otherwise."""
    if reading.person is None:
        raise SignInNeeded
    return reading.person

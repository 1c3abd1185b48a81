"""Who calls: a person by the token of a log-in, a machine for a person by its key, or the reporter by the code of one issue."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from engine.refusal import Refusal
from huying.access.api_keys import is_key, open_key
from huying.access.sessions import of_program, participant_of
from huying.audit.caller import known_as
from huying.issues.sight import may_see
from huying.issues.voice import reporter_heard_by
from huying.locale import known_language
from portal.api.keys import admit, assure_reach, key_of
from portal.frame.bounds import Number
from portal.frame.brake import whose_code
from portal.frame.door import Door
from portal.frame.here import Portal, portal
from portal.frame.reader import SignInNeeded, accepted_language

_bearer = HTTPBearer(
    auto_error=False, description="The token that POST /sessions gives, or the key of a machine (hy_…)."
)
_SHORTEST_KEY = 16
#: How a resident told something to the caller.
VoiceName = Literal["phone", "counter", "visit", "reception"]


class WeakKey(Refusal):
    """A guest's idempotency key could be guessed."""

    code = "weak-key"

    def __init__(self) -> None:
        super().__init__(
            f"Idempotency-Key 至少 {_SHORTEST_KEY} 个字符，且不可猜测（例如 UUID）。",
            f"An Idempotency-Key has at least {_SHORTEST_KEY} characters and cannot be guessed (a UUID, say).",
        )


def language(request: Request) -> str:
    """The language of texts in the answer."""
    asked = known_language(request.query_params.get("lang"))
    return asked or accepted_language(request.headers.get("accept-language", ""))


def bearer(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str | None:
    """The token of the call, if it has one."""
    return credentials.credentials if credentials else None


def known_caller(
    request: Request, here: Annotated[Portal, Depends(portal)], token: Annotated[str | None, Depends(bearer)]
) -> int | None:
    """The person whose token or key it is; ``None`` without one, ``SignInNeeded`` with a wrong one, such as that of a browser."""
    if token is None:
        return None
    if is_key(token):
        return _keyed(request, here, token)
    person = participant_of(here.house, token, here.clock(), here.config.accounts) if of_program(token) else None
    if person is None:
        raise SignInNeeded
    known_as(person, token, "api")
    return person


def _keyed(request: Request, here: Portal, token: str) -> int:
    key = open_key(here.house, token, here.clock())
    if key is None:
        raise SignInNeeded
    known_as(key.person, token, key.via)
    admit(request, key)
    return key.person


def caller(person: Annotated[int | None, Depends(known_caller)]) -> int:
    """The person whose token it is; ``SignInNeeded`` without one."""
    if person is None:
        raise SignInNeeded
    return person


def issue_door(
    request: Request,
    person: Annotated[int | None, Depends(known_caller)],
    issue_id: Number,
    code: str | None = None,
    said: VoiceName | None = None,
) -> Door:
    """The right to stand before an issue: the person's own, else that of the code; ``said``: the person notes what its reporter said to them."""
    here = portal(request)
    reporter = whose_code(request, issue_id, code) if code else None
    if reporter is not None and (person is None or not may_see(here.house, issue_id, person)):
        return Door(reporter, issue_id, "code")
    if person is None:
        raise SignInNeeded
    key = key_of(request)
    assure_reach(here.house, key, issue_id)
    if key is not None:
        return Door(person, issue_id, "key", mark=key.via)
    if said is not None:
        heard = reporter_heard_by(here.house, issue_id, person, here.clock())
        return Door(heard, issue_id, "voice", noting=person, way=said)
    return Door(person, issue_id, "session")


IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", max_length=64, description="Makes a repeat harmless; a UUID, say.")
]


def request_id(header: str | None, body: str | None, *, guest: bool = False) -> str:
    """What makes a repeat harmless: the header, else the body's entry, else something new. A guest's must not be guessable."""
    given = header or body
    if given and guest and len(given) < _SHORTEST_KEY:
        raise WeakKey
    return given or secrets.token_hex(16)


Language = Annotated[str, Depends(language)]
Caller = Annotated[int, Depends(caller)]
KnownCaller = Annotated[int | None, Depends(known_caller)]
ApiDoor = Annotated[Door, Depends(issue_door)]

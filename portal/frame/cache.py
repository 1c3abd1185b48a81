"""Public answers that caches may keep for a moment: the same for all who are not signed in, told apart by content, asked for within bounds."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime

from fastapi import Request
from starlette.responses import Response

from huying.access.throttle import TooOften
from portal.frame.here import Portal
from portal.frame.network import network_of
from portal.frame.reception import Reception

#: So long a cache may answer without asking: what was withdrawn is gone as soon.
SECONDS = 60


def assure_moderate(at: Reception) -> None:
    """Count a reading of public pages by whoever is not signed in; ``TooOften`` if one network reads more than people do."""
    if at.person is None:
        assure_moderate_guest(at.request, at.here, at.now)


def assure_moderate_guest(request: Request, here: Portal, now: datetime) -> None:
    """The same of a program that came without a key."""
    network = network_of(request)
    wait = 0 if network is None else here.reads.wait(network, now)
    if wait:
        raise TooOften(wait, "read")


def public_answer(at: Reception, answer: Response, changed: datetime | None = None) -> Response:
    """The same answer for caches, or 304 for whoever has it already; for somebody who is signed in it stays private."""
    if at.person is not None or answer.status_code != 200:
        return answer
    if "lang" not in at.request.query_params:
        # a guest's own cookie must not be kept for others; pages without a form do not need it
        del answer.headers["set-cookie"]
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    told = {"ETag": tag, "Cache-Control": f"public, max-age={SECONDS}", "Vary": "Cookie, Accept-Language"}
    if "set-cookie" in answer.headers:
        told["Cache-Control"] = "private, no-cache"
    if changed is not None:
        told["Last-Modified"] = format_datetime(changed, usegmt=True)
    if tag in known_tags(at.request):
        return Response(status_code=304, headers=told)
    answer.headers.update(told)
    return answer


def known_tags(request: Request) -> set[str]:
    """The versions that the asker has."""
    given = request.headers.get("if-none-match", "")
    return {tag.strip().removeprefix("W/") for tag in given[:2000].split(",")}

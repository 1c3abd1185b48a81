"""Who asks for Prefect's pages: somebody signed in, by a page of ours and of no other site."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from engine.refusal import Refusal
from huying.access.viewer import Viewer
from portal.frame.here import portal
from portal.frame.reader import person_of, reader

_LOOKS = frozenset({"GET", "HEAD"})
#: What a browser says of a request: from a page of this very origin, or typed in, or opened from a list of bookmarks.
_OWN = frozenset({"same-origin", "none"})


class Foreign(Refusal):
    """Another site asks, in the name of whoever has it open."""

    code = "not-allowed"

    def __init__(self) -> None:
        super().__init__("这个请求来自别的网站，未予办理。", "This request comes from another site; it is refused.")


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who was let in; ``system``: they may press the buttons of the system's own runs."""

    person: Viewer
    language: str
    system: bool


def entrant(request: Request) -> Entrant:
    """Whoever asks, if a page of ours asks for them; ``Foreign`` otherwise, ``SignInNeeded`` where nobody is signed in."""
    if not _ours(request):
        raise Foreign
    reading = reader(request)
    person = person_of(reading)
    return Entrant(person, reading.language, person.may("steer runs", portal(request).clock()))


def navigates(request: Request) -> bool:
    """Whether somebody opens a page, rather than a script that asks for something: they are answered with a page."""
    return request.method in _LOOKS and "text/html" in request.headers.get("accept", "")


def _ours(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if request.method in _LOOKS:
        # a link from elsewhere may open a page; a script from elsewhere may not even look
        return site is None or site in _OWN or request.headers.get("sec-fetch-mode") == "navigate"
    said = request.headers.get("origin") or request.headers.get("referer")
    return (site is None or site in _OWN) and said is not None and _is_own(request, said)


def _is_own(request: Request, address: str) -> bool:
    """Whether an address is one of this portal: by the name under which it was asked, or the one that it is set to."""
    try:
        named = urlsplit(address).netloc
        return named != "" and named in (
            request.headers.get("host"),
            urlsplit(portal(request).config.portal_url).netloc,
        )
    except ValueError:
        return False

"""The right that a route asks for: an action of the house, or that it is public, or one's own. Every route says one of them.

``router = APIRouter(dependencies=[needs("keep connections")])`` says it for all routes of a page, ``@router.get("/x", dependencies=[PUBLIC])`` for
one of them; never both. Asked by ``tests/house/test_rights.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from huying.rights.action import ACTIONS
from huying.rights.refusal import Unentitled
from portal.frame.here import portal
from portal.frame.reader import person_of, reader

Open = Literal["public", "own"]


@dataclass(frozen=True, slots=True)
class Asks:
    """What a route asks for: ``public`` for everybody; ``own`` for whoever it concerns, as the doors and views of the page decide."""

    action: str

    async def __call__(self, request: Request) -> None:
        """Nothing more than this: who it concerns is decided where it is known what it is about. Signs of life wait for no thread here."""


@dataclass(frozen=True, slots=True)
class Needs(Asks):
    """A route for those who may do something, somewhere at least; where, the use case decides."""

    async def __call__(self, request: Request) -> None:
        """Let pass who has the right; ``SignInNeeded`` and ``Unentitled`` for all others."""
        await run_in_threadpool(self._ask, request)

    def _ask(self, request: Request) -> None:
        if not person_of(reader(request)).may(self.action, portal(request).clock()):
            raise Unentitled(self.action)


#: For everybody, signed in or not.
PUBLIC: Any = Depends(Asks("public"))
#: For whoever it concerns: their tasks, their reports, their account.
OWN: Any = Depends(Asks("own"))


def needs(action: str) -> Any:
    """For those who may do this; the words are a line of ``huying/rights/action.py``."""
    return Depends(Needs(ACTIONS[action].key))


def asked_by(dependant: Dependant) -> tuple[str, ...]:
    """What a route asks for: one action, ``public`` or ``own``; none or several are a mistake."""
    return tuple(one.call.action for one in dependant.dependencies if isinstance(one.call, Asks))


def routes(found: Iterable[object], prefix: str = "") -> Iterator[tuple[str, str, APIRoute]]:
    """Every route of an application as (method, path, route), those of what is mounted in it too."""
    for route in found:
        if isinstance(route, APIRoute):
            yield from ((method, prefix + route.path, route) for method in sorted(route.methods or ()))
        elif isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from routes(route.app.routes, prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router.routes, prefix)

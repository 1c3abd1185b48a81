"""The right that a route of the API asks for: as on pages, of whoever the token belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from huying.access.viewer import viewer
from huying.rights.action import ACTIONS
from huying.rights.refusal import Unentitled
from portal.api.caller import Caller
from portal.api.keys import key_of
from portal.frame.here import portal
from portal.frame.right import Asks


@dataclass(frozen=True, slots=True)
class NeedsOfCaller(Asks):
    """A route for callers who may do something, somewhere at least; where, the use case decides."""

    def __call__(self, request: Request, caller: Caller) -> None:  # type: ignore[override]
        """Let pass who has the right; ``Unentitled`` for all others."""
        here = portal(request)
        with here.house.database.reading() as connection:
            person = viewer(connection, caller)
        key = key_of(request)
        if not person.may(self.action, here.clock()) or (key is not None and not key.brings(self.action)):
            raise Unentitled(self.action)


def needs(action: str) -> Any:
    """For those who may do this; the words are a line of ``huying/rights/action.py``."""
    return Depends(NeedsOfCaller(ACTIONS[action].key))

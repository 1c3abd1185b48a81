"""What every page and API call needs at hand, as a dependency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from huying.house import House
from portal.config import PortalConfig


@dataclass(frozen=True, slots=True)
class Portal:
    """The house, the portal's configuration, and the clock."""

    house: House
    config: PortalConfig
    clock: Callable[[], datetime]


def portal(connection: HTTPConnection) -> Portal:
    """The portal that answers this request."""
    found: Portal = connection.app.state.portal
    return found


Here = Annotated[Portal, Depends(portal)]

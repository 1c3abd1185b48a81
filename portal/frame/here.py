"""What every page and API call needs at hand, as a dependency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from huying.figures.year import YearKept
from huying.house.house import House
from huying.telemetry.database_figures import DatabaseFigures
from huying.telemetry.readiness import Readiness
from portal.frame.config import PortalConfig
from portal.frame.places import Counter, nothing_counted
from portal.frame.rate import Rate

#: A phone looks every hour or so; a person who taps "refresh" again and again is answered as well.
_FEED_READS = 20
_FEED_SPAN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Portal:
    """The house, the portal's configuration, the clock, how often a calendar may be read, the rail's counts, the year, the watch."""

    house: House
    config: PortalConfig
    clock: Callable[[], datetime]
    feeds: Rate = field(default_factory=lambda: Rate(_FEED_READS, _FEED_SPAN))
    counter: Counter = nothing_counted
    readiness: Readiness = field(init=False)
    figures: DatabaseFigures = field(init=False)
    year: YearKept = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "readiness", Readiness(self.house, self.clock))
        object.__setattr__(self, "figures", DatabaseFigures(self.house, self.clock))
        object.__setattr__(self, "year", YearKept(self.house))


def portal(connection: HTTPConnection) -> Portal:
    """The portal that answers this request."""
    found: Portal = connection.app.state.portal
    return found


Here = Annotated[Portal, Depends(portal)]

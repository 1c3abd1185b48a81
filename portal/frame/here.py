"""What every page and API call needs at hand, as a dependency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends
from limits.storage import MemoryStorage
from starlette.requests import HTTPConnection

from huying.access.throttle import Throttle
from huying.access.throttle_table import ThrottleTable
from huying.figures.year import YearKept
from huying.house.house import House
from huying.house.thumbnail import Thumbnails
from huying.publicity.open_rows import OpenRowsKept
from huying.telemetry.database_figures import DatabaseFigures
from huying.telemetry.readiness import Readiness
from portal.frame.config import PortalConfig
from portal.frame.passphrase_queue import PassphraseQueue
from portal.frame.places import Counter, nothing_counted
from portal.frame.rate import Rate

#: A phone looks every hour or so; a person who taps "refresh" again and again is answered as well.
_FEED_READS = 20
_FEED_SPAN = timedelta(minutes=1)
#: So many public pages one network reads in a minute: a room of people, and no machine that takes all of them at once.
_READS = 240


@dataclass(frozen=True, slots=True)
class Portal:
    """The house, its configuration, the clock, how often a calendar may be read, the rail's counts, what is kept, the watch, and the brakes."""

    house: House
    config: PortalConfig
    clock: Callable[[], datetime]
    feeds: Rate = field(default_factory=lambda: Rate(_FEED_READS, _FEED_SPAN))
    reads: Rate = field(default_factory=lambda: Rate(_READS, timedelta(minutes=1)))
    counter: Counter = nothing_counted
    readiness: Readiness = field(init=False)
    figures: DatabaseFigures = field(init=False)
    year: YearKept = field(init=False)
    open_rows: OpenRowsKept = field(init=False)
    throttle: Throttle = field(init=False)
    passphrases: PassphraseQueue = field(init=False, default_factory=PassphraseQueue)
    thumbnails: Thumbnails = field(init=False, default_factory=Thumbnails)

    def __post_init__(self) -> None:
        object.__setattr__(self, "readiness", Readiness(self.house, self.clock))
        object.__setattr__(self, "figures", DatabaseFigures(self.house, self.clock))
        object.__setattr__(self, "year", YearKept(self.house))
        object.__setattr__(self, "open_rows", OpenRowsKept(self.house))
        storage = MemoryStorage() if self.config.counts_in_memory else ThrottleTable(self.house.database, self.clock)
        object.__setattr__(self, "throttle", Throttle(storage, self.clock, self.config.limits))


def portal(connection: HTTPConnection) -> Portal:
    """The portal that answers this request."""
    found: Portal = connection.app.state.portal
    return found


Here = Annotated[Portal, Depends(portal)]

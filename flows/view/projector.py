"""Keeps the issues' runs up to date with the database, newest state only; what cannot be shown now is shown later."""

import asyncio
import logging
import time
from collections.abc import Callable
from uuid import UUID

from flows.gateway.api import PrefectApi, PrefectRefused, PrefectUnknown
from flows.ports import Ports, ShownEffect
from flows.view.card import IssueCard
from flows.view.issue import LogLine, lines, make, show, tell, told
from flows.view.shown import Shown, remembered
from huying.console.marks import Stale

_log = logging.getLogger("huying.flows")
_BATCH = 20
_REMEMBERED = 10_000
# under load the view rests so many times as long as it worked: people come first, and it still gets on
_MODESTY = 4


class Projector:
    """Shows issues one at a time, and remembers where. What their logs are to tell is written for a whole batch at once."""

    def __init__(self, api: PrefectApi, ports: Ports) -> None:
        self._api = api
        self._ports = ports
        self._runs: dict[int, UUID] = {}
        # runs that were made for a work run to stand under, and show nothing yet
        self._made: dict[int, Shown] = {}
        self._refused: dict[int, int] = {}
        # two shows of one issue at once could leave two of an artifact
        self._one_at_a_time = asyncio.Lock()

    def forget(self) -> None:
        """Drop what was learnt from a server whose data may be gone."""
        self._runs.clear()
        self._made.clear()
        self._refused.clear()

    def lost(self, issue_id: int) -> None:
        """The run of that issue turned out to be unknown."""
        self._runs.pop(issue_id, None)
        self._made.pop(issue_id, None)

    async def run_of(self, effect: ShownEffect) -> UUID:
        """The run that shows an effect's issue, made if there is none; catching up fills it in. Errors: PrefectError, and the ports'."""
        known = self._runs.get(effect.issue_id) or (UUID(effect.run_id) if effect.run_id else None)
        if known is None:
            card = await asyncio.to_thread(self._ports.card, effect.issue_id)
            made = self._made[effect.issue_id] = await make(self._api, card)
            known = made.run_id
        self._remember(effect.issue_id, known)
        return known

    async def show_again(self, issue_id: int, first: LogLine | None = None, *, forced: bool = False) -> None:
        """Show one issue now, and `first` tell this in its log; `forced`: even what it was shown as last. Errors: as of `run_of`."""
        async with self._one_at_a_time:
            stale = await asyncio.to_thread(self._ports.where_shown, issue_id)
            done = await self._show(stale, forced=forced)
            await self._tell([done], [first] if first else [])

    async def catch_up(self, loaded: Callable[[], bool] = lambda: False) -> int:
        """Show some of the issues that moved on, slowly while work is loaded; how many. Errors: PrefectAway, and those of the ports."""
        async with self._one_at_a_time:
            done = list[_Done]()
            try:
                for stale in await asyncio.to_thread(self._ports.stale_cards, _BATCH + len(self._refused)):
                    begun = time.monotonic()
                    done += await self._try(stale)
                    if loaded():
                        await asyncio.sleep(_MODESTY * (time.monotonic() - begun))
            finally:
                # what was shown before the server went away is told and noted, if it can be
                await self._tell(done, [])
        return len(done)

    async def _try(self, stale: Stale) -> "list[_Done]":
        if self._refused.get(stale.issue_id, 0) >= 3:
            return []
        try:
            return [await self._show(stale)]
        except (PrefectRefused, PrefectUnknown) as error:
            self._refused[stale.issue_id] = self._refused.get(stale.issue_id, 0) + 1
            _log.warning("事项 %d 无法显示：%s", stale.issue_id, error)
            return []

    async def _show(self, stale: Stale, *, forced: bool = False) -> "_Done":
        card = await asyncio.to_thread(self._ports.card, stale.issue_id)
        known = self._made.pop(stale.issue_id, None) if stale.run_id is None else None
        known = known or remembered(stale.run_id, stale.shown_as)
        shown = await show(self._api, card, known, again=forced)
        self._remember(stale.issue_id, shown.run_id)
        return stale.issue_id, card, shown

    def _remember(self, issue_id: int, run_id: UUID) -> None:
        if len(self._runs) >= _REMEMBERED:
            self._runs.clear()
        self._runs[issue_id] = run_id

    async def _tell(self, done: "list[_Done]", first: list[LogLine]) -> None:
        """Write what is new of their timelines, and note that they are shown: all or none of it, to be done again."""
        new = [line for _, card, shown in done for line in lines(card, shown)]
        await tell(self._api, [*first, *new])
        for issue_id, card, shown in done:
            how = told(card, shown).plain()
            await asyncio.to_thread(self._ports.shown, issue_id, card.version, shown.run, card.changes_at, how)


_Done = tuple[int, IssueCard, Shown]

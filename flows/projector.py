"""Keeps the issues' runs up to date with the database, newest state only; what cannot be shown now is shown later."""

import asyncio
import logging
import time
from collections.abc import Callable
from uuid import UUID

from flows.api import PrefectApi, PrefectRefused, PrefectUnknown
from flows.card import flow_name, run_name, state, tags
from flows.issue import show
from flows.ports import Effect, Ports, Stale

_log = logging.getLogger("huying.flows")
_BATCH = 20
_REMEMBERED = 10_000
# under load the view rests so many times as long as it worked: people come first, and it still gets on
_MODESTY = 4


class Projector:
    """Shows issues one at a time, and remembers where."""

    def __init__(self, api: PrefectApi, ports: Ports) -> None:
        self._api = api
        self._ports = ports
        self._runs: dict[int, UUID] = {}
        self._refused: dict[int, int] = {}
        # two shows of one issue at once could leave two of an artifact
        self._one_at_a_time = asyncio.Lock()

    def forget(self) -> None:
        """Drop what was learnt from a server whose data may be gone."""
        self._runs.clear()
        self._refused.clear()

    def lost(self, issue_id: int) -> None:
        """The run of that issue turned out to be unknown."""
        self._runs.pop(issue_id, None)

    async def run_of(self, effect: Effect) -> UUID:
        """The run that shows an effect's issue, made if there is none; catching up fills it in. Errors: PrefectError, and the ports'."""
        known = self._runs.get(effect.issue_id) or (UUID(effect.run_id) if effect.run_id else None)
        if known is None:
            card = await asyncio.to_thread(self._ports.card, effect.issue_id)
            made = await self._api.create_run(
                flow_name(card), run_name(card), f"issue:{card.number}", state(card), tags(card)
            )
            known = UUID(made["id"])
        self._remember(effect.issue_id, known)
        return known

    async def catch_up(self, loaded: Callable[[], bool]) -> int:
        """Show some of the issues that moved on, slowly while work is loaded; how many. Errors: PrefectAway, and those of the ports."""
        shown = 0
        for stale in await asyncio.to_thread(self._ports.stale_cards, _BATCH + len(self._refused)):
            begun = time.monotonic()
            shown += await self._try(stale)
            if loaded():
                await asyncio.sleep(_MODESTY * (time.monotonic() - begun))
        return shown

    async def _try(self, stale: Stale) -> int:
        if self._refused.get(stale.issue_id, 0) >= 3:
            return 0
        try:
            await self._show(stale)
        except (PrefectRefused, PrefectUnknown) as error:
            self._refused[stale.issue_id] = self._refused.get(stale.issue_id, 0) + 1
            _log.warning("事项 %d 无法显示：%s", stale.issue_id, error)
            return 0
        return 1

    async def _show(self, stale: Stale) -> None:
        async with self._one_at_a_time:
            card = await asyncio.to_thread(self._ports.card, stale.issue_id)
            known = self._runs.get(stale.issue_id) or (UUID(stale.run_id) if stale.run_id else None)
            run_id = await show(self._api, card, known)
            self._remember(stale.issue_id, run_id)
            await asyncio.to_thread(self._ports.shown, stale.issue_id, card.version, str(run_id), card.changes_at)

    def _remember(self, issue_id: int, run_id: UUID) -> None:
        if len(self._runs) >= _REMEMBERED:
            self._runs.clear()
        self._runs[issue_id] = run_id

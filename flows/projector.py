"""Keeps the issues' runs up to date with the database, newest state only; what cannot be shown now is shown later."""

import asyncio
import logging
from uuid import UUID

from flows.api import PrefectApi, PrefectRefused, PrefectUnknown
from flows.issue import show
from flows.ports import Ports, Stale

_log = logging.getLogger("huying.flows")
_BATCH = 20
_REMEMBERED = 10_000


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

    async def run_of(self, issue_id: int) -> UUID:
        """The run that shows the issue, made if there is none. Errors: PrefectError, and those of the ports."""
        if issue_id not in self._runs:
            await self._show(Stale(issue_id=issue_id, run_id=None))
        return self._runs[issue_id]

    async def catch_up(self) -> int:
        """Show some of the issues that moved on; how many. Errors: PrefectAway, and those of the ports."""
        shown = 0
        for stale in await asyncio.to_thread(self._ports.stale_cards, _BATCH + len(self._refused)):
            shown += await self._try(stale)
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
            if len(self._runs) >= _REMEMBERED:
                self._runs.clear()
            self._runs[stale.issue_id] = run_id
            await asyncio.to_thread(self._ports.shown, stale.issue_id, card.version, str(run_id), card.changes_at)

"""Prefect's pages as the staff's console: what they did there with an issue's run is asked of the kernel, and the run is put back to what is true.

An issue's run bears a state with a name of our own; one of Prefect's names tells that somebody pressed a button. That is all that is asked.
"""

import asyncio
import json
import logging
import time
from typing import Any
from uuid import UUID

from flows.gateway.api import PrefectApi, PrefectUnknown
from flows.ports import Ports
from flows.view.card import ISSUE
from flows.view.issue import ANSWER, KEY, LogLine, tell
from flows.view.projector import Projector
from huying.console import MEANINGS, Asked, Replied

_log = logging.getLogger("huying.flows")

_MOST = 50
# a deployment that was not asked for a minute is called not ready
_READY_EVERY = 25.0
_LOGGER = "控制台"
_STRAY = {
    "type": "CANCELLED",
    "name": "请在门户登记",
    "message": "新事项请在门户登记。 New issues are reported in the portal.",
}


class Console:
    """Listens to one Prefect server for one house."""

    def __init__(self, api: PrefectApi, ports: Ports, projector: Projector) -> None:
        self._api = api
        self._ports = ports
        self._projector = projector
        self._asked_at = -_READY_EVERY

    async def listen(self) -> int:
        """Deal with what staff did since; how many. Errors: PrefectAway, and those of the ports."""
        await self._look_ready()
        body = {
            "flow_runs": {"tags": {"all_": [ISSUE]}, "state": {"name": {"any_": list(MEANINGS)}}},
            "limit": _MOST,
        }
        runs = await self._api.call("POST", "/flow_runs/filter", body)
        for run in runs:
            try:
                await self._deal_with(run)
            except PrefectUnknown:
                # somebody deleted it meanwhile
                continue
        return len(runs)

    async def _look_ready(self) -> None:
        """Ask for work of the issues' deployments now and then: there never is any, but those that nobody asks look broken on their page."""
        now = time.monotonic()
        if now - self._asked_at < _READY_EVERY:
            return
        self._asked_at = now
        wanted = {"deployments": {"tags": {"all_": [ISSUE]}}, "limit": 200}
        ours = [one["id"] for one in await self._api.call("POST", "/deployments/filter", wanted)]
        if ours:
            await self._api.call("POST", "/deployments/get_scheduled_flow_runs", {"deployment_ids": ours, "limit": 1})

    async def _deal_with(self, run: dict[str, Any]) -> None:
        key = run["idempotency_key"] or ""
        if not key.startswith(KEY):
            return await self._stray(run)
        asked, answered = await self._asked(run, key.removeprefix(KEY))
        replied = await asyncio.to_thread(self._ports.reply_to, asked)
        _log.info("控制台 %s %s：%s", asked.number, asked.what, replied.words)
        if replied.issue_id is None:
            return await self._stray(run)
        await self._projector.show_again(replied.issue_id, _line(run["id"], replied), forced=True)
        if answered is not None:
            # done: what was entered has no business staying there
            await self._forget(run["id"], answered)

    async def _asked(self, run: dict[str, Any], number: str) -> tuple[Asked, str | None]:
        what = MEANINGS[run["state"]["name"]]
        # each state has an id of its own, and so has each press of a button; of a form, each is answered once
        request_id, values, answered = f"console-{run['state']['id']}", dict[str, Any](), None
        if what == "act":
            wanted = {"prefix": ANSWER, "limit": 20}
            found = await self._api.call("POST", f"/flow_runs/{run['id']}/input/filter", wanted)
            if found:
                # one that was dealt with may have been left by a dispatcher that died: the newest is meant
                newest = max(found, key=lambda one: _number(one["key"]))
                answered, values = str(newest["key"]), _decoded(newest["value"])
                request_id = f"console-{run['id']}-{answered}"
        return Asked(number=number, what=what, request_id=request_id, values=values), answered

    async def _stray(self, run: dict[str, Any]) -> None:
        """A run that shows no issue, as when staff start one from the deployment: it ends, and says where issues come from."""
        run_id = UUID(run["id"])
        await self._api.set_flow_run_state(run_id, _STRAY)
        await self._api.call("PATCH", f"/flow_runs/{run_id}", {"name": run["name"], "tags": ["系统"]})
        await tell(self._api, [LogLine(run_id=run["id"], name=_LOGGER, text=str(_STRAY["message"]), warning=True)])

    async def _forget(self, run_id: str, key: str) -> None:
        try:
            await self._api.call("DELETE", f"/flow_runs/{run_id}/input/{key}")
        except PrefectUnknown:
            return


def _line(run_id: str, replied: Replied) -> LogLine:
    return LogLine(run_id=run_id, name=_LOGGER, text=f"控制台：{replied.words}", warning=not replied.accepted)


def _number(key: str) -> int:
    number = key.removeprefix(ANSWER)
    return int(number) if number.isdecimal() else 0


def _decoded(value: str) -> dict[str, Any]:
    try:
        entered = json.loads(value)
    except ValueError:
        return {}
    return entered if isinstance(entered, dict) else {}

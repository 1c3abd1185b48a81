"""A slim client of Prefect's HTTP API with bounded waiting and no retries: whoever calls it can always go on without Prefect.

Prefect's own client repeats a failed call for up to a minute and builds a model of every answer; the projection needs neither.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

Json = dict[str, Any]

# the answers that mean "not now": overloaded, or its database is locked or restarting
_NOT_NOW = frozenset({408, 429, 500, 502, 503, 504})
# on SQLite, creating a run beside any other write is answered with 503 at once, one time in four: ask again soon
_TRIES = 7
# lines of a log in one call: Prefect limits what a call may hold
_LINES = 200


class PrefectError(Exception):
    """Prefect did not do what it was asked to."""


class PrefectAway(PrefectError):
    """Prefect does not answer, or says that it cannot now; the call may or may not have taken effect."""


class PrefectUnknown(PrefectError):
    """Prefect does not know the thing that was named: its data was deleted, or aged out."""


class PrefectRefused(PrefectError):
    """Prefect understood the call and refused it: a mistake of ours."""


class PrefectApi:
    """One Prefect server, or several behind a balancer, named by the address of the API; every call ends within `timeout` seconds.

    `auth` is the `USER:PASSWORD` of a server that asks for one.
    """

    def __init__(self, url: str, timeout: float = 5.0, auth: str | None = None) -> None:
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout, auth=_basic(auth))
        self._flow_ids: dict[str, str] = {}
        self._deployment_ids: dict[str, str] = {}
        # two writes at once gain nothing on SQLite, and cost refusals and stalls of many seconds
        self._writing = asyncio.Lock()
        # after a 503 the server closes the connection and does not say so: what is asked next over it is asked again over another
        self._refused = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def alive(self, timeout: float = 2.0) -> bool:
        """Whether the server answers its health check within `timeout` seconds; never raises."""
        try:
            return (await self._http.get("/health", timeout=timeout)).status_code == 200
        except httpx.HTTPError:
            return False

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """The decoded answer (None when it is empty). Errors: PrefectAway, PrefectUnknown, PrefectRefused."""
        answer = await self._answer(method, path, body)
        if answer.status_code == 404:
            raise PrefectUnknown(f"{method} {path}")
        if answer.status_code in _NOT_NOW:
            raise PrefectAway(f"{method} {path}: {answer.status_code}")
        if answer.status_code >= 400:
            raise PrefectRefused(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    async def _answer(self, method: str, path: str, body: object) -> httpx.Response:
        for tried in range(1, _TRIES + 1):
            try:
                async with self._writing:
                    answer = await self._once(method, path, body)
            except httpx.HTTPError as error:
                raise PrefectAway(f"{method} {path}: {type(error).__name__}") from error
            if answer.status_code == 401:
                raise PrefectAway("401: HUYING_PREFECT_AUTH")
            if answer.status_code != 503 or tried == _TRIES:
                break
            await asyncio.sleep(0.02 * 2**tried * random.uniform(0.5, 1.5))
        return answer

    async def _once(self, method: str, path: str, body: object) -> httpx.Response:
        refused, self._refused = self._refused, False
        try:
            answer = await self._http.request(method, path, json=body)
        except (httpx.ReadError, httpx.RemoteProtocolError):
            if not refused:
                raise
            answer = await self._http.request(method, path, json=body)
        self._refused = answer.status_code == 503
        return answer

    def forget(self) -> None:
        """Drop what was learnt from the server; to be called when it came back, maybe with another database."""
        self._flow_ids.clear()
        self._deployment_ids.clear()

    async def flow_id(self, name: str) -> str:
        """The id of the flow with that name, which is registered when it is new."""
        if name not in self._flow_ids:
            self._flow_ids[name] = (await self.call("POST", "/flows/", {"name": name}))["id"]
        return self._flow_ids[name]

    async def create_run(
        self,
        flow: str,
        name: str,
        key: str,
        state: Json,
        tags: tuple[str, ...] = (),
        parent_task_run_id: str | None = None,
    ) -> Json:
        """The flow run with that idempotency key: a new one, or the one that is there already."""
        body: Json = {
            "flow_id": await self.flow_id(flow),
            "name": name,
            "idempotency_key": key,
            "state": state,
            "tags": list(tags),
        }
        if parent_task_run_id is not None:
            body["parent_task_run_id"] = parent_task_run_id
        run: Json = await self.call("POST", "/flow_runs/", body)
        return run

    async def create_task_run(self, flow_run_id: UUID, key: str, name: str) -> str:
        """The id of the running task run with that key in the flow run: a new one, or the one that is there already."""
        body = {
            "flow_run_id": str(flow_run_id),
            "task_key": "work",
            "dynamic_key": key,
            "name": name,
            "state": {"type": "RUNNING"},
        }
        return str((await self.call("POST", "/task_runs/", body))["id"])

    async def set_flow_run_state(self, run_id: UUID, state: Json) -> None:
        """Move a flow run, whatever Prefect's own rules say about that transition."""
        await self.call("POST", f"/flow_runs/{run_id}/set_state", {"state": state, "force": True})

    async def propose_state(self, run_id: UUID, state: Json) -> bool:
        """Ask for a move within Prefect's rules, and say whether it was accepted."""
        answer = await self.call("POST", f"/flow_runs/{run_id}/set_state", {"state": state, "force": False})
        return bool(answer["status"] == "ACCEPT")

    async def set_task_run_state(self, task_run_id: str, state: Json) -> None:
        """Move a task run, whatever Prefect's own rules say about that transition."""
        await self.call("POST", f"/task_runs/{task_run_id}/set_state", {"state": state, "force": True})

    async def artifacts(self, run_id: UUID) -> dict[str, str]:
        """The ids of the run's artifacts by their descriptions."""
        wanted = {"artifacts": {"flow_run_id": {"any_": [str(run_id)]}}}
        return {one["description"]: one["id"] for one in await self.call("POST", "/artifacts/filter", wanted)}

    async def create_artifact(
        self, run_id: UUID | None, key: str | None, kind: str, data: str, description: str
    ) -> str:
        """Add an artifact ("markdown" or "table", whose data is JSON) to a run, or to none; its id. One without a key is not listed elsewhere."""
        body = {"key": key, "type": kind, "data": data, "description": description}
        if run_id is not None:
            body["flow_run_id"] = str(run_id)
        return str((await self.call("POST", "/artifacts/", body))["id"])

    async def rewrite_artifact(self, artifact_id: str, data: str) -> None:
        """Replace what an artifact says, so that a run shows one of it and not each version."""
        await self.call("PATCH", f"/artifacts/{artifact_id}", {"data": data})

    async def create(self, path: str, body: Json) -> tuple[Json, bool]:
        """The thing that was made, or was there already, and whether it is new. Errors: as of `call`."""
        answer = await self._answer("POST", path, body)
        if answer.status_code >= 400:
            # an id that we remembered may be gone with the server's data
            self.forget()
        if answer.status_code in _NOT_NOW:
            raise PrefectAway(f"POST {path}: {answer.status_code}")
        if answer.status_code >= 400:
            raise PrefectRefused(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json(), answer.status_code == 201

    async def deployment_id(self, flow: str, name: str, description: str, tags: tuple[str, ...]) -> str:
        """The id of a flow's deployment without a schedule, which is made when it is new."""
        if flow not in self._deployment_ids:
            body = {
                "flow_id": await self.flow_id(flow),
                "name": name,
                "description": description,
                "tags": list(tags),
            }
            self._deployment_ids[flow] = (await self.call("POST", "/deployments/", body))["id"]
        return self._deployment_ids[flow]

    async def put_input(self, run_id: str, body: Json) -> None:
        """Leave a form with a run; one that is there already stays."""
        answer = await self._answer("POST", f"/flow_runs/{run_id}/input", body)
        if answer.status_code == 409:
            return
        if answer.status_code in _NOT_NOW:
            raise PrefectAway(f"input: {answer.status_code}")
        if answer.status_code >= 400:
            raise PrefectUnknown(f"input: {answer.status_code} {answer.text[:500]}")

    async def log_names(self, run_id: UUID, prefix: str) -> list[str]:
        """What follows the prefix in the names of the loggers that wrote the newest lines of the run's log."""
        wanted = {"logs": {"flow_run_id": {"any_": [str(run_id)]}}, "sort": "TIMESTAMP_DESC", "limit": 200}
        found = await self.call("POST", "/logs/filter", wanted)
        return [str(line["name"]).removeprefix(prefix) for line in found if str(line["name"]).startswith(prefix)]

    async def add_lines(self, lines: Sequence[tuple[str, str, str, int]], at: datetime) -> None:
        """Add lines (run, logger's name, text, level) to the logs of runs, in this order, in one call."""
        rows = [
            {
                "flow_run_id": run_id,
                "name": name,
                "level": level,
                "message": text,
                "timestamp": (at + timedelta(milliseconds=n)).isoformat(),
            }
            for n, (run_id, name, text, level) in enumerate(lines)
        ]
        for first in range(0, len(rows), _LINES):
            await self.call("POST", "/logs/", rows[first : first + _LINES])


def _basic(auth: str | None) -> httpx.BasicAuth | None:
    if auth is None:
        return None
    user, _, password = auth.partition(":")
    return httpx.BasicAuth(user, password)

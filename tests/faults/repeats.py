"""Requests that arrive twice, at once or much later, and answers that nobody reads: over HTTP, with the same ``Idempotency-Key``."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import uvicorn
from sqlalchemy import insert

from huying.access.sessions import PROGRAM, token_hash
from huying.database.tables import sessions
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.faults import deeds
from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.record import Record, Said
from tests.faults.report import Kind
from tests.faults.world import World
from tests.patience import within


@dataclass(frozen=True)
class Request:
    """One request, which may be sent any number of times."""

    key: str
    what: str
    person: int
    path: str
    body: dict[str, Any]
    header: str


@dataclass
class Client:
    """The clients of one portal; what they sent is kept, to be sent again."""

    world: World
    port: int
    http: httpx.Client
    tokens: dict[int, str] = field(default_factory=dict)
    sent: list[Request] = field(default_factory=list)

    def next(self) -> Request:
        """What people do next."""
        ready = self.world.ready()
        if ready is None:
            person, name = self.world.scene.people["resident"], self.world.name()
            body = {"definition": "matter", "station": "XG", "fields": {"subject": f"路灯不亮 {name}"}}
            return Request(f"open-{person}:{name}", "open", person, "/issues", body, name)
        task = deeds.open_tasks(self.world.house, ready)[0]
        action, values = deeds.answer(self.world.house, task.step)
        header = f"{task.issue_id}-{task.item}"
        path = f"/tasks/{task.issue_id}/{task.item}/{action}"
        return Request(f"{task.person}:{header}", action, task.person, path, {"fields": values}, header)

    def send(self, request: Request) -> str:
        """Send it once; what is wrong with the answer, in words."""
        self._say("invoke", request)
        answer = self.http.post(request.path, json=request.body, headers=self._headers(request))
        if answer.status_code in (200, 201):
            body = answer.json()
            self._say("ok", request, issue=body["issue_id"], version=body.get("version", 1))
            return ""
        if answer.status_code == 503:
            return ""
        if answer.status_code < 500:
            self._say("fail", request)
        return f"{request.path} ({request.header}) was answered with {answer.status_code}: {answer.text[:200]}"

    def send_and_leave(self, request: Request) -> None:
        """Send it, and go away without reading the answer."""
        self._say("invoke", request)
        body = orjson.dumps(request.body)
        lines = [f"POST /api/v1{request.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self._headers(request).items()]
        lines.append("Content-Type: application/json")
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def _headers(self, request: Request) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(request.person)}", "Idempotency-Key": request.header}

    def token(self, person: int) -> str:
        """Somebody's session."""
        if person not in self.tokens:
            token = self.tokens[person] = PROGRAM + secrets.token_urlsafe(24)
            ends = datetime(2099, 1, 1, tzinfo=UTC)
            row = {"token_hash": token_hash(token), "participant_id": person, "expires_at": ends}
            with self.world.house.database.writing() as connection:
                connection.execute(insert(sessions), row)
        return self.tokens[person]

    def _say(self, said: Said, request: Request, issue: int | None = None, version: int | None = None) -> None:
        record = Record(said=said, key=request.key, what=request.what, issue=issue, version=version)
        self.world.scene.ledger.write(record)


@contextmanager
def _portal(world: World) -> Iterator[Client]:
    """A portal on a port of its own."""
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
    app = create_app(world.house, config, lambda: world.now)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = int(server.servers[0].sockets[0].getsockname()[1])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=within(30)) as http:
            yield Client(world, port, http)
    finally:
        server.should_exit = True
        thread.join(10)


def _run(tools: Tools, count: int, kind: Kind) -> None:
    with office(tools) as world, _portal(world) as client, ThreadPoolExecutor(4) as pool:

        def inject() -> bool:
            chance, request = world.chance, client.next()
            copies = [request] * chance.choice((2, 3, 4))
            if client.sent:
                copies.append(chance.choice(client.sent))
            client.token(request.person)
            if chance.random() < 0.5:
                client.send_and_leave(request)
            kind.findings += [words for words in pool.map(client.send, copies) if words]
            client.sent.append(request)
            return True

        drive(world, count, kind, inject)


FAULTS = (
    Fault("repeated-request", "The same request several times at once, again much later, or its answer lost", _run),
)

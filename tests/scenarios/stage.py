"""A stage for scenarios: the sample city behind a real server, on a clock that jumps, with effects carried out as the dispatcher would."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import Connection, delete, insert, select

from definitions.loader import library
from definitions.source.tree import read
from huying.access.sessions import PROGRAM, token_hash
from huying.database.connections import Database
from huying.database.tables import (
    connections,
    duties,
    organisations,
    participant_codes,
    participants,
    sessions,
    stations,
)
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import Edition, publish_all
from huying.register.imports import import_register
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.template import Template, filled

CITY = Path(__file__).parents[2] / "huying" / "demo" / "sample" / "city.yaml"
LONG_AGO = datetime(2026, 1, 5, 1, tzinfo=UTC)
#: Who opens an issue, by kind of participant.
OPENERS = {
    "citizen": "zhangxiaoman",
    "deputy": "guoyi",
    "staff": "panyun",
    "administrator": "fengshuo",
    "liaison": "caibin",
    "handler": "dingkai",
}
DEPARTMENTS = ("CG", "GD", "SW")
PEOPLE = ("wangshutong", "songhe", "xielan")


@dataclass
class Clock:
    """The one moment that it is for everybody."""

    now: datetime = LONG_AGO

    def __call__(self) -> datetime:
        return self.now


class _Sink(BaseHTTPRequestHandler):
    """Another system: it takes what it is sent, and answers with what the test wants."""

    answer: Mapping[str, Any] = {}
    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).taken.append(json.loads(body))
        said = json.dumps(dict(type(self).answer)).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class City:
    """The sample city, its server, and its people by login."""

    house: House
    clock: Clock
    http: httpx.Client
    sink: type[_Sink]
    people: dict[str, int]
    departments: dict[str, int]
    tokens: dict[tuple[int, str], str] = field(default_factory=dict)

    def token(self, person: int, prefix: str = "") -> str:
        """A session of a browser, or (with its ``prefix``) of a program, that does not end however the clock jumps."""
        if (person, prefix) not in self.tokens:
            token = self.tokens[person, prefix] = prefix + secrets.token_urlsafe(24)
            row = {
                "token_hash": token_hash(token),
                "participant_id": person,
                "expires_at": datetime(2099, 1, 1, tzinfo=UTC),
            }
            with self.house.database.writing() as connection:
                connection.execute(insert(sessions), row)
        return self.tokens[person, prefix]

    def call(self, method: str, path: str, person: int, body: Any) -> httpx.Response:
        """A call of the API by somebody."""
        headers = {"authorization": f"Bearer {self.token(person, PROGRAM)}", "accept-language": "en"}
        return self.http.request(method, f"/api/v1{path}", json=body, headers=headers)


def _found(database: Database, folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """People and departments."""
    import_register(database, read(CITY.read_text(encoding="utf-8"), "city.yaml").plain(), LONG_AGO, "passphrase")
    house = House(database, folder)
    editions = [Edition(path.read_bytes(), str(path)) for path in library()]
    publish_all(house, editions, Imprint("test", LONG_AGO), unconnected=True)
    with database.writing() as connection:
        people = {row.login: row.id for row in connection.execute(select(participants.c.login, participants.c.id))}
        _first_link(connection, people)
        departments = {row.code: row.id for row in connection.execute(select(organisations.c.code, organisations.c.id))}
    return people, departments


_LIBRARY = Template("library", _found)


@contextmanager
def city(folder: Path) -> Iterator[City]:
    """The city with the whole library published, and its server on a free port."""
    database, (people, departments) = filled(_LIBRARY, folder / "city.db")
    house, clock = House(database, folder / "files"), Clock()
    sink = type("Sink", (_Sink,), {"taken": []})
    outside = ThreadingHTTPServer(("127.0.0.1", 0), sink)
    threading.Thread(target=outside.serve_forever, daemon=True).start()
    row = {
        "key": "telephone",
        "url": f"http://127.0.0.1:{outside.server_port}",
        "secret": "s",
        "timeout_seconds": 5,
        "active": True,
    }
    with database.writing() as connection:
        connection.execute(insert(connections), row)
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
    server = uvicorn.Server(uvicorn.Config(create_app(house, config, clock), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            yield City(house, clock, http, sink, people, departments)
    finally:
        server.should_exit = True
        thread.join(10)
        outside.shutdown()
        outside.server_close()
        database.close()


def _first_link(connection: Connection, people: Mapping[str, int]) -> None:
    """Have a district deputy on duty every day, and one of every level in the trade of construction: relays begin and go on as in the scenarios."""
    xg = connection.execute(select(stations.c.id).where(stations.c.code == "XG")).scalar_one()
    connection.execute(delete(duties).where(duties.c.station_id == xg))
    week = [{"station_id": xg, "weekday": day, "participant_id": people["huangmin"]} for day in range(1, 8)]
    connection.execute(insert(duties), week)
    for login in ("huangmin", "wuzhiyuan", "zhengsiqi"):
        row = {"participant_id": people[login], "list": "industries", "code": "construction"}
        connection.execute(insert(participant_codes), row)
        row["code"] = "law"
        if login == "huangmin":
            connection.execute(insert(participant_codes), row)

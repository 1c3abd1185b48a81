"""An office whose process calls another system, and that other system: real HTTP, failing as often as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import insert, select

from engine import State
from huying.connections.calls import connect
from huying.database.connections import Database
from huying.database.tables import history, incidents, issues, memberships, organisations, outbox, participants
from huying.effects.carriers import carry, not_carried
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.incidents.reason import reason_of
from huying.incidents.remedy import Righted, right
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish

CALLING = """
id: lookup
title: {zh: 查询登记, en: Look up}
number: "LK-{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}"
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}, required: true}
  found: {type: number, title: {zh: 查到的户数, en: Households found}, asked: false, required: false}
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions:
  solved: {zh: 已解决, en: Solved}
intake:
  look:
    title: {zh: 查询, en: Look up}
    request: {to: registry, path: {zh: /households, en: /households}, send: {subject: subject}, save: {found: result.count}}
    within: 5 working days
    overdue: {tell: clerk}
    retry: {times: 3, first: 10 seconds, longest: 15 seconds}
    to: check
closure:
  check:
    title: {zh: 核对, en: Check}
    task: clerk
    within: 5 working days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Close}, to: end, as: solved}
  end: {title: {zh: 办结, en: Closed}, close: true}
"""
#: The same with a way of its own for when the call fails.
CAREFUL = (
    CALLING.replace("id: lookup", "id: careful")
    .replace("LK-", "CF-")
    .replace(
        "    retry: {times: 3, first: 10 seconds, longest: 15 seconds}\n", "    failed: {to: check, tell: clerk}\n"
    )
)


class Registry(BaseHTTPRequestHandler):
    """The other system: it fails so many times, then answers; ``taken`` holds the idempotency keys that came."""

    failures = 0
    taken: list[str]
    answer: Mapping[str, Any] = {"result": {"count": 7}}

    def do_POST(self) -> None:
        """Answer, or fail."""
        kind = type(self)
        self.rfile.read(int(self.headers["content-length"]))
        kind.taken.append(self.headers["idempotency-key"])
        said = json.dumps(dict(kind.answer)).encode()
        status = 200
        if kind.failures:
            kind.failures -= 1
            status, said = 503, b"busy: call 13800138000"
        self.send_response(status)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class CallingOffice:
    """The office, its people by name, and the registry that it calls; ``now`` is the moment at which the next thing happens."""

    house: House
    city: dict[str, int]
    registry: type[Registry]
    now: datetime
    waits: list[timedelta] = field(default_factory=list)

    def open(self, request_id: str = "one", definition: str = "lookup") -> int:
        """Somebody reports; the registry is to be called."""
        return open_issue(
            self.house,
            Report(definition=definition, station="XG", reporter=self.city["resident"], values={"subject": "住户"}),
            request_id=request_id,
            now=self.now,
        ).issue_id

    def carry(self, *, tries: int = 1, jitter: float = 0.5) -> None:
        """Carry out what is due, as the dispatcher does, and go on to the moment of the next try."""
        for _ in range(tries):
            for effect in claim_effects(self.house, self.now, 500):
                try:
                    carry(self.house, effect, self.now)
                except Exception as error:
                    not_carried(self.house, effect, reason_of(error), self.now, lambda: jitter)
            again = self.next_try()
            if again is not None:
                self.waits.append(again - self.now)
                self.now = max(self.now, again)

    def next_try(self) -> datetime | None:
        """When the next effect is due."""
        query = select(outbox.c.available_at).where(outbox.c.status == "pending").order_by(outbox.c.available_at)
        with self.house.database.reading() as connection:
            found: datetime | None = connection.execute(query).scalars().first()
            return found

    def incidents(self) -> list[Any]:
        """The rows of all incidents."""
        with self.house.database.reading() as connection:
            return list(connection.execute(select(incidents).order_by(incidents.c.id)))

    def state(self, issue_id: int) -> State:
        """The state of an issue."""
        state: State = self.row(issue_id).state
        return state

    def row(self, issue_id: int) -> Any:
        """The row of an issue."""
        with self.house.database.reading() as connection:
            return connection.execute(select(issues).where(issues.c.id == issue_id)).one()

    def right(self, do: Literal["retry", "skip"], who: str = "clerk", reason: str = "", key: str = "") -> Righted:
        """Somebody retries or skips all that there is."""
        several = [row.id for row in self.incidents()]
        actor, key = self.city[who], key or f"{do}-{len(self.waits)}-{self.now.isoformat()}"
        return right(self.house, several, do, reason, By(actor, self.now, key))

    def kinds(self, issue_id: int) -> list[str]:
        """The kinds of all that happened to an issue."""
        query = select(history.c.kind).where(history.c.issue_id == issue_id).order_by(history.c.sequence)
        with self.house.database.reading() as connection:
            return list(connection.execute(query).scalars())

    def effect_status(self, issue_id: int, kind: str = "request") -> list[str]:
        """How the effects of a kind stand."""
        query = select(outbox.c.status).where(outbox.c.issue_id == issue_id, outbox.c.kind == kind)
        with self.house.database.reading() as connection:
            return list(connection.execute(query.order_by(outbox.c.id)).scalars())


@contextmanager
def calling_office(copied: tuple[Database, dict[str, int]], folder: Path, now: datetime) -> Iterator[CallingOffice]:
    """The office in a database, with its registry on a free port, and somebody in the centre."""
    database, city = copied
    house = House(database, folder)
    registry = type("OneRegistry", (Registry,), {"taken": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connect(house, "registry", f"http://127.0.0.1:{server.server_port}", "secret")
    for text in (CALLING, CAREFUL):
        publish(house, text.encode(), "process.yaml", Imprint("test", now))
    with database.writing() as connection:
        row: dict[str, Any] = {"name": "centre", "kind": "staff", "language": "en", "active": True, "created_at": now}
        city["centre"] = connection.execute(insert(participants).returning(participants.c.id), row).scalar_one()
        names = {"code": "office", "name_zh": "总办", "name_en": "Centre", "kind": "office", "active": True}
        office = connection.execute(insert(organisations).returning(organisations.c.id), names).scalar_one()
        serves = {"participant_id": city["centre"], "organisation_id": office, "function": "clerk"}
        connection.execute(insert(memberships), serves)
    try:
        yield CallingOffice(house, city, registry, now)
    finally:
        server.shutdown()
        server.server_close()

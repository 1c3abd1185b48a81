"""The same work on four engines: an issue is opened, accepted, sent to a department, answered and confirmed, each with a line of history.

Each contender keeps its state in the database, so that a process that is killed after an action loses nothing of it, and reads it there
again for the next one, as several processes must. What they do besides differs, and `peers.py` says so.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from abc import ABC, abstractmethod
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import psycopg
from sqlalchemy import select

from benchmarks.city import NOW, furnish
from definitions.model.reference import organisation
from engine import State
from huying.database.connections import Database
from huying.database.tables import issues
from huying.house.by import By
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue

ACTIONS = ("accept", "send", "reply", "yes")
WHO = {"accept": "clerk", "send": "deputy", "reply": "water_handler", "yes": "resident"}


class Contender(ABC):
    """One engine on one database, made empty for it."""

    name: str

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    @abstractmethod
    def begin(self) -> None:
        """Start what it needs beside the caller; not timed."""

    @abstractmethod
    def end(self) -> None:
        """Stop that again, so that it does not disturb the others."""

    @abstractmethod
    def open(self, number: int) -> Any:
        """Open an issue; what names it."""

    @abstractmethod
    def act(self, issue: Any, action: str) -> None:
        """Take the next action of the issue, and return when it is safe."""

    @abstractmethod
    def closed(self) -> int:
        """How many issues came to their end."""


class Huying(Contender):
    """Ours: use cases on the embedded kernel."""

    name = "Huying"

    def begin(self) -> None:
        """Open the house; the first time, furnish it."""
        self._database = Database(self.url)
        if not hasattr(self, "_city"):
            self._house, self._city = furnish(self._database, self.folder)
            self._items: dict[str, int] = {}

    def end(self) -> None:
        """Close the connections."""
        self._database.close()

    def open(self, number: int) -> int:
        """An issue with its first task given."""
        values = {"subject": f"路灯不亮 {number}"}
        who, key = self._city["resident"], f"o{number}"
        return open_issue(
            self._house, Report(definition="office", station="XG", reporter=who, values=values), request_id=key, now=NOW
        ).issue_id

    def act(self, issue: int, action: str) -> None:
        """The task of whoever has it, as their form sends it."""
        values: dict[str, Any] = {"reply": "已修好"} if action == "reply" else {}
        if action == "send":
            values = {"lead": organisation(self._city["water"])}
        if action not in self._items:
            self._items[action] = self._task(issue)
        item, who = self._items[action], self._city[WHO[action]]
        act(self._house, issue, item, action, values, By(who, NOW, f"{issue}-{action}"))

    def _task(self, issue: int) -> int:
        """The number of the open task, which is in the link of its message, and the same in every issue."""
        with self._house.database.reading() as connection:
            state: State = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one()
        return next(item.number for item in state.items if not item.done)

    def closed(self) -> int:
        """Closed issues."""
        with self._house.database.reading() as connection:
            return len(connection.execute(select(issues.c.id).where(issues.c.status == "closed")).all())


class _OnOwnTables(Contender):
    """An engine without a database: one row of state, and one of history for each action, in one transaction."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        self._sqlite = url.startswith("sqlite")
        self._mark = "?" if self._sqlite else "%s"
        self._threads = threading.local()
        kind = "INTEGER PRIMARY KEY" if self._sqlite else "SERIAL PRIMARY KEY"
        self._run(f"CREATE TABLE issue (id {kind}, state TEXT NOT NULL, closed INTEGER NOT NULL)")
        self._run(
            f"CREATE TABLE history (id {kind}, issue INTEGER NOT NULL REFERENCES issue, action TEXT, who TEXT, at TEXT)"
        )
        self._run("CREATE INDEX history_of_issue ON history (issue)")

    def begin(self) -> None:
        """Nothing but a connection, which is made at first use."""

    def end(self) -> None:
        """Nothing runs beside the caller."""

    def _connection(self) -> Any:
        if not hasattr(self._threads, "connection"):
            self._threads.connection = self._connect()
        return self._threads.connection

    def _connect(self) -> Any:
        if not self._sqlite:
            return psycopg.connect(self.url, autocommit=True)
        made = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            made.execute(f"PRAGMA {pragma}")
        return made

    def _run(self, statement: str, *values: Any) -> Any:
        return self._connection().execute(statement.replace("?", self._mark), values)

    def _insert(self, state: str) -> int:
        row = self._run("INSERT INTO issue (state, closed) VALUES (?, 0) RETURNING id", state).fetchone()
        return int(row[0])

    def _read(self, issue: int) -> str:
        return str(self._run("SELECT state FROM issue WHERE id = ?", issue).fetchone()[0])

    def _write(self, issue: int, action: str, state: str) -> None:
        self._run("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
        self._run("UPDATE issue SET state = ?, closed = ? WHERE id = ?", state, int(action == ACTIONS[-1]), issue)
        line = (issue, action, WHO[action], NOW.isoformat())
        self._run("INSERT INTO history (issue, action, who, at) VALUES (?, ?, ?, ?)", *line)
        self._run("COMMIT")

    def closed(self) -> int:
        """Closed issues."""
        return int(self._run("SELECT count(*) FROM issue WHERE closed = 1").fetchone()[0])


class Floor(_OnOwnTables):
    """No engine at all: what it costs to read and write a state of two kilobytes and a line of history."""

    name = "raw SQL (floor)"

    def open(self, number: int) -> int:
        """A row."""
        return self._insert(orjson.dumps({"step": "start", "filling": secrets.token_hex(1000)}).decode())

    def act(self, issue: int, action: str) -> None:
        """Read, change a word, write."""
        state = orjson.loads(self._read(issue))
        self._write(issue, action, orjson.dumps({**state, "step": action}).decode())


class Spiff(_OnOwnTables):
    """SpiffWorkflow: BPMN with four user tasks. It brings a serializer and no database, so its JSON is a row of ours."""

    name = "SpiffWorkflow"

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

        parser = BpmnParser()
        parser.add_bpmn_str(_bpmn())
        self._spec = parser.get_spec("office")
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())

    def open(self, number: int) -> int:
        """A workflow that waits at its first task."""
        from SpiffWorkflow.bpmn import BpmnWorkflow

        flow = BpmnWorkflow(self._spec)
        flow.set_data(subject=f"路灯不亮 {number}")
        flow.do_engine_steps()
        return self._insert(self._serializer.serialize_json(flow))

    def act(self, issue: int, action: str) -> None:
        """Read, run the task that is ready, write."""
        from SpiffWorkflow import TaskState

        flow = self._serializer.deserialize_json(self._read(issue))
        task = next(one for one in flow.get_tasks(state=TaskState.READY, manual=True))
        assert task.task_spec.name == action, task.task_spec.name
        task.data.update({f"{action}_by": WHO[action], "reply": "已修好"})
        task.run()
        flow.do_engine_steps()
        assert flow.is_completed() == (action == ACTIONS[-1])
        self._write(issue, action, self._serializer.serialize_json(flow))


def _bpmn() -> bytes:
    """The four user tasks in a row."""
    nodes = ("start", *ACTIONS, "end")
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(nodes))
    )

    def inner(n: int) -> str:
        came = f"<incoming>f{n - 1}</incoming>" if n else ""
        goes = f"<outgoing>f{n}</outgoing>" if n < len(nodes) - 1 else ""
        return came + goes

    tasks = "".join(
        f'<userTask id="{action}" name="{action}">{inner(n)}</userTask>' for n, action in enumerate(ACTIONS, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://bpmn.io/schema/bpmn">'
        f'<process id="office" isExecutable="true"><startEvent id="start">{inner(0)}</startEvent>{tasks}'
        f'<endEvent id="end">{inner(len(nodes) - 1)}</endEvent>{flows}</process></definitions>'
    ).encode()


class Dbos(_OnOwnTables):
    """DBOS: a durable function that waits for a message for each action, and writes the line of history in a checkpointed step."""

    name = "DBOS"

    def begin(self) -> None:
        """Start its engine, which listens to the database; on SQLite it asks every millisecond, the oftenest that it allows."""
        from dbos import DBOS, SetWorkflowID

        self._dbos, self._named = DBOS, SetWorkflowID
        url = self.url if self._sqlite else self.url.replace("postgresql://", "postgresql+psycopg://")
        config: Any = {"name": "office", "system_database_url": url, "log_level": "ERROR", "console_log_level": "ERROR"}
        if self._sqlite:
            config["notification_listener_polling_interval_sec"] = 0.001
        DBOS(config=config)
        self._done: dict[str, threading.Semaphore] = {}
        done, write = self._done, self._line

        @DBOS.step()
        def line(issue: int, action: str) -> None:
            write(issue, action)

        @DBOS.workflow()
        def office(issue: int, name: str) -> str:
            for action in ACTIONS:
                DBOS.recv(topic=action, timeout_seconds=3600)
                line(issue, action)
                done[name].release()
            return "solved"

        self._office = office
        DBOS.launch()

    def end(self) -> None:
        """Stop its engine."""
        self._dbos.destroy(destroy_registry=True)

    def _line(self, issue: int, action: str) -> None:
        self._run("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
        line = (issue, action, WHO[action], NOW.isoformat())
        self._run("INSERT INTO history (issue, action, who, at) VALUES (?, ?, ?, ?)", *line)
        if action == ACTIONS[-1]:
            self._run("UPDATE issue SET closed = 1 WHERE id = ?", issue)
        self._run("COMMIT")

    def open(self, number: int) -> tuple[str, Any]:
        """A row for the issue, and a workflow that waits for the first action."""
        name = f"issue-{number}"
        self._done[name] = threading.Semaphore(0)
        issue = self._insert(f"路灯不亮 {number}")
        with self._named(name):
            handle = self._dbos.start_workflow(self._office, issue, name)
        return name, handle

    def act(self, issue: tuple[str, Any], action: str) -> None:
        """Send the message, and wait until the step that it leads to is on record."""
        name, handle = issue
        self._dbos.send(name, {"action": action, "by": WHO[action], "reply": "已修好"}, topic=action)
        if not self._done[name].acquire(timeout=60):
            raise RuntimeError(f"{name} {action} was not done within a minute")
        if action == ACTIONS[-1]:
            assert handle.get_result() == "solved"

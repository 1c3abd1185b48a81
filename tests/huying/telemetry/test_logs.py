"""Lines of log for programs: one JSON object each, with the facts of the request, and nothing private whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError

from huying.database.connections import Database
from huying.database.tables import participants
from huying.telemetry import logs
from tests.huying.telemetry.collector import Collector
from tests.huying.town import PASSPHRASE
from tests.portal.conftest import PortalTown


class Written(io.StringIO):
    """What was written."""

    def lines(self) -> list[dict[str, Any]]:
        """The lines, each of which must be a JSON object."""
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        """Those that tell of requests."""
        return [line for line in self.lines() if line["message"] == "request"]


@pytest.fixture
def written() -> Iterator[Written]:
    """JSON lines into memory."""
    stream = Written()
    with restored():
        logs.begin("json", stream)
        yield stream


@contextmanager
def restored() -> Iterator[None]:
    """The loggers as they were, after a ``with``."""
    names = ("", "huying", "portal", "uvicorn")
    before = {name: _state(logging.getLogger(name)) for name in names}
    try:
        yield
    finally:
        for name, (handlers, level, propagate) in before.items():
            logger = logging.getLogger(name)
            logger.handlers[:], logger.propagate = handlers, propagate
            logger.setLevel(level)


def _state(logger: logging.Logger) -> tuple[list[logging.Handler], int, bool]:
    return list(logger.handlers), logger.level, logger.propagate


def test_a_request_is_a_line_with_its_route_status_time_issue_and_trace(
    town: PortalTown, written: Written, traces: Collector
) -> None:
    issue = town.report()
    number, _ = town.number_and_code(issue)
    item = town.item(issue, town.party("clerk"))
    clerk = town.visitor("clerk")
    clerk.send(f"/tasks/{issue}/{item}", f"/tasks/{issue}/{item}/act/accept")
    (line,) = [one for one in written.requests() if one["route"] == "/tasks/{issue_id}/{item}/act/{action}"]
    assert line["method"] == "POST"
    assert line["status"] == 303
    assert line["issue"] == number
    assert 0 < line["ms"] < 60_000
    assert len(line["trace"]) == 32
    assert len(line["request"]) == 16
    assert line["level"] == "info"


def test_a_caller_s_request_id_is_kept_if_it_is_harmless(town: PortalTown, written: Written) -> None:
    visitor = town.visitor()
    for given in ("proxy-0123456789", 'x" onload="', "李明13800000000", "short"):
        answer = visitor.http.get("/login", headers={"x-request-id": given.encode()})
        assert answer.headers["x-request-id"] == written.requests()[-1]["request"]
        assert (written.requests()[-1]["request"] == given) is (given == "proxy-0123456789")


def test_probes_make_no_lines(town: PortalTown, written: Written) -> None:
    for address in ("/livez", "/readyz", "/healthz"):
        town.visitor().http.get(address)
    assert written.requests() == []


def test_nothing_private_is_ever_written(
    town: PortalTown, written: Written, dispatch: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = town.report(subject="李明家的灯")
    number, code = town.number_and_code(issue)
    dispatch()
    visitor = town.visitor()
    visitor.http.get(f"/issues/{number}?code={code}")
    visitor.http.get("/t/0123456789abcdef-a-link-in-a-message")
    visitor.http.get("/李明/13800000000")
    visitor.log_in("clerk")
    visitor.send("/login", "/login", {"login": "李明", "passphrase": "guessed words"}, status=401)
    # a fault whose words hold what somebody wrote, in a page and in the API
    monkeypatch.setattr("portal.pages.tasks.my_tasks", _fault, raising=False)
    monkeypatch.setattr("huying.issues.views.list.issue_list", _fault, raising=False)
    town.app.router.routes.insert(0, _broken_route())
    assert visitor.http.get("/broken/李明").status_code == 500
    session = visitor.http.cookies["huying_session"]
    log = logging.getLogger("huying.something")
    log.warning("cannot write to %s: %s", "liming@mail.example", "+86 138-0000-0000")
    log.warning("GET /t/0123456789abcdef-a-link whsec_c2VjcmV0 Bearer %s", session)
    log.warning("postgresql://user:hunter2@db/name 350203199001011234")
    logging.getLogger("some.library").error(f"could not send to 李明 {number}")
    logging.getLogger("some.library").error("could not send to %s", "李明")
    with pytest.raises(SQLAlchemyError), town.house.database.writing() as connection:
        _write_badly(connection)
    lines = written.getvalue()
    assert "/broken/{name}" in lines
    private = (
        "李明", "13800000000", "138-0000", "光明路", code, "0123456789abcdef", PASSPHRASE, "guessed words", session,
        "liming", "whsec_c2", "hunter2", "350203199001011234", "王芳", "陈晓",
    )  # fmt: skip
    assert [word for word in private if word in lines] == []
    assert all(line["logger"] for line in written.lines())


def test_an_error_says_where_it_came_from_and_not_what_it_was_about(town: PortalTown, written: Written) -> None:
    try:
        with town.house.database.writing() as connection:
            _write_badly(connection)
    except SQLAlchemyError:
        logging.getLogger("huying.something").exception("could not be written")
    (line,) = written.lines()
    assert line["error"]["type"] == "IntegrityError"
    assert any("test_logs.py" in frame for frame in line["error"]["at"])
    assert "behind" in line["error"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_statement_that_failed_is_told_without_its_values_in_any_format(database: Database, form: str) -> None:
    stream = Written()
    with restored():
        logs.begin(form, stream)
        for badly in (_write_badly, _ask_badly):
            try:
                with database.writing() as connection:
                    badly(connection)
            except SQLAlchemyError:
                logging.getLogger("huying.something").exception("could not be written")
    assert stream.getvalue().count("could not be written") == 2
    assert "test_logs.py" in stream.getvalue()
    assert [word for word in ("李明", "13800000000") if word in stream.getvalue()] == []


#: What somebody wrote; named here, so that no quoted line of this file shows it.
_WRITTEN = {"name": "李明", "phone": "13800000000"}


def _ask_badly(connection: Any) -> None:
    connection.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), _WRITTEN)


def _write_badly(connection: Any) -> None:
    row = {"id": 1, "kind": "citizen", "language": "zh", "active": True, **_WRITTEN, "created_at": None}
    connection.execute(insert(participants), row)


def _fault(*_: Any, **__: Any) -> None:
    raise ValueError("李明 13800000000")


def _broken_route() -> Any:
    from fastapi.routing import APIRoute

    def broken(name: str) -> None:
        raise ValueError(f"{name} 13800000000")

    return APIRoute("/broken/{name}", broken)

"""Figures for Prometheus, read by its own parser: what they count, who may read them, and that a database that hangs holds nobody up."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update

from engine.refusal import Refusal
from huying.database.connections import Database
from huying.database.tables import outbox, timers
from huying.house.house import House
from huying.incidents.opening import Failed, open_incident
from huying.telemetry import database_figures, figures, readiness
from huying.telemetry.database_figures import DatabaseFigures, exposition
from huying.telemetry.readiness import Readiness, verdict
from huying.telemetry.vitals import CONNECTED, beat
from huying.telemetry.watchpost import Watchpost
from huying.webhooks.subscriptions import NewSubscription, subscribe
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import TOWN, Census, Clock, Town, town_in
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.template import Template

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]
#: So many pages the portal works on at once.
_THREADS = 40
DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "en" / "operations.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a database that is well answer in time, whatever else this machine does."""
    monkeypatch.setattr(readiness, "PATIENCE", within(5))
    monkeypatch.setattr(database_figures, "PATIENCE", within(5))


def parsed(body: str) -> Figures:
    """The samples by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def read(town: Town, name: str, **labels: str) -> float:
    """One figure as Prometheus would read it now; 0 if there is none."""
    found = parsed(exposition(DatabaseFigures(town.house, town.clock)).decode())
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return TOWN


@pytest.fixture
def anywhere(copied: tuple[Database, Census], tmp_path: Path) -> Town:
    """A town on each kind of database."""
    return town_in(copied, tmp_path)


def test_actions_refusals_and_decisions_are_counted(anywhere: Town) -> None:
    labels = {"kind": "act", "definition": "street-matters"}
    acted, refused = read(anywhere, "huying_actions_total", **labels), {"kind": "act", "code": "not-allowed"}
    before = read(anywhere, "huying_refusals_total", **refused)
    decided = read(anywhere, "huying_transition_seconds_count")
    issue = anywhere.report()
    anywhere.act(issue, "clerk", "accept")
    with pytest.raises(Refusal):
        anywhere.act(issue, "stranger", "answer", party=anywhere.party("deputy"), reply="好")
    assert read(anywhere, "huying_actions_total", **labels) == acted + 1
    assert read(anywhere, "huying_refusals_total", **refused) == before + 1
    assert read(anywhere, "huying_transition_seconds_count") == decided + 2


def test_what_waits_and_what_is_late_is_seen(anywhere: Town) -> None:
    new = NewSubscription(name="热线", url="https://hotline.example/")
    subscribe(anywhere.house, new, by="test", allow_private=False, now=anywhere.clock.now)
    anywhere.report()
    anywhere.report(subject="第二件")
    anywhere.clock.move(days=4)
    day = 24 * 3600.0
    waiting = read(anywhere, "huying_outbox_pending")
    assert waiting >= 2
    assert read(anywhere, "huying_outbox_oldest_seconds") == 4 * day
    assert read(anywhere, "huying_webhook_events_pending") == 4
    assert read(anywhere, "huying_webhook_subscriptions", state="well") == 1
    assert read(anywhere, "huying_issues_open", station="XG") == 2
    assert read(anywhere, "huying_issues_overdue", station="XG") == 2
    assert read(anywhere, "huying_timers_due") == 2
    assert 0 < read(anywhere, "huying_timers_lag_seconds") < 4 * day
    assert read(anywhere, "huying_timers_failing") == 0
    assert read(anywhere, "huying_incidents_open") == 0
    with anywhere.house.database.writing() as connection:
        connection.execute(update(outbox).values(status="failed"))
        connection.execute(update(timers).values(error="x"))
        given_up = Failed(what="effect", what_id=1, kind="tell", reason="x", attempts=10, issue_id=1)
        open_incident(connection, given_up, anywhere.clock.now)
    assert read(anywhere, "huying_outbox_failed") == waiting
    assert read(anywhere, "huying_incidents_open") == 1
    assert read(anywhere, "huying_outbox_pending") == 0
    assert read(anywhere, "huying_timers_failing") == 2
    assert read(anywhere, "huying_prefect_up") == 0
    beat(anywhere.house, "dispatcher", anywhere.clock.now, CONNECTED)
    assert read(anywhere, "huying_prefect_up") == 1
    anywhere.clock.move(seconds=30)
    assert read(anywhere, "huying_dispatcher_silence_seconds") == 30


def test_the_page_is_prometheus_text_with_names_by_its_conventions(town: PortalTown) -> None:
    figures.begin("portal")
    town.report()
    answer = _from_here(town).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert len(families) > 25
    for name, family in families.items():
        assert re.fullmatch(r"huying_[a-z0-9_]+", name), name
        assert family.documentation.endswith("."), name
        assert not name.endswith(("_ms", "_minutes")), "the base unit is the second"
        assert family.type != "counter" or all(s.name.endswith(("_total", "_created")) for s in family.samples), name
    (build,) = families["huying_build_info"].samples
    assert build.labels["part"] == "portal"
    assert build.value == 1


def test_every_figure_is_in_the_documents_and_no_other(town: PortalTown) -> None:
    beat(town.house, "dispatcher", town.clock.now, CONNECTED)
    shown = {family.name for family in text_string_to_metric_families(_from_here(town).get("/metrics").text)}
    told = {name.removesuffix("_total") for name in re.findall(r"^\| `(huying_\w+)`", DOCUMENT, re.MULTILINE)}
    assert {name.removesuffix("_created") for name in shown} == told


def test_routes_are_counted_by_their_template_whatever_the_address(town: PortalTown) -> None:
    visitor = _from_here(town)
    visitor.get("/t/0123456789abcdef0123")
    visitor.get("/api/v1/issues/XG-2026-00001")
    visitor.get("/nowhere/13800000000")
    visitor.request("BREW", "/login")
    found = {dict(labels)["route"] for name, labels in parsed(visitor.get("/metrics").text) if "http_requests" in name}
    assert {"/t/{token}", "/api/v1/issues/{number}", "(none)", "/login"} <= found
    assert not any("0123456789" in route or "138" in route for route in found)


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 200), ({"x-forwarded-for": "10.1.1.1"}, 403), ({"forwarded": "for=10.1.1.1"}, 403)]
)
def test_without_a_token_this_machine_alone_may_read_them(
    town: PortalTown, headers: dict[str, str], status: int
) -> None:
    assert _from_here(town).get("/metrics", headers=headers).status_code == status
    assert town.visitor().http.get("/metrics").status_code == 403, "the test client is not of this machine"


@pytest.mark.parametrize(
    ("shown", "status"), [("Bearer 0123456789abcdef", 200), ("Bearer other", 401), ("", 401), ("0123456789abcdef", 401)]
)
def test_with_a_token_whoever_shows_it_may_read_them(town: PortalTown, shown: str, status: int) -> None:
    here = town.app.state.portal
    object.__setattr__(here, "config", replace(here.config, metrics_token="0123456789abcdef"))
    for visitor in (town.visitor().http, _from_here(town)):
        assert visitor.get("/metrics", headers={"authorization": shown}).status_code == status


def test_ready_says_what_is_missing_part_by_part(town: PortalTown) -> None:
    visitor = town.visitor().http
    assert visitor.get("/livez").json() == {"alive": True}
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["dispatcher"]["zh"] == "派发程序没有运行。"
    assert visitor.get("/readyz?exclude=dispatcher").status_code == 200
    beat(town.house, "dispatcher", town.clock.now)
    assert visitor.get("/readyz").json() == {
        "ready": True,
        "parts": {"database": None, "tables": None, "dispatcher": None},
    }
    with town.house.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "another version" in answer.json()["parts"]["tables"]["en"]


@contextmanager
def hanging_database() -> Iterator[str]:
    """A server that takes every connection and never says a word, as a database behind a broken network."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    try:
        yield f"postgresql://someone@127.0.0.1:{listening.getsockname()[1]}/nothing"
    finally:
        listening.close()


@contextmanager
def served(house: House, clock: Clock) -> Iterator[httpx.Client]:
    """The portal of a house on a real server."""
    config = PortalConfig(portal_url="http://x", prefect_api_url="http://127.0.0.1:9/api")
    server = uvicorn.Server(uvicorn.Config(create_app(house, config, clock), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=within(15)) as http:
            yield http
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)


def test_a_database_that_hangs_holds_up_neither_probes_nor_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 1.0)
    monkeypatch.setattr(database_figures, "PATIENCE", 2.0)
    with hanging_database() as url:
        database = Database(url)
        clock = Clock()
        house = House(database, tmp_path)
        with served(house, clock) as http:
            # pages that hang, more than there are threads for them
            pages = [threading.Thread(target=_hang, args=(http.base_url,), daemon=True) for _ in range(60)]
            for page in pages:
                page.start()
            _all_threads_are_taken()
            for address, status in (("/livez", 200), ("/readyz", 503), ("/readyz", 503), ("/livez", 200)):
                assert http.get(address).status_code == status
            assert parsed(http.get("/metrics").text)["huying_database_up", ()] == 0
            assert all(page.is_alive() for page in pages), "all was answered while the pages hung"
            assert "及时" in http.get("/readyz").json()["parts"]["database"]["zh"]
        found = parsed(exposition(DatabaseFigures(house, clock)).decode())
        assert found["huying_database_up", ()] == 0
        assert ("huying_transition_seconds_count", ()) in found


def _all_threads_are_taken() -> None:
    """Wait until the portal has a thread for no other page."""
    deadline = time.monotonic() + within(5)
    while sum(one.name.startswith("AnyIO worker") for one in threading.enumerate()) < _THREADS:
        assert time.monotonic() < deadline, [one.name for one in threading.enumerate()]
        time.sleep(0.01)


def _hang(base: httpx.URL) -> None:
    try:
        httpx.get(f"{base}/stations", timeout=within(20))
    except httpx.HTTPError:
        return


def test_a_database_that_is_away_is_said_at_once(tmp_path: Path, free_port: int) -> None:
    house = House(Database(f"postgresql://someone@127.0.0.1:{free_port}/nothing"), tmp_path)
    status, body = verdict(Readiness(house, Clock()).parts_now())
    assert status == 503
    assert body["parts"]["database"]["en"] == "The database cannot be reached."


def test_the_dispatcher_answers_at_a_port_of_its_own(town: PortalTown) -> None:
    readiness, known = Readiness(town.house, town.clock), DatabaseFigures(town.house, town.clock)
    post = Watchpost(0, lambda left_out: verdict(readiness.parts_now(), left_out), lambda: exposition(known))
    post.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{post.port}", timeout=10) as http:
            assert http.get("/livez").json() == {"alive": True}
            assert http.get("/readyz").status_code == 503
            beat(town.house, "dispatcher", town.clock.now)
            assert http.get("/readyz").status_code == 200
            assert parsed(http.get("/metrics").text)["huying_database_up", ()] == 1
            assert http.get("/tasks").status_code == 404
    finally:
        post.stop()


def test_the_dispatcher_counts_what_it_does(town: PortalTown, dispatch: Callable[[], None]) -> None:
    before = read(town, "huying_effects_total", kind="tell", outcome="done")
    sent = read(town, "huying_messages_total", channel="mail", outcome="accepted")
    town.report()
    dispatch()
    assert read(town, "huying_effects_total", kind="tell", outcome="done") > before
    assert read(town, "huying_messages_total", channel="mail", outcome="accepted") > sent
    assert read(town, "huying_outbox_pending") == 0


def _from_here(town: PortalTown) -> httpx.Client:
    """A client whose address is this machine's."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    return TestClient(town.app, client=("127.0.0.1", 50000), raise_server_exceptions=False)

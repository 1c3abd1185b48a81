"""Traces: off by themselves, one from the click to the message when on, and nothing private in them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.refusal import Refusal
from huying.database.tables import deliveries, outbox
from huying.settings import SettingError
from huying.telemetry import tracing
from huying.webhooks.subscriptions import NewSubscription, subscribe
from notifications import read_mails
from portal.app import create_app
from tests.huying.telemetry.collector import Collector
from tests.huying.town import Town
from tests.notifications.conftest import web_sink
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

ROOT = Path(__file__).resolve().parents[3]
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({ENDPOINT: "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_the_standard_environment_switches_it(environment: dict[str, str], wanted: bool) -> None:
    assert tracing.wanted(environment) is wanted


def test_a_protocol_that_we_do_not_speak_is_said() -> None:
    with pytest.raises(SettingError, match="http/protobuf"):
        tracing.start("portal", {ENDPOINT: "http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})
    assert not tracing.on()


def test_while_it_is_off_no_part_of_opentelemetry_s_sdk_is_loaded() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, portal.app, huying.telemetry.tracing as t; t.start('x', {});"
         "print(t.on(), any(m.startswith('opentelemetry.sdk') for m in sys.modules))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == ["False", "False"]


def test_while_it_is_off_rows_bear_no_trace(town: Town) -> None:
    town.report()
    with town.house.database.reading() as connection:
        assert set(connection.execute(select(outbox.c.trace)).scalars()) == {None}


def test_one_trace_leads_from_the_click_to_the_message(
    town: PortalTown, traces: Collector, dispatch: Callable[[], None]
) -> None:
    issue = town.report()
    dispatch()
    number, _ = town.number_and_code(issue)
    clerk = town.visitor("clerk")
    item = town.item(issue, town.party("clerk"))
    with web_sink() as receiver:
        new = NewSubscription(name="热线", url=receiver.url(), happenings=("item-done",))
        subscribe(town.house, new, by="test", allow_private=True, now=town.clock.now)
        tracing.stop()
        traces.spans.clear()
        assert tracing.start("portal")
        clerk.send(f"/tasks/{issue}/{item}", f"/tasks/{issue}/{item}/act/accept")
        tracing.stop()
        # another process: the trace is known from the database alone
        assert tracing.start("dispatcher")
        dispatch()
        tracing.stop()
    served = traces.named("POST /tasks/{issue_id}/{item}/act/{action}")
    change = traces.named("change")
    (kernel,) = [span for span in traces.spans if span.name == "kernel" and span.trace == served.trace]
    assert (change.parent, kernel.parent) == (served.id, change.id)
    assert change.attributes == {
        "huying.event": "act",
        "huying.issue": number,
        "huying.definition": "street-matters",
        "huying.step": "register",
        "huying.action": "accept",
    }
    assert served.attributes["http.route"] == "/tasks/{issue_id}/{item}/act/{action}"
    assert served.attributes["http.response.status_code"] == 303
    effects = [span for span in traces.spans if span.name.startswith("effect ")]
    messages = [span for span in traces.spans if span.name == "message"]
    assert {span.trace for span in (*effects, *messages)} == {served.trace}
    assert {span.service for span in (*effects, *messages)} == {"huying-dispatcher"}
    assert {span.parent for span in effects} == {change.id}
    assert {span.parent for span in messages} <= {span.id for span in effects}
    assert {span.attributes["huying.issue"] for span in effects} == {number}
    assert len(messages) >= 2
    assert traces.named("webhook").parent == change.id


def test_a_caller_s_trace_goes_on_in_ours(town: PortalTown, traces: Collector) -> None:
    theirs = "0af7651916cd43dd8448eb211c80319c"
    town.visitor().http.get("/login", headers={"traceparent": f"00-{theirs}-b7ad6b7169203331-01"})
    town.visitor().http.get("/cases", headers={"traceparent": "no such thing"})
    tracing.stop()
    assert traces.named("GET /login").trace == theirs
    assert traces.named("GET /login").parent == "b7ad6b7169203331"
    assert traces.named("GET /cases").parent == ""


def test_a_refusal_is_an_answer_and_a_fault_is_an_error_without_its_words(
    town: PortalTown, traces: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = town.report()
    with pytest.raises(Refusal):
        town.act(issue, "deputy", "accept", party=town.party("clerk"))
    with pytest.raises(ZeroDivisionError), tracing.span("fault"):
        raise ZeroDivisionError("李明 13800000000")
    tracing.stop()
    (refused,) = [span for span in traces.spans if span.name == "change"]
    assert refused.attributes["huying.refusal"] == "not-allowed"
    assert not refused.error
    assert "huying.action" not in refused.attributes, "what was asked for in vain may be anything"
    assert traces.named("fault").error
    assert traces.named("fault").attributes == {"error.type": "ZeroDivisionError"}


def test_nothing_private_is_in_what_is_sent(town: PortalTown, traces: Collector, dispatch: Callable[[], None]) -> None:
    issue = town.report(subject="李明家的灯", details="请打 13800000000")
    dispatch()
    town.to_confirmation(issue)
    dispatch()
    number, code = town.number_and_code(issue)
    visitor = town.visitor()
    visitor.http.get(f"/issues/{number}?code={code}")
    link = _a_link(town)
    visitor.http.get(f"/t/{link}")
    visitor.http.get("/t/0123456789abcdef-not-one-of-ours")
    visitor.http.get("/nowhere/李明/13800000000")
    town.visitor("clerk").http.get("/issues?q=李明")
    tracing.stop()
    assert {"effect tell", "message", "change", "open", "kernel", "GET /t/{token}"} <= set(traces.names())
    sent = traces.everything()
    private = ("李明", "13800000000", "光明路", "一周", "灯已更换", "王芳", "陈晓", code, link, "0123456789abcdef-not")
    assert [word for word in private if word in sent] == []


def test_fastapi_s_own_telemetry_stays_off_since_it_would_tell_addresses(
    town: PortalTown, traces: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    app = create_app(town.house, town.app.state.portal.config, town.clock)
    with Visitor(app).http as http:
        http.get("/t/0123456789abcdef-not-one-of-ours?code=8K3P22QX")
        http.get("/api/v1/links/0123456789abcdef-not-one-of-ours")
    tracing.stop()
    assert [span.name for span in traces.spans if span.name != "kernel"] == [
        "GET /t/{token}",
        "GET /api/v1/links/{token}",
    ]
    assert "0123456789abcdef" not in traces.everything()
    assert "8K3P22QX" not in traces.everything()


def _a_link(town: PortalTown) -> str:
    """The token of a link in a message that was sent."""
    with town.house.database.reading() as connection:
        assert connection.execute(select(deliveries.c.id)).first()
    texts = " ".join(mail.text for mail in read_mails(town.mailbox, 50))
    return str(re.findall(r"/t/([\w-]+)", texts)[0])

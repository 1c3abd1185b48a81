"""Telephone calls at the portal: told by a signed hook, taken over at the desk by one key, listed, and called back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from playwright.sync_api import expect
from sqlalchemy import insert, select

from huying.connections.calls import signature
from huying.database import tables as t
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones
from tests.portal.test_intake_browser import A_SECOND, SECONDS, SHIPPED, Keyboard
from tests.portal.visitor import plain

__all__ = ["address", "browser", "phones"]
SECRET = "s"


def _connect(town: PortalTown) -> None:
    row = {"key": "hotline", "url": "https://calls.example", "secret": SECRET, "timeout_seconds": 5, "active": True}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.connections).values(**row))


def _tell(town: PortalTown, event: str, call: str = "c1", **more: Any) -> dict[str, Any]:
    said = {"call": call, "event": event, "number": "0592-5147085", "agent": "clerk", **more}
    body, moment = orjson.dumps(said), town.clock.now.isoformat(timespec="seconds")
    headers = {"huying-moment": moment, "huying-signature": signature(SECRET, moment, body)}
    answer = town.visitor().http.post("/api/v1/calls/hotline", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _call(town: PortalTown) -> Any:
    with town.house.database.reading() as connection:
        return connection.execute(select(t.calls)).one()


def test_a_call_is_told_shown_and_becomes_an_issue(town: PortalTown) -> None:
    _connect(town)
    assert _tell(town, "ringing") == {"new": True}
    assert _tell(town, "ringing") == {"new": False}
    clerk = town.visitor("clerk")
    assert "0592-5147085" in plain(clerk.see("/calls/ringing"))
    assert "0592-5147085" not in plain(town.visitor("office").see("/calls/ringing"))
    desk = clerk.see(f"/intake?process=street-matters&call={_call(town).id}")
    assert 'value="0592-5147085"' in desk
    number = {
        "process": "street-matters",
        "station": "XG",
        "channel": "phone",
        "phone": "0592-5147085",
        "name": "林阿婆",
    }
    said = {**number, "field.subject": "路灯不亮", "field.kind": "lighting", "call": str(_call(town).id)}
    clerk.send(f"/intake?process=street-matters&call={_call(town).id}", "/intake", said)
    assert _call(town).outcome == "issue"
    assert "XG-2026-00001" in plain(clerk.see("/calls"))


def test_whoever_was_missed_is_called_back(town: PortalTown) -> None:
    _connect(town)
    _tell(town, "ringing", agent="")
    _tell(town, "ended", agent="")
    clerk = town.visitor("clerk")
    assert "没有接到" in plain(clerk.see("/calls?which=missed"))
    clerk.send("/calls?which=missed", f"/calls/{_call(town).id}", {"outcome": "called-back"})
    assert _call(town).outcome == "called-back"


def test_a_recording_is_opened_through_the_portal_by_whoever_may(town: PortalTown) -> None:
    _connect(town)
    _tell(town, "answered", recording="https://calls.example/c1.wav")
    address_of = f"/calls/{_call(town).id}/recording"
    assert town.visitor("clerk").http.get(address_of).status_code == 403
    answer = town.visitor("office").http.get(address_of, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "https://calls.example/c1.wav")
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.audit).where(t.audit.c.what == "recording-opened")).one()


def test_a_forged_call_is_refused(town: PortalTown) -> None:
    _connect(town)
    body = orjson.dumps({"call": "c1", "event": "ringing"})
    old = (town.clock.now - timedelta(hours=1)).isoformat(timespec="seconds")
    http = town.visitor().http
    for headers in ({}, {"huying-moment": old, "huying-signature": signature(SECRET, old, body)}):
        assert http.post("/api/v1/calls/hotline", content=body, headers=headers).status_code == 403


def test_a_caller_is_taken_over_and_taken_in_by_keyboard_in_half_a_minute(phones: Phones, town: PortalTown) -> None:
    _connect(town)
    publish(town.house, SHIPPED.read_text("utf-8"), "contact-station.yaml", Imprint("test", MORNING))
    page = phones("clerk")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/intake?process=contact-station")
    _tell(town, "ringing")
    clerk = Keyboard(page)
    expect(page.locator("[data-call-id]")).to_contain_text("0592-5147085")
    clerk.press("F7")
    expect(page.locator("#phone")).to_have_value("0592-5147085")
    expect(page.locator("#name")).to_be_focused()
    clerk.write("林阿婆")
    clerk.press("Tab")
    clerk.write("路灯不亮")
    clerk.press("Tab", "1", "Tab")
    clerk.write("望海路8号")
    clerk.press("F9")
    expect(page.locator(".slip")).to_contain_text("XG-2026-00001")
    assert clerk.keys <= SECONDS * A_SECOND, clerk.keys
    assert _call(town).outcome == "issue"


def test_a_call_overwrites_nothing_that_is_being_filled_in(phones: Phones, town: PortalTown) -> None:
    _connect(town)
    publish(town.house, SHIPPED.read_text("utf-8"), "contact-station.yaml", Imprint("test", MORNING))
    page = phones("clerk")
    page.goto("/intake?process=contact-station")
    page.locator("#phone").fill("13800138000")
    _tell(town, "ringing")
    expect(page.locator("[data-call-id]")).to_contain_text("0592-5147085")
    with page.expect_popup() as opened:
        page.keyboard.press("F7")
    expect(opened.value.locator("#phone")).to_have_value("0592-5147085")
    expect(page.locator("#phone")).to_have_value("13800138000")

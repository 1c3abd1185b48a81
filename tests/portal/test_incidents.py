"""The page of incidents: for those who look after stations, to put right one or many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from huying.connections.calls import connect, known_connections
from huying.database.tables import incidents, outbox
from huying.effects.carriers import carry
from huying.effects.failure import failed
from huying.house.imprint import Imprint
from huying.incidents.settlement import settle
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import ATTEMPTS, claim_effects
from huying.processes.publication import publish
from portal.api import incidents as api
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.calling_office import CALLING
from tests.huying.town import PASSPHRASE, sqlite_town
from tests.portal.conftest import PortalTown


@pytest.fixture
def stuck(town: PortalTown) -> PortalTown:
    """Three issues, of each of which one message could not be written."""
    for subject in ("一", "二", "三"):
        town.report(subject=subject)
    with town.house.database.reading() as connection:
        effects = connection.execute(select(outbox.c.issue_id, outbox.c.id).where(outbox.c.kind == "tell")).all()
    for effect in {row.issue_id: row.id for row in effects}.values():
        for attempt in range(ATTEMPTS):
            failed(town.house, effect, attempt, "邮件服务器没有应答", town.clock())
    return town


def _boxes(page: str) -> list[str]:
    return re.findall(r'name="(incident\.\d+)"', page)


def _statuses(town: PortalTown) -> list[str]:
    with town.house.database.reading() as connection:
        return sorted(connection.execute(select(incidents.c.status)).scalars())


def test_staff_see_what_is_stuck_with_its_reason_and_where(stuck: PortalTown) -> None:
    page = stuck.visitor("clerk").see("/incidents")
    assert len(_boxes(page)) == 3
    assert "邮件服务器没有应答" in page
    assert "待处理" in page
    assert "已试 10 次" in page
    assert "共 3 项" in page
    assert "受阻事项" in page


def test_many_are_tried_again_at_once_and_the_counts_are_said(stuck: PortalTown) -> None:
    clerk = stuck.visitor("clerk")
    boxes = _boxes(clerk.see("/incidents"))
    said = clerk.send("/incidents", "/incidents", {**dict.fromkeys(boxes[:2], "on"), "do": "retry"}, status=200)
    assert "共 2 项：已重试 2 项，不能重试 0 项，已经了结 0 项" in said
    assert _statuses(stuck) == ["open", "retrying", "retrying"]


def test_skipping_asks_for_a_reason(stuck: PortalTown) -> None:
    clerk = stuck.visitor("clerk")
    (box, *_) = _boxes(clerk.see("/incidents"))
    assert "请写明跳过的理由" in clerk.send("/incidents", "/incidents", {box: "on", "do": "skip"}, status=422)
    clerk.send("/incidents", "/incidents", {box: "on", "do": "skip", "reason": "已电话告知"}, status=200)
    assert _statuses(stuck) == ["closed", "open", "open"]
    assert "已电话告知" in clerk.see("/incidents?status=closed")


def test_others_see_nothing_of_it(stuck: PortalTown) -> None:
    assert stuck.visitor("stranger").http.get("/incidents").status_code == 403
    assert _boxes(stuck.visitor("far-clerk").see("/incidents")) == []


def test_programs_can_do_the_same(stuck: PortalTown) -> None:
    http = stuck.visitor("clerk").http
    said = http.post("/api/v1/sessions", json={"login": "clerk", "passphrase": PASSPHRASE}).json()
    http.headers["Authorization"] = f"Bearer {said['token']}"
    listed = http.get("/api/v1/incidents", headers={"Accept-Language": "en"}).json()
    assert (listed["total"], listed["lines"][0]["what"]) == (3, "Writing messages")
    body = {"incidents": [line["id"] for line in listed["lines"]]}
    assert http.post("/api/v1/incidents/skip", json=body, headers={"Idempotency-Key": "a"}).status_code == 422
    done = http.post("/api/v1/incidents/retry", json=body, headers={"Idempotency-Key": "b"}).json()
    assert (done["asked"], done["done"], done["refused"], done["gone"]) == (3, 3, 0, 0)
    assert http.post("/api/v1/incidents/burn", json=body, headers={"Idempotency-Key": "c"}).status_code == 422


@pytest.fixture
def calling(tmp_path: Path) -> Iterator[tuple[PortalTown, int]]:
    """A town, one of whose processes calls a registry that does not answer, and the incident of that."""
    made = sqlite_town(tmp_path)
    database = made.house.database
    connect(made.house, "registry", "http://127.0.0.1:9", None)
    publish(made.house, CALLING.encode(), "lookup.yaml", Imprint("test", made.clock()))
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=tmp_path)
    app = create_app(made.house, config, made.clock)
    town = PortalTown(made.house, made.clock, made.people, made.departments, app, tmp_path)
    values = {"subject": "住户"}
    open_issue(
        made.house,
        Report(definition="lookup", station="XG", reporter=made.people["stranger"], values=values),
        request_id="one",
        now=made.clock(),
    )
    with database.reading() as connection:
        effect = connection.execute(select(outbox.c.id).where(outbox.c.kind == "request")).scalar_one()
    failed(made.house, effect, 2, "CallFailed: registry: HTTP 503", made.clock())
    with database.reading() as connection:
        yield town, connection.execute(select(incidents.c.id)).scalar_one()
    database.close()


def test_an_incident_has_a_page_on_which_the_answer_is_given_by_hand(calling: tuple[PortalTown, int]) -> None:
    town, number = calling
    clerk, address = town.visitor("clerk"), f"/incidents/{number}"
    page = clerk.see(address)
    assert "HTTP 503" in page
    assert "查到的户数" in page
    assert "更正外部系统地址" not in page, "that is for the office"
    wrong = {"field.found": "many", "reason": "电话核实"}
    again = clerk.send(address, f"{address}/answer", wrong, status=422)
    assert "many" in again
    assert "电话核实</textarea>" in again, "what was written is not lost"
    clerk.send(address, f"{address}/answer", {"field.found": "12", "reason": "电话核实"})
    assert "已人工补录" in clerk.see(address)
    assert _statuses(town) == ["closed"]


def test_programs_give_the_answer_and_correct_the_address(calling: tuple[PortalTown, int]) -> None:
    town, number = calling

    def program(login: str) -> Any:
        http = town.visitor(login).http
        said = http.post("/api/v1/sessions", json={"login": login, "passphrase": PASSPHRASE}).json()
        http.headers.update({"Authorization": f"Bearer {said['token']}", "Idempotency-Key": f"of-{login}"})
        return http

    address, answer = f"/api/v1/incidents/{number}/address", f"/api/v1/incidents/{number}/answer"
    clerk, office, stranger = program("clerk"), program("office"), program("stranger")
    body = {"fields": {"found": 12}, "reason": "电话核实"}
    assert stranger.post(answer, json=body).status_code in (403, 404)
    assert clerk.post(address, json={"address": "http://127.0.0.1:8"}).status_code == 403
    assert clerk.post(answer, json={"fields": {"found": "many"}, "reason": "x"}).status_code == 422
    assert clerk.post(answer, json=body).status_code == 200
    assert clerk.post(answer, json=body).status_code in (200, 404), "nothing is done twice"
    assert _statuses(town) == ["closed"]
    assert office.post(address, json={"address": "http://127.0.0.1:8"}).status_code == 404


def test_the_office_corrects_an_address_and_has_it_tried_again(calling: tuple[PortalTown, int]) -> None:
    town, number = calling
    office, address = town.visitor("office"), f"/incidents/{number}"
    assert "http://127.0.0.1:9" in office.see(address)
    assert 'value="ftp://x"' in office.send(address, f"{address}/address", {"address": "ftp://x"}, status=422)
    office.send(address, f"{address}/address", {"address": "http://127.0.0.1:8"})
    assert _statuses(town) == ["retrying"]
    assert [one.url for one in known_connections(town.house)] == ["http://127.0.0.1:8"]
    clerk = town.visitor("clerk")
    token = clerk.hidden("/incidents", "/incidents")
    assert clerk.http.post(f"{address}/address", data={**token, "address": "http://127.0.0.1:7"}).status_code == 403


def test_the_issue_says_what_failed_to_its_staff_alone(calling: tuple[PortalTown, int]) -> None:
    town, number = calling
    page = town.visitor("clerk").see("/issues/LK-XG-2026-00001")
    assert f'href="/incidents/{number}"' in page
    assert "HTTP 503" in page
    assert "HTTP 503" not in town.visitor("stranger").see("/issues/LK-XG-2026-00001")


def test_the_list_narrows_by_time(stuck: PortalTown) -> None:
    clerk = stuck.visitor("clerk")
    assert len(_boxes(clerk.see("/incidents?since=day"))) == 3
    stuck.clock.now += timedelta(days=3)
    clerk = stuck.visitor("clerk")
    assert len(_boxes(clerk.see("/incidents?since=day"))) == 0
    assert len(_boxes(clerk.see("/incidents?since=week"))) == 3


def test_all_of_a_filter_are_tried_again_part_by_part_and_what_became_of_them_adds_up(
    stuck: PortalTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "AT_ONCE", 2)
    http = stuck.visitor("clerk").http
    said = http.post("/api/v1/sessions", json={"login": "clerk", "passphrase": PASSPHRASE}).json()
    http.headers.update({"Authorization": f"Bearer {said['token']}", "Idempotency-Key": "all"})
    first = http.post("/api/v1/incidents/all/retry", json={"kind": "tell"}).json()
    assert (first["righted"]["done"], len(first["incidents"])) == (2, 2)
    second = http.post("/api/v1/incidents/all/retry", json={"kind": "tell", "after": first["after"]}).json()
    assert (second["righted"]["done"], second["after"]) == (1, None)
    several = [*first["incidents"], *second["incidents"]]
    with stuck.house.database.reading() as connection:
        one = connection.execute(select(incidents.c.what_id).where(incidents.c.id == several[0])).scalar_one()
    (effect,) = [effect for effect in claim_effects(stuck.house, stuck.clock()) if effect.id == one]
    carry(stuck.house, effect, stuck.clock())
    settle(stuck.house, stuck.clock())
    skipped = {"incidents": several[-1:], "reason": "已电话告知"}
    http.post("/api/v1/incidents/skip", json=skipped, headers={"Idempotency-Key": "skip"})
    found = http.post("/api/v1/incidents/became", json={"incidents": [*several, 999_999]}).json()
    assert found == {"asked": 4, "fixed": 1, "failing": 0, "running": 1, "skipped": 1, "unknown": 1}
    assert sum(found.values()) == 2 * found["asked"]


def test_the_page_does_it_to_all_and_says_what_became_of_them(stuck: PortalTown) -> None:
    clerk = stuck.visitor("clerk")
    page = clerk.send("/incidents", "/incidents", {"of": "all", "do": "retry"})
    assert "共 3 项：已重试 3 项" in page
    boxes = dict.fromkeys(re.findall(r'type="hidden" name="(incident\.\d+)"', page), "on")
    assert len(boxes) == 3
    found = clerk.send("/incidents", "/incidents", {**boxes, "do": "look"})
    assert "已解决 0 项，重试中 3 项，仍待处理 0 项" in found

"""The page of incidents: for those who look after stations, to put right one or many at once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from huying.effects import ATTEMPTS, failed
from huying.tables import incidents, outbox
from tests.huying.views.town import PASSPHRASE
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

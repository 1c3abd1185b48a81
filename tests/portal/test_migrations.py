"""An administrator moves running issues to a new version on a page: what would become of each, begin, watch, take back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.database.tables import outbox
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.migrations.batches import carry_on
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

NEXT = DEFINITION.replace("  register:\n    title: {zh: 受理登记", "  receive:\n    title: {zh: 登记受理")
NEW = "/migrations/new?key=street-matters&leaving=1&entering=2"


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who may decide by which version issues go on; there are two of the old one."""
    for number in (1, 2):
        open_issue(
            town.house,
            Report(
                definition="street-matters",
                station="XG",
                reporter=town.people["stranger"],
                values={"subject": f"路灯不亮 {number}", "kind": "lighting"},
            ),
            request_id=f"open-{number}",
            now=town.clock(),
        )
    with town.house.database.writing() as connection:
        connection.execute(outbox.update().values(status="done", done_at=MORNING))
    made_administrator(town.house)
    publish(town.house, NEXT, "next.yaml", Imprint("冯硕", MORNING))
    return town.visitor("admin")


def test_who_is_no_administrator_sees_nothing_of_it(town: PortalTown, administrator: Visitor) -> None:
    for login in ("clerk", "deputy", "office"):
        visitor = town.visitor(login)
        for address in ("/migrations", NEW, "/migrations/1"):
            visitor.see(address, 403)


def test_issues_are_looked_at_moved_and_taken_back(town: PortalTown, administrator: Visitor) -> None:
    listed = administrator.see("/migrations")
    assert "第 1 版 → 第 2 版" in listed
    assert "在办 2 件" in listed
    bare = plain(administrator.see(NEW))
    assert "可以转 0 待补对应 2" in bare
    assert "新版里没有“受理登记”这一步" in bare
    chosen = {"step.register": "receive", "deadlines": "keep"}
    looked = administrator.send(NEW, "/migrations/new", {**chosen, "do": "look"})
    assert "可以转 2 待补对应 0" in plain(looked)
    assert 'value="receive" selected' in looked
    refused = administrator.send(NEW, "/migrations/new", {**chosen, "do": "begin"}, status=422)
    assert "请写明理由" in refused
    begun = administrator.send(NEW, "/migrations/new", {**chosen, "do": "begin", "reason": "新办法施行"})
    assert administrator.path == "/migrations/1"
    assert "等待 2 件" in begun
    carry_on(town.house, town.clock(), 10)
    assert "共 2 件：已转 2 件" in plain(administrator.see("/migrations/1"))
    assert "所有在办事项都在按现行版办理" in administrator.see("/migrations")
    administrator.send("/migrations/1", "/migrations/1", {"do": "revert", "reason": "办法暂缓"})
    assert administrator.path == "/migrations/2"
    carry_on(town.house, town.clock() + timedelta(minutes=1), 10)
    assert "撤回此前的一次转版" in administrator.see("/migrations/2")
    assert "第 1 版 → 第 2 版" in administrator.see("/migrations")


def test_a_version_or_migration_that_there_is_not_is_not_found(town: PortalTown, administrator: Visitor) -> None:
    administrator.see("/migrations/99", 404)
    administrator.see("/migrations/new?key=street-matters&leaving=7&entering=2", 404)
    administrator.see("/migrations/new?key=nothing&leaving=1&entering=2", 404)


def test_a_name_that_the_new_version_does_not_have_is_said(town: PortalTown, administrator: Visitor) -> None:
    said = administrator.send(NEW, "/migrations/new", {"step.register": "nowhere", "do": "look"})
    assert "待补对应 2" in plain(said)

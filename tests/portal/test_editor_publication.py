"""From a change to its publication on one page: what takes another course is accepted, and whether it is published cannot be mistaken."""

from __future__ import annotations

from typing import Any

import pytest

from huying.processes.drafts import all_drafts
from huying.processes.versions import report_of
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.test_editor import EDIT, LONGER
from tests.portal.visitor import Visitor, plain

#: The time of the deputy's study is told twice here: as a last day, and by what happens after it.
COURSE = """# 情景 what should happen
- title: {zh: 代表三天内没办, en: The deputy is late}
  given: {at: 2026-03-02 09:00, form: {subject: 路灯不亮, kind: lighting}}
  steps:
    - {by: clerk, do: accept}
    - then: {step: study, due: {study: "2026-03-05"}}  # 周四
    - after: 4 working days
    - then: {told: {clerk: [overdue]}}
- title: {zh: 不予受理, en: Declined}
  given: {at: 2026-03-02 09:00, form: {subject: 判决不服, kind: other}}
  steps:
    - {by: clerk, do: decline, with: {reason: 应向法院提出}}
    - then: {status: closed, resolution: declined}
"""


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who writes definitions."""
    made_administrator(town.house, "冯硕", "admin")
    return town.visitor("admin")


def _begun(visitor: Visitor, **values: Any) -> str:
    visitor.send(EDIT, "/editor", {"of": "street-matters"})
    address = visitor.path
    visitor.send(address, address, {"source": LONGER, "scenarios": COURSE, "do": "save", **values})
    return address


def test_what_takes_another_course_is_said_before_and_after(administrator: Visitor) -> None:
    address = _begun(administrator)
    shown = plain(administrator.see(f"{address}?saved=yes"))
    assert "1 个照旧，1 个走法变了" in shown
    assert "第 2 步 · “代表研究”的最后一天" in shown
    assert "2026年3月5日" in shown
    assert "2026年3月9日" in shown
    assert "第 4 步 · 站点工作人员收到的消息" in shown
    assert "没有收到消息" in shown


def test_the_new_course_is_accepted_in_place_after_it_was_shown(administrator: Visitor, town: PortalTown) -> None:
    address = f"{_begun(administrator)}/scenarios"
    shown = administrator.send(address, address, {"do": "accept"})
    assert "场景将改为" in shown
    assert all_drafts(town.house)[0].scenarios == COURSE, "nothing is saved before somebody says yes"
    agreed = shown.split('name="agreed" value="')[1].split('"')[0]
    said = plain(administrator.send(address, address, {"do": "accept-yes", "agreed": agreed}))
    assert "场景已按新的走法改好" in said
    kept = all_drafts(town.house)[0].scenarios
    assert kept == COURSE.replace("2026-03-05", "2026-03-09").replace("[overdue]", "[]")


def test_what_was_not_shown_is_not_accepted(administrator: Visitor, town: PortalTown) -> None:
    address = f"{_begun(administrator)}/scenarios"
    administrator.send(address, address, {"do": "accept-yes", "agreed": "another"}, status=409)
    assert all_drafts(town.house)[0].scenarios == COURSE


def test_it_is_not_published_before_and_says_why(administrator: Visitor, town: PortalTown) -> None:
    address = f"{_begun(administrator)}/publication"
    page = administrator.see(address)
    assert "还不能发布，原因" in plain(page)
    assert "1 个场景走法变了，还没有人接受" in plain(page)
    said = plain(administrator.send(address, address, {"do": "publish", "revision": _revision(page)}, status=422))
    assert "未发布，原因" in said
    assert town.house.processes.newest("street-matters").version == 1


def test_it_says_what_changes_for_whom_and_publishes_with_a_report_to_sign(
    administrator: Visitor, town: PortalTown
) -> None:
    address = f"{_begun(administrator, scenarios='')}/publication"
    page = administrator.see(address)
    shown = plain(page)
    assert "“代表研究”的期限：3 个工作日 → 5 个工作日" in shown
    assert "责任代表：代表研究" in shown.replace(" ", "")
    assert "没有在办事项" in shown
    assert "您一人就可以发布" in shown
    assert "办结天数（中位）" in administrator.see(f"{address}/trial?part=simulate")
    said = plain(
        administrator.send(
            address, address, {"do": "publish", "revision": _revision(page), "note": "延长", "weighed": "yes"}
        )
    )
    assert "已发布" in said
    assert administrator.path.startswith("/definitions/street-matters/versions/2")
    kept = report_of(town.house, "street-matters", 2)
    assert kept is not None
    assert kept["simulation"]["after"]["closed"] > 0
    report = plain(administrator.see("/definitions/street-matters/versions/2/report"))
    assert "流程发布报告" in report
    assert "3 个工作日 → 5 个工作日" in report
    assert "负责人签字、日期" in report


def test_what_somebody_else_saved_since_is_not_published_unseen(administrator: Visitor, town: PortalTown) -> None:
    address = f"{_begun(administrator, scenarios='')}/publication"
    said = plain(administrator.send(address, address, {"do": "publish", "revision": "1"}, status=409))
    assert "又改过草稿" in said
    assert town.house.processes.newest("street-matters").version == 1


def test_where_no_scenario_goes_is_said_and_drawn(administrator: Visitor) -> None:
    shown = administrator.see(f"{_begun(administrator)}/scenarios")
    assert "没有场景走过" in shown
    assert "代表研究 · 直接答复" in plain(shown)
    assert "#b3261e" in shown


def test_whoever_may_not_write_processes_sees_none_of_it(administrator: Visitor, town: PortalTown) -> None:
    address = _begun(administrator)
    for page in ("scenarios", "publication", "publication/trial"):
        town.visitor("clerk").see(f"{address}/{page}", status=403)


def _revision(page: str) -> str:
    return page.split('name="revision" value="')[1].split('"')[0]

"""What would happen if …: a made-up issue is clicked through a draft, time passes, and its course is kept as a scenario that passes."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import func, select

from definitions.trials.scenario import parse_scenarios
from huying.database import tables as t
from huying.processes.drafts import all_drafts
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.test_editor import EDIT, SCENARIO, draft_texts
from tests.portal.visitor import Visitor, plain

OPEN = {"do": "open", "day": "2026-03-02", "answer.subject": "路灯不亮", "answer.kind": "lighting"}

_NO_DAY = '{"title": {"zh": "x", "en": "x"}, "given": {"at": "2026-99-99 99:99"}, "steps": []}'


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who writes definitions."""
    made_administrator(town.house, "冯硕", "admin")
    return town.visitor("admin")


class _Clicker:
    """Goes on from page to page with the course that the last one carried."""

    def __init__(self, visitor: Visitor) -> None:
        visitor.send(EDIT, "/editor", {"of": "street-matters"})
        self.draft = visitor.path
        visitor.send(
            self.draft, self.draft, {**draft_texts(visitor, visitor.path), "scenarios": SCENARIO, "do": "save"}
        )
        self.visitor, self.address = visitor, f"{self.draft}/trial"
        self.page = visitor.see(self.address)

    def click(self, values: dict[str, str], status: int = 200) -> str:
        course = html.unescape(self.page.split('name="course" value="')[1].split('"')[0])
        self.page = self.visitor.send(self.address, self.address, {**values, "course": course}, status=status)
        return plain(self.page)


def test_a_course_is_clicked_through_and_kept_as_a_scenario(administrator: Visitor, town: PortalTown) -> None:
    clicker = _Clicker(administrator)
    shown = clicker.click(OPEN)
    assert "受理登记" in shown
    assert "2026年3月3日" in shown
    assert "站点工作人员 · 受理" in clicker.click({"do": "move:by:clerk:accept"})
    assert 'name="answer.reply" value="答复内容"' in clicker.page, "what must be entered is filled in already"
    late = clicker.click({"do": "deadline"})
    assert "逾期" in late
    assert "2026-03-06" in late
    assert "责任代表 · 直接答复" in clicker.click({"do": "move:by:deputy:answer", "answer.reply": "已修好。"})
    clicker.click({"do": "days", "days": "2"})
    closed = clicker.click({"do": "move:by:reporter:satisfied", "answer.stars": "5"})
    assert "这件已办结" in closed
    kept = clicker.click({"do": "keep", "title.zh": "代表晚了一天", "title.en": "A day late"})
    assert "已存为场景" in kept
    assert "2 个场景都照旧" in kept
    text = all_drafts(town.house)[0].scenarios
    assert text.startswith(SCENARIO)
    assert parse_scenarios(text, "scenarios.yaml")[1].title == {"zh": "代表晚了一天", "en": "A day late"}
    assert "after: 4 working days" in text


def test_nothing_of_it_is_stored(administrator: Visitor, town: PortalTown) -> None:
    clicker = _Clicker(administrator)
    before = all_drafts(town.house)[0]
    clicker.click(OPEN)
    clicker.click({"do": "move:by:clerk:accept"})
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.issues)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(t.deliveries)).scalar_one() == 0
    assert all_drafts(town.house)[0] == before


def test_what_the_kernel_refuses_is_said_and_the_course_stays(administrator: Visitor) -> None:
    clicker = _Clicker(administrator)
    clicker.click({**OPEN, "answer.subject": ""}, 422)
    clicker.click(OPEN)
    clicker.click({"do": "move:by:clerk:decline", "answer.reason": ""}, 422)
    assert "站点工作人员 · 受理" in clicker.click({"do": "move:by:clerk:accept"})
    back = clicker.click({"do": "back"})
    assert "代表研究" not in back.split("如果……会怎样")[-1].split("留作场景")[0].split("经过")[-1]


def test_a_course_that_is_none_begins_anew(administrator: Visitor) -> None:
    clicker = _Clicker(administrator)
    for course in ("{", '{"steps": 1}', "[1]", '{"title": "x", "given": {}, "steps": []}', _NO_DAY):
        shown = administrator.send(clicker.address, clicker.address, {"do": "deadline", "course": course})
        assert "登记日期" in shown


def test_a_draft_with_faults_is_not_tried(administrator: Visitor) -> None:
    clicker = _Clicker(administrator)
    administrator.send(clicker.draft, clicker.draft, {"source": "id: [", "scenarios": "", "do": "save"})
    administrator.see(clicker.address)
    assert administrator.path == clicker.draft

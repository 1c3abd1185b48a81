"""Administrators change a process without a line of YAML: a form over the draft's text."""

from __future__ import annotations

import pytest

from huying.processes.drafts import all_drafts
from tests.huying.town import DEFINITION
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.test_editor import EDIT, SCENARIO
from tests.portal.visitor import Visitor, plain


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who writes definitions."""
    made_administrator(town.house, "冯硕", "admin")
    return town.visitor("admin")


def _begun(visitor: Visitor) -> str:
    visitor.send(EDIT, "/editor", {"of": "street-matters"})
    return f"{visitor.path}/form"


def test_a_deadline_is_changed_and_published_without_yaml(administrator: Visitor, town: PortalTown) -> None:
    address = _begun(administrator)
    step = f"{address}?at=assignment/study"
    page = administrator.see(step)
    assert 'value="3 个工作日"' in page
    values = {"v.within": "5个工作日", "do": "save"}
    said = administrator.send(step, address, values)
    assert "已写入文本，尚未发布。" in plain(said)
    kept = all_drafts(town.house)[0].source
    assert kept == DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)


def test_whoever_may_not_write_processes_does_not_see_the_form(town: PortalTown, administrator: Visitor) -> None:
    address = _begun(administrator)
    town.visitor("clerk").see(address, status=403)


def test_an_entry_that_is_wrong_is_told_and_nothing_is_lost(administrator: Visitor, town: PortalTown) -> None:
    address = _begun(administrator)
    said = administrator.send(
        address, address, {"do": "add", "at": "roles", "key": "Not An Id", "title.zh": "新角色"}, status=422
    )
    assert "不合要求" in plain(said)
    assert 'value="新角色"' in said
    assert all_drafts(town.house)[0].source == DEFINITION


def test_what_somebody_else_has_saved_meanwhile_is_not_overwritten(administrator: Visitor, town: PortalTown) -> None:
    address = _begun(administrator)
    hidden = administrator.hidden(address, address)
    administrator.send(
        address, address, {"do": "add", "at": "roles", "key": "second", "title.zh": "二", "title.en": "Two"}
    )
    answer = administrator.http.post(
        address, data={**hidden, "do": "add", "at": "roles", "key": "third", "title.zh": "三", "title.en": "Three"}
    )
    assert answer.status_code == 409
    assert "已保存过这份草稿" in plain(answer.text)
    assert "third" not in all_drafts(town.house)[0].source


def test_a_text_that_cannot_be_read_is_shown_as_text(administrator: Visitor, town: PortalTown) -> None:
    address = _begun(administrator)
    text = address.removesuffix("/form")
    administrator.send(text, text, {"source": "id: [", "scenarios": SCENARIO, "do": "save"})
    administrator.see(address)
    assert administrator.path == text


def test_a_save_leads_to_the_check_at_once(administrator: Visitor) -> None:
    address = _begun(administrator)
    step = f"{address}?at=assignment/study"
    values = {
        "v.within": "5个工作日",
        "v.title.zh": "研究",
        "v.title.en": "Study",
        "v.task.deputy": "on",
        "do": "check",
    }
    said = administrator.send(step, address, values)
    assert "3 个工作日 → 5 个工作日" in plain(said)

"""Administrators write definitions in the portal: begin, check, rehearse, weigh, publish; nothing that was written is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from definitions.loader import LIBRARY
from huying.connections.calls import connect
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.processes.drafts import LONGEST, all_drafts, draft
from huying.processes.overrides import publish_override
from huying.processes.publication import Edition, publish, publish_all
from huying.processes.versions import report_of
from tests.huying.town import DEFINITION, MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

SCENARIO = """
- title: {zh: 不予受理, en: Declined}
  given: {at: 2026-03-02 09:00, form: {subject: 判决不服, kind: other}}
  steps:
    - then: {step: register, due: "2026-03-03"}
    - {by: clerk, do: decline, with: {reason: 应向法院提出}}
    - then: {status: closed, resolution: declined}
"""
LONGER = DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)
EDIT = "/definitions/street-matters"


@pytest.fixture
def administrator(town: PortalTown) -> Visitor:
    """Somebody who writes definitions."""
    made_administrator(town.house, "冯硕", "admin")
    return town.visitor("admin")


def _begun(visitor: Visitor) -> str:
    """The address of a draft that was begun from the version in force."""
    visitor.send(EDIT, "/editor", {"of": "street-matters"})
    return visitor.path


def _sent(visitor: Visitor, address: str, do: str, status: int = 200, **values: Any) -> str:
    before = draft_texts(visitor, address)
    return visitor.send(address, address, {**before, **values, "do": do}, status=status)


def draft_texts(visitor: Visitor, address: str) -> dict[str, str]:
    """What a browser would send of the texts."""
    number = int(address.rpartition("/")[2])
    house = visitor.http.app.state.portal.house  # type: ignore[attr-defined]
    kept = draft(house, number)
    return {"source": kept.source, "scenarios": kept.scenarios}


def test_only_administrators_write(town: PortalTown, administrator: Visitor) -> None:
    address = _begun(administrator)
    for login in ("clerk", "deputy", "office", "stranger"):
        visitor = town.visitor(login)
        for page in ("/editor", address):
            visitor.see(page, 403)
        assert "修改</button>" not in visitor.see(EDIT)


def test_a_fault_is_named_with_its_line_and_nothing_is_lost(town: PortalTown, administrator: Visitor) -> None:
    address = _begun(administrator)
    wrong = DEFINITION.replace("to: study", "to: studdy", 1)
    shown = _sent(administrator, address, "check", 422, source=wrong)
    line = next(number for number, text in enumerate(wrong.splitlines(), start=1) if "studdy" in text)
    assert f"第 {line} 行" in shown
    assert "没有名为“studdy”的步骤" in plain(shown)
    assert "是不是“study”" in plain(shown)
    assert draft_texts(administrator, address)["source"] == wrong
    refused = _sent(administrator, address, "publish", 422)
    assert "还不能发布" in refused
    assert town.house.processes.newest("street-matters").version == 1


def test_text_that_is_no_yaml_is_kept_too(administrator: Visitor) -> None:
    address = _begun(administrator)
    shown = _sent(administrator, address, "check", 422, source="id: [", scenarios="- {")
    assert "还不能发布" in shown
    assert draft_texts(administrator, address) == {"source": "id: [", "scenarios": "- {"}


def test_scenarios_are_rehearsed_and_what_differs_is_said(town: PortalTown, administrator: Visitor) -> None:
    address = _begun(administrator)
    shown = plain(_sent(administrator, address, "check", source=LONGER, scenarios=SCENARIO))
    assert "检查通过。 1 个场景都与预期相符。" in shown
    assert "“代表研究”的期限：3 个工作日 → 5 个工作日" in shown
    assert "未演练：受理登记 · 受理、" in shown
    late = SCENARIO.replace('due: "2026-03-03"', 'due: "2026-03-04"')
    differs = plain(_sent(administrator, address, "check", scenarios=late))
    assert "第 1 步，期限：应为 2026-03-04，实为 2026-03-03" in differs
    _sent(administrator, address, "publish", 422)
    assert town.house.processes.newest("street-matters").version == 1, "a scenario differs"


def test_a_fault_in_the_scenarios_is_named_there(administrator: Visitor) -> None:
    address = _begun(administrator)
    shown = plain(_sent(administrator, address, "check", 422, scenarios="- {title: 无, given: {}}"))
    assert "场景第 1 行" in shown


def test_a_draft_is_weighed_by_the_history_and_by_simulation(town: PortalTown, administrator: Visitor) -> None:
    open_issue(
        town.house,
        Report(
            definition="street-matters",
            station="XG",
            reporter=town.people["stranger"],
            values={"subject": "路灯不亮", "kind": "lighting"},
        ),
        request_id="one",
        now=town.clock(),
    )
    address = _begun(administrator)
    moved = LONGER.replace("  register:\n    title: {zh: 受理登记", "  receive:\n    title: {zh: 登记受理")
    shown = plain(_sent(administrator, address, "weigh", source=moved))
    assert "用这份草稿重办最近的事项 1 件" in shown
    assert "在办事项停在草稿中没有的步骤：register" in shown
    assert "现行版" in shown
    assert "本草稿" in shown
    assert "办结天数（中位）" in shown


def test_it_is_published_with_note_date_and_report(town: PortalTown, administrator: Visitor) -> None:
    address = _begun(administrator)
    day = (MORNING + timedelta(days=30)).date().isoformat()
    values: dict[str, Any] = {"source": LONGER, "scenarios": SCENARIO, "note": "延长研究期限", "from": day}
    shown = _sent(administrator, address, "publish", **values)
    assert administrator.path == "/definitions/street-matters/versions/2"
    assert "延长研究期限" in shown
    assert "起施行" in plain(shown)
    version = town.house.processes.newest("street-matters")
    assert (version.published_by, version.source) == ("冯硕", LONGER)
    report = report_of(town.house, "street-matters", 2)
    assert report is not None
    assert report["scenarios_source"] == SCENARIO
    assert not all_drafts(town.house)
    _begun(administrator)
    assert "不予受理, en: Declined" in all_drafts(town.house)[0].scenarios, "the next draft goes on from there"


def test_where_an_override_no_longer_fits_is_said(town: PortalTown, administrator: Visitor) -> None:
    said = "override: street-matters\nfor: {station: XG}\nfields: {details: {title: {zh: 情况, en: Details}}}\n"
    publish_override(town.house, said, "override.yaml", by="冯硕", now=MORNING)
    address = _begun(administrator)
    renamed = DEFINITION.replace("  details: {type", "  description: {type", 1)
    shown = plain(_sent(administrator, address, "publish", source=renamed))
    assert "已停用，请修改后重新发布：站点 XG" in shown


def test_a_day_that_is_over_or_none_is_refused(town: PortalTown, administrator: Visitor) -> None:
    address = _begun(administrator)
    assert "已经过去" in _sent(administrator, address, "publish", 422, **{"source": LONGER, "from": "2026-11-01"})
    assert "不是日期" in _sent(administrator, address, "publish", 422, **{"from": "soon"})
    assert town.house.processes.newest("street-matters").version == 1


def test_what_somebody_published_meanwhile_is_shown_before_it_is_overtaken(
    town: PortalTown, administrator: Visitor
) -> None:
    address = _begun(administrator)
    theirs = DEFINITION.replace("within: 15 working days", "within: 20 working days")
    publish(town.house, theirs, "theirs.yaml", Imprint("何静", MORNING))
    shown = plain(_sent(administrator, address, "publish", 409, source=LONGER))
    assert "何静已发布第 2 版" in shown
    assert "20 个工作日 → 15 个工作日" in shown
    _sent(administrator, address, "publish")
    assert town.house.processes.newest("street-matters").version == 3


def test_two_who_write_at_once_notice_each_other(town: PortalTown, administrator: Visitor) -> None:
    made_administrator(town.house, "罗敏", "second")
    second = town.visitor("second")
    address = _begun(administrator)
    mine = administrator.hidden(address, address)
    _sent(second, address, "save", source=LONGER)
    posted = {**mine, "source": DEFINITION + "# mine\n", "scenarios": "", "do": "save"}
    answer = administrator.http.post(address, data=posted)
    assert answer.status_code == 409
    assert "罗敏已保存过这份草稿" in answer.text
    assert "# mine" in answer.text, "what was written is still there"
    assert draft_texts(administrator, address)["source"] == LONGER
    _sent(administrator, address, "save", source=DEFINITION + "# mine\n")
    assert draft_texts(administrator, address)["source"].endswith("# mine\n")


def test_a_new_process_begins_with_an_example_under_its_own_id(town: PortalTown, administrator: Visitor) -> None:
    listed = administrator.see("/editor")
    assert "空白流程" in listed
    for key in ("Pothole", "street-matters"):
        refused = administrator.send("/editor", "/editor", {"example": "pothole", "key": key}, status=422)
        assert key in refused
    administrator.send("/editor", "/editor", {"example": "beginning", "key": "lost-property"})
    address = administrator.path
    assert draft_texts(administrator, address)["source"].count("id: lost-property\n") == 1
    assert "我的流程" in administrator.see("/editor")
    _sent(administrator, address, "publish")
    assert town.house.processes.newest("lost-property").version == 1


def test_every_example_can_be_begun_with(town: PortalTown, administrator: Visitor) -> None:
    several = sorted(LIBRARY.glob("*/definition.yaml"))
    # some call others, and one requests the telephone exchange
    connect(town.house, "telephone", "http://127.0.0.1:9", None)
    publish_all(town.house, [Edition(path.read_bytes(), str(path)) for path in several], Imprint("test", MORNING))
    for path in several:
        administrator.send("/editor", "/editor", {"example": path.parent.name, "key": f"own-{path.parent.name}"})
        shown = plain(_sent(administrator, administrator.path, "check"))
        assert "都与预期相符" in shown, path.parent.name


def test_what_is_requested_and_not_connected_is_said_before_publishing(administrator: Visitor) -> None:
    administrator.send("/editor", "/editor", {"example": "hotline-1085", "key": "own-hotline"})
    shown = plain(_sent(administrator, administrator.path, "publish", 422))
    assert "还不能发布" in shown
    assert "没有名为“telephone”的外部系统连接" in shown
    assert "✓" in shown, "all else is tried nevertheless"


def test_a_draft_is_thrown_away(administrator: Visitor) -> None:
    address = _begun(administrator)
    assert "street-matters" not in administrator.see("/editor")
    _sent(administrator, address, "discard")
    assert "目前没有草稿" in administrator.see("/editor")
    administrator.see(address, 404)


def test_too_long_a_text_is_not_cut(administrator: Visitor) -> None:
    address = _begun(administrator)
    shown = _sent(administrator, address, "save", 409, source="#" * (LONGEST + 1))
    assert "文本太长" in shown
    assert draft_texts(administrator, address)["source"] == DEFINITION


def _agreed(visitor: Visitor, address: str, do: str, **texts: Any) -> dict[str, Any]:
    """What a browser would send of an offer."""
    shown = _sent(visitor, address, do, **texts)
    found = re.search(r'name="agreed" value="([0-9a-f]{64})"', shown)
    assert found is not None, plain(shown)
    return {"agreed": found[1]}


def test_what_has_one_right_answer_is_shown_and_put_right_after_a_yes(administrator: Visitor) -> None:
    address = _begun(administrator)
    wrong = DEFINITION.replace("to: study", "to: studdy", 1).replace("task: clerk", "task：clerk", 1)
    told = SCENARIO.replace("do: decline", "do：decline")
    shown = plain(_sent(administrator, address, "mend", source=wrong, scenarios=told))
    assert "将改正为" in shown
    assert "task：clerk" in shown
    assert draft_texts(administrator, address) == {"source": wrong, "scenarios": told}, "nothing is changed yet"
    agreed = _agreed(administrator, address, "mend")
    _sent(administrator, address, "mend-yes", **agreed)
    assert draft_texts(administrator, address) == {"source": DEFINITION, "scenarios": SCENARIO}
    assert "没有只有一种改法的地方" in plain(_sent(administrator, address, "mend"))


def test_the_new_course_is_shown_and_accepted_after_a_yes(administrator: Visitor) -> None:
    address = _begun(administrator)
    late = SCENARIO.replace('due: "2026-03-03"}', 'due: "2026-03-04"}  # 次日')
    assert "场景按现在的走法改" in plain(_sent(administrator, address, "check", scenarios=late))
    agreed = _agreed(administrator, address, "accept")
    assert draft_texts(administrator, address)["scenarios"] == late
    _sent(administrator, address, "accept-yes", **agreed)
    kept = draft_texts(administrator, address)["scenarios"]
    assert '"2026-03-03"}  # 次日' in kept
    assert "都与预期相符" in plain(_sent(administrator, address, "check"))


def test_a_yes_to_something_else_is_asked_again(administrator: Visitor) -> None:
    address = _begun(administrator)
    wrong = DEFINITION.replace("to: study", "to: studdy", 1)
    agreed = _agreed(administrator, address, "mend", source=wrong)
    other = wrong + "# 新加的\n"
    shown = _sent(administrator, address, "mend-yes", 409, source=other, **agreed)
    assert "将改正为" in plain(shown)
    assert draft_texts(administrator, address)["source"] == other

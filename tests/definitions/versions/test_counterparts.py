"""What was renamed is recognised, with the change inside it: steps, fields, roles, actions, resolutions; in differences and in plans to migrate."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from definitions.loader import library, load
from definitions.model.definition import Definition
from definitions.source.tree import read
from definitions.versions.counterparts import Counterparts, counterparts
from definitions.versions.difference import differences
from engine.migration.proposal import propose

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")
OFFICE = load(SOURCE, "office.yaml")


def written(source: str) -> Definition:
    """A definition, sound or not."""
    return Definition.model_validate(read(source, "office.yaml").plain())


def said(source: str, language: str = "zh") -> list[str]:
    """What differs from the office's definition."""
    return [one.message[language] for one in differences(OFFICE, written(source))]


STEP = SOURCE.replace("  ask:\n    title", "  entrust:\n    title").replace("to: ask", "to: entrust")


def test_a_renamed_step_is_no_step_gone_and_another_added() -> None:
    assert said(STEP) == ["步骤“交办”的标识：ask → entrust"]
    assert said(STEP, "en") == ["name of step “Ask”: ask → entrust"]


def test_the_change_inside_it_is_said() -> None:
    changed = STEP.replace("within: 3 working days", "within: 5 working days").replace(
        "title: {zh: 交办, en: Ask}\n", "title: {zh: 转交办理, en: Entrust}\n"
    )
    assert said(changed) == [
        "步骤“转交办理”的标识：ask → entrust",
        "“转交办理”的名称：交办 → 转交办理",
        "“转交办理”的期限：3 个工作日 → 5 个工作日",
    ]


@pytest.mark.parametrize(
    ("old", "new", "zh"),
    [
        ("subject", "matter", "字段“主题”的标识：subject → matter"),
        ("urgent", "pressing", "字段“紧急”的标识：urgent → pressing"),
        ("clerk", "receptionist", "角色“经办人”的标识：clerk → receptionist"),
        ("deputy", "delegate-on-duty", "角色“代表”的标识：deputy → delegate-on-duty"),
        ("solved", "settled", "办理结果“已解决”的标识：solved → settled"),
        ("refuse", "decline", "办理方式“不予受理”的标识：refuse → decline"),
        ("register", "take-in", "步骤“受理”的标识：register → take-in"),
    ],
)
def test_fields_roles_resolutions_and_actions_too(old: str, new: str, zh: str) -> None:
    source = re.sub(rf"(?<![\w-]){old}(?![\w-])", new, SOURCE)
    assert source != SOURCE
    assert said(source) == [zh]


def test_several_at_once_each_go_with_their_own() -> None:
    source = (
        STEP.replace("  handle:\n", "  deal:\n")
        .replace("to: handle", "to: deal")
        .replace("  confirm:\n", "  verdict:\n")
    )
    source = source.replace("to: confirm", "to: verdict")
    assert counterparts(OFFICE, written(source)).steps == {"ask": "entrust", "handle": "deal", "confirm": "verdict"}


def test_what_is_other_altogether_is_gone_and_added() -> None:
    other = "  phone: {type: phone, title: {zh: 联系电话, en: Telephone}, private: true}\n"
    source = SOURCE.replace("  urgent: {type: yes/no, title: {zh: 紧急, en: Urgent}}\n", other)
    assert counterparts(OFFICE, written(source)).fields == {}


def test_a_plan_to_migrate_proposes_the_same_names() -> None:
    proposal = propose(OFFICE, written(STEP.replace("  subject:", "  matter:")))
    assert [(one.kind, one.name, one.nearest) for one in proposal.questions] == [
        ("step", "ask", "entrust"),
        ("field", "subject", "matter"),
    ]


@pytest.mark.parametrize("path", library(), ids=lambda path: path.parent.name)
def test_every_step_of_the_library_is_recognised_under_another_name(path: Path) -> None:
    source = path.read_text("utf-8")
    one = load(source.encode(), str(path))
    assert counterparts(one, one) == Counterparts()
    body = one.model_dump(by_alias=True, mode="json", exclude_defaults=True)
    for key in one.steps:
        other = Definition.model_validate(Counterparts(steps={key: f"{key}-2"}).renamed(body))
        assert counterparts(one, other).steps == {key: f"{key}-2"}
        assert [found.how for found in differences(one, other)] == ["renamed"]

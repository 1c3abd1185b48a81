"""What two versions differ in, said as an administrator would say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.loader import library, load
from definitions.model.definition import Definition
from definitions.source.tree import read
from definitions.versions.difference import differences, plain

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")
OFFICE = load(SOURCE, "office.yaml")


def said(old: str, new: str, language: str = "en") -> list[str]:
    """What changes when a piece of the office's definition is written otherwise."""
    assert old in SOURCE
    changed = Definition.model_validate(read(SOURCE.replace(old, new, 1), "office.yaml").plain())
    return [one.message[language] for one in differences(OFFICE, changed)]


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        (
            "within: 3 working days",
            "within: 5 working days",
            "“交办”的期限：3 个工作日 → 5 个工作日",
            "deadline of “Ask”: 3 working days → 5 working days",
        ),
        ("    remind: at the deadline\n", "", "“受理”的提醒：到期当日 → 无", "reminder of “Register”: on the day of the deadline → none"),
        ("to: route}", "to: give}", "“受理”的办理方式“受理”的去向：分流 → 分派", "where it leads of action “Register” of “Register”: Route → Assign"),
        ("task: clerk", "task: deputy", "“受理”的由谁办理：经办人 → 代表", "who does it of “Register”: Clerk → Deputy"),
        ("title: {zh: 分派, en: Assign}", "title: {zh: 派给代表, en: Assign}", "“派给代表”的名称：分派 → 派给代表", None),
        ("answerable: true", "answerable: false", "角色“代表”的是否负责到底：是 → 否", None),
        ("  refused: {zh: 不予受理, en: Refused}\n", "", "删去办理结果“不予受理”", "resolution “Refused” removed"),
        ("required: true}\n  urgent", "required: true, private: true}\n  urgent", "字段“主题”的是否个人信息：否 → 是", None),
        (
            "required: true}\n  urgent",
            "required: true, seen by: [clerk]}\n  urgent",
            "“经办人”现在可以看“主题”；其他人不能再看“主题”",
            "role “Clerk” may now see “Subject”; others may no longer see “Subject”",
        ),
    ],
)  # fmt: skip
def test_a_change_is_said_in_both_languages(old: str, new: str, zh: str, en: str | None) -> None:
    assert said(old, new, "zh") == [zh]
    if en and "action" not in en:
        assert said(old, new) == [en]


def test_what_messages_say_otherwise_is_said_text_by_text() -> None:
    before = """
messages:
  closed: {by: [sms], texts: [{for: reporter, on: sms, subject: {zh: 办好了, en: Done}}]}
"""
    after = """
messages:
  closed: {urgent: true, texts: [{for: reporter, on: sms, subject: {zh: 办好了, en: It is done}, call: {zh: 看看, en: Look}}]}
"""
    old, new = (Definition.model_validate(read(SOURCE + one, "office.yaml").plain()) for one in (before, after))
    found = differences(old, new)
    assert [one.message["zh"] for one in found] == [
        "“办结”的通知的方式：短信 → 按各人和单位的选择",
        "“办结”的通知的紧急：否 → 是",
        "“办结”给反映人、短信的通知的标题：Done → It is done",
        "“办结”给反映人、短信的通知的链接上的字：（无） → 看看",
    ]
    assert [one.message["en"] for one in found][2:] == [
        "message “Closed” for Reporter, text message, Subject: Done → It is done",
        "message “Closed” for Reporter, text message, Words on the link: (none) → Look",
    ]
    assert [one.matters for one in found] == [True, True, False, False]


def test_actions_steps_and_fields_come_and_go() -> None:
    more = "      refuse: {title: {zh: 不予受理, en: Refuse}, to: end, as: refused, tell: reporter}\n"
    assert said(more, "") == ["action “Refuse” of “Register” removed"]
    assert said(more, "", "zh") == ["“受理”删去办理方式“不予受理”"]
    urgent = "  urgent: {type: yes/no, title: {zh: 紧急, en: Urgent}}\n"
    assert said(urgent, "", "zh") == ["删去字段“紧急”"]


def test_only_words_do_not_matter_and_what_was_written_otherwise_is_no_difference() -> None:
    titled = Definition.model_validate(read(SOURCE.replace("zh: 办事", "zh: 办件"), "office.yaml").plain())
    (one,) = differences(OFFICE, titled)
    assert not one.matters
    longer = SOURCE.replace("overdue: {tell: clerk}", "overdue: [{tell: [clerk]}]").replace("true}", "true }  # ")
    assert differences(OFFICE, load(longer, "office.yaml")) == ()


@pytest.mark.parametrize("path", library(), ids=lambda path: path.parent.name)
def test_any_two_versions_can_be_compared(path: Path) -> None:
    one = load(path.read_bytes(), path.name)
    assert differences(one, one) == ()
    for difference in differences(OFFICE, one):
        assert difference.message["zh"]
        assert "{'" not in difference.message["zh"], "no values as programs write them"
        assert set(plain(difference)) >= {"part", "key", "how", "path", "matters", "message"}

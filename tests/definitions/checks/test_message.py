"""A process's own words for its messages: what is said of texts for nobody, with names that there are not, twice for the same, or in one language."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.loader import examine
from definitions.model.message_rule import MessageRule

OFFICE = (Path(__file__).parents[1] / "office.yaml").read_text("utf-8")


def _found(messages: str) -> list[tuple[str, str, str]]:
    examined = examine(f"{OFFICE}\nmessages:\n  task:\n    texts:\n{messages}", "a.yaml")
    return [(one.rule, one.message["zh"], one.remedy["zh"]) for one in examined.findings]


def _rule(messages: str) -> MessageRule:
    definition = examine(f"{OFFICE}\nmessages:\n  task:\n    texts:\n{messages}", "a.yaml").definition
    assert definition is not None
    return definition.messages["task"]


def test_a_text_sees_what_every_message_shows_and_the_fields_in_words() -> None:
    assert _found('      first: {zh: "{{ recipient.name }}，{{ issue.number }}{{ due }}", en: "{{ step }}"}') == []


@pytest.mark.parametrize(
    ("written", "rule", "message"),
    [
        ('      first: {zh: "{{ issue.numbr }}", en: x}', "unknown-name", "numbr"),
        ('      first: {zh: "{{ dues }}", en: x}', "unknown-name", "dues"),
        ("      - {for: nobody-at-all, first: {zh: 甲, en: A}}", "unknown-role", "nobody-at-all"),
        ("      - {on: sms}", "empty-text", "什么也没写"),
        ("      - {first: {zh: 甲, en: A}}\n      - {call: {zh: 乙, en: B}}", "double-text", "已有一份文字"),
        ("      first: {zh: 甲}", "missing-text", ""),
        ("      - {on: fax, first: {zh: 甲, en: A}}", "wrong-value", ""),
    ],
)
def test_what_would_say_nothing_or_nobody_s_words_is_found(written: str, rule: str, message: str) -> None:
    found = _found(written)
    assert [one[0] for one in found] == [rule], found
    assert message in found[0][1]


def test_a_private_field_in_a_message_is_found() -> None:
    text = OFFICE.replace("fields:", "fields:\n  phone: {type: text, private: true, title: {zh: 电话, en: Phone}}", 1)
    messages = '\nmessages: {task: {texts: {first: {zh: "{{ phone }}", en: "{{ phone }}"}}}}'
    found = [one.rule for one in examine(text + messages, "a.yaml").findings]
    assert "private-in-public" in found, found


def test_the_nearest_text_speaks_first_and_a_role_is_nearer_than_a_channel() -> None:
    rule = _rule(
        "      - {first: {zh: 都, en: all}}\n"
        "      - {on: sms, first: {zh: 短信, en: sms}}\n"
        "      - {for: reporter, first: {zh: 反映人, en: reporter}}\n"
        "      - {for: reporter, on: sms, first: {zh: 反映人短信, en: reporter by sms}}"
    )

    def said(role: str | None, channel: str) -> list[str]:
        return [one["zh"].source for one in rule.pieces("first", role, channel)]

    assert said("reporter", "sms") == ["反映人短信", "反映人", "短信", "都"]
    assert said("reporter", "mail") == ["反映人", "都"]
    assert said("clerk", "sms") == ["短信", "都"]
    assert said(None, "mail") == ["都"]

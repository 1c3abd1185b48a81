"""What is said of slips that people make: where a key belongs, what stands where, and nothing of Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.finding import Finding, Unreadable
from definitions.loader import examine
from definitions.trials.scenario import parse_scenarios
from tests.definitions.composition.judge import absurd

OFFICE = (Path(__file__).parents[1] / "office.yaml").read_text("utf-8")


def found(old: str, new: str) -> tuple[Finding, ...]:
    assert old in OFFICE
    findings = examine(OFFICE.replace(old, new, 1), "office.yaml").findings
    assert findings
    for one in findings:
        assert not absurd(one.message, one.remedy, ["clerk", "deputy", "assist", "head", "register", "reply", "ask"]), (
            str(one)
        )
    return findings


@pytest.mark.parametrize(
    ("old", "new", "said", "remedy"),
    [
        ("id: office\n", "id: office\nwithin: 3 days\n", "最外层没有“within”这一项。", "“within”要写在"),
        ("id: office\n", "id: office\nwithdraw: {ask: end}\n", "“withdraw”里没有“ask”这一项。", "这里可以写 until、when、to、tell。"),
        ("id: office\n", "id: office\nwithdraw: 3\n", "这里不能写“3”。", "{until: …}（可以写 until、when、to、tell），或 false"),
        ("    overdue: {tell: clerk}\n", "    overdue: head\n", "这里不能写“head”。", "例如 {tell: head}"),
        ("    task: clerk", "    task: 经办人", "没有名为“经办人”的角色。", "请写它的名字“clerk”。"),
        ("    task: clerk", "    task: clerk\n    wait: 3 days", "没有“wait”这一项。", "请把 wait 另写成一步。"),
        ("at most: 2", "at most: 0", "这里不能写“0”。", "1 到 100 的整数"),
        ("id: office", "id: Case Office", "“Case Office”不能用作名字。", "例如“case-office”。"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_by_what_to_write(old: str, new: str, said: str, remedy: str) -> None:
    findings = found(old, new)
    assert [one for one in findings if said in one.message["zh"] and remedy in one.remedy["zh"]], [
        (one.message["zh"], one.remedy["zh"]) for one in findings
    ]


def test_a_key_that_is_misspelt_is_not_called_missing_too() -> None:
    assert [one.rule for one in found("id: office\n", "idd: office\n")] == ["unknown-key"]


def test_every_entry_of_a_list_is_told_of_at_its_own_place() -> None:
    wrong = "    within: [{when: urgent ==, is: 1 day}, {iss: 2 days}, 3 dys]\n"
    findings = found("    within: 1 working day\n", wrong)
    assert {(one.rule, one.excerpt[one.column - 1 :][:3]) for one in findings} >= {
        ("unknown-key", "iss"),
        ("wrong-value", "3 d"),
    }


@pytest.mark.parametrize(
    ("line", "said", "remedy"),
    [
        ("{by: person 1, do: accept}", "“person 1”不能用作名字。", "例如“person”。"),
        ("{by: clerk}", "没有说清发生什么", "写 by 时还要写 do"),
        ("{after: 3}", "这里不能写“3”。", "3 working days"),
        ("{bye: clerk, do: accept}", "没有“bye”这一项。", "是不是“by”？"),
        ("{then: {stepp: look}}", "没有“stepp”这一项。", "是不是“step”？"),
    ],
)
def test_a_scenario_is_told_of_in_the_same_words(line: str, said: str, remedy: str) -> None:
    text = f"- title: {{zh: 一, en: One}}\n  given: {{at: 2026-01-05 09:00}}\n  steps:\n    - {line}\n"
    with pytest.raises(Unreadable) as refused:
        parse_scenarios(text, "scenarios.yaml")
    findings = refused.value.findings
    for one in findings:
        assert not absurd(one.message, one.remedy), str(one)
    assert [one for one in findings if said in one.message["zh"] and remedy in one.remedy["zh"]], [
        (one.message["zh"], one.remedy["zh"]) for one in findings
    ]
    assert {one.line for one in findings} == {4}


def test_a_moment_of_a_scenario_is_shown_as_it_is_written() -> None:
    with pytest.raises(Unreadable) as refused:
        parse_scenarios("- title: {zh: 一, en: One}\n  given: {at: 5 January}\n  steps: []\n", "scenarios.yaml")
    assert "2026-01-05 09:00" in refused.value.findings[0].remedy["zh"]

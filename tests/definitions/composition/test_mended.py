"""One fault does not hide another: what is malformed, misspelt, missing or unknown is told of at once, and nothing that only follows from it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from definitions.loader import examine

OFFICE = (Path(__file__).parents[1] / "office.yaml").read_text("utf-8")

#: Faults of the shape, and of names and rules: what is written, what it is replaced by, and the rule that must find it.
SHAPE = [
    ("id: office\n", "idd: office\n", "unknown-key"),
    ("id: office\n", "id: Office!\n", "wrong-key"),
    ("    within: 1 working day", "    within: 1 wrking day", "wrong-value"),
    ("    within: 1 working day", "    witin: 1 working day", "unknown-key"),
    ("    overdue: {tell: clerk}\n", "    overdue: head\n", "wrong-type"),
    ("when: urgent", "when: urgent ==", "wrong-expression"),
    ("type: yes/no", "type: bool", "wrong-value"),
    (", at most: 2", ", at most: 0", "wrong-type"),
    ("    assign: deputy\n", "", "step-kind"),
    ("    assign: deputy\n", "    asign: deputy\n", "step-kind"),
    ("to: route}", "to: Rout e}", "wrong-key"),
]
OTHERS = [
    ("    task: clerk", "    task: clark", "unknown-role"),
    ("to: confirm", "to: confrm", "unknown-step"),
    ("as: refused", "as: refussed", "unknown-resolution"),
    ("title: {zh: 主题, en: Subject}", "title: {zh: 主题}", "missing-text"),
    ("departments: lead}", "departments: led}", "unknown-field"),
    ("    close: true", "    close: solvd", "unknown-resolution"),
    ("id: office", "calendar: chna\nid: office", "unknown-calendar"),
]


def rules(text: str) -> list[str]:
    return sorted(one.rule for one in examine(text, "office.yaml").findings)


@pytest.mark.parametrize(
    ("shape", "other"), list(itertools.product(SHAPE, OTHERS)), ids=lambda fault: fault[1][:20].strip()
)
def test_what_is_malformed_hides_no_other_fault(shape: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    text = OFFICE
    for old, new, _ in (other, shape):
        assert old in text
        text = text.replace(old, new, 1)
    assert rules(text) == sorted([shape[2], other[2]])


@pytest.mark.parametrize(("old", "new", "rule"), SHAPE)
def test_nothing_is_told_that_only_follows_from_what_is_malformed(old: str, new: str, rule: str) -> None:
    assert rules(OFFICE.replace(old, new, 1)) == [rule]


def test_two_wrong_targets_are_told_of_together_if_one_is_malformed() -> None:
    text = OFFICE.replace("to: route}", "to: Rout e}", 1).replace("to: confirm", "to: confrm", 1)
    assert [one.rule for one in examine(text, "office.yaml").findings] == ["wrong-key", "unknown-step"]


def test_many_faults_of_the_shape_are_all_told_of() -> None:
    text, wanted = OFFICE, list[str]()
    for old, new, rule in (SHAPE[1], SHAPE[2], SHAPE[4], SHAPE[5], SHAPE[6], SHAPE[7], *OTHERS[1:4]):
        assert old in text
        text, wanted = text.replace(old, new, 1), [*wanted, rule]
    assert rules(text) == sorted(wanted)


def test_behind_a_misspelt_name_the_ways_are_looked_at() -> None:
    text = OFFICE.replace("task: clerk", "task: clark", 1).replace("{when: urgent, to: ask}", "{to: ask}", 1)
    assert {"unknown-role", "dead-branch"} <= set(rules(text))

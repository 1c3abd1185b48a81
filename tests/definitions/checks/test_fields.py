"""Faults of fields, found before a definition is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.loader import examine

OFFICE = (Path(__file__).parents[1] / "office.yaml").read_text("utf-8")
LINE = "  urgent: {type: yes/no, title: {zh: 紧急, en: Urgent}}\n"
TITLE = "title: {zh: 甲, en: A}"
COLUMN = f"columns: {{what: {{type: text, {TITLE}}}}}"


def rules(field: str, name: str = "extra") -> list[str]:
    """The rules that a definition with one more field breaks."""
    text = OFFICE.replace(LINE, f"{LINE}  {name}: {{{TITLE}, {field}}}\n")
    return [finding.rule for finding in examine(text, "office.yaml").findings]


WRONG = [
    ("type: choice", "choice-without-options"),
    ("type: text, options: {a: {zh: 甲, en: A}}", "options-without-choice"),
    ("type: text, of: industries", "options-without-choice"),
    ("type: choice, of: industries, options: {a: {zh: 甲, en: A}}", "options-twice"),
    ("type: choice, of: industry", "unknown-list"),
    ("type: table", "table-without-columns"),
    (f"type: text, {COLUMN}", "columns-without-table"),
    (f"type: table, columns: {{a: {{type: table, {TITLE}, {COLUMN}}}}}", "unfit-column"),
    (f"type: table, columns: {{a: {{type: files, {TITLE}}}}}", "unfit-column"),
    (f"type: table, columns: {{a: {{type: text, {TITLE}, private: true}}}}", "private-column"),
    (f"type: table, columns: {{a: {{type: money, {TITLE}, compute: b * 2}}}}", "unknown-name"),
    (f"type: table, columns: {{a: {{type: choice, {TITLE}}}}}", "choice-without-options"),
    ("type: text, at least: 3", "unfit-key"),
    ("type: number, longest: 3", "unfit-key"),
    ("type: text, unit: {zh: 个, en: pieces}", "unfit-key"),
    ("type: number, currency: CNY", "unfit-key"),
    ("type: number, at least: 3, at most: 2", "bounds-crossed"),
    ("type: files, compute: urgent", "unfit-compute"),
    ("type: number, compute: 1 + 1, required: true", "computed-and-entered"),
    ("type: number, compute: 1 + 1, default: 3", "computed-and-entered"),
    ("type: integer, default: many", "wrong-default"),
    ("type: integer, at most: 5, default: 6", "wrong-default"),
    ("type: choices, options: {a: {zh: 甲, en: A}}, default: a", "wrong-default"),
    ("type: date, default: tomorrow", "wrong-default"),
    ("type: text, seen by: clrk", "unknown-role"),
    ("type: text, when: urgnt", "unknown-name"),
    ("type: text, required: urgnt", "unknown-name"),
    ("type: number, compute: urgnt * 2", "unknown-name"),
    ("type: text, required: urgent ==", "wrong-expression"),
    ("type: text, required: 3", "wrong-type"),
    ("type: text, default: [a]", "wrong-type"),
]


@pytest.mark.parametrize(("field", "rule"), WRONG)
def test_a_fault_of_a_field_is_found_and_no_other(field: str, rule: str) -> None:
    assert rules(field) == [rule]


RIGHT = [
    "type: money, at least: 0, currency: EUR",
    "type: number, unit: {zh: 平方米, en: m²}",
    "type: people, at most: 3",
    "type: choice, of: industries, default: law",
    "type: text, when: urgent, required: urgent and times.handle > 1, seen by: [clerk, reporter]",
    f"type: table, at least: 1, at most: 9, columns: {{a: {{type: money, {TITLE}}}, b: {{type: money, {TITLE}, compute: a * 2}}}}",
    "type: date-time, default: 2026-11-27 14:30",
    "type: yes/no, default: true",
]


@pytest.mark.parametrize("field", RIGHT)
def test_what_fits_is_accepted(field: str) -> None:
    assert rules(field) == []


def test_names_that_expressions_would_mistake_are_refused() -> None:
    assert rules("type: text", "today") == ["reserved-name"]
    two = OFFICE.replace(LINE, f"{LINE}  a-b: {{type: text, {TITLE}}}\n  a_b: {{type: text, {TITLE}}}\n")
    assert [finding.rule for finding in examine(two, "office.yaml").findings] == ["same-name"]


def test_a_default_that_is_wrong_is_explained_by_the_form_itself() -> None:
    text = OFFICE.replace(LINE, f"{LINE}  stars: {{type: integer, {TITLE}, at least: 1, at most: 5, default: 6}}\n")
    (finding,) = examine(text, "office.yaml").findings
    assert finding.remedy["zh"] == "应在 1 到 5 之间。"

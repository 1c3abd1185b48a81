"""What the checks refuse, one rule at a time: a definition with every kind of step is spoilt in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.loader import examine
from definitions.model.step_kind import KINDS
from portal.diagram.drawing import diagram

EVERYTHING = (Path(__file__).parents[1] / "everything.yaml").read_text(encoding="utf-8")


def found(source: str) -> list[str]:
    return sorted({finding.rule for finding in examine(source, "everything.yaml").findings})


def test_a_definition_with_every_kind_of_step_is_sound() -> None:
    definition = examine(EVERYTHING, "everything.yaml").definition
    assert found(EVERYTHING) == []
    assert definition is not None
    names = {type(step).__name__.removesuffix("Step").lower() for step in definition.steps.values()}
    assert names == set(KINDS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_can_be_drawn(language: str) -> None:
    definition = examine(EVERYTHING, "everything.yaml").definition
    assert definition is not None
    assert "<svg" in diagram(definition, language)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("task: [liaison, supervisor]", "task: [liason, supervisor]", "unknown-role"),
        ("tell: [reporter, {to: liaison", "tell: [reportr, {to: liaison", "unknown-role"),
        ("{to: liaison, say", "{to: laison, say", "unknown-role"),
        ("to: back}", "to: bcak}", "unknown-step"),
        ("parallel: [sign,", "parallel: [sgin,", "unknown-step"),
        ("link: original,", "link: orignal,", "unknown-field"),
        ("link: original, as", "link: subject, as", "wrong-type"),
        ("wait: until hearing_day", "wait: until subject", "wrong-type"),
        ("wait: until hearing_day", "wait: until heering_day", "unknown-field"),
        ("wait: 3 days", "wait: 3 dys", "wrong-value"),
        ("edit: [people, urgency]", "edit: [poeple]", "unknown-field"),
        ("set: {outcome: \"'急办'\"}", "set: {outcom: \"'急办'\"}", "unknown-field"),
        ("if: {urgency: high, people", "if: {urgncy: high, people", "unknown-name"),
        ('people: "> 10"', 'people: "> viel"', "type-mismatch"),
        ("urgency: low, people", "urgency: lo, people", "unknown-option"),
        ("to: assign\n  link", "\n  link", "leads-nowhere"),
        ("    rejected: {leaves: both, to: closed, as: rejected, tell: reporter}\n", "", "no-rejected"),
        ("until: 2/3", "until: 4/3", "wrong-value"),
        ("within each: {signers", "within each: {clerk", "unknown-role"),
        ("hand up: deputy, to: study, then: both}\n      back", "hand up: deputy, to: study}\n      back", "no-then"),
        ("hand up: deputy, to: study, then: both}\n      back", "hand up: clerk, to: study, then: both}\n      back", "no-ladder"),
        ("accept: {title: {zh: 受理, en: Accept}, to: triage", "accept: {title: {zh: 受理, en: Accept}, leaves: both, to: triage", "leaves-nothing"),
        ("agree: {title: {zh: 同意, en: Agree}, vote: for}", "agree: {title: {zh: 同意, en: Agree}}", "no-vote-for"),
        ("set: {outcome: \"'急办'\"}", "set: {outcome: phone}", "private-in-public"),
        ("leaves: both, to", "leaves: study, to", "leaves-nothing"),
        ("{what: promised, by", "{what: promisd, by", "unknown-field"),
        ("promises: {chased by: deputy, remind: 1 working day before, broken: supervisor}\n", "", "promise-unchased"),
        ("seen: {title: {zh: 看过了, en: Seen}, by", "seen: {title: {zh: 看过了, en: Seen}, vote: for, by", "vote-alone"),
        ("other than: [study", "other than: [studdy", "unknown-name"),
        ("withdraw: {until: coordination", "withdraw: {until: coordinaton", "unknown-step"),
        ("to: both, ask", "to: bth, ask", "unknown-step"),
        ("within: 1 month, overdue: {to: cool}", "within: 1 month", "no-overdue"),
        ("    within: quick\n", "", "no-deadline"),
        ('"{{ subject }}（{{ people }}）"', '"{{ subject }}（{{ phone }}）"', "private-in-public"),
        ('text: {zh: "{{ outcome }}"', 'text: {zh: "{{ phone }}"', "private-in-public"),
        ('say: {zh: "{{ subject }}请留意。"', 'say: {zh: "{{ phone }}"', "private-in-public"),
        ('compute: "(people | default(0)) * 2"', 'compute: "(score | default(0)) * 2"', "computed-from-itself"),
        ("edit: [people, urgency]", "edit: [score]", "computed-filled"),
        ('when: people > 5', 'when: poeple > 5', "unknown-name"),
        ("when: votes.for > 0", "when: vots.for > 0", "unknown-name"),
        ("subject: {title: {zh: 什么事, en: What}", "issue: {title: {zh: 什么事, en: What}", "reserved-name"),
        ("say: {zh: \"{{ subject }}请留意。\", en: \"Mind {{ subject }}.\"}", "say: {zh: \"{{ subject }}请留意。\"}", "missing-text"),
        ("done: {title: {zh: 办结, en: Done}", "done: {title: {zh: 办结}", "missing-text"),
        ("title: $opinion", "title: $opinoin", "unknown-text"),
        ("close: done, into: original", "close: doen, into: original", "unknown-resolution"),
        ("use: [station-people", "use: [station-poeple", "unknown-fragment"),
        ("join: all", "join: 9", "join-too-many"),
        ("to: tell-all}", "to: follow-on}", "unreachable-step"),
        ("receive: news, ask", "recieve: news, ask", "step-kind"),
    ],
)  # fmt: skip
def test_each_fault_has_its_rule(old: str, new: str, rule: str) -> None:
    assert EVERYTHING.count(old) >= 1, old
    assert rule in found(EVERYTHING.replace(old, new, 1))

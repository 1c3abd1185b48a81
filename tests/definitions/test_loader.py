"""A broken definition is refused with place, reason and remedy, all at once; a sound one comes through whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.finding import Finding, Unreadable
from definitions.loader import Unsound, examine, library, load

OFFICE = (Path(__file__).parent / "office.yaml").read_text("utf-8")


def line_of(text: str, part: str) -> int:
    """The number of the line in which a part first stands."""
    return text[: text.index(part)].count("\n") + 1


# what is written, what it is replaced by, the rule that must find it, and in which line
BROKEN = [
    ("    task: clerk", "    task: clark", "unknown-role", "task: clark"),
    ("to: route}", "to: rout}", "unknown-step", "to: rout"),
    ("as: refused", "as: refussed", "unknown-resolution", "as: refussed"),
    ("    within: 1 working day", "    witin: 1 working day", "unknown-key", "witin"),
    ("    within: 1 working day", "    within: 1 wrking day", "wrong-value", "1 wrking"),
    ("remind: at the deadline", "remind: sometime", "wrong-value", "sometime"),
    ("    within: 1 working day\n", "", "no-deadline", "  register:"),
    ("    overdue: {tell: clerk}\n", "", "no-overdue", "  register:"),
    ("when: urgent", "when: urgnt", "unknown-name", "urgnt"),
    ("when: urgent", "when: urgent ==", "wrong-expression", "urgent =="),
    ("when: urgent", "when: urgent.__class__", "wrong-expression", "__class__"),
    ("      - {to: give}\n", "      - {when: urgent == false, to: give}\n", "no-otherwise", "when: urgent == false"),
    ("{when: urgent, to: ask}", "{to: ask}", "dead-branch", "- {to: ask}"),
    ("type: yes/no", "type: bool", "wrong-value", "type: bool"),
    ("type: yes/no", "type: choice", "choice-without-options", "  urgent:"),
    ("title: {zh: 主题, en: Subject}", "title: {zh: 主题}", "missing-text", "  subject:"),
    ("    title: {zh: 分流, en: Route}\n", "", "missing-text", "  route:"),
    ("id: office\n", "", "missing-key", "title: {zh: 办事"),
    ("id: office", "id: Office!", "wrong-key", "id: Office!"),
    ("    assign: deputy\n", "", "step-kind", "  give:"),
    ("assign: deputy", "assign: clerk", "assign-without-pick", "assign: clerk"),
    ("departments: lead}", "departments: led}", "unknown-field", "departments: led"),
    ("departments: lead}", "departments: subject}", "wrong-type", "departments: subject"),
    (", staff of: station}", "}", "role-source", "  clerk:"),
    (", staff of: station}", ", staff of: station, fallback: clrk}", "unknown-role", "clrk"),
    (", departments: lead}", ", departments: lead, answerable: true}", "two-answerable", "  lead:"),
    (", at most: 2, then: end", ", at most: 2", "half-bound", "      no:"),
    (", at most: 2", ", at most: 0", "wrong-type", "at most: 0"),
    ("    close: true", "    close: solvd", "unknown-resolution", "solvd"),
    ("      accept: {title: {zh: 受理, en: Accept}, to: route}", "      accept: {title: {zh: 受理, en: Accept}}", "leads-nowhere", "      accept:"),
    ("to: ask, at most: 2, then: end, as: solved", "to: ask", None, None),
    ("    to: ask\ncoordination", "    to: route\ncoordination", "automatic-loop", "  route:"),
    (" | pad(5) }}", " }}-{{ month }}", "unknown-name", "month"),
    ("-{{ sequence | pad(5) }}", "", "number-without-sequence", "number:"),
    ("{{ sequence | pad(5) }}", "{{ sequence | pad(999999999) }}", "number-fails", "number:"),
    ("{{ station.code }}-{{ year }}", "{{ year }}", "number-repeats", "number:"),
    ("{{ station.code }}-{{ year }}", "{{ station.code }}", "number-repeats", "number:"),
    ("{{ station.code }}-{{ year }}", "<b>{{ station.code }}-{{ year }}", "number-unfit", "number:"),
    ("{{ station.code }}-{{ year }}", "../{{ station.code }}-{{ year }}", "number-unfit", "number:"),
    ("{{ station.code }}-{{ year }}", "{{ station.code }}-{{ year }}" + "x" * 60, "number-unfit", "number:"),
    ("id: office", "id: office\nid: bureau", "yaml-duplicate-key", "id: bureau"),
    ("id: office", "id: office\ncalendar: chna", "unknown-calendar", "chna"),
    ("  register:\n", "  route:\n", "double-step", None),
    ("en: Reply}, ask:", "en: Reply}, to: confirm, ask:", "each-never-completes", "    actions:\n      reply"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "rule", "at"), [row for row in BROKEN if row[2]], ids=lambda value: str(value)[:40]
)
def test_a_fault_is_found_where_it_stands(old: str, new: str, rule: str, at: str | None) -> None:
    assert old in OFFICE
    text = OFFICE.replace(old, new, 1)
    found = examine(text, "office.yaml").findings
    assert rule in [finding.rule for finding in found], [str(finding) for finding in found]
    finding = next(finding for finding in found if finding.rule == rule)
    if at:
        assert finding.line == line_of(text, at), str(finding)
    assert all(finding.message.get(language) and finding.remedy.get(language) for language in ("zh", "en"))


@pytest.mark.parametrize(("old", "new"), [row[:2] for row in BROKEN if row[2] is None and row[0] in OFFICE], ids=str)
def test_what_is_unusual_but_right_is_accepted(old: str, new: str) -> None:
    assert examine(OFFICE.replace(old, new, 1), "office.yaml").findings == ()


def test_the_nearest_known_name_is_offered() -> None:
    finding = one(OFFICE.replace("to: route}", "to: rout}"))
    assert "route" in finding.remedy["zh"]
    assert "route" in finding.remedy["en"]


def one(text: str) -> Finding:
    """The first finding of a text."""
    return examine(text, "office.yaml").findings[0]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        OFFICE.replace("task: clerk", "task: clark")
        .replace("to: confirm", "to: confrm")
        .replace("close: true", "close: done")
    )
    found = examine(text, "office.yaml").findings
    assert [finding.rule for finding in found] == ["unknown-role", "unknown-step", "unknown-resolution"]
    assert [finding.line for finding in found] == sorted(finding.line for finding in found)


def test_a_loop_that_nobody_can_leave_is_found() -> None:
    text = OFFICE.replace("overdue: {to: end, as: solved}", "overdue: {tell: deputy}").replace(
        "to: end, as: solved}", "to: ask}", 1
    )
    text = text.replace(
        "{title: {zh: 不满意, en: Dissatisfied}, to: ask, at most: 2, then: end, as: solved}",
        "{title: {zh: 不满意, en: No}, to: ask}",
    )
    assert "cannot-close" in {finding.rule for finding in examine(text, "office.yaml").findings}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "a: &x [1]\nb: *x",
        "!!python/object/apply:os.system ['true']",
        "\x00",
        "- 1\n- 2",
        "a: 1\n---\nb: 2",
        "x: " + "[" * 200,
    ],
    ids=["empty", "broken", "alias", "tag", "nul", "list", "two documents", "deep"],
)
def test_hostile_or_broken_yaml_is_refused_in_words(text: str) -> None:
    with pytest.raises((Unreadable, Unsound)) as caught:
        load(text, "hostile.yaml")
    error = caught.value
    assert isinstance(error, Unreadable | Unsound)
    assert error.findings
    assert all(finding.message["zh"] and finding.remedy["en"] for finding in error.findings)


@pytest.mark.parametrize("path", library(), ids=lambda path: path.parent.name)
def test_every_shipped_definition_is_sound(path: Path) -> None:
    assert [str(finding) for finding in examine(path.read_bytes(), str(path)).findings] == []

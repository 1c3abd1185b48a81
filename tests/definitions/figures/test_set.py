"""Figure sets are checked like processes: what is wrong is said with its place, and with what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from definitions.expressions.expression import Expression
from definitions.figures.condition import condition, holds
from definitions.figures.names import names_of
from definitions.figures.set import read_figures
from definitions.loader import LIBRARY

SHIPPED = sorted((LIBRARY / "figures").glob("*.yaml"))
DOCS = Path(__file__).resolve().parents[3] / "docs"

SOUND = """
figures: ours
title: {zh: 我们的, en: Ours}
valid from: 2027-01-01
because: {zh: 决定, en: A decision}
only: matter == 'issue'
leave out: merged or void
measures:
  received: {title: {zh: 收集, en: Collected}, of: issue, at: opened}
  closed: {title: {zh: 办结, en: Closed}, of: issue, at: closed}
  solved: {title: {zh: 解决, en: Solved}, of: issue, at: closed, where: outcome == 'solved'}
  urged: {title: {zh: 催办, en: Urged}, of: urging}
rates:
  solved-rate: {title: {zh: 解决率, en: Solved}, of: solved, over: closed}
"""


def _said(source: str) -> list[tuple[str, str, str]]:
    return [(one.rule, one.message["en"], one.remedy["en"]) for one in read_figures(source, "ours.yaml").findings]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_is_sound(path: Path) -> None:
    found = read_figures(path.read_bytes(), path.name)
    assert found.findings == ()
    assert found.figures is not None
    assert found.figures.figures == path.stem


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_of_the_guide_is_sound(language: str) -> None:
    text = (DOCS / language / "figures.md").read_text("utf-8")
    [example] = re.findall(r"^```yaml\n(figures: .*?)^```", text, re.MULTILINE | re.DOTALL)
    assert read_figures(example, "example.yaml").findings == ()


def test_a_sound_set_has_nothing_wrong() -> None:
    assert _said(SOUND) == []


@pytest.mark.parametrize(
    ("right", "wrong", "rule", "says"),
    [
        ("outcome == 'solved'", "outcom == 'solved'", "unknown-name", "Did you mean “outcome”?"),
        ("outcome == 'solved'", "phone == '138'", "unknown-name", "no personal data at all"),
        ("outcome == 'solved'", "outcome == 'solvd'", "unknown-value", "Did you mean “solved”?"),
        ("outcome == 'solved'", "outcome | length > 3", "figure-condition", "outcome == 'solved'"),
        ("leave out: merged or void", "leave out: merged or viod", "unknown-name", "Did you mean “void”?"),
        ("of: urging", "of: urging, at: closed", "wrong-moment", "Write at: happened."),
        ("of: issue, at: opened", "of: issue", "wrong-moment", "Write at: opened, closed, due, in hand."),
        ("over: closed", "over: closd", "unknown-measure", "Did you mean “closed”?"),
        ("over: closed", "over: received", "mixed-rate", "the same “of” and “at”"),
        ("of: solved, over: closed", "of: closed, over: solved", "beyond-the-whole", "the same condition"),
        ("{zh: 催办, en: Urged}", "{zh: 催办}", "missing-language", "Write title"),
        ("because: {zh: 决定, en: A decision}\n", "", "missing-key", "because"),
    ],
    ids=lambda one: None,
)
def test_what_is_wrong_is_said_with_what_would_be_right(right: str, wrong: str, rule: str, says: str) -> None:
    assert right in SOUND
    found = _said(SOUND.replace(right, wrong, 1))
    assert rule in [one[0] for one in found], found
    assert any(says in f"{message} {remedy}" for name, message, remedy in found if name == rule), found


def test_a_rate_may_hinge_on_several_conditions() -> None:
    due = "of: issue, at: due, where: status == 'closed' or late"
    on_time = "of: issue, at: due, where: status == 'closed' and not late"
    source = SOUND.replace("of: issue, at: closed, where: outcome == 'solved'", on_time)
    assert _said(source.replace("of: issue, at: closed}", f"{due}}}")) == []
    narrow = due.replace("where: ", "where: (") + ") and outcome == 'solved'"
    beyond = source.replace("of: issue, at: closed}", f"{narrow}}}")
    assert [rule for rule, *_ in _said(beyond)] == ["beyond-the-whole"]


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        ("verdict == 'satisfied'", None, False),
        ("verdict != 'satisfied'", None, True),
        ("verdict in ['satisfied', 'basically']", "basically", True),
        ("verdict is filled", "satisfied", True),
        ("verdict is empty", None, True),
        ("not (verdict == 'satisfied')", "dissatisfied", True),
    ],
)
def test_what_is_empty_is_equal_to_nothing(asked: str, value: str | None, expected: bool) -> None:
    found = condition(Expression.parse(asked), names_of("issue"))
    assert holds(found, {"verdict": value}.get) is expected

"""``check --fix``: what has one right answer is put right in its place; remarks, order and layout stay, and twice is once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.correction import corrected, corrected_scenarios
from definitions.loader import examine, library
from definitions.trials.scenario import parse_scenarios, scenarios_beside
from tests.examples import examples

HERE = Path(__file__).parent
OFFICE = (HERE / "office.yaml").read_text("utf-8")
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
SOUND = [*library(), *sorted((HERE / "sound").glob("*.yaml"))]

#: Slips with one right answer: what is right, and how it was written.
SLIPS = [
    ("    within: 1 working day", "    witin: 1 working day"),
    ("    within: 1 working day", "    within: 1个工作日"),
    ("    within: 1 working day", "    within： 1 workday"),
    ("    within: 1 working day", "    within: '１　working day'"),
    ("    task: clerk", "    task：clerk"),
    ("    task: clerk", "    task: clark"),
    ("    task: clerk", "    task: 经办人"),
    ("to: confirm", "to: confrm"),
    ("title: {zh: 分流, en: Route}", "title：{zh：分流，en：Route}"),
    ("id: office", "idd: office"),
    ("    overdue: {tell: clerk}", "    overdeu: {tell: clerk}"),
    ("    remind: at the deadline", "    remind: 到期当日"),
    ("    task: clerk", "\ttask: clerk"),
]


@pytest.mark.parametrize(("right", "wrong"), [one for one in SLIPS if one[0] in OFFICE])
def test_a_slip_is_put_right_in_its_place(right: str, wrong: str) -> None:
    remark = "  # 说明：一，二"
    text, wanted = (OFFICE.replace(right, f"{one}{remark}" if one[0] == " " else one, 1) for one in (wrong, right))
    if wrong.startswith("\t"):
        wanted = wanted.replace("    task", "    task")
        text = OFFICE.replace("    task: clerk", "\t\ttask: clerk", 1)
        wanted = OFFICE
    assert corrected(text, "office.yaml") == wanted
    assert corrected(wanted, "office.yaml") == wanted


def test_the_slips_are_of_this_definition() -> None:
    assert len([one for one in SLIPS if one[0] in OFFICE]) >= 11


def test_what_has_several_answers_is_left_for_people() -> None:
    for old, new in (
        ("to: confirm", "to: elsewhere"),
        ("    within: 1 working day", "    within: 3月"),
        ("id: office", "xyz: office"),
    ):
        text = OFFICE.replace(old, new, 1)
        assert corrected(text, "office.yaml") == text


def test_line_ends_stay() -> None:
    text = OFFICE.replace("    within: 1 working day", "    within: 1个工作日", 1).replace("\n", "\r\n")
    assert corrected(text, "office.yaml") == OFFICE.replace("\n", "\r\n")


@pytest.mark.parametrize("path", SOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sound_definition_means_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    fixed = corrected(text, str(path))
    assert examine(fixed, str(path)).definition == examine(text, str(path)).definition
    if "shorthand" not in path.name:
        assert fixed == text


def test_shorthand_becomes_the_phrases_of_the_language() -> None:
    fixed = corrected((HERE / "sound" / "shorthand.yaml").read_text("utf-8"), "shorthand.yaml")
    for phrase in (
        "{answer: 60 days}",
        "within: 3 months",
        "within: 15 working days",
        "[3 working days before, at the deadline, every 2 days after]",
        "after: 1 hour",
        "by: up to 10 working days",
        "within: 7 days before hearing_day or 5 working days",
        "wait: 3 days",
    ):
        assert phrase in fixed


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_no_correction_brings_a_new_fault_and_twice_is_once(path: Path) -> None:
    text = path.read_text("utf-8")
    fixed = corrected(text, path.name)
    assert len(examine(fixed, path.name).findings) <= len(examine(text, path.name).findings)
    assert not [one for one in examine(fixed, path.name).findings if one.instead]
    assert corrected(fixed, path.name) == fixed


@examples(25)
@given(
    st.lists(
        st.sampled_from([one for one in SLIPS if not one[1].startswith("\t")]), max_size=5, unique_by=lambda one: one[0]
    )
)
def test_any_slips_together_are_put_right(slips: list[tuple[str, str]]) -> None:
    text = "# 说明：第一行\n" + OFFICE
    for right, wrong in slips:
        text = text.replace(right, wrong, 1)
    assert corrected(text, "office.yaml") == "# 说明：第一行\n" + OFFICE


#: Conditions as somebody types them, and as the language has them.
CONDITIONS = [
    ("urgent and subject == 'x'", "urgent 并且 subject ＝＝ “x”"),
    ("subject != 'x' or (urgent)", "subject ≠ ‘x’ 或 （urgent）"),
    ("subject in ['a', 'b']", "subject in [“a”，“b”]"),
    ("'x' == subject", "“x” ＝ subject"),
]


@pytest.mark.parametrize(("right", "wrong"), CONDITIONS)
@pytest.mark.parametrize("style", ["{}", '"{}"'])
def test_signs_of_the_chinese_keyboard_in_a_condition_are_put_right(right: str, wrong: str, style: str) -> None:
    text = OFFICE.replace(
        "      - {when: urgent, to: ask}", f"      - when: {style.format(wrong)}  # 说明\n        to: ask"
    )
    mended = corrected(text, "office.yaml")
    assert "  # 说明\n" in mended
    assert examine(mended, "office.yaml").findings == ()
    (choice, _) = examine(mended, "office.yaml").body["assignment"]["route"]["choose"]  # type: ignore[index]
    assert choice["when"] == right
    assert corrected(mended, "office.yaml") == mended


def test_signs_in_texts_of_people_stay_and_those_of_their_expressions_go() -> None:
    said = "tell: [{to: clerk, say: {zh: '（{{ subject ｜ default（“无”） }}）', en: '{{ subject }}'}}]"
    text = OFFICE.replace("    each: [lead, assist]", f"    each: [lead, assist]\n    {said}")
    mended = corrected(text, "office.yaml")
    assert "zh: '（{{ subject | default(\"无\") }}）'" in mended
    assert examine(mended, "office.yaml").findings == ()


SCENARIOS = """# 场景
- title: {zh: 受理, en: Accepted}
  given: {at: 2026-03-02 09:00, form: {subject: 路灯}}
  steps:
    - {by: clerk, do: accept}   # 受理
    - after: 1 working day
    - then: {step: ask, told: {deputy: [task]}}
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("after: 1 working day", "after: 1个工作日"),
        ("{by: clerk, do: accept}", "{by：clerk，do：accept}"),
        ("then: {step: ask", "thn: {step: ask"),
        ("given: {at:", "givn: {at:"),
        ("    - after: 1 working day", "\t- after: 1 working day"),
    ],
)
def test_scenarios_are_put_right_too(right: str, wrong: str) -> None:
    mended = corrected_scenarios(SCENARIOS.replace(right, wrong), "scenarios.yaml")
    assert [line.split() for line in mended.splitlines()] == [line.split() for line in SCENARIOS.splitlines()]
    assert corrected_scenarios(mended, "scenarios.yaml") == mended


@pytest.mark.parametrize("path", [scenarios_beside(path) for path in library()], ids=lambda path: path.parent.name)
def test_shipped_scenarios_mean_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    assert parse_scenarios(corrected_scenarios(text, path.name), path.name) == parse_scenarios(text, path.name)

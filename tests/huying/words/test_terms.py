"""What a definition says about time, as its page says it."""

from __future__ import annotations

import pytest

from definitions.loader import LIBRARY, load
from definitions.model.definition import Definition
from definitions.model.step import TimedStep, WaitingStep
from definitions.model.steps.each import EachStep
from huying.words.terms import TimeWords


def _definition(key: str) -> Definition:
    path = LIBRARY / key / "definition.yaml"
    return load(path.read_bytes(), str(path))


@pytest.mark.parametrize(
    ("language", "terms", "late"),
    [
        (
            "zh",
            ("24 小时（类别：水电气暖）", "15 天（类别：疑难）", "7 天（其余）"),
            "到期后 1 天：告知站点工作人员、站长",
        ),
        (
            "en",
            ("24 hours (Kind: Water, power, gas)", "15 days (Kind: Complex)", "7 days (otherwise)"),
            "1 day after the deadline: Station clerk, Head of the station told",
        ),
    ],
)
def test_terms_have_their_conditions_and_a_ladder_its_rungs(language: str, terms: tuple[str, ...], late: str) -> None:
    hotline = _definition("hotline-1085")
    step, said = hotline.steps["handle"], TimeWords(hotline, language)
    assert isinstance(step, TimedStep)
    assert step.within is not None
    assert said.terms(step.within) == terms
    assert said.ladder(step)[1] == late


def test_a_role_with_a_time_of_its_own_is_named() -> None:
    suggestion = _definition("suggestion")
    step, said = suggestion.steps["handle"], TimeWords(suggestion, "zh")
    assert isinstance(step, EachStep)
    assert list(said.own_terms(step)) == ["协办单位：2 个月"]
    assert said.extension(step) == "可延期：每次最多 3 个月，由代表工作机构批准，限一次"
    assert said.shelving(step) == ""


def test_limits_are_those_of_the_issue_and_its_stages() -> None:
    station, suggestion = (TimeWords(_definition(key), "zh") for key in ("contact-station", "suggestion"))
    (whole,) = station.limits()
    assert (whole.title, whole.within) == ("全程", "60 个工作日")
    assert whole.late == ("到期未办：告知站长", "到期后 3 个工作日：告知督办人")
    assert [limit.title for limit in suggestion.limits()] == ["分派", "协调"]
    assert suggestion.limit("issue") == ""


@pytest.mark.parametrize(("key", "waits"), [("suggestion", True), ("hotline-1085", False)])
def test_where_reminders_wait_for_office_hours_it_is_said(key: str, waits: bool) -> None:
    assert bool(TimeWords(_definition(key), "en").office_hours()) == waits


def test_a_step_without_more_time_says_nothing_of_it() -> None:
    pothole = _definition("pothole")
    step = pothole.steps["inspect"]
    assert isinstance(step, WaitingStep)
    assert TimeWords(pothole, "en").extension(step) == ""

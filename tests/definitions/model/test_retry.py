"""Trying again as a definition says it: how often, how long apart, spread; and what is refused, with what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.loader import examine
from definitions.model.retry import LONGEST_WAIT, USUAL, Retry

OFFICE = (Path(__file__).parents[1] / "office.yaml").read_text(encoding="utf-8")


def test_waits_double_up_to_the_longest_and_then_there_are_no_more() -> None:
    rule = Retry(times=6, first="2 seconds", longest="10 seconds")
    waits = [wait.total_seconds() if (wait := rule.wait(failures, 0.5)) else None for failures in range(1, 7)]
    assert waits == [2, 4, 8, 10, 10, None]


@given(st.integers(1, 9), st.floats(0, 1))
def test_the_usual_waits_are_spread_by_a_quarter_and_never_too_long(failures: int, jitter: float) -> None:
    wait, middle = USUAL.wait(failures, jitter), USUAL.wait(failures, 0.5)
    assert wait is not None
    assert middle is not None
    assert 0.75 * middle <= wait <= 1.25 * middle
    assert wait <= LONGEST_WAIT * 1.25
    assert USUAL.wait(10, jitter) is None


def test_a_process_says_it_for_all_its_steps() -> None:
    examined = examine(OFFICE + "\nretry: {times: 4, first: 5 seconds, longest: 1 hour}\n", "office.yaml")
    assert examined.definition is not None
    assert examined.definition.retry == Retry(times=4, first="5 seconds", longest="1 hour")
    assert examine(OFFICE, "office.yaml").definition.retry == USUAL  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{first: 2 ticks}", "“2 ticks”不是等待的时间。"),
        ("{longest: 2 hours}", "“2 hours”太久。"),
        ("{first: 1 minute, longest: 30 seconds}", "第一次等的时间比最长的还长。"),
    ],
)
def test_what_is_no_wait_is_refused_in_both_languages_with_what_would_be_right(written: str, said: str) -> None:
    (finding,) = examine(OFFICE + f"\nretry: {written}\n", "office.yaml").findings
    assert (finding.rule, finding.message["zh"]) == ("wrong-value", said)
    assert finding.message["en"]
    assert all("1 hour" in finding.remedy[language] for language in ("zh", "en"))

"""How long something is kept: what is written, what a calendar makes of it."""

from __future__ import annotations

from datetime import date

import pytest

from definitions.model.duration import DurationError
from definitions.model.period import Period


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("2 years", "2 years"),
        ("1 year after closure", "1 year"),
        ("18  Months", "18 months"),
        ("90 days", "90 days"),
        ("for ever", "for ever"),
        ("forever", "for ever"),
    ],
)
def test_what_is_written_is_read_as_a_rule_on_a_wall(written: str, plain: str) -> None:
    assert str(Period.parse(written)) == plain
    assert Period.parse(plain) == Period.parse(written)


@pytest.mark.parametrize("written", ["", "0 days", "2 working days", "2", "years", "101 years", "2 years before"])
def test_anything_else_is_refused_with_what_would_be_right(written: str) -> None:
    with pytest.raises(DurationError) as refused:
        Period.parse(written)
    assert "for ever" in refused.value.remedy["zh"]


@pytest.mark.parametrize(
    ("span", "begin", "end"),
    [
        ("2 years", date(2024, 2, 29), date(2026, 2, 28)),
        ("1 month", date(2026, 1, 31), date(2026, 2, 28)),
        ("90 days", date(2026, 11, 23), date(2027, 2, 21)),
    ],
)
def test_it_ends_on_the_day_of_the_calendar(span: str, begin: date, end: date) -> None:
    assert Period.parse(span).end(begin) == end


def test_what_is_for_ever_has_no_end_and_is_the_longest() -> None:
    ever = Period.parse("for ever")
    assert ever.end(date(2026, 1, 1)) is None
    assert ever.begin(date(2026, 1, 1)) is None
    assert ever.longer(Period.parse("100 years"))
    assert not Period.parse("24 months").longer(Period.parse("2 years"))
    assert Period.parse("2 years").words("zh") == "2 年"

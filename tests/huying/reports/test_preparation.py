"""Of which period a report is, and with which it is compared."""

from __future__ import annotations

from datetime import date

from huying.reports.preparation import ReportSpan


def test_periods_are_whole_and_compared_with_the_one_before_and_a_year_ago() -> None:
    about = ReportSpan.before("quarter", date(2026, 11, 5))
    assert (about.first, about.last, about.key) == (date(2026, 7, 1), date(2026, 9, 30), "2026-q3")
    assert about.earlier.key == "2026-q2"
    assert about.year_ago.key == "2025-q3"
    february = ReportSpan.before("month", date(2028, 3, 1))
    assert february.last == date(2028, 2, 29)
    assert february.year_ago.last == date(2027, 2, 28)
    assert ReportSpan.before("year", date(2026, 1, 5)).key == "2025"

"""Times as people write them are taken as what they must mean, and whatever the product itself says of a time can be written."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.model.duration import UNITS, Duration, DurationError, Reminder
from definitions.model.retry import length_of
from definitions.model.shorthand import canonical
from definitions.model.term import CloseDay, FieldDay, FromDay, NextDay, OneDay, Term, parse_term, terms_of
from tests.examples import examples


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("60日", "60 days"),
        ("15个工作日", "15 working days"),
        ("15 个工作日内", "15 working days"),
        ("十五个工作日", "15 working days"),
        ("三十日", "30 days"),
        ("一百二十天", "120 days"),
        ("两个月", "2 months"),
        ("3个月", "3 months"),
        ("2小时", "2 hours"),
        ("半年", "6 months"),
        ("1个工作日", "1 working day"),
        ("10个自然日", "10 calendar days"),
        ("6０　日", "60 days"),
        ("３ working days", "3 working days"),
        ("15 workdays", "15 working days"),
        ("1 business day", "1 working day"),
        ("60days", "60 days"),
        ("当日", "same day"),
        ("当日17：00前", "same day by 17:00"),
        ("次日", "next day"),
        ("下一个工作日12点前", "next working day by 12:00"),
        ("下班前", "by the end of office hours"),
        ("每月25日前", "by the 25th"),
        ("月底前", "by the end of the month"),
        ("季度末前", "by the end of the quarter"),
        ("12月31日前", "by 12-31"),
        ("2026年12月31日前", "by 2026-12-31"),
        ("至hearing_day", "until hearing_day"),
        ("hearing_day前7天", "7 days before hearing_day"),
    ],
)
def test_a_term_is_taken_as_what_it_must_mean(written: str, meant: str) -> None:
    assert canonical(written) == meant
    assert str(parse_term(written)) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("到期前1个工作日", "1 working day before"),
        ("提前三天", "3 days before"),
        ("3日前", "3 days before"),
        ("到期当日", "at the deadline"),
        ("逾期2天", "2 days after"),
        ("到期后2天", "2 days after"),
        ("逾期后每2天", "every 2 days after"),
        ("1 workday before", "1 working day before"),
    ],
)
def test_a_reminder_is_taken_as_what_it_must_mean(written: str, meant: str) -> None:
    assert str(Reminder.parse(written)) == meant


def test_waits_between_tries_are_taken_too() -> None:
    assert length_of("2秒") == length_of("2 seconds")
    assert length_of("10分钟") == length_of("10 minutes")


@pytest.mark.parametrize("written", ["3月", "三", "尽快", "days 3", "3 fortnights", "25日前后", "半天", "0天", "十五"])
def test_what_is_not_clear_is_refused(written: str) -> None:
    with pytest.raises(DurationError):
        parse_term(written)


LENGTHS = st.builds(Duration, st.integers(1, 10), st.sampled_from(UNITS))
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))
TERMS: st.SearchStrategy[Term] = st.one_of(
    LENGTHS,
    st.builds(NextDay, st.just("month"), st.integers(1, 31)),
    st.builds(NextDay, st.sampled_from(["quarter", "year"]), st.just(31)),
    st.builds(NextDay, st.just("year"), st.integers(1, 28), st.integers(1, 12)),
    st.builds(OneDay, DAYS),
    st.just(FieldDay("hearing_day")),
    st.builds(
        FromDay,
        st.builds(Duration, st.integers(1, 10), st.sampled_from(["days", "working days", "weeks", "months"])),
        st.sampled_from(["before", "after"]),
        st.one_of(DAYS, st.just("hearing_day")),
    ),
    st.builds(
        CloseDay,
        st.sampled_from(["same day", "next day", "next working day"]),
        st.one_of(st.none(), st.just("office"), st.times().map(lambda t: time(t.hour, t.minute))),
    ),
)


@examples(300)
@given(TERMS)
def test_what_the_product_says_of_a_term_can_be_written(term: Term) -> None:
    assert parse_term(term.words("zh")) == term
    assert parse_term(str(term)) == term


@examples(100)
@given(st.builds(Reminder, LENGTHS, st.sampled_from(["before", "after"])))
def test_what_the_product_says_of_a_reminder_can_be_written(reminder: Reminder) -> None:
    assert Reminder.parse(reminder.words("zh")) == reminder
    assert Reminder.parse(str(reminder)) == reminder


@examples(300)
@given(st.text(alphabet="0159 一十日天月年个工作到期前后每当次内至或半days wokring", max_size=14))
def test_any_text_is_a_term_or_refused_in_words(text: str) -> None:
    try:
        terms = terms_of(text)
    except DurationError:
        return
    assert terms_of(str(terms)) == terms

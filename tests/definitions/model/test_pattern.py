"""Patterns: what they take, what they refuse, and that no text makes them slow."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.model.pattern import PatternError, pattern
from tests.examples import examples

RIGHT = [
    (r"闽D[A-Z0-9]{5}", "闽D12345", "闽D1234"),
    (r"\d{4}-\d{2}", "2026-11", "2026-1"),
    ("(甲|乙)+丙?", "甲乙甲丙", "丙"),
    ("^A.C$", "A一C", "A\nC"),
    (r"\(\d{3,4}\)\d{7,}", "(0592)5147085", "0592-5147085"),
    ("[^0-9]{2,}", "路灯", "路灯1"),
    ("(a*)*b", "aaab", "aaa"),
    (r"[\w-]+\.pdf", "a-1.pdf", "a-1_pdf"),
]
_WRONG = [
    "",
    "(",
    "[",
    ")",
    "]",
    "*",
    "a**",
    "a{2}{3}",
    "(?=x)",
    "(?<!x)",
    r"\1",
    r"\b",
    "a{3,2}",
    "a{900}",
    "[]",
    "[z-a]",
    "(a{500}){500}",
    "x" * 301,
    "a$b",
]


@pytest.mark.parametrize(("like", "right", "wrong"), RIGHT)
def test_the_whole_text_looks_like_it(like: str, right: str, wrong: str) -> None:
    assert pattern(like).fits(right)
    assert not pattern(like).fits(wrong)


@pytest.mark.parametrize("like", _WRONG)
def test_what_is_no_pattern_is_said_in_both_languages_with_what_would_be_right(like: str) -> None:
    with pytest.raises(PatternError) as found:
        pattern(like)
    assert set(found.value.message) == set(found.value.remedy) == {"zh", "en"}


_PARTS = st.sampled_from(["a", "b", "闽", r"\d", r"\w", "[a-c]", "[^b]", ".", "-", r"\.", "[.^-]"])
_LIKES = st.recursive(
    _PARTS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda many: f"({'|'.join(many)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{2,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@given(_LIKES, st.lists(st.text("ab闽0.-^c\u0301\n", max_size=8), max_size=6))
@examples(300)
def test_it_says_the_same_as_the_regular_expressions_of_others(like: str, texts: list[str]) -> None:
    read = pattern(like)
    assert read.fits(read.example)
    written, spelled = re.compile(like, re.ASCII), re.compile(read.regular)
    for text in (*texts, read.example):
        assert read.fits(text) == (written.fullmatch(text) is not None), (like, text)
        assert read.fits(text) == (spelled.fullmatch(text) is not None), (like, text)


def test_no_pattern_is_slow_whatever_the_text() -> None:
    for like in ("((a|aa)+)+b", "(a*)*b", "(.*.*)*x", "a{0,50}" * 15 + "b"):
        read = pattern(like)
        assert not read.fits("a" * 20_000)
        # each set of states and each character is worked out once
        assert len(read.automaton.steps) < 3_000

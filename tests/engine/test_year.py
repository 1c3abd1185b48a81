"""Ten thousand issues in a year with its downtimes and two new calendars: every deadline rings once, at the moment that it names."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from definitions.loader import load
from tests.engine.year_book import SOURCE
from tests.engine.year_life import Life, world

#: Ten thousand issues, in parts that may be lived side by side; who wants an answer at once lives the first thousand.
PART = 1000
FIRST, *OTHERS = range(0, 10_000, PART)


@pytest.mark.parametrize("first", [FIRST, *(pytest.param(number, marks=pytest.mark.whole) for number in OTHERS)])
def test_in_a_year_of_downtimes_and_new_calendars_every_deadline_rings_once_at_the_moment_that_it_names(
    first: int,
) -> None:
    definition, rang = load(SOURCE, "year.yaml"), Counter[str]()
    shared = world(random.Random(20260104))
    for number in range(first, first + PART):
        rang += Life(definition, shared, random.Random(number)).live()
    # every way in which something can ring was there, often
    for kind in ("overdue 0", "overdue 1", "overdue 2", "remind 0", "shelved 0", "late by downtime", "left as it was"):
        assert rang[kind] > PART / 50, rang

"""Ten thousand issues in a year with its downtimes and two new calendars: every deadline rings once, at the moment that it names."""

from __future__ import annotations

import random
from collections import Counter

from definitions.loader import load
from tests.engine.year_book import SOURCE
from tests.engine.year_life import Life, world

ISSUES = 10_000


def test_in_a_year_of_downtimes_and_new_calendars_every_deadline_rings_once_at_the_moment_that_it_names() -> None:
    definition, rang = load(SOURCE, "year.yaml"), Counter[str]()
    shared = world(random.Random(20260104))
    for number in range(ISSUES):
        rang += Life(definition, shared, random.Random(number)).live()
    # every way in which something can ring was there, often
    for kind in ("overdue 0", "overdue 1", "overdue 2", "remind 0", "shelved 0", "late by downtime", "left as it was"):
        assert rang[kind] > ISSUES / 50, rang

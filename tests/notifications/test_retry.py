"""When a message is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import next_attempt
from notifications.retry import ATTEMPTS

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_waits_grow_from_a_minute_to_eight_hours_and_end_after_about_a_day() -> None:
    waits = [at - NOW for n in range(1, ATTEMPTS) if (at := next_attempt(n, NOW, 0.5))]
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 4, 16, 64, 256, 480, 480]
    assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=28)
    assert next_attempt(ATTEMPTS, NOW, 0.5) is None
    assert next_attempt(ATTEMPTS + 5, NOW, 0.5) is None


@given(st.integers(1, ATTEMPTS - 1), st.floats(0, 1))
def test_jitter_spreads_a_wait_over_half_to_one_and_a_half_times_its_length(attempts: int, jitter: float) -> None:
    middle, at = next_attempt(attempts, NOW, 0.5), next_attempt(attempts, NOW, jitter)
    assert middle is not None
    assert at is not None
    assert 0.5 <= (at - NOW) / (middle - NOW) <= 1.5


@pytest.mark.parametrize(
    ("attempts", "now", "jitter"),
    [(0, NOW, 0.5), (1, NOW, 1.1), (1, NOW, -0.1), (1, NOW.replace(tzinfo=None), 0.5), (1, NOW, float("nan"))],
)
def test_what_makes_no_sense_is_refused(attempts: int, now: datetime, jitter: float) -> None:
    with pytest.raises(ValueError, match=r"."):
        next_attempt(attempts, now, jitter)

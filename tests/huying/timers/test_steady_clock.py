"""What is thought of a wall clock that jumps, stands, sleeps and is corrected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huying.timers.steady_clock import JUMP, PROVEN, SteadyClock, Trust

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


class Machine:
    """A machine whose wall clock somebody sets."""

    def __init__(self) -> None:
        self.wall, self.up = START, timedelta(days=3)
        self.clock = SteadyClock()
        assert self.read() == "steady"

    def read(self) -> Trust:
        return self.clock.read(self.wall, self.up)

    def after(self, passed: timedelta, set_by: timedelta = timedelta()) -> Trust:
        """Time passes, and the wall clock is set; what is thought of it then."""
        self.up += passed
        self.wall += passed + set_by
        return self.read()


def test_a_clock_that_goes_on_is_believed_however_seldom_it_is_read() -> None:
    machine = Machine()
    assert [machine.after(passed) for passed in (SECOND, MINUTE, HOUR, 30 * DAY)] == ["steady"] * 4


def test_a_machine_that_slept_is_believed_since_its_steady_clock_counts_the_sleep() -> None:
    assert Machine().after(8 * HOUR) == "steady"


def test_a_jump_forward_is_doubted_until_the_clock_is_put_right() -> None:
    machine = Machine()
    assert machine.after(SECOND, HOUR) == "doubtful"
    assert machine.clock.ahead == HOUR
    assert machine.after(MINUTE) == "doubtful"
    assert machine.after(SECOND, -HOUR) == "steady"
    assert machine.clock.ahead == timedelta()
    assert machine.after(SECOND) == "steady"


def test_a_jump_forward_that_stays_is_believed_after_ten_minutes() -> None:
    machine = Machine()
    machine.after(SECOND, 365 * DAY)
    assert machine.after(PROVEN - SECOND) == "doubtful"
    assert machine.after(SECOND) == "steady"
    assert machine.after(SECOND, 2 * HOUR) == "doubtful", "and from then on it is what others are compared with"


def test_a_second_jump_begins_the_ten_minutes_anew() -> None:
    machine = Machine()
    machine.after(SECOND, HOUR)
    assert machine.after(PROVEN - SECOND, HOUR) == "doubtful"
    assert machine.after(PROVEN - SECOND) == "doubtful"
    assert machine.after(SECOND) == "steady"


def test_a_clock_that_is_set_back_is_followed_at_once_and_said_once() -> None:
    machine = Machine()
    assert machine.after(SECOND, -3 * HOUR) == "set back"
    assert machine.after(SECOND) == "steady"
    assert machine.after(SECOND, 3 * HOUR) == "doubtful", "putting it forward again is a jump like any other"


def test_a_jump_is_doubted_only_when_it_is_larger_than_what_is_allowed() -> None:
    machine = Machine()
    assert machine.after(SECOND, JUMP) == "steady"
    assert Machine().after(SECOND, JUMP + SECOND) == "doubtful"


def test_several_small_jumps_are_together_a_large_one() -> None:
    machine = Machine()
    said = [machine.after(SECOND, 2 * MINUTE) for _ in range(4)]
    assert said == ["steady", "steady", "doubtful", "doubtful"]


def test_a_time_server_that_corrects_the_clock_slowly_is_no_jump() -> None:
    machine = Machine()
    assert {machine.after(MINUTE, 3 * SECOND) for _ in range(1000)} == {"steady"}, "50 minutes in all"

"""Whether each step gets a run of its own follows from what runs cost, and from how long the oldest has waited."""

import pytest

from flows.runs.pace import Pace


def _at(run: float, effect: float = 0.002) -> Pace:
    pace = Pace()
    for _ in range(40):
        pace.ran(run)
        pace.carried(100, 100 * effect)
    return pace


@pytest.mark.parametrize(
    ("run", "steps", "waited", "quiet"),
    [
        (0.2, 1, 0.0, True),
        (0.2, 5, 0.1, True),
        (0.2, 7, 0.0, False),
        (0.2, 3, 1.0, False),
        (0.05, 20, 0.1, True),
        (0.6, 3, 0.0, False),
        # one step alone costs no more in a run of its own than in one for many
        (3.0, 1, 0.1, True),
        # but the end of a burst stays with the burst
        (0.2, 1, 5.0, False),
    ],
)
def test_steps_get_runs_of_their_own_while_all_of_them_can_be_prompt(
    run: float, steps: int, waited: float, quiet: bool
) -> None:
    assert _at(run).is_quiet(steps, waited) is quiet


@pytest.mark.parametrize(("effect", "claim"), [(0.0005, 1000), (0.005, 400), (0.02, 100), (1.0, 50)])
def test_so_much_is_claimed_at_once_as_takes_two_seconds(effect: float, claim: int) -> None:
    assert _at(0.2, effect).claim() == pytest.approx(claim, rel=0.02)


def test_one_stall_does_not_end_the_quiet() -> None:
    pace = _at(0.2)
    pace.ran(60.0)
    assert pace.is_quiet(2, 0.0)


def test_a_server_that_became_slow_is_known_after_a_few_runs() -> None:
    pace = _at(0.1)
    assert pace.is_quiet(8, 0.0)
    for _ in range(5):
        pace.ran(0.5)
    assert not pace.is_quiet(8, 0.0)

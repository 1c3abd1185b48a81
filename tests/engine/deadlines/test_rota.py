"""Whose turn it is: fair, in the order of the register, with those who were away catching up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.deadlines.rota import Turn, in_turn, turns_had

FIVE = (11, 12, 13, 14, 15)


def go_round(times: int, seats: int, away: dict[int, set[int]] | None = None) -> list[Turn]:
    past: list[Turn] = []
    for number in range(times):
        past.append(Turn(FIVE, in_turn(FIVE, past, seats, (away or {}).get(number, ()))))
    return past


def test_with_everybody_there_it_is_plain_taking_turns() -> None:
    assert [turn.served for turn in go_round(6, 1)] == [(11,), (12,), (13,), (14,), (15,), (11,)]
    assert [turn.served for turn in go_round(3, 2)] == [(11, 12), (13, 14), (15, 11)]


def test_who_was_away_is_passed_over_and_catches_up() -> None:
    past = go_round(4, 1, {0: {11}, 1: {11}})
    assert [turn.served for turn in past] == [(12,), (13,), (11,), (14,)]


def test_a_newcomer_begins_with_the_fewest_turns_and_need_not_make_up_for_years() -> None:
    past = go_round(20, 1)
    six = (*FIVE, 16)
    assert turns_had(past)[11] == 4
    assert in_turn(six, past, 2) == (16, 11)
    past.append(Turn(six, (16,)))
    assert in_turn(six, past, 1) == (11,)


def test_who_took_a_duty_over_has_had_a_turn_and_who_gave_it_has_not() -> None:
    past = [Turn(FIVE, (12,)), Turn(FIVE, (12,))]
    assert in_turn(FIVE, past, 4) == (11, 13, 14, 15)


def test_there_may_be_fewer_people_than_seats_and_nobody_at_all() -> None:
    assert in_turn(FIVE, (), 9) == FIVE
    assert in_turn((), (), 2) == ()
    assert in_turn(FIVE, (), 1, FIVE) == ()


@given(st.integers(1, 60), st.integers(1, 4))
def test_nobody_has_two_turns_more_than_another(times: int, seats: int) -> None:
    had = turns_had(go_round(times, seats))
    assert max(had.values()) - min(had.values()) <= 1


@given(st.lists(st.sets(st.sampled_from(FIVE), max_size=3), max_size=30))
def test_after_any_absences_a_few_rounds_with_everybody_make_it_even_again(absences: list[set[int]]) -> None:
    away = dict(enumerate(absences))
    had = turns_had(go_round(len(absences) * 6 + 10, 1, away))
    assert max(had.values()) - min(had.values()) <= 1

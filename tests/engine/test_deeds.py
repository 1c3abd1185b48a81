"""The registry of deeds: every event that a person can cause has one, and each says all that pages, programs, scenarios and histories ask."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import pytest

from engine import event as e
from engine.deeds import registry
from engine.deeds.deed import Blank, Deed
from engine.deeds.registry import BY_EVENT, BY_FORM, BY_KIND, BY_WORD, DEEDS, gestures

FOLDER = Path(registry.__file__).resolve().parent
#: What the clock, other systems and the house itself cause.
OF_NOBODY = {e.Fire, e.Message, e.Result, e.Absorb, e.Forsake, e.ReckonAgain, e.Migrate, e.Depart}


def test_every_event_that_a_person_can_cause_has_a_deed() -> None:
    missing = {cls.__name__ for cls in get_args(e.Event)} - {cls.__name__ for cls in (*BY_EVENT, *OF_NOBODY)}
    assert missing == set(), "give it a file in engine/deeds and a line in engine/deeds/registry.py"
    assert OF_NOBODY.isdisjoint(BY_EVENT)


def test_every_file_of_a_deed_has_its_line_in_the_registry() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "deed", "registry"}
    assert len(files) == len(DEEDS)
    assert {module for module in vars(registry) if module in files} == files


def test_no_two_deeds_or_gestures_bear_one_name() -> None:
    assert len(BY_EVENT) == len(BY_KIND) == len(DEEDS)
    every = [one for deed in DEEDS for one in deed.gestures]
    for names in (
        [one.form for one in every if one.form],
        [word for one in every for word in one.told],
        [(one.place, one.key) for one in every if one.place],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.kind)
def test_a_deed_says_what_is_asked_of_it(deed: Deed) -> None:
    assert all(deed.done), "words for the history, in both languages"
    if deed.reasoned:
        assert "reason" in deed.event.__annotations__, "staff give a reason: the event has to hold it"
    for gesture in deed.gestures:
        where = gesture.form or gesture.key or gesture.told
        assert gesture.form or gesture.told or gesture.place, "nobody can come to it"
        assert not gesture.form or gesture.title, f"{where}: a form needs a title"
        assert (gesture.place is None) == (gesture.offered is None), f"{where}: offered, but not said where, or when"
        assert not gesture.place or gesture.key, f"{where}: what is offered has a name"
        assert not gesture.blanks or (gesture.form and gesture.place) or gesture.form == "refuse", where
        for text in (gesture.title, gesture.hint, *(blank.label for blank in gesture.blanks)):
            assert text is None or all(text), f"{where}: words in both languages"


class Entered:
    """Somebody entered something everywhere."""

    item = visit = promise = 7
    station = "station:5"
    to, step, text, reason, option = "participant:12", "check", "text", "reason", "visit"
    day, length, target, other, agree = "2026-03-20", "5 working days", "visit:7", "issue:2", True
    values = MappingProxyType[str, object]({})


def test_what_was_entered_becomes_the_event_of_the_deed() -> None:
    for deed in DEEDS:
        for gesture in deed.gestures:
            made = gesture.made(Entered())
            assert type(made) is deed.event
            for blank in gesture.blanks:
                assert _holds(made, blank), f"{gesture.form}: what is filled in as {blank.name} is lost"


def _holds(made: e.Event, blank: Blank) -> bool:
    of_name = {"to": Entered.to, "station": Entered.station, "text": Entered.text, "reason": Entered.reason}
    wanted = {**of_name, "into": Entered.other}[blank.name]
    held = [getattr(made, name) for name in made.__annotations__]
    return wanted in held or any(isinstance(one, tuple) and wanted in one for one in held)


def test_what_can_be_done_to_many_needs_nothing_but_a_text_a_station_or_another_issue() -> None:
    many = {one.form: one for one in BY_FORM.values() if one.many}
    assert set(many) == {"urge", "suspend", "resume", "cancel", "merge", "relocate"}
    for one in many.values():
        assert {blank.name for blank in one.blanks} <= {"text", "reason", "into", "station"}


def test_scenarios_have_words_for_what_needs_no_task_and_for_what_does() -> None:
    assert BY_WORD["urge"].alone
    assert not BY_WORD["claim"].alone
    assert [one.key for one in gestures("issue")] == ["option", "withdraw", "urge", "reopen"]

"""Every shipped definition is rehearsed: its scenarios go as they say, and together they come by every step and every action."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from definitions.loader import LIBRARY, library
from huying.trials.rehearsal import Rehearsal, rehearse_file

#: What the source names, by system; see the mission.
SYSTEMS = {
    "S1": ("industry-station", "deputy-activity"),
    "S2 S3 S5 S12": ("contact-station",),
    "S4": ("reception-day", "talk-to-deputy", "voter-contact"),
    "S6": ("hotline-1085",),
    "S8": ("case-follow-up",),
    "S9": ("voter-contact", "reception-duty", "constituency-visit", "evaluation", "service-support"),
    "S11": ("talk-to-deputy", "reception-day"),
    "S13": ("suggestion", "issue-to-suggestion"),
    "S15": ("training", "duty-report", "yearly-assessment"),
    "S18": ("new-term",),
    "S19": ("station-funds",),
    "general": ("pothole", "leave-application", "it-incident", "room-booking"),
    "laws on time": ("disclosure", "licensing"),
    "votes": ("maintenance-fund",),
}
SMALL = ("pothole", "leave-application", "it-incident")


@cache
def rehearsal(path: Path) -> Rehearsal:
    return rehearse_file(path)


def test_the_library_holds_every_process_of_the_source() -> None:
    assert {path.parent.name for path in library()} == {key for keys in SYSTEMS.values() for key in keys}


@pytest.mark.parametrize("path", library(), ids=lambda path: path.parent.name)
def test_every_scenario_goes_as_it_says(path: Path) -> None:
    for one in rehearsal(path).played:
        assert one.passed, "\n".join([one.scenario.title["en"], *map(str, one.differences)])


@pytest.mark.parametrize("path", library(), ids=lambda path: path.parent.name)
def test_the_scenarios_come_by_every_step_and_action(path: Path) -> None:
    assert rehearsal(path).steps_left == ()
    assert rehearsal(path).actions_left == ()


@pytest.mark.parametrize("key", SMALL)
def test_a_process_that_has_nothing_to_do_with_congresses_is_short(key: str) -> None:
    lines = (LIBRARY / key / "definition.yaml").read_text(encoding="utf-8").splitlines()
    assert 15 <= len([line for line in lines if line.strip() and not line.lstrip().startswith("#")]) <= 48

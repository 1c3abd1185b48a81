"""The registry of chores: whatever comes round says all that is needed to show it and to carry it on."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime

import pytest
from prefect.client.schemas.schedules import CronSchedule

import huying.chores
from flows.chores.flow import ON_THE_PAGES, flow_of
from huying.chores import CHORES
from huying.chores.chore import Chore, Portion, Workplace
from huying.evidence.heads import make_head
from huying.evidence.notary import notary_of
from huying.issues.departures import see_off
from notifications import Mailbox, Transports
from tests.conftest import Office

SHOWN = [chore for chore in CHORES if chore.run is not None]
SCHEDULED = [chore for chore in CHORES if chore.schedule is not None]


def _name(chore: Chore) -> str:
    return chore.name


@pytest.fixture
def workplace(office: Office, now: datetime) -> Workplace:
    transports = Transports(mail=Mailbox(office.house.files / "mails"))
    # who serves where is new to a house into whose register it was just written
    see_off(office.house, now)
    # the rows of a new house are sealed soon, and its day is signed
    make_head(office.house, notary_of(office.house.database), now)
    return Workplace(office.house, transports, "http://x", lambda: now)


def test_every_file_of_the_room_has_one_chore_of_its_name_and_all_of_them_are_registered() -> None:
    files = {module.name for module in pkgutil.iter_modules(huying.chores.__path__)} - {"chore"}
    declared = {}
    for name in files:
        module = importlib.import_module(f"huying.chores.{name}")
        [declared[name]] = [one for one in vars(module).values() if isinstance(one, Chore)]
    assert {chore.name: chore for chore in CHORES} == declared
    assert len(CHORES) == len(declared)


@pytest.mark.parametrize("chore", CHORES, ids=_name)
def test_a_chore_has_a_title_in_both_languages_and_comes_round_somehow(chore: Chore) -> None:
    assert all(chore.title)
    assert chore.due or chore.schedule, "neither asked for what is due, nor run by the clock"
    assert chore.pace > 0
    assert chore.schedule is None or chore.run, "what runs by the clock is shown"
    assert not chore.when_connected or chore.run


@pytest.mark.parametrize("chore", SHOWN, ids=_name)
def test_a_chore_that_is_shown_has_a_flow_and_says_how_it_ended_whether_or_not_there_was_anything(chore: Chore) -> None:
    assert flow_of(chore).name == chore.run
    assert len([one for one in SHOWN if one.run == chore.run]) == 1
    for came_of_it in (Portion(), Portion(taken=3, done=2, failed=1, words=("x",))):
        ending = chore.ending(came_of_it)
        assert ending.name
        assert ending.message or not came_of_it.taken


@pytest.mark.parametrize("chore", SCHEDULED, ids=_name)
def test_a_schedule_is_one_that_prefect_understands_and_staff_read_what_it_is_for(chore: Chore) -> None:
    assert chore.schedule is not None
    assert CronSchedule(cron=chore.schedule.cron, timezone="Asia/Shanghai").cron == chore.schedule.cron
    assert chore.schedule.name
    assert chore.schedule.description


def test_what_is_done_on_the_pages_belongs_to_a_chore_that_is_shown_there() -> None:
    assert ON_THE_PAGES.keys() <= {chore.name for chore in SHOWN}


@pytest.mark.parametrize("chore", CHORES, ids=_name)
def test_in_a_quiet_house_nothing_is_due_and_carrying_on_leaves_nothing_behind(
    chore: Chore, workplace: Workplace
) -> None:
    assert chore.due is None or not chore.due(workplace)
    portion = chore.carry_on(workplace)
    assert not portion.failed
    assert not portion.warned
    if chore.due is not None:
        assert portion.taken == 0, "a run of it would not end"

"""People made inactive and departments emptied: the house brings it to every issue in which they have something, and verifying finds what is left."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from huying.database.tables import candidates, history, memberships, organisations, participants, stations, work_items
from huying.house.by import By
from huying.issues.deeds import claim
from huying.issues.departures import count_departed, see_off
from huying.issues.verification import verify
from tests.conftest import MORNING, Office
from tests.forked import forked
from tests.huying.mover import hand_over
from tests.huying.story import Story


@pytest.fixture
def story(office: Office, now: datetime) -> Story:
    """An issue that a resident has just reported."""
    made = Story(office, now)
    made.open()
    return made


@pytest.fixture(autouse=True)
def head_office(office: Office) -> None:
    """Somebody looks after what nobody else does."""
    with office.house.database.writing() as connection:
        row = {"code": "RDB", "kind": "office", "active": True, "name_zh": "代表工作机构", "name_en": "Office"}
        number = connection.execute(insert(organisations).returning(organisations.c.id), row).scalar_one()
        member = {"participant_id": office.city["power_handler"], "organisation_id": number, "function": "clerk"}
        connection.execute(insert(memberships), member)


def gone(office: Office, *logins: str) -> None:
    """Somebody is not in service any more, written into the register by whatever hand."""
    with office.house.database.writing() as connection:
        ids = [office.city[login] for login in logins]
        connection.execute(update(participants).where(participants.c.id.in_(ids)).values(active=False))


def clerks(story: Story) -> list[str]:
    return [party for item in story.state.items if not item.done for party in item.candidates]


def test_the_task_of_somebody_who_has_gone_is_brought_to_the_others(story: Story, office: Office) -> None:
    before = clerks(story)
    names = {f"participant:{number}": name for name, number in office.city.items()}
    first = names[before[0]]
    claim(office.house, story.issue_id, story.item(first), By(office.city[first], story.now))
    gone(office, first)
    assert count_departed(office.house) == 1
    assert verify(office.house).faults or len(before) > 1
    assert see_off(office.house, story.now) == 1
    assert before[0] not in clerks(story)
    assert clerks(story)
    assert count_departed(office.house) == 0
    with office.house.database.reading() as connection:
        kinds = list(connection.execute(select(history.c.kind).order_by(history.c.sequence)).scalars())
        owners = list(connection.execute(select(work_items.c.owner_id).where(work_items.c.status == "open")).scalars())
        parties = set(connection.execute(select(candidates.c.party)).scalars())
    assert kinds[-1] == "depart"
    assert owners == [None]
    assert before[0] not in parties
    assert verify(office.house).faults == []


def test_a_second_time_there_is_nothing_to_do(story: Story, office: Office) -> None:
    names = {f"participant:{number}": name for name, number in office.city.items()}
    gone(office, names[clerks(story)[0]])
    assert see_off(office.house, story.now) == 1
    version = story.state.version
    assert see_off(office.house, story.now) == 0
    assert story.state.version == version


def test_verifying_finds_a_task_that_nobody_can_do_and_the_office_has_it_afterwards(
    story: Story, office: Office
) -> None:
    names = {f"participant:{number}": name for name, number in office.city.items()}
    gone(office, *(names[party] for party in clerks(story)))
    faults = verify(office.house).faults
    assert len(faults) == 1
    assert "没有人能办" in faults[0]
    while count_departed(office.house):
        assert see_off(office.house, story.now)
    assert clerks(story)
    assert verify(office.house).faults == []


def serves(office: Office, name: str, station: str = "XG", function: str = "clerk") -> None:
    """Somebody new serves at a station."""
    with office.house.database.writing() as connection:
        row = {"name": name, "kind": name, "language": "zh", "active": True, "created_at": MORNING}
        person = connection.execute(insert(participants).returning(participants.c.id), row).scalar_one()
        office.city[name] = int(person)
        at = connection.execute(select(stations.c.id).where(stations.c.code == station)).scalar_one()
        connection.execute(insert(memberships), {"participant_id": person, "station_id": at, "function": function})


def leaves(office: Office, name: str) -> None:
    """Somebody has left where they served, and is still in service, written into the register by whatever hand."""
    with office.house.database.writing() as connection:
        connection.execute(delete(memberships).where(memberships.c.participant_id == office.city[name]))


def settled(office: Office, now: datetime) -> int:
    """How many issues the chore had go on, until nothing was due any more."""
    done = 0
    for _ in range(20):
        if not count_departed(office.house):
            return done
        done += see_off(office.house, now)
    raise AssertionError("it never ends")


def test_whoever_leaves_a_station_and_stays_in_service_leaves_their_tasks_and_roles_there(
    office: Office, now: datetime
) -> None:
    serves(office, "colleague")
    serves(office, "second_deputy", function="deputy")
    waiting, asked = Story(office, now), Story(office, now)
    waiting.open("one")
    asked.open("two")
    asked.act("clerk", "accept")
    first = next(
        name
        for name in ("deputy", "second_deputy")
        if f"participant:{office.city[name]}" in asked.state.roles["deputy"]
    )
    other = {"deputy": "second_deputy", "second_deputy": "deputy"}[first]
    claim(office.house, waiting.issue_id, waiting.item("clerk"), By(office.city["clerk"], now))
    assert settled(office, now) == 0, "who serves where is known now"
    leaves(office, "clerk")
    leaves(office, first)
    assert count_departed(office.house) == 1
    assert settled(office, now) == 2
    assert clerks(waiting) == [f"participant:{office.city['colleague']}"]
    assert [item.owner for item in waiting.state.items if not item.done] == [None]
    assert clerks(asked) == [f"participant:{office.city[other]}"]
    assert asked.state.answerable == f"participant:{office.city[other]}"
    assert settled(office, now) == 0
    assert verify(office.house).faults == []


def test_a_claim_for_a_department_falls_back_when_its_owner_leaves_it(story: Story, office: Office) -> None:
    story.act("clerk", "accept")
    water = f"organisation:{office.city['water']}"
    story.act("deputy", "send", lead=water, assist=[])
    with office.house.database.writing() as connection:
        row = {
            "participant_id": office.city["resident"],
            "organisation_id": office.city["water"],
            "function": "handler",
        }
        connection.execute(insert(memberships), row)
    claim(office.house, story.issue_id, story.item("water_handler"), By(office.city["water_handler"], story.now))
    settled(office, story.now)
    leaves(office, "water_handler")
    assert settled(office, story.now) == 1
    (item,) = (one for one in story.state.items if not one.done)
    assert (item.candidates, item.owner) == ((water,), None)


def test_another_function_at_the_same_station_counts_as_leaving_and_another_place_beside_it_does_not(
    story: Story, office: Office
) -> None:
    serves(office, "colleague")
    settled(office, story.now)
    with office.house.database.writing() as connection:
        mine = memberships.c.participant_id == office.city["clerk"]
        connection.execute(update(memberships).where(mine).values(function="liaison"))
        water = {
            "participant_id": office.city["colleague"],
            "organisation_id": office.city["water"],
            "function": "handler",
        }
        connection.execute(insert(memberships), water)
    assert settled(office, story.now) == 1
    assert clerks(story) == [f"participant:{office.city['colleague']}"]
    version = story.state.version
    with office.house.database.writing() as connection:
        connection.execute(delete(memberships).where(memberships.c.organisation_id == office.city["water"]))
    settled(office, story.now)
    assert story.state.version == version, "of what they left nothing was theirs here"


def test_a_chore_that_is_killed_hands_over_every_issue_once(office: Office, now: datetime, tmp_path: Path) -> None:
    serves(office, "colleague")
    stories = [Story(office, now) for _ in range(30)]
    for number, one in enumerate(stories):
        one.open(f"open-{number}")
    settled(office, now)
    leaves(office, "clerk")
    url = office.house.database.engine.url.render_as_string(hide_password=False)
    kills = 0
    for _ in range(40):
        if not count_departed(office.house):
            break
        with forked(hand_over, url, tmp_path, now) as (runner, said):
            with suppress(EOFError):
                said.recv()
            time.sleep(0.02 * (kills % 4))
            runner.kill()
            runner.join()
            kills += runner.exitcode == -signal.SIGKILL
    settled(office, now)
    assert kills >= 2
    with office.house.database.reading() as connection:
        kinds = list(connection.execute(select(history.c.issue_id).where(history.c.kind == "depart")).scalars())
    assert sorted(kinds) == sorted(one.issue_id for one in stories)
    assert {tuple(clerks(one)) for one in stories} == {(f"participant:{office.city['colleague']}",)}
    assert verify(office.house).faults == []

"""People made inactive and departments emptied: the house brings it to every issue in which they have something, and verifying finds what is left."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, select, update

from huying.database.tables import candidates, history, memberships, organisations, participants, work_items
from huying.house.by import By
from huying.issues.deeds import claim
from huying.issues.departures import count_departed, see_off
from huying.issues.verification import verify
from tests.conftest import Office
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

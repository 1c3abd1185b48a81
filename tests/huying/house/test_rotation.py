"""A new key for the house: everything is sealed anew while people work, and nothing is left of the old one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import insert, select, update

from huying.access.secret import kept_secret, read_secret
from huying.database.connections import Database
from huying.database.tables import addresses, deliveries, issues, participants, ring_keys, second_factors
from huying.house.house import House
from huying.house.known_keys import note
from huying.house.rotation import in_use, retire, rotate
from huying.issues.conversion import seal_what_is_open
from huying.issues.verification import verify
from huying.keys import place
from huying.keys.ring import Ring, new_keys
from tests.conftest import MORNING, OFFICE
from tests.huying.story import Story
from tests.template import Template, filled

DAY = date(2026, 3, 2)


class Own:
    """A house with a ring of its own, in a file, as two processes have it."""

    def __init__(self, folder: Path, url: str, city: dict[str, int]) -> None:
        self.file, self.url, self.city, self._folder = folder / "ring", url, city, folder
        self.house = self.opened()

    def opened(self) -> House:
        ring = place.kept_in(self.file)
        return House(Database(self.url, ring=ring), self._folder / "files")

    @property
    def ring(self) -> Ring:
        ring = self.house.database.ring
        assert ring is not None
        return ring

    def add_key(self) -> None:
        place.write(self.file, self.ring.keys.with_new(DAY))
        self.ring.look_again()
        note(self.house.database, self.ring)


@pytest.fixture(name="own")
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Own:
    template: Template[dict[str, int]] = OFFICE
    database, city = filled(template, tmp_path / "own.db")
    # the template was sealed by the ring of the run: this house begins with that one
    ring = database.ring
    assert ring is not None
    place.write(tmp_path / "ring", ring.keys)
    with database.writing() as connection:
        for name, person in city.items():
            if isinstance(person, int) and name in ("clerk", "deputy", "resident"):
                changed = update(participants).where(participants.c.id == person)
                connection.execute(changed.values(phone="13800000001", phone_index="13800000001"))
                row = {"participant_id": person, "channel": "mail", "target": f"{name}@example.org"}
                connection.execute(insert(addresses), row)
    database.close()
    return Own(tmp_path, f"sqlite:///{tmp_path / 'own.db'}", city)


def _phones(house: House) -> list[str | None]:
    with house.database.reading() as connection:
        return list(connection.execute(select(participants.c.phone).order_by(participants.c.id)).scalars())


def test_everything_is_sealed_by_the_new_key_and_says_the_same(own: Own) -> None:
    house, story = own.house, Story(own, MORNING)
    story.open("one", subject="门口的路灯坏了")
    with house.database.writing() as connection:
        row = {
            "participant_id": own.city["clerk"],
            "kind": "totp",
            "secret": kept_secret(connection, "JBSWY3DP"),
            "made_at": MORNING,
        }
        connection.execute(second_factors.insert(), row)
    phones, old = _phones(house), own.ring.active
    own.add_key()
    assert in_use(house)[old] > 5
    assert sum(rotate(house)) > 5
    left = in_use(house)
    assert (left[old], left[own.ring.active] > 5) == (0, True)
    assert retire(house, MORNING) == (old,)
    alone = House(Database(own.url, ring=Ring(own.ring.keys.without(old))), house.files)
    assert _phones(alone) == phones
    with alone.database.reading() as connection:
        assert read_secret(connection, connection.execute(select(second_factors.c.secret)).scalar_one()) == "JBSWY3DP"
        ended = connection.execute(select(ring_keys.c.ended_at).where(ring_keys.c.id == old)).scalar()
        assert all(connection.execute(select(addresses.c.target)).scalars())
    assert ended is None or ended == MORNING
    assert verify(alone).faults == []
    assert seal_what_is_open(alone) == 0


def test_nothing_that_is_written_meanwhile_is_lost(own: Own) -> None:
    other, stopped, opened = own.opened(), Event(), []

    def work() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            story = Story(_Elsewhere(other, own.city), MORNING + timedelta(minutes=number))
            story.open(f"report-{number}", subject=f"第{number}盏灯")
            opened.append(story.issue_id)

    worker = Thread(target=work)
    worker.start()
    old = own.ring.active
    while len(opened) < 3:
        stopped.wait(0.01)
    own.add_key()
    for _ in range(50):
        sum(rotate(own.house))
        if not in_use(own.house)[old] and own.ring.active in in_use(other):
            break
        stopped.wait(0.1)
    begun = len(opened)
    while len(opened) < begun + 3:
        stopped.wait(0.01)
    stopped.set()
    worker.join()
    sum(rotate(own.house))
    assert in_use(own.house)[old] == 0
    alone = House(Database(own.url, ring=Ring(own.ring.keys.without(old))), own.house.files)
    assert verify(alone).faults == []
    with alone.database.reading() as connection:
        assert set(connection.execute(select(issues.c.id)).scalars()) >= set(opened)
        connection.execute(select(deliveries.c.text)).all()


class _Elsewhere:
    def __init__(self, house: House, city: dict[str, int]) -> None:
        self.house, self.city = house, city


def test_a_key_that_still_seals_something_is_not_over(own: Own) -> None:
    own.add_key()
    assert retire(own.house, MORNING) == ()


def test_new_rings_differ() -> None:
    assert new_keys(DAY) != new_keys(DAY)

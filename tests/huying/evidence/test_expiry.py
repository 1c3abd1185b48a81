"""What the house removes by its own rules, it lets go of: many years later, when nothing is left to keep, nothing is found altered."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from huying.chores import CHORES
from huying.chores.chore import Workplace
from huying.chores.expiry import housekeep
from huying.database import tables as t
from huying.database.connections import Database
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal_all
from huying.evidence.verification import verify_evidence
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import act
from huying.issues.verification import verify
from huying.privacy.erased_list import ErasedList
from huying.privacy.erasures import approving
from notifications import Mailbox, Transports
from tests.huying.evidence.intruder import tampered
from tests.huying.evidence.test_tampering import live
from tests.huying.town import Town

#: So often a chore is carried on at most until it has nothing left.
_ROUNDS = 40


@pytest.fixture
def workplace(town: Town, tmp_path: Path) -> Workplace:
    """Where the chores of the town are done; what was erased is listed."""
    transports = Transports(mail=Mailbox(tmp_path / "mails"))
    erased = ErasedList(tmp_path / "keys" / "erased")
    return Workplace(town.house, transports, "http://x", town.clock, erased=erased)


def _work(at: Workplace) -> None:
    """All chores until nothing is left to do."""
    for chore in CHORES:
        for _ in range(_ROUNDS):
            portion = chore.carry_on(at)
            assert not portion.failed, (chore.name, portion.warned)
            if chore.due is None or not chore.due(at) or not portion.taken:
                break


def _approve_all(town: Town) -> None:
    with town.house.database.writing() as connection:
        query = select(t.erasures.c.id).where(t.erasures.c.state == "proposed")
        for number in list(connection.execute(query).scalars()):
            approving(town.house, number, "周主任", town.clock.now)(connection)


def _closed(town: Town) -> int:
    town.clock.move(minutes=1)
    issue = town.report(subject="树枝挡路")
    town.to_confirmation(issue)
    item = town.item(issue, f"participant:{town.reporter(issue)}")
    act(town.house, issue, item, "satisfied", {"stars": 5}, By(town.reporter(issue), town.clock.now))
    return issue


def _found(house: House) -> list[str]:
    return [str(one) for one in verify_evidence(house, notary_of(house.database)).found]


def _count(house: House, name: str) -> int:
    table = getattr(t, name)
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_what_all_chores_remove_in_thirty_years_is_no_finding(town: Town, workplace: Workplace) -> None:
    live(town)
    issue = _closed(town)
    seal_all(town.house, notary_of(town.house.database), town.clock.now)
    as_before = verify(town.house).faults
    for years in (1, 3, 11, 15):
        town.clock.move(days=366 * years)
        _work(workplace)
        _approve_all(town)
        _work(workplace)
        assert _found(town.house) == [], f"{years} years on"
    assert _count(town.house, "private_searches") == 0
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.issues.c.erased).where(t.issues.c.id == issue)).scalar_one() == "file"
    assert verify(town.house).faults == as_before


def test_searches_that_the_rule_keeps_are_looked_at_as_before(town: Town) -> None:
    live(town)
    seal_all(town.house, notary_of(town.house.database), town.clock.now)
    assert housekeep(town.house, town.clock.now)["searches"] == 0
    with tampered(town.house) as connection:
        connection.execute(delete(t.private_searches))
    assert any("private_search" in one or "对隐私的查询" in one for one in _found(town.house))


def test_a_house_without_a_ring_forgets_what_it_never_sealed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    live(town)
    monkeypatch.delenv("HUYING_KEYS")
    bare = Database(town.house.database.engine.url.render_as_string(hide_password=False))
    bare_house = House(bare, town.house.files)
    try:
        town.clock.move(days=366 * 4)
        assert housekeep(bare_house, town.clock.now)["searches"] == 1
    finally:
        bare.close()

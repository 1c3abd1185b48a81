"""Stations take turns: however much waits at one, what others wait for is taken with the next batch."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, func, insert, select, update

from engine.effect import Request, Tell
from huying.database import tables as t
from huying.house.house import House
from huying.outbox.claims import CALLS_OF_ONE, claim_calls, claim_effects, still_pending
from tests.conftest import Office

#: What is to be told, to nobody.
TELLING = Tell(occasion="opened", parties=())


def _issue(office: Office, now: datetime) -> int:
    from benchmarks.actions import opened_issue

    return opened_issue(office.house, office.city, int(now.timestamp()))


def _waiting(house: House, issue_id: int, station: int, many: int, now: datetime) -> list[int]:
    row = {
        "issue_id": issue_id,
        "sequence": 1,
        "kind": "tell",
        "payload": TELLING,
        "available_at": now,
        "created_at": now,
    }
    rows = [{**row, "station_id": station, "status": "pending", "attempts": 0} for _ in range(many)]
    with house.database.writing() as connection:
        before = connection.execute(select(func.coalesce(func.max(t.outbox.c.id), 0))).scalar_one()
        connection.execute(insert(t.outbox), rows)
        return list(connection.execute(select(t.outbox.c.id).where(t.outbox.c.id > before)).scalars())


def _clear(house: House) -> None:
    with house.database.writing() as connection:
        connection.execute(update(t.outbox).values(status="done"))


def test_a_burst_of_five_thousand_at_one_station_keeps_another_waiting_for_no_batch(
    office: Office, now: datetime
) -> None:
    issue = _issue(office, now)
    _clear(office.house)
    _waiting(office.house, issue, 1, 5000, now)
    [other] = _waiting(office.house, issue, 2, 1, now)
    claimed = [effect.id for effect in claim_effects(office.house, now, 100)]
    assert other in claimed
    assert len(claimed) == 100


def test_what_some_stations_do_not_need_others_get_and_each_keeps_its_order(office: Office, now: datetime) -> None:
    issue = _issue(office, now)
    _clear(office.house)
    at = {station: _waiting(office.house, issue, station, many, now) for station, many in ((1, 60), (2, 3), (3, 60))}
    claimed = [effect.id for effect in claim_effects(office.house, now, 63)]
    assert [one for one in claimed if one in at[2]] == at[2]
    first, third = [[one for one in claimed if one in at[station]] for station in (1, 3)]
    assert (len(first), len(third)) == (30, 30)
    assert (first, third) == (at[1][:30], at[3][:30])
    rest = [effect.id for effect in claim_effects(office.house, now, 1000)]
    assert sorted(claimed + rest) == sorted(one for ids in at.values() for one in ids)
    assert claim_effects(office.house, now, 10) == []


def test_with_more_stations_than_places_all_have_had_theirs_before_long(office: Office, now: datetime) -> None:
    issue = _issue(office, now)
    _clear(office.house)
    for station in range(1, 41):
        _waiting(office.house, issue, station, 2, now)
    claimed = [effect.id for _ in range(8) for effect in claim_effects(office.house, now, 10)]
    assert len(claimed) == len(set(claimed)) == 80


def test_what_somebody_carried_out_meanwhile_is_left_alone(office: Office, now: datetime) -> None:
    issue = _issue(office, now)
    _clear(office.house)
    first, second = _waiting(office.house, issue, 1, 2, now)
    claim_effects(office.house, now, 10)
    with office.house.database.writing() as connection:
        connection.execute(update(t.outbox).where(t.outbox.c.id == first).values(status="done"))
    assert [effect.id for effect in still_pending(office.house, [first, second])] == [second]


def test_effects_and_messages_know_their_station(office: Office, now: datetime) -> None:
    from flows.house_ports import HousePorts
    from notifications import Mailbox, Transports

    _issue(office, now)
    mail = Transports(mail=Mailbox(office.house.files / "box"))
    ports = HousePorts(office.house, mail, "http://x", clock=lambda: now + timedelta(days=1))
    assert ports.perform_many(ports.claim_effects(10)) == {}
    with office.house.database.reading() as connection:
        station = connection.execute(select(t.issues.c.station_id)).scalar_one()
        for table in (t.outbox, t.deliveries):
            assert set(connection.execute(select(table.c.station_id)).scalars()) == {station}


@pytest.mark.parametrize("table", [t.outbox, t.deliveries], ids=["effects", "messages"])
def test_looking_for_stations_and_for_a_share_reads_the_index_of_what_waits(
    office: Office, now: datetime, table: Table
) -> None:
    from huying.delivery import claim
    from huying.outbox import claims

    turns = claims._turns if table is t.outbox else claim.turns
    if not office.house.database.sqlite:
        pytest.skip("PostgreSQL chooses by size; benchmarks/dispatchers.py measures it")
    with office.house.database.reading() as connection:
        for query in (turns._stations, turns._some):
            compiled = str(query.compile(connection, compile_kwargs={"render_postcompile": True}))
            given = (now.isoformat(),) * compiled.count("?")
            plan = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {compiled}", given).fetchall()
            assert any(f"ix_{table.name}_turn" in str(line) for line in plan), plan
            assert not any(f"SCAN {table.name}" in str(line) and "INDEX" not in str(line) for line in plan), plan


def _calls(house: House, issue_id: int, station: int, system: str, many: int, now: datetime) -> list[int]:
    ids = _waiting(house, issue_id, station, many, now)
    asking = Request(visit=1, step="ask", connection=system, path="/", send={}, save={})
    called = {"kind": asking.kind, "payload": asking}
    with house.database.writing() as connection:
        connection.execute(update(t.outbox).where(t.outbox.c.id.in_(ids)).values(**called))
    return ids


def test_calls_of_a_system_that_has_many_leave_room_for_the_others(office: Office, now: datetime) -> None:
    issue = _issue(office, now)
    _clear(office.house)
    slow = _calls(office.house, issue, 1, "slow", 50, now)
    [other] = _calls(office.house, issue, 2, "quick", 1, now)
    told = _waiting(office.house, issue, 1, 1, now)
    claimed = [effect.id for effect in claim_calls(office.house, now, 32, {})]
    assert claimed == [*slow[:CALLS_OF_ONE], other]
    assert claim_calls(office.house, now, 32, {"slow": CALLS_OF_ONE}) == []
    assert [effect.id for effect in claim_calls(office.house, now, 32, {"slow": 6})] == slow[8:10]
    assert [effect.id for effect in claim_effects(office.house, now, 100, calls=False)] == told
    later = now + timedelta(minutes=2)
    assert [effect.id for effect in claim_calls(office.house, later, 32, {"slow": 7})] == [slow[0], other], (
        "a lease ends"
    )


def test_stations_take_turns_at_calling_one_system(office: Office, now: datetime) -> None:
    issue = _issue(office, now)
    _clear(office.house)
    first = _calls(office.house, issue, 1, "registry", 20, now)
    second = _calls(office.house, issue, 2, "registry", 2, now)
    assert [effect.id for effect in claim_calls(office.house, now, 4, {})] == [*first[:2], *second]

"""Joining two residents and parting them again gives back whose issue was whose, whatever was joined with whom and in which order."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from sqlalchemy import select

from engine.refusal import Invalid, Unavailable
from huying.database import tables as t
from huying.house.by import By
from huying.intake.caller import callers
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.privacy.copy import personal_copy
from huying.residents.joins import Confirmed, NewJoin, join_people, part_people, people_joined
from tests.huying.town import Town

PHONE = "05925147085"


def _resident(town: Town, key: str, phone: str = PHONE) -> int:
    report = Report(
        definition="street-matters",
        station="XG",
        reporter=NewReporter(name=f"居民{key}", phone=phone),
        values={"subject": f"路灯{key}不亮", "kind": "lighting"},
    )
    issue = open_issue(town.house, report, request_id=key, now=town.clock.now).issue_id
    return town.reporter(issue)


def _by(town: Town, key: str = "r") -> By:
    return By(town.people["clerk"], town.clock.now, key)


def _join(town: Town, kept: int, joined: int, how: Confirmed = "officer") -> int:
    return join_people(town.house, NewJoin(kept, joined, how, "来电时核对"), _by(town))


def _group(town: Town, person: int) -> tuple[int, ...]:
    with town.house.database.reading() as connection:
        return people_joined(connection, person)


def _rows(town: Town) -> list[list[tuple[Any, ...]]]:
    """Whose issues, addresses and consents are whose."""
    with town.house.database.reading() as connection:
        queries = (
            select(t.issues.c.id, t.issues.c.reporter_id),
            select(t.addresses.c.id, t.addresses.c.participant_id),
            select(t.consents),
            select(t.participants.c.id, t.participants.c.name, t.participants.c.active),
        )
        return [[tuple(row) for row in connection.execute(one)] for one in queries]


def test_the_desk_reads_both_as_one_until_they_are_parted(town: Town) -> None:
    one, other = _resident(town, "a"), _resident(town, "b", "13800138000")
    before = _rows(town)
    number = _join(town, one, other)
    (line,) = callers(town.house, town.people["clerk"], PHONE, "", "zh")
    assert [earlier.subject for earlier in line.earlier] == ["路灯b不亮", "路灯a不亮"]
    part_people(town.house, number, "弄错了", _by(town, "p"))
    (line,) = callers(town.house, town.people["clerk"], PHONE, "", "zh")
    assert [earlier.subject for earlier in line.earlier] == ["路灯a不亮"]
    assert _rows(town) == before
    with town.house.database.reading() as connection:
        what = connection.execute(select(t.audit.c.what).where(t.audit.c.object == f"join:{number}")).scalars().all()
    assert sorted(what) == ["people-joined", "people-parted"]


@pytest.mark.parametrize("seed", range(6))
def test_any_joins_and_partings_come_back_to_where_they_began(town: Town, seed: int) -> None:
    chance = Random(seed)
    people = [_resident(town, str(number), f"1380013800{number}") for number in range(6)]
    before, holds = _rows(town), list[int]()
    for _ in range(12):
        if holds and chance.random() < 0.35:
            part_people(town.house, holds.pop(chance.randrange(len(holds))), "分开", _by(town))
        else:
            kept, joined = chance.sample(people, 2)
            try:
                holds.append(_join(town, kept, joined))
            except Unavailable:
                continue
            assert _group(town, kept) == _group(town, joined)
    # whoever is one person with somebody, is so with the same people
    assert all(_group(town, one) == _group(town, person) for person in people for one in _group(town, person))
    for number in holds:
        part_people(town.house, number, "分开", _by(town))
    assert [_group(town, person) for person in people] == [(person,) for person in people]
    assert _rows(town) == before


def test_only_what_the_resident_confirmed_is_handed_out_with_a_copy(town: Town) -> None:
    one, other = _resident(town, "a"), _resident(town, "b", "13800138000")

    def told() -> str:
        archive = ZipFile(BytesIO(personal_copy(town.house, one, "zh", town.clock.now)))
        return str(orjson.loads(archive.read("data.json"))["told"])

    number = _join(town, one, other)
    assert "路灯b不亮" not in told()
    part_people(town.house, number, "改由本人确认", _by(town))
    _join(town, one, other, "code")
    assert "路灯a不亮" in told()
    assert "路灯b不亮" in told()


@pytest.mark.parametrize("written", ["0592-5147085转8", "０５９２５１４７０８５", "+86 592 5147085 ext. 3"])
def test_a_caller_is_known_with_an_extension_and_however_the_number_is_written(town: Town, written: str) -> None:
    _resident(town, "a")
    assert len(callers(town.house, town.people["clerk"], written, "", "zh")) == 1


def test_a_join_needs_a_reason_and_two_people(town: Town) -> None:
    one = _resident(town, "a")
    with pytest.raises(Invalid) as wrong:
        join_people(town.house, NewJoin(one, one, "officer", " "), _by(town))
    assert set(wrong.value.errors) == {"other", "reason"}

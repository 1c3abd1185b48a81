"""Somebody asks to have put right what is held about them: it is changed, dated, noted twice, and answers the request."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from engine.refusal import Invalid, Unavailable
from huying.database import tables as t
from huying.errors import AlreadyDone
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal_all
from huying.evidence.verification import verify_evidence
from huying.house.by import By
from huying.privacy.correction import ContactCorrection, correct
from huying.privacy.requests import RequestWish, ask
from tests.huying.town import Town

RIGHT = ContactCorrection(name="李鸣", phone="13900000000", email="li@example.org")


def _by(town: Town) -> By:
    return By(town.people["office"], town.clock.now)


def _asked(town: Town, kind: str = "correction", person: int | None = None) -> tuple[int, int]:
    known = person or town.reporter(town.report())
    return ask(town.house, RequestWish(kind, known, "名字写错了"), _by(town)), known


def _one(town: Town, query: Any) -> Any:
    with town.house.database.reading() as connection:
        return connection.execute(query).one()


def _mails(town: Town, person: int) -> list[str]:
    with town.house.database.reading() as connection:
        return list(
            connection.execute(select(t.addresses.c.target).where(t.addresses.c.participant_id == person)).scalars()
        )


def test_it_is_written_dated_noted_and_the_answer(town: Town) -> None:
    number, person = _asked(town)
    town.clock.move(days=2)
    correct(town.house, number, RIGHT, _by(town))
    row = _one(town, select(t.participants).where(t.participants.c.id == person))
    assert (row.name, row.phone, _mails(town, person)) == ("李鸣", "13900000000", ["li@example.org"])
    found = select(t.participants.c.id).where(t.participants.c.phone_index == "13900000000")
    assert _one(town, found).id == person, "whoever calls from there is known"
    asked = _one(town, select(t.data_requests))
    assert (asked.state, asked.answer, asked.answered_by_id) == (
        "answered",
        "已更正：姓名、电话、电子邮箱。",
        town.people["office"],
    )
    deed = _one(town, select(t.register_deeds))
    assert (deed.by_id, deed.at) == (town.people["office"], town.clock.now)
    changed = _one(town, select(t.register_changes).where(t.register_changes.c.of_table == "participant"))
    assert (changed.before["name"], changed.after["name"], changed.person_id) == ("李明", "李鸣", person)
    line = _one(town, select(t.audit).where(t.audit.c.what == "data-corrected"))
    assert (line.about_id, line.by_id, line.at) == (person, town.people["office"], town.clock.now)
    assert line.detail == {"fields": ["email", "name", "phone"]}, "which, and not what"
    seal_all(town.house, notary_of(town.house.database), town.clock.now)
    assert verify_evidence(town.house, notary_of(town.house.database)).found == []


def test_what_is_left_empty_stays(town: Town) -> None:
    number, person = _asked(town)
    correct(town.house, number, ContactCorrection(name=" 李鸣 "), _by(town))
    row = _one(town, select(t.participants).where(t.participants.c.id == person))
    assert (row.name, row.phone, _mails(town, person)) == ("李鸣", "13800000000", [])
    assert _one(town, select(t.data_requests.c.answer)).answer == "已更正：姓名。"


def test_what_waits_to_be_sent_goes_to_the_right_address(town: Town) -> None:
    number, person = _asked(town)
    wrong = {"target": "wrong@example.org", "target_index": "wrong@example.org"}
    message = {
        **wrong,
        "key": "told.1",
        "participant_id": person,
        "channel": "mail",
        "sequence": 1,
        "occasion": "told",
        "template": "told",
        "template_version": "1",
        "language": "zh",
        "subject": "进展",
        "text": "已受理",
        "html": "",
        "status": "pending",
        "attempts": 0,
        "available_at": town.clock.now,
        "created_at": town.clock.now,
    }
    with town.house.database.writing() as connection:
        connection.execute(insert(t.addresses), {**wrong, "participant_id": person, "channel": "mail"})
        connection.execute(insert(t.deliveries), message)
    correct(town.house, number, ContactCorrection(email="li@example.org"), _by(town))
    assert _mails(town, person) == ["li@example.org"]
    assert _one(town, select(t.deliveries.c.target).where(t.deliveries.c.key == "told.1")).target == "li@example.org"


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        (ContactCorrection(), "name"),
        (ContactCorrection(email="nowhere"), "email"),
        (ContactCorrection(name="李" * 41), "name"),
        (ContactCorrection(name="李明", phone="13800000000"), "name"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(town: Town, wish: ContactCorrection, wrong: str) -> None:
    number, _ = _asked(town)
    with pytest.raises(Invalid) as refused:
        correct(town.house, number, wish, _by(town))
    assert set(refused.value.errors) == {wrong}
    assert _one(town, select(t.data_requests.c.state)).state == "open"


def test_whoever_serves_here_is_corrected_in_the_register_by_whoever_keeps_it(town: Town) -> None:
    number, _ = _asked(town, person=town.people["clerk"])
    with pytest.raises(Unavailable):
        correct(town.house, number, RIGHT, _by(town))


def test_it_answers_a_request_for_a_correction_and_that_once(town: Town) -> None:
    other, person = _asked(town, "access")
    with pytest.raises(Unavailable):
        correct(town.house, other, RIGHT, _by(town))
    number, _ = _asked(town, person=person)
    correct(town.house, number, RIGHT, _by(town))
    with pytest.raises(AlreadyDone):
        correct(town.house, number, ContactCorrection(name="李铭"), _by(town))
    assert _one(town, select(t.participants.c.name).where(t.participants.c.id == person)).name == "李鸣"

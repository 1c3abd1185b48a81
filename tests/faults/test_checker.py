"""The checker finds what it looks for: a sound house is doctored, each time in one way, and it names the fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from huying.database.tables import (
    candidates,
    deliveries,
    file_entries,
    history,
    issues,
    outbox,
    publications,
    timers,
    work_items,
)
from huying.timers.sweep import sweep
from tests.faults.checker import Outside, check
from tests.faults.fault import Tools, office
from tests.faults.record import Record
from tests.faults.world import World


@dataclass
class Evidence:
    """A sound house with one issue that is closed and one that is open, and what the clients and the world outside saw of it."""

    world: World
    records: list[Record]
    mails: dict[str, list[str]]
    calls: dict[str, list[bytes]]
    closed: int
    open: int

    def run(self, statement: Any) -> None:
        """Change the database behind everybody's back."""
        with self.world.house.database.writing() as connection:
            assert connection.execute(statement).rowcount

    def first(self, query: Any) -> Any:
        """The first row of a query."""
        with self.world.house.database.reading() as connection:
            return connection.execute(query).first()

    def found(self) -> list[str]:
        """What the checker says."""
        world = self.world
        return check(world.house, self.records, world.model, Outside(self.mails, self.calls), world.now)


@pytest.fixture
def evidence(tools: Tools) -> Iterator[Evidence]:
    with office(tools) as world:
        world.finish()
        closed = world.tell_story(world.name(), 20)
        world.finish()
        left_open = world.tell_story(world.name(), 0)
        world.come_to_rest()
        mails = {key: list(mails) for key, mails in world.post.mails.items()}
        yield Evidence(world, list(world.scene.ledger.records()), mails, dict(world.system.calls), closed, left_open)


def lost_operation(e: Evidence) -> None:
    e.records.append(Record(said="invoke", key="2:never", what="accept"))
    e.records.append(Record(said="ok", key="2:never", what="accept", issue=1, version=99))


def other_answer(e: Evidence) -> None:
    at = next(at for at, one in enumerate(e.records) if one.said == "ok")
    e.records[at] = replace(e.records[at], version=7)


def two_answers(e: Evidence) -> None:
    one = next(one for one in e.records if one.said == "ok")
    e.records.append(replace(one, version=7))


def refused_and_there(e: Evidence) -> None:
    key = next(one.key for one in e.records if one.said == "ok")
    e.records[:] = [one for one in e.records if one.key != key or one.said == "invoke"]
    e.records.append(Record(said="fail", key=key, what="accept"))


def asked_for_by_nobody(e: Evidence) -> None:
    key = next(one.key for one in e.records if one.said == "ok")
    e.records[:] = [one for one in e.records if one.key != key]


def doubled_transition(e: Evidence) -> None:
    row = e.first(select(history).where(history.c.kind == "act").order_by(history.c.sequence.desc()))
    e.run(insert(history).values(**{**row._asdict(), "sequence": row.sequence + 1, "request_key": None}))


def broken_chain(e: Evidence) -> None:
    e.run(update(history).where(history.c.kind == "act", history.c.issue_id == e.closed).values(actor_id=2))


def missing_entry(e: Evidence) -> None:
    e.run(delete(history).where(history.c.issue_id == e.closed, history.c.sequence == 3))


def other_state(e: Evidence) -> None:
    e.run(
        update(issues)
        .where(issues.c.id == e.closed)
        .values(state=e.first(select(issues.c.state).where(issues.c.id == e.open))[0])
    )


def item_of_another_day(e: Evidence) -> None:
    e.run(update(work_items).where(work_items.c.status == "open").values(due_at=e.world.now))


def task_nobody_sees(e: Evidence) -> None:
    e.run(delete(candidates).where(candidates.c.issue_id == e.open))


def lost_timer(e: Evidence) -> None:
    e.run(delete(timers).where(timers.c.issue_id == e.open))


def lost_effect(e: Evidence) -> None:
    e.run(delete(outbox).where(outbox.c.issue_id == e.closed, outbox.c.kind == "tell"))


def lost_message(e: Evidence) -> None:
    e.run(delete(deliveries).where(deliveries.c.issue_id == e.closed, deliveries.c.sequence == 1))


def unwritten_message(e: Evidence) -> None:
    e.mails.pop(next(iter(e.mails)))


def phantom_mail(e: Evidence) -> None:
    e.mails["<9.9.9.9.9.told@office.example>"] = ["somebody"]


def changed_repeat(e: Evidence) -> None:
    next(iter(e.mails.values())).append("somebody else, something else")


def message_given_up(e: Evidence) -> None:
    e.run(update(deliveries).where(deliveries.c.issue_id == e.closed).values(status="failed"))


def call_never_made(e: Evidence) -> None:
    e.calls.clear()


def call_with_another_body(e: Evidence) -> None:
    next(iter(e.calls.values())).append(b"{}")


def lost_entry(e: Evidence) -> None:
    e.run(delete(file_entries))


def doubled_entry(e: Evidence) -> None:
    row = e.first(select(file_entries))._asdict()
    e.run(insert(file_entries).values(**{**row, "id": None, "key": row["key"] + "2"}))


def lost_publication(e: Evidence) -> None:
    e.run(delete(publications))


def issue_opened_twice(e: Evidence) -> None:
    row = e.first(select(issues).where(issues.c.id == e.closed + 1))._asdict()
    e.run(insert(issues).values(**{**row, "id": None, "number": "XG-E2026-00099"}))


def effect_with_an_endless_lease(e: Evidence) -> None:
    ahead = {"status": "pending", "available_at": e.world.now + timedelta(days=365)}
    e.run(update(outbox).where(outbox.c.issue_id == e.open).values(**ahead))


def effect_that_nobody_takes(e: Evidence) -> None:
    e.run(
        update(outbox)
        .where(outbox.c.issue_id == e.open)
        .values(status="pending", available_at=e.world.now - timedelta(hours=1))
    )


def timer_with_an_endless_lease(e: Evidence) -> None:
    e.run(update(timers).values(leased_until=e.world.now + timedelta(days=365)))


def timer_that_does_not_fire(e: Evidence) -> None:
    e.world.now += timedelta(days=30)


def message_with_an_endless_lease(e: Evidence) -> None:
    ahead = {"status": "pending", "available_at": e.world.now + timedelta(days=365)}
    e.run(update(deliveries).where(deliveries.c.issue_id == e.open).values(**ahead))


def step_that_nobody_carries_out(e: Evidence) -> None:
    e.world.tell_story("", 0, issue_id=e.open)
    e.world.next_step("")
    e.run(update(outbox).where(outbox.c.kind == "request").values(status="done"))


def timer_that_fired_too_early(e: Evidence) -> None:
    sweep(e.world.house, e.world.now + timedelta(days=30))


CASES: tuple[tuple[Callable[[Evidence], None], str], ...] = (
    (lost_operation, "lost: acknowledged as (1, 99), and not in any history"),
    (other_answer, "and in the history as"),
    (two_answers, "one request has two answers"),
    (refused_and_there, "was refused each time, and is in the history"),
    (asked_for_by_nobody, "was asked for by nobody"),
    (doubled_transition, "doubled: act"),
    (broken_chain, "was changed"),
    (missing_entry, "is missing"),
    (other_state, "The state is not what the history says"),
    (item_of_another_day, "The open work items are not those of the state"),
    (task_nobody_sees, "Who is asked is not what the state says"),
    (lost_timer, "The timers are not those of the state"),
    (lost_effect, "lost: ('effect', 0, 'tell')"),
    (lost_message, "lost: ('message', 0"),
    (unwritten_message, "lost: counted as sent, and the mail server has never seen it"),
    (phantom_mail, "a mail that nobody wrote"),
    (changed_repeat, "one Message-ID, several messages"),
    (message_given_up, "failed"),
    (call_never_made, "the other system was never called"),
    (call_with_another_body, "one key, several bodies"),
    (lost_entry, "0 entries in yearly files"),
    (doubled_entry, "2 entries in yearly files"),
    (lost_publication, "nothing was published"),
    (issue_opened_twice, "(2 with this parent)"),
    (effect_with_an_endless_lease, "effect tell is not carried out"),
    (effect_that_nobody_takes, "effect tell is not carried out"),
    (timer_with_an_endless_lease, "has not fired"),
    (timer_that_does_not_fire, "has not fired"),
    (timer_that_fired_too_early, "has fired already"),
    (message_with_an_endless_lease, "is not sent"),
    (step_that_nobody_carries_out, "Nothing is under way for step ask-outside"),
)


def test_a_sound_house_is_found_sound(evidence: Evidence) -> None:
    assert evidence.found() == []


@pytest.mark.parametrize(("doctor", "words"), CASES, ids=[case[0].__name__ for case in CASES])
def test_a_doctored_house_is_found_out(evidence: Evidence, doctor: Callable[[Evidence], None], words: str) -> None:
    doctor(evidence)
    assert any(words in one for one in evidence.found()), evidence.found()

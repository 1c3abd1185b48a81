"""Giving up: tried ever later as the step says; then incident, effect and visit change together; tried again, it is the same effect."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from engine.effect import Request
from engine.event import Cancel, Move, Skip, TryAgain
from engine.refusal import Gone, Invalid, NotAllowed, Unavailable
from huying.database.connections import Database
from huying.database.tables import history, outbox
from huying.effects import failure
from huying.effects.carriers import carry
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.incidents.remedy import Righted
from huying.incidents.settlement import settle
from huying.incidents.supply import supply
from huying.issues.deeds import happen
from huying.issues.verification import verify
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from huying.services.stalled import lingering
from huying.timers.correction import set_right
from tests.huying.calling_office import CALLING, CallingOffice, calling_office


@pytest.fixture
def office(copied: tuple[Database, dict[str, int]], tmp_path: Path, now: datetime) -> Iterator[CallingOffice]:
    with calling_office(copied, tmp_path / "files", now) as made:
        yield made


def stuck(office: CallingOffice, request_id: str = "one") -> int:
    """An issue whose call was given up."""
    office.registry.failures = 3
    issue = office.open(request_id)
    office.carry(tries=3)
    return issue


def test_a_call_that_works_in_the_end_is_no_incident(office: CallingOffice) -> None:
    office.registry.failures = 2
    issue = office.open()
    office.carry(tries=3)
    assert office.incidents() == []
    assert office.state(issue).data["found"] == 7
    assert len(set(office.registry.taken)) == 1, "the same key at every try"


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_waits_grow_as_the_step_says_and_are_spread(office: CallingOffice, jitter: float) -> None:
    office.registry.failures = 3
    office.open()
    office.carry(tries=3, jitter=jitter)
    spread = 0.75 + jitter / 2
    assert office.waits == [timedelta(seconds=10 * spread), timedelta(seconds=15 * spread)]


def test_what_the_process_says_of_trying_again_holds_for_steps_that_say_nothing(office: CallingOffice) -> None:
    own = "    retry: {times: 3, first: 10 seconds, longest: 15 seconds}\n"
    text = CALLING.replace(own, "").replace("id: lookup", "id: hasty") + "retry: {times: 2, first: 1 minute}\n"
    publish(office.house, text.encode(), "hasty.yaml", Imprint("test", office.now))
    office.registry.failures = 2
    office.open(definition="hasty")
    office.carry(tries=2)
    assert office.waits == [timedelta(minutes=1)]
    assert [(row.status, row.attempts) for row in office.incidents()] == [("open", 2)]


def test_a_waiting_try_is_no_sign_of_a_wrong_clock(office: CallingOffice) -> None:
    text = CALLING.replace("id: lookup", "id: slow").replace(
        "{times: 3, first: 10 seconds, longest: 15 seconds}", "{times: 3, first: 1 hour, longest: 1 hour}"
    )
    publish(office.house, text.encode(), "slow.yaml", Imprint("test", office.now))
    office.registry.failures = 1
    office.open(definition="slow")
    begun = office.now
    office.carry(jitter=1.0)
    assert office.waits == [timedelta(hours=1) * 1.25]
    assert set_right(office.house, begun) == 0
    assert lingering(office.house, begun) == []


def test_what_is_given_up_is_an_incident_with_its_reason_and_the_issue_stands(office: CallingOffice) -> None:
    issue = stuck(office)
    (row,) = office.incidents()
    assert (row.status, row.kind, row.step, row.attempts) == ("open", "request", "look", 3)
    assert "503" in row.reason
    assert office.effect_status(issue) == ["failed"]
    assert office.state(issue).visits[0].incident is not None
    assert office.kinds(issue) == ["open", "result"]


def test_a_crash_while_giving_up_leaves_either_all_of_it_or_nothing(
    office: CallingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    office.registry.failures = 3
    issue = office.open()
    office.carry(tries=2)
    with monkeypatch.context() as patched:
        patched.setattr(failure, "open_incident", die)
        with pytest.raises(Killed):
            office.carry()
    assert (office.incidents(), office.effect_status(issue), office.kinds(issue)) == ([], ["pending"], ["open"])
    assert office.state(issue).visits[0].incident is None
    office.registry.failures = 1
    office.now += timedelta(minutes=2)
    office.carry()
    assert [row.status for row in office.incidents()] == ["open"]
    assert office.effect_status(issue) == ["failed"]


def test_where_the_process_has_its_own_way_there_is_no_incident(office: CallingOffice) -> None:
    office.registry.failures = 10
    issue = office.open(definition="careful")
    office.carry(tries=10)
    assert office.incidents() == []
    assert [visit.step for visit in office.state(issue).visits] == ["check"]
    assert office.effect_status(issue) == ["failed"]


def test_retry_says_fixed_only_when_it_is_and_calls_with_the_same_key(office: CallingOffice) -> None:
    issue = stuck(office)
    office.registry.failures = 4
    assert office.right("retry") == Righted(1, 1, 0, 0, {})
    assert office.effect_status(issue) == ["pending"]
    office.carry()
    (row,) = office.incidents()
    assert (row.status, row.attempts) == ("retrying", 1), "a failure that is not the last does not give it up"
    office.carry(tries=2)
    (row,) = office.incidents()
    assert (row.status, row.attempts) == ("open", 3), "it failed again, with all its tries"
    assert office.state(issue).visits[0].incident is not None
    office.right("retry")
    office.carry()
    assert [one.status for one in office.incidents()] == ["retrying"]
    office.carry()
    (row,) = office.incidents()
    assert (row.status, row.outcome) == ("closed", "fixed"), "in the transaction that brings the answer"
    assert office.state(issue).data["found"] == 7
    assert office.kinds(issue) == ["open", "result", "retry", "result", "retry", "result"]
    assert len(set(office.registry.taken)) == 1, "the other system can tell that it is the same call"
    assert office.effect_status(issue) == ["done"]
    assert verify(office.house).faults == []


def test_two_who_press_retry_at_once_have_it_tried_once(office: CallingOffice) -> None:
    issue = stuck(office)
    answers: list[Righted] = []
    barrier = threading.Barrier(2)

    def press(name: str) -> None:
        barrier.wait()
        answers.append(office.right("retry", name, key=name))

    threads = [threading.Thread(target=press, args=(name,)) for name in ("clerk", "centre")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.done for answer in answers) == [0, 1]
    assert office.kinds(issue).count("retry") == 1
    assert [row.status for row in office.incidents()] == ["retrying"]


def test_skip_needs_a_reason_and_the_issue_goes_on_without_it(office: CallingOffice) -> None:
    issue = stuck(office)
    with pytest.raises(Invalid):
        office.right("skip", reason=" ")
    assert office.right("skip", reason="电话已核实").done == 1
    (row,) = office.incidents()
    assert (row.outcome, row.closed_by_id, row.note) == ("skipped", office.city["clerk"], "电话已核实")
    assert [visit.step for visit in office.state(issue).visits] == ["check"]
    assert office.effect_status(issue) == ["skipped"]
    assert office.right("retry").gone == 1
    assert lingering(office.house, office.now) == []


def test_a_retry_can_be_skipped_while_it_runs(office: CallingOffice) -> None:
    issue = stuck(office)
    office.right("retry")
    (effect,) = [one for one in claim_effects(office.house, office.now) if isinstance(one.effect, Request)]
    office.right("skip", reason="等不及")
    carry(office.house, effect, office.now)
    assert settle(office.house, office.now) == 0
    assert office.incidents()[0].outcome == "skipped"
    assert office.effect_status(issue) == ["skipped"]
    assert [visit.step for visit in office.state(issue).visits] == ["check"]


def test_staff_give_the_answer_by_hand(office: CallingOffice) -> None:
    issue = stuck(office)
    (row,) = office.incidents()
    clerk = By(office.city["clerk"], office.now)
    with pytest.raises(Invalid) as wrong:
        supply(office.house, row.id, {"found": "many"}, "电话核实", dataclasses.replace(clerk, request_id="a"))
    assert set(wrong.value.errors) == {"found"}
    with pytest.raises(Invalid):
        supply(office.house, row.id, {"found": "12"}, "", dataclasses.replace(clerk, request_id="b"))
    supply(office.house, row.id, {"found": "12"}, "电话核实", dataclasses.replace(clerk, request_id="c"))
    (row,) = office.incidents()
    assert (row.outcome, row.note, row.closed_by_id) == ("supplied", "电话核实", office.city["clerk"])
    assert office.state(issue).data["found"] == 12
    assert office.kinds(issue)[-1] == "supply"
    assert office.effect_status(issue) == ["skipped"]


def test_what_the_issue_goes_on_without_is_superseded(office: CallingOffice) -> None:
    issue = stuck(office)
    moved = Move("check", "改人工")
    happen(office.house, issue, moved, By(office.city["centre"], office.now, "m"))
    assert office.incidents()[0].outcome == "superseded"
    assert office.effect_status(issue) == ["skipped"]


def test_what_concerns_no_step_is_retried_and_skipped_by_the_kernel_too(office: CallingOffice) -> None:
    issue = office.open()
    office.carry()
    broken(office, issue)
    (row,) = office.incidents()
    assert (row.kind, row.visit, row.attempts, row.status) == ("tell", None, 10, "open")
    thing = f"effect:{row.what_id}"
    clerk = By(office.city["clerk"], office.now)
    with pytest.raises(Gone):
        happen(office.house, issue, Skip(0, "r", "effect:99999"), dataclasses.replace(clerk, request_id="w"))
    stranger = office.city["resident"]
    with pytest.raises(NotAllowed):
        happen(office.house, issue, Skip(0, "r", thing), By(stranger, office.now, "n"))
    assert office.kinds(issue) == ["open", "result"], "what changes nothing stands in no history"
    office.right("retry")
    with pytest.raises(Unavailable):
        happen(office.house, issue, TryAgain(0, "", thing), dataclasses.replace(clerk, request_id="z"))
    office.carry(tries=10)
    assert [one.status for one in office.incidents()] == ["open"]
    assert office.right("skip", reason="已当面告知").done == 1
    with office.house.database.reading() as connection:
        last = connection.execute(select(history).order_by(history.c.sequence.desc()).limit(1)).one()
    assert (last.kind, last.event.thing, last.event.reason) == ("skip", thing, "已当面告知")
    assert verify(office.house).faults == []


def test_skipping_something_of_a_closed_issue_leaves_when_it_was_closed(office: CallingOffice) -> None:
    issue = office.open()
    office.carry()
    broken(office, issue)
    clerk = office.city["clerk"]
    happen(office.house, issue, Cancel("重复"), By(clerk, office.now, "x"))
    closed = office.row(issue).closed_at
    office.now += timedelta(days=1)
    assert office.right("skip", reason="不再需要").done == 1
    assert (office.row(issue).closed_at, office.kinds(issue)[-1]) == (closed, "skip")


def broken(office: CallingOffice, issue: int) -> None:
    """One effect whose payload cannot be carried out, tried until it is given up."""
    with office.house.database.writing() as connection:
        one = connection.execute(select(outbox).where(outbox.c.issue_id == issue, outbox.c.kind == "tell")).first()
        assert one is not None
        values = {
            "payload": replace(one.payload, parties=("nobody",)),
            "status": "pending",
            "attempts": 0,
            "available_at": office.now,
        }
        connection.execute(update(outbox).where(outbox.c.id == one.id).values(**values))
    office.carry(tries=10)

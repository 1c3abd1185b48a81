"""Whatever the definition and whatever people do, an issue stays whole (docs/en/semantics.md, Invariants)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from definitions.model.field import Field
from engine import (
    EMPTY,
    Actor,
    Candidate,
    Opening,
    Outcome,
    Process,
    Refusal,
    State,
    available,
    fold,
    start,
    transition,
)
from engine.books.memory import MemoryBooks
from engine.change import Change
from engine.codec import decode_changes, decode_state, encode
from engine.deadlines.deadline import again
from engine.due import due, next_moment
from engine.event import (
    Absorb,
    Act,
    AddSigner,
    Answer,
    Ask,
    AskExtension,
    AskShelving,
    BreakPromise,
    Cancel,
    Claim,
    Comment,
    Connect,
    Delegate,
    Depart,
    Event,
    Fire,
    KeepPromise,
    Merge,
    Message,
    Move,
    MoveDeadline,
    Reassign,
    ReckonAgain,
    Release,
    Reopen,
    Reply,
    Result,
    Resume,
    Skip,
    Supervise,
    Supply,
    Suspend,
    Transfer,
    TryAgain,
    Unshelve,
    Urge,
    Withdraw,
)
from engine.memory import MemoryDirectory
from engine.refusal import Invalid, Occupied, Unavailable
from engine.rules.clocks import all_targets, deadline_at, stands
from tests.engine.random_definitions import definitions, sound
from tests.examples import examples

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DIRECTORY = MemoryDirectory(
    people={
        "staff of station": [Candidate(party="participant:11"), Candidate(party="participant:12")],
        "deputies of nearest station": [Candidate(party="participant:23", level="district")],
        "deputies of nearest station, city": [Candidate(party="participant:24", level="city")],
        "deputies of station": [
            Candidate(party="participant:21", load=2),
            Candidate(party="participant:22", on_duty=True),
        ],
    },
    departments=frozenset({"organisation:1", "organisation:2", "organisation:3"}),
    books=MemoryBooks(counted={"seen": 2}),
)
OPENING = Opening(station=1, station_code="XG", reporter="participant:99", sequence=7, values={"subject": "x"})


WAITS_ALONE = ("receive", "call", "request", "wait")


def check_whole(process: Process, state: State) -> None:
    """Invariants 1 and 2."""
    if state.status == "closed":
        assert not state.visits
        assert not state.items
        assert not state.bookings, "what was booked is free again"
        assert all(timer.promise is not None for timer in state.timers), "only promises outlive their issue"
        assert state.resolution
        return
    leaves = [visit for visit in state.visits if not state.children(visit.number)]
    assert leaves, "an open issue is somewhere"
    for visit in leaves:
        alone = any(hasattr(process.definition.steps[visit.step], kind) for kind in WAITS_ALONE)
        asked = [item for item in state.open_items(visit.number) if not item.waiting]
        assert asked or alone, "every open step waits for somebody, or for something that the clock ends"
        timed = [timer for timer in state.timers if timer.visit == visit.number]
        assert timed or asked or visit.paused_at or state.suspended or visit.due_at, (
            "a step that waits alone has an end"
        )
    assert all(item.candidates for item in state.items), "and everything has an owner"
    numbers = [visit.number for visit in state.visits]
    numbers += [item.number for item in state.items]
    numbers += [timer.number for timer in state.timers]
    numbers += [promise.number for promise in state.promises]
    assert len(numbers) == len(set(numbers))
    assert max(numbers) <= state.last_number
    assert {item.visit for item in state.items} <= {visit.number for visit in state.visits}
    assert {timer.visit for timer in state.timers} <= {0, *(visit.number for visit in state.visits)}
    assert {visit.parent for visit in state.visits} <= {None, *(visit.number for visit in state.visits)}


def check_clocks(process: Process, state: State, now: datetime) -> None:
    """Invariant 5: a clock that runs will ring, one that stands will not, and every deadline is what its rule comes to."""
    targets = list(all_targets(state))
    for target in targets:
        deadline = deadline_at(state, target)
        assert deadline is not None
        assert again(deadline, process.calendar) == deadline
        rings = [timer for timer in state.timers if target.has(timer) and timer.purpose != "shelved"]
        held = [timer for timer in state.held if target.has(timer)]
        if stands(state, target):
            assert not rings, "nothing rings while the clock stands"
        else:
            # the clock of a question runs while the issue stands still, but nothing rings then
            assert not held or state.suspended, "nothing is kept for later while it runs"
            ends = [timer.due_at for timer in rings if timer.purpose in ("overdue", "wait", "unanswered")]
            assert deadline.due_at in ends or deadline.due_at <= now, "it will ring when the time is up"
    for timer in (*state.timers, *state.held):
        alone = timer.promise is not None or timer.purpose in ("shelved", "suspended")
        assert alone or any(one.has(timer) for one in targets)
    looked_after = [timer for timer in state.timers if timer.purpose == "suspended"]
    assert len(looked_after) == (state.suspended and state.status == "open"), (
        "whatever is suspended is brought up again"
    )
    for visit in state.visits:
        laid = [timer for timer in state.timers if timer.visit == visit.number and timer.purpose == "shelved"]
        assert len(laid) == (visit.shelved_until is not None), "what was laid aside is taken up again by itself"


def answers(data: st.DataObject, ask: dict[str, Field]) -> dict[str, Any]:
    """Right answers to a form."""
    values: dict[str, Any] = {}
    for name, field in ask.items():
        match field.type:
            case "integer":
                values[name] = data.draw(st.integers(0, 5))
            case "department":
                values[name] = data.draw(st.sampled_from(sorted(DIRECTORY.departments)))
            case "date":
                values[name] = data.draw(st.sampled_from(["2026-03-05", "2026-04-01"]))
            case "departments":
                values[name] = data.draw(st.lists(st.sampled_from(sorted(DIRECTORY.departments)), max_size=2))
            case _:
                values[name] = "text"
    return values


STAFF = Actor("participant:1", frozenset({"participant:1"}), oversees=True, manages=True)
REPORTER = Actor("participant:99", frozenset({"participant:99"}))
OTHERS = ("participant:31", "organisation:3")


def aside(data: st.DataObject, process: Process, state: State) -> tuple[Event, Actor | None]:
    """Anything that can happen beside the actions of the definition, whether it is allowed now or not."""
    items = [item.number for item in state.items] or [1]
    item, visit = data.draw(st.sampled_from(items)), data.draw(st.sampled_from([v.number for v in state.visits] or [1]))
    to = data.draw(st.sampled_from(OTHERS))
    step = data.draw(st.sampled_from(sorted(process.definition.steps)))
    holder = next((one for one in state.items if one.number == item), None)
    person = Actor(holder.owner or "participant:5", frozenset(holder.candidates)) if holder else REPORTER
    offered = Actor("participant:31", frozenset(OTHERS))
    promise = state.promises[0].number if state.promises else 1
    whom = data.draw(st.sampled_from([*OTHERS, "participant:99"]))
    deeds: list[tuple[Event, Actor | None]] = [
        (Delegate(item, to, "r"), person),
        (Delegate(item, None), person),
        (Transfer(item, to, "r"), person),
        (Reply(item, data.draw(st.booleans())), offered),
        (Ask(item, whom, "?", data.draw(st.sampled_from(["question", "consult", "sign"]))), person),
        (Answer(item, "!", data.draw(st.booleans())), data.draw(st.sampled_from([person, offered, REPORTER]))),
        (AddSigner(item, to), person),
        (Withdraw("r"), REPORTER),
        (Urge("now"), REPORTER),
        (Comment("so"), REPORTER),
        (Supervise(to, "r"), STAFF),
        (Message("news", {"score": 3}), None),
        (Result(visit, values={"score": 3, "resolution": "good"}), None),
        (Result(visit, called="issue:8", ended=False), None),
        (Result(visit, failed="away"), None),
        (TryAgain(visit), STAFF),
        (Skip(visit, "r"), STAFF),
        (Skip(0, "r", "effect:1"), STAFF),
        (Skip(0, "r", "timer:1.1", state.timers[0].number if state.timers else 1), STAFF),
        (Supply(visit, {"score": 3}, "r"), STAFF),
        (KeepPromise(promise, "done"), STAFF),
        (BreakPromise(promise, "r"), STAFF),
        (Move(step, "r"), STAFF),
        (Move(step, "r", visit), STAFF),
        (Reassign((to,), "r", item=item), STAFF),
        (Reassign(("participant:31",), "r", role="deputy"), STAFF),
        (Suspend("r"), STAFF),
        (Resume(), STAFF),
        (Cancel("r"), STAFF),
        (Merge("issue:8", "r"), STAFF),
        (Absorb("issue:9", ("participant:98",)), None),
        (Connect("related", "issue:9"), None),
        (Reopen("r", step), STAFF),
        (Reopen("r"), REPORTER),
        (AskExtension(item, data.draw(st.sampled_from(["1 day", "2 working days"])), "r"), person),
        (AskShelving(item, data.draw(st.sampled_from(["2026-03-05", "2026-03-11"])), "r"), person),
        (Unshelve(visit, "r"), data.draw(st.sampled_from([person, STAFF]))),
        (
            MoveDeadline(
                data.draw(st.sampled_from([f"visit:{visit}", f"item:{item}", "limit:issue"])), "2026-03-20", "r"
            ),
            STAFF,
        ),
        (ReckonAgain(), None),
        (Depart(to, data.draw(st.booleans())), None),
        (Depart(_concerned(data, state), data.draw(st.booleans())), None),
    ]
    return data.draw(st.sampled_from(deeds))


def _concerned(data: st.DataObject, state: State) -> str:
    """Somebody who has to do with an issue, or did."""
    parties = {party for item in state.items for party in (*item.candidates, item.owner, item.delegate) if party}
    parties |= {party for held in state.roles.values() for party in held}
    return data.draw(st.sampled_from(sorted(parties | {"participant:1"})))


def happen(data: st.DataObject, process: Process, state: State, now: datetime) -> tuple[Outcome | None, datetime]:
    """Something that happens next: a person acts, claims or gives back, time passes until a timer fires, or anything else is tried.

    ``None`` when it was refused.
    """
    moment = next_moment(state)
    if moment is not None and data.draw(st.integers(0, 3)) == 0:
        now = max(now, moment)
        return transition(process, state, Fire(due(state, now)[0].number), now, DIRECTORY), now
    now += timedelta(minutes=data.draw(st.integers(0, 600)))
    ready = available(process, state, None, now)
    if not ready or data.draw(st.integers(0, 2)) == 0:
        event, actor = aside(data, process, state)
        try:
            return transition(process, state, event, now, DIRECTORY, actor), now
        except Refusal:
            return None, now
    possible = data.draw(st.sampled_from(ready))
    person = Actor(possible.item.owner or "participant:5", frozenset(possible.item.candidates))
    if data.draw(st.integers(0, 4)) == 0 or not possible.actions:
        event = Release(possible.item.number) if possible.item.owner else Claim(possible.item.number)
        return transition(process, state, event, now, DIRECTORY, person), now
    action = data.draw(st.sampled_from(sorted(possible.actions)))
    values = answers(data, dict(possible.actions[action].ask))
    try:
        return transition(process, state, Act(possible.item.number, action, values), now, DIRECTORY, person), now
    except (Unavailable, Occupied):
        return None, now
    except Invalid:
        assert possible.actions[action].book, "a form that was filled in is in order"
        return None, now


@examples(150, healthy=False)
@given(definition=definitions(), data=st.data())
def test_no_sequence_of_events_breaks_the_invariants(definition: Definition, data: st.DataObject) -> None:
    assume(sound(definition))
    process = Process(definition, load_calendar("china"))
    now = MORNING
    outcome: Outcome | None = start(process, OPENING, now, DIRECTORY)
    history: list[tuple[Change, ...]] = []
    state = EMPTY
    for _ in range(data.draw(st.integers(1, 40))):
        if outcome is None:
            outcome, now = happen(data, process, state, now)
            continue
        history.append(outcome.changes)
        state = outcome.state
        check_whole(process, state)
        check_clocks(process, state, now)
        assert fold(history) == state, "the history folded from nothing is the state"
        assert decode_state(encode(state)) == state
        assert decode_changes(encode(outcome.changes)) == outcome.changes
        if state.status == "closed" and not data.draw(st.booleans()):
            break
        outcome, now = happen(data, process, state, now)
    assert state.version == len(history)


@examples(60, healthy=False)
@given(definition=definitions(), data=st.data())
def test_a_stranger_can_do_nothing(definition: Definition, data: st.DataObject) -> None:
    assume(sound(definition))
    process = Process(definition, load_calendar("china"))
    state = start(process, OPENING, MORNING, DIRECTORY).state
    stranger = Actor("participant:666", frozenset({"participant:666"}))
    assert available(process, state, stranger) == ()
    for item in state.items:
        for event in (Act(item.number, "first"), Claim(item.number), Release(item.number)):
            with pytest.raises(Refusal) as refused:
                transition(process, state, event, MORNING, DIRECTORY, stranger)
            assert refused.value.code in ("not-allowed", "gone")

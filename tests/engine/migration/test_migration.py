"""A running issue goes on by another version: what was done stays done, what has rung does not ring again, and nobody is left behind."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from definitions import checks
from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from engine import EMPTY, Actor, Outcome, Process, State, fold, start, transition
from engine.change import Change, Entered
from engine.codec import decode_changes, decode_state, encode, plain
from engine.due import due
from engine.event import Act, Answer, Ask, AskExtension, Event, Fire, Migrate, Result, Suspend
from engine.migration.check import Versions, obstacles
from engine.migration.migration import Hindered, migrate
from engine.migration.plan import Deadlines, MigrationPlan, StepMove
from engine.migration.proposal import propose
from tests.engine.random_definitions import bodies, sound, text
from tests.engine.test_invariants import DIRECTORY, OPENING, check_clocks, check_whole, happen
from tests.examples import examples

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CHINA = load_calendar("china")
MIGRATE = Migrate(before=1, after=2, reason="new rules", migration=1, leaving=10, entering=20)
CLERK = Actor("participant:11", frozenset({"participant:11"}))


def say(action: dict[str, Any]) -> dict[str, Any]:
    return {"title": text("action"), **action}


BODY: dict[str, Any] = {
    "id": "matter",
    "title": text("matter"),
    "calendar": "china",
    "number": "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}",
    "fields": {
        "subject": {"type": "text", "title": text("subject")},
        "score": {"type": "integer", "title": text("score"), "required": False},
        "lead": {"type": "department", "title": text("lead"), "required": False},
        "assist": {"type": "departments", "title": text("assist"), "required": False},
    },
    "roles": {
        "clerk": {"title": text("clerk"), "staff of": "station"},
        "lead": {"title": text("lead"), "departments": "lead"},
        "assist": {"title": text("assist"), "departments": "assist"},
    },
    "resolutions": {"good": text("good")},
    "intake": {
        "register": {
            "title": text("register"),
            "task": "clerk",
            "within": "3 working days",
            "remind": "1 day before",
            "overdue": [{"tell": "clerk"}, {"after": "2 days", "tell": "reporter"}],
            "extend": {"by": "up to 2 working days", "approved by": "clerk"},
            "actions": {
                "ask": say({"to": "handle", "ask": {
                    "lead": {"type": "department", "title": text("lead")},
                    "assist": {"type": "departments", "title": text("assist")},
                }}),
                "split": say({"to": "both"}),
                "call": say({"to": "look"}),
            },
        },
        "handle": {
            "title": text("handle"),
            "each": ["lead", "assist"],
            "until": "all",
            "within": "15 working days",
            "overdue": {"tell": "clerk"},
            "actions": {"agree": say({"vote": "for"}), "object": say({"vote": "against"})},
            "to": "end",
        },
        "both": {"title": text("both"), "parallel": ["left", "right"], "to": "confirm"},
        "left": {
            "title": text("left"), "task": "clerk", "to": "confirm",
            "within": "2 days", "overdue": {"tell": "clerk"}, "actions": {"done": say({})},
        },
        "right": {
            "title": text("right"), "task": "clerk", "to": "confirm",
            "within": "9 days", "overdue": {"tell": "clerk"}, "actions": {"done": say({})},
        },
        "look": {
            "title": text("look"), "call": "other", "save": {"score": "score"},
            "within": "9 days", "overdue": {"to": "confirm"}, "to": "confirm",
        },
        "confirm": {
            "title": text("confirm"), "task": "reporter", "within": "5 days",
            "overdue": {"to": "end", "as": "good"}, "actions": {"yes": say({"to": "end", "as": "good"})},
        },
    },
    "closure": {"end": {"title": text("end"), "close": "good"}},
}  # fmt: skip


def process(body: dict[str, Any]) -> Process:
    return Process(Definition.model_validate(body), CHINA)


def changed(**steps: Any) -> dict[str, Any]:
    """The definition with some steps saying other things; ``None`` takes a key away."""
    body = deepcopy(BODY)
    for key, said in steps.items():
        body["intake"][key] = {
            name: one for name, one in {**body["intake"].get(key, {}), **said}.items() if one is not None
        }
    return body


def renamed(body: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The definition with a step called otherwise."""
    found: dict[str, Any] = json.loads(json.dumps(body).replace(f'"{old}"', f'"{new}"').replace(f"'{old}.", f"'{new}."))
    return found


OLD = process(BODY)


def opened(first: str | None = None, **values: Any) -> State:
    """An issue of the old version, after the clerk's first action."""
    state = start(OLD, OPENING, MORNING, DIRECTORY).state
    return state if first is None else then(state, Act(state.items[0].number, first, values), CLERK)


def then(state: State, event: Event, actor: Actor | None = None, by: Process = OLD, now: datetime = MORNING) -> State:
    return transition(by, state, event, now, DIRECTORY, actor).state


def over(state: State, new: Process, plan: MigrationPlan | None = None, now: datetime = MORNING) -> Outcome:
    """The issue by the new version, under the plan that is proposed."""
    plan = plan or propose(OLD.definition, new.definition).plan
    return migrate(Versions(OLD, new), plan, state, MIGRATE, now, DIRECTORY)


def why_not(
    state: State, new: Process, plan: MigrationPlan | None = None, now: datetime = MORNING
) -> list[tuple[str, str]]:
    plan = plan or propose(OLD.definition, new.definition).plan
    return [(one.kind, one.about) for one in obstacles(Versions(OLD, new), plan, state, now, DIRECTORY)]


def test_a_version_that_says_the_same_changes_nothing_but_the_count() -> None:
    state = opened()
    after = over(state, process(BODY)).state
    assert after.version == state.version + 1
    assert (after.visits, after.items, after.timers, after.data) == (
        state.visits,
        state.items,
        state.timers,
        state.data,
    )


def test_a_step_with_another_name_keeps_its_task_its_deadline_and_what_rings() -> None:
    state = opened()
    new = process(renamed(BODY, "register", "receive"))
    plan = propose(OLD.definition, new.definition).plan
    assert why_not(state, new) == [("mapping", "register")]
    plan = MigrationPlan({**plan.steps, "register": StepMove("receive")}, plan.fields, plan.roles)
    outcome = over(state, new, plan)
    assert [visit.step for visit in outcome.state.visits] == ["receive"]
    assert [item.step for item in outcome.state.items] == ["receive"]
    assert outcome.state.timers == state.timers
    assert outcome.state.items[0].candidates == state.items[0].candidates
    assert outcome.effects == (), "nobody is told"
    done = then(outcome.state, Act(state.items[0].number, "split"), CLERK, by=new)
    assert {visit.step for visit in done.visits} == {"both", "left", "right"}


# E1: a branch waits already where the branches join
def test_branches_that_have_joined_stay_joined() -> None:
    state = opened("split")
    left = next(item for item in state.items if item.step == "left")
    state = then(state, Act(left.number, "done"), CLERK)
    new = process(renamed(BODY, "right", "second"))
    plan = propose(OLD.definition, new.definition).plan
    plan = MigrationPlan({**plan.steps, "right": StepMove("second")}, plan.fields, plan.roles)
    after = over(state, new, plan).state
    (composite,) = [visit for visit in after.visits if visit.step == "both"]
    assert (composite.joined, composite.branches) == (1, 2)
    second = next(item for item in after.items if item.step == "second")
    assert [visit.step for visit in then(after, Act(second.number, "done"), CLERK, by=new).visits] == ["confirm"]


def test_where_one_branch_is_enough_by_the_new_version_the_issue_goes_on_at_once() -> None:
    state = opened("split")
    left = next(item for item in state.items if item.step == "left")
    state = then(state, Act(left.number, "done"), CLERK)
    after = over(state, process(changed(both={"join": "any"}))).state
    assert [visit.step for visit in after.visits] == ["confirm"]


def test_a_branch_that_would_miss_the_join_is_held_back() -> None:
    state = opened("split")
    aside = process(changed(right={"to": "elsewhere"}, elsewhere={**BODY["intake"]["left"], "to": "end"}))
    assert why_not(state, aside) == [("blocked", "right")]


# E2: tasks of several people
def test_votes_and_answers_are_kept() -> None:
    state = opened("ask", lead="organisation:1", assist=["organisation:2", "organisation:3"])
    first = state.items[0]
    person = Actor("participant:31", frozenset({"participant:31", "organisation:1"}))
    state = then(state, Act(first.number, "agree"), person)
    new = process(changed(handle={"title": text("handling"), "remind": "1 day before"}))
    after = over(state, new).state
    assert [(item.done, item.vote) for item in after.items] == [(True, "for"), (False, None), (False, None)]
    assert after.items == state.items


def test_when_enough_have_voted_by_the_new_version_the_issue_goes_on() -> None:
    state = opened("ask", lead="organisation:1", assist=["organisation:2", "organisation:3"])
    for item in state.items[:2]:
        person = Actor("participant:31", frozenset({"participant:31", *item.candidates}))
        state = then(state, Act(item.number, "agree"), person)
    assert over(state, process(changed(handle={"until": "2"}))).state.status == "closed"


def test_one_persons_task_that_became_several_peoples_is_given_out_anew_and_they_are_told() -> None:
    state = opened("ask", lead="organisation:1", assist=["organisation:2"])
    single = {
        **BODY["intake"]["handle"],
        "each": None,
        "until": None,
        "task": "lead",
        "actions": {"agree": say({"to": "end", "as": "good"})},
    }
    new = process(changed(handle=single))
    outcome = over(state, new)
    assert [(item.step, item.candidates) for item in outcome.state.items] == [("handle", ("organisation:1",))]
    assert [effect.occasion for effect in outcome.effects if hasattr(effect, "occasion")] == ["task"]
    kept = MigrationPlan({key: StepMove(key) for key in OLD.definition.steps})
    assert why_not(state, new, kept) == [("mapping", "handle")]


# E3: what has rung
def test_what_has_rung_does_not_ring_again() -> None:
    state = opened()
    for _ in range(2):
        timer = min(state.timers, key=lambda one: one.due_at)
        now = timer.due_at
        state = then(state, Fire(timer.number), now=now)
    rung = process(
        changed(
            register={
                "remind": ["2 days before", "1 day before"],
                "overdue": [{"tell": "reporter"}, {"after": "2 days", "tell": "clerk"}],
            }
        )
    )
    after = over(state, rung, now=now).state
    assert [(timer.purpose, timer.index) for timer in after.timers] == [("overdue", 1)], (
        "only the second rung is still to come"
    )


def test_a_deadline_stays_as_promised_or_is_reckoned_again_from_its_start() -> None:
    state = opened()
    later = process(changed(register={"within": "5 working days"}))
    now = MORNING + timedelta(hours=5)
    assert over(state, later, now=now).state.visits[0].deadline == state.visits[0].deadline
    plan = propose(OLD.definition, later.definition).plan
    plan = MigrationPlan({**plan.steps, "register": StepMove("register", "recompute")}, plan.fields, plan.roles)
    after = over(state, later, plan, now).state
    assert (state.visits[0].due_on, after.visits[0].due_on) == ("2026-03-05", "2026-03-09")
    assert after.visits[0].deadline is not None
    assert after.visits[0].deadline.start == MORNING, "not from the day of the migration"
    check_clocks(later, after, now)


def test_a_shorter_deadline_that_is_over_already_rings_at_once() -> None:
    state, now = opened(), MORNING + timedelta(days=2, hours=1)
    for timer in due(state, now):
        state = then(state, Fire(timer.number), now=now)
    shorter = process(changed(register={"within": "1 working day"}))
    plan = propose(OLD.definition, shorter.definition).plan
    plan = MigrationPlan({**plan.steps, "register": StepMove("register", "recompute")}, plan.fields, plan.roles)
    after = over(state, shorter, plan, now).state
    assert [timer.index for timer in due(after, now)] == [0]


def test_pauses_and_extensions_count_in_a_deadline_that_is_reckoned_again() -> None:
    state = opened()
    item = state.items[0].number
    now = MORNING + timedelta(hours=1)
    state = then(state, AskExtension(item, "2 working days", "r"), CLERK, now=now)
    new = process(changed(register={"within": "5 working days"}))
    plan = propose(OLD.definition, new.definition).plan
    plan = MigrationPlan({**plan.steps, "register": StepMove("register", "recompute")}, plan.fields, plan.roles)
    (asked,) = [one for one in state.items if one.kind == "extension"]
    boss = Actor("participant:12", frozenset(asked.candidates))
    state = then(state, Answer(asked.number, "yes", True), boss, now=now)
    assert over(state, new, plan, now).state.visits[0].due_on == "2026-03-11"


# E5: nothing is run again
def test_a_step_that_waits_for_another_system_is_not_run_again() -> None:
    state = opened("call")
    outcome = over(state, process(changed(look={"title": text("looking")})))
    assert outcome.effects == ()
    assert not any(isinstance(change, Entered) for change in outcome.changes)
    visit = outcome.state.visits[0].number
    done = then(outcome.state, Result(visit, values={"score": 4}), by=process(changed(look={"title": text("looking")})))
    assert done.data["score"] == 4


def test_what_waits_for_an_answer_that_the_new_version_cannot_give_is_held_back() -> None:
    state = opened()
    state = then(state, AskExtension(state.items[0].number, "2 working days", "r"), CLERK)
    assert why_not(state, process(changed(register={"extend": None}))) == [("blocked", "register")]
    asked = then(opened(), Ask(opened().items[0].number, "organisation:1", "?"), CLERK)
    plan = MigrationPlan({"register": StepMove("register", tasks="reissue")})
    assert why_not(asked, OLD, plan) == [("blocked", "register")]


def test_a_child_issue_that_is_under_way_is_awaited_still() -> None:
    state = opened("call")
    state = then(state, Result(state.visits[0].number, called="issue:8", ended=False))
    other = process(changed(look={"call": "third"}))
    assert why_not(state, other) == [("blocked", "look")]
    assert over(state, process(changed(look={"within": "3 days"}))).state.visits[0].called == "issue:8"


def test_values_go_to_the_fields_that_the_plan_names_and_must_fit_there() -> None:
    body = changed()
    body["fields"]["topic"] = body["fields"].pop("subject")
    new = process(body)
    proposal = propose(OLD.definition, new.definition)
    assert [(question.kind, question.name) for question in proposal.questions] == [("field", "subject")]
    plan = MigrationPlan(proposal.plan.steps, {**proposal.plan.fields, "subject": "topic"}, proposal.plan.roles)
    assert over(opened(), new, plan).state.data["topic"] == "x"
    body["fields"]["topic"] = {"type": "integer", "title": text("topic")}
    assert why_not(opened(), process(body), plan) == [("blocked", "subject")]


def test_the_way_back_leads_to_where_it_began() -> None:
    state = opened("split")
    new = process(renamed(renamed(BODY, "right", "second"), "both", "together"))
    proposal = propose(OLD.definition, new.definition).plan
    there = MigrationPlan(
        {**proposal.steps, "right": StepMove("second"), "both": StepMove("together")}, proposal.fields, proposal.roles
    )
    moved = over(state, new, there).state
    back = migrate(Versions(new, OLD), there.inverse(), moved, MIGRATE, MORNING, DIRECTORY).state
    assert {**plain(back), "version": 0} == {**plain(state), "version": 0}


def test_a_suspended_issue_goes_over_as_it_stands() -> None:
    staff = Actor("participant:1", frozenset({"participant:1"}), oversees=True, manages=True)
    state = then(opened(), Suspend("r"), staff)
    after = over(state, process(changed(register={"remind": "2 days before"}))).state
    assert after.suspended
    assert [timer.purpose for timer in after.timers] == ["suspended"]


def test_closed_issues_stay_and_one_whose_clock_just_rings_goes_in_a_moment() -> None:
    state = opened()
    assert why_not(state, OLD, now=state.timers[0].due_at) == [("later", "issue")]
    done = opened("ask", lead="organisation:1", assist=["organisation:2"])
    for item in done.items:
        done = then(done, Act(item.number, "agree"), Actor("p", frozenset({"p", *item.candidates})))
    assert why_not(done, OLD) == [("gone", "issue")]
    with pytest.raises(Hindered) as hindered:
        over(done, OLD)
    assert "已经办结" in hindered.value.message["zh"]


@st.composite
def versions(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """A definition, the next version of it, and what its steps are called there."""
    old = draw(bodies())
    new, names = deepcopy(old), {}
    for key in list(old["intake"]):
        step = new["intake"][key]
        for name, choices in (
            ("within", ["1 day", "6 working days", "3 hours"]),
            ("remind", ["2 hours before", "1 day after"]),
            ("overdue", [{"tell": "clerk"}, [{"tell": "clerk"}, {"after": "2 hours", "tell": "boss"}]]),
            ("until", ["any", "all", "2"]),
        ):
            if name in step and draw(st.integers(0, 3)) == 0:
                step[name] = draw(st.sampled_from(choices))
        if "extend" in step and draw(st.booleans()):
            del step["extend"]
    new["limits"] = draw(
        st.sampled_from([new["limits"], {}, {"issue": {"within": "4 days", "overdue": {"tell": "boss"}}}])
    )
    for key in old["intake"]:
        if key != "s0" and draw(st.integers(0, 2)) == 0:
            new, names[key] = renamed(new, key, f"x{key}"), f"x{key}"
    return old, new, names


@examples(150, healthy=False)
@given(pair=versions(), data=st.data())
def test_whatever_the_versions_and_whenever_it_goes_over_an_issue_stays_whole(
    pair: tuple[dict[str, Any], dict[str, Any], dict[str, str]], data: st.DataObject
) -> None:
    old, new = (process(body) for body in pair[:2])
    assume(sound(old.definition) and not checks.run(new.definition, ("china",)))
    proposal = propose(old.definition, new.definition).plan
    deadline: Deadlines = data.draw(st.sampled_from(["keep", "recompute"]))
    steps = {key: StepMove(move.to, deadline, move.tasks) for key, move in proposal.steps.items()}
    steps |= {key: StepMove(name, deadline) for key, name in pair[2].items()}
    plan = MigrationPlan(steps, proposal.fields, proposal.roles, deadline)
    now, current, moved = MORNING, old, False
    outcome: Outcome | None = start(old, OPENING, now, DIRECTORY)
    history: list[tuple[Change, ...]] = []
    state = EMPTY
    for _ in range(data.draw(st.integers(1, 30))):
        if outcome is None:
            outcome, now = happen(data, current, state, now)
            continue
        history.append(outcome.changes)
        state = outcome.state
        check_whole(current, state)
        check_clocks(current, state, now)
        assert fold(history) == state, "the history folded from nothing is the state, over both versions"
        assert decode_state(encode(state)) == state
        assert decode_changes(encode(outcome.changes)) == outcome.changes
        if not moved and data.draw(st.integers(0, 4)) == 0:
            try:
                rung = {timer.number for timer in state.timers}
                outcome = migrate(Versions(old, new), plan, state, MIGRATE, now, DIRECTORY)
                moved, current = True, new
                if deadline == "keep":
                    again = [t for t in outcome.state.timers if t.number not in rung and t.due_at <= now]
                    assert not again or outcome.state.visits != state.visits, (
                        "nothing that was to ring later rings at once"
                    )
            except Hindered:
                outcome = None
        else:
            outcome, now = happen(data, current, state, now)

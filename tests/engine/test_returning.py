"""Returns and reopenings lose no work item, and reminders fire again: what users of other engines complain of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.model.definition import Definition
from engine import Actor, Candidate, Opening, Outcome, Process, Tell, start, transition
from engine.change import ItemEnded
from engine.due import due
from engine.event import Act, AddSigner, Answer, Ask, Event, Fire, Move, Reassign, Reopen, Result, Resume, Suspend
from engine.memory import MemoryDirectory
from engine.refusal import Refusal

T = {"zh": "题", "en": "title"}
DEPARTMENTS = ("organisation:1", "organisation:2", "organisation:3")
STAFF = Actor("participant:1", frozenset({"participant:1"}), manages=True)


def countersigning(**more: Any) -> Definition:
    """A draft that three departments sign; one may send it back."""
    sign = {
        "title": T,
        "each": ["signers"],
        "within": "3 working days",
        "remind": "1 working day before",
        "overdue": {"tell": "clerk"},
        "to": "end",
        "actions": {
            "agree": {"title": T},
            "return": {"title": T, "to": "back", "ask": {"why": {"type": "text", "title": T}}},
        },
    }
    return Definition.model_validate(
        {
            "id": "signing",
            "title": T,
            "number": "{{ station.code }}-{{ year }}-{{ sequence }}",
            "fields": {"who": {"type": "departments", "title": T}},
            "roles": {"clerk": {"title": T, "staff of": "station"}, "signers": {"title": T, "departments": "who"}},
            "resolutions": {"done": T, "rejected": T},
            "reopen": {"within": "30 days", "to": "sign", "at most": 100},
            "intake": {
                "draft": {
                    "title": T,
                    "task": "clerk",
                    "within": "2 days",
                    "overdue": {"tell": "clerk"},
                    "actions": {"send": {"title": T, "to": "sign"}},
                }
            },
            "coordination": {"sign": {**sign, **more}},
            "closure": {"end": {"title": T, "close": "done"}, "no": {"title": T, "close": "rejected"}},
        }
    )


@dataclass
class Story:
    """One issue, and all that was told."""

    definition: Definition
    now: datetime = datetime(2026, 3, 2, 1, tzinfo=UTC)
    told: list[Tell] = field(default_factory=list)
    last: Outcome | None = None

    def __post_init__(self) -> None:
        self.process = Process(self.definition, load_calendar("china"))
        self.directory = MemoryDirectory(
            people={"staff of station": [Candidate(party="participant:11")]}, departments=frozenset(DEPARTMENTS)
        )
        opening = Opening(
            station=1, station_code="X", reporter="participant:9", sequence=1, values={"who": list(DEPARTMENTS)}
        )
        self._take(start(self.process, opening, self.now, self.directory))

    def _take(self, outcome: Outcome) -> None:
        self.last, self.state = outcome, outcome.state
        self.told += [effect for effect in outcome.effects if isinstance(effect, Tell)]

    def happen(self, event: Event, actor: Actor | None) -> Story:
        self._take(transition(self.process, self.state, event, self.now, self.directory, actor))
        return self

    def act(self, who: str, action: str, **values: Any) -> Story:
        item = next(i.number for i in self.state.items if not i.done and not i.waiting and who in i.candidates)
        return self.happen(Act(item, action, values), Actor(who, frozenset({who})))

    def wait(self, **length: Any) -> Story:
        self.now += timedelta(**length)
        for timer in due(self.state, self.now):
            self.happen(Fire(timer.number), None)
        return self

    def open_for(self) -> list[str]:
        return sorted(item.candidates[0] for item in self.state.items if not item.done and not item.waiting)

    def heard(self, occasion: str) -> int:
        return sum(tell.occasion == occasion for tell in self.told)


def test_a_return_while_several_sign_asks_all_of_them_again() -> None:
    story = Story(countersigning()).act("participant:11", "send").act("organisation:1", "agree")
    story.act("organisation:2", "return", why="数字不对")
    assert [visit.step for visit in story.state.visits] == ["draft"]
    assert story.last is not None
    assert [c.reason for c in story.last.changes if isinstance(c, ItemEnded)] == ["left"], "the third is told why"
    story.act("participant:11", "send")
    assert story.open_for() == sorted(DEPARTMENTS)


def test_reminders_fire_again_after_a_return() -> None:
    story = Story(countersigning()).act("participant:11", "send").wait(days=2, hours=1)
    assert story.heard("reminded") == 3
    story.act("organisation:1", "return", why="x").act("participant:11", "send").wait(days=2, hours=1)
    assert story.heard("reminded") == 6


def test_reminders_and_deadlines_fire_again_after_every_reopening() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    for turn in range(1, 6):
        for department in DEPARTMENTS:
            story.act(department, "agree")
        assert story.state.status == "closed"
        assert story.state.timers == ()
        story.happen(Reopen("又坏了"), Actor("participant:9", frozenset({"participant:9"})))
        assert story.open_for() == sorted(DEPARTMENTS)
        story.wait(days=9)
        assert (story.heard("reminded"), story.heard("overdue")) == (3 * turn, 4 * turn)


def test_a_move_by_staff_ends_each_item_with_the_reason_and_the_same_people_can_be_asked_again() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    story.happen(Move("sign", "重新会签"), STAFF)
    assert story.last is not None
    assert [c.reason for c in story.last.changes if isinstance(c, ItemEnded)] == ["moved"] * 3
    assert story.open_for() == sorted(DEPARTMENTS)


VOTE = {"agree": {"title": T, "vote": "for"}, "object": {"title": T, "vote": "against"}}


@pytest.mark.parametrize(
    ("until", "acts", "step"),
    [
        ("all", ["object"], "rejected"),
        ("60 %", ["agree", "agree"], "done"),
        ("60 %", ["object", "agree", "agree"], "done"),
        ("60 %", ["object", "object"], "rejected"),
        (1, ["agree"], "done"),
        ("any", ["object", "object", "object"], "rejected"),
        (2, ["agree", "object"], None),
    ],
)
def test_what_happens_when_one_of_several_rejects_is_as_the_definition_says(
    until: str | int, acts: list[str], step: str | None
) -> None:
    story = Story(countersigning(until=until, actions=VOTE, rejected={"to": "no"})).act("participant:11", "send")
    for department, action in zip(DEPARTMENTS, acts, strict=False):
        story.act(department, action)
    assert story.state.resolution == step


def test_one_after_the_other_asks_each_in_turn() -> None:
    story = Story(countersigning(**{"in order": True})).act("participant:11", "send")
    for department in DEPARTMENTS:
        assert story.open_for() == [department]
        story.act(department, "agree")
    assert story.state.status == "closed"


def test_a_signer_who_was_added_counts_like_the_others() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    first = story.state.items[0]
    story.happen(AddSigner(first.number, "participant:31"), Actor("organisation:1", frozenset({"organisation:1"})))
    for department in DEPARTMENTS:
        story.act(department, "agree")
    assert story.state.status == "open"
    assert story.act("participant:31", "agree").state.status == "closed"


def test_a_question_lets_the_clock_stand_and_the_answer_lets_it_run_on() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    due_on = story.state.visits[0].due_on
    item, asker = story.state.items[0].number, Actor("organisation:1", frozenset({"organisation:1"}))
    story.happen(Ask(item, "participant:9", "哪一盏灯？"), asker)
    question = next(one for one in story.state.items if one.kind == "question")
    assert {timer.item for timer in story.state.timers} == {question.number}, "only the question's own clock runs"
    story.wait(days=7)
    assert story.heard("overdue") == 0
    story.happen(Answer(question.number, "17 号"), Actor("participant:9", frozenset({"participant:9"})))
    visit = story.state.visits[0]
    assert (due_on, visit.due_on) == ("2026-03-05", "2026-03-12"), (
        "five working days later: the pause over a weekend counts once"
    )
    assert len(story.state.timers) == 2


def test_nobody_may_ask_who_has_no_task() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    with pytest.raises(Refusal):
        story.happen(
            Ask(story.state.items[0].number, "participant:9", "?"), Actor("participant:5", frozenset({"participant:5"}))
        )


def test_a_question_moves_the_deadline_of_an_item_of_its_own_too() -> None:
    story = Story(countersigning(**{"within each": {"signers": "1 working day"}})).act("participant:11", "send")
    item, asker = story.state.items[0], Actor("organisation:1", frozenset({"organisation:1"}))
    assert item.due_on == "2026-03-03"
    story.happen(Ask(item.number, "participant:9", "?"), asker).wait(days=7)
    question = next(one for one in story.state.items if one.kind == "question")
    story.happen(Answer(question.number, "!"), Actor("participant:9", frozenset({"participant:9"})))
    assert {one.due_on for one in story.state.items if one.kind == "task"} == {"2026-03-10"}
    assert story.heard("overdue") == 0


def test_a_suspended_issue_stands_still_wherever_it_comes() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    story.happen(Suspend("汛期"), STAFF)
    assert [timer.purpose for timer in story.state.timers] == ["suspended"], "only the look at what was suspended comes"
    with pytest.raises(Refusal):
        story.act("organisation:1", "agree")
    story.wait(days=30)
    assert story.heard("overdue") == 0
    story.happen(Resume(), STAFF)
    assert story.state.visits[0].due_on == "2026-04-07", "22 working days later, Tomb-Sweeping Day not counted"


def test_what_comes_back_while_an_issue_is_suspended_starts_no_clock() -> None:
    request = {"title": T, "request": {"to": "system"}, "within": "9 days", "overdue": {"to": "end"}, "to": "sign"}
    body = countersigning().model_dump(by_alias=True, exclude_defaults=True, mode="json")
    body["intake"]["draft"]["actions"]["send"]["to"] = "call"
    body["coordination"]["call"] = request
    story = Story(Definition.model_validate(body)).act("participant:11", "send")
    story.happen(Suspend("汛期"), STAFF).happen(Result(story.state.visits[0].number, values={}), None)
    assert [visit.step for visit in story.state.visits] == ["call"], "what comes meanwhile waits"
    assert [timer.purpose for timer in story.state.timers] == ["suspended"]
    story.happen(Resume(), STAFF)
    assert [visit.step for visit in story.state.visits] == ["sign"]
    assert {timer.purpose for timer in story.state.timers} == {"remind", "overdue"}


def test_a_role_given_to_others_leaves_the_items_of_each_holder_alone() -> None:
    story = Story(countersigning()).act("participant:11", "send")
    story.happen(Reassign(("participant:31",), "换人", role="signers"), STAFF)
    assert story.open_for() == sorted(DEPARTMENTS)

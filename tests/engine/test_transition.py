"""The kernel on one definition (tests/definitions/office.yaml): what each event leads to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from engine import Actor, Candidate, Opening, Outcome, Process, State, available, start, transition
from engine.change import GuardFailed, ItemEnded
from engine.due import due, next_moment
from engine.effect import Tell
from engine.event import Act, Attach, Claim, Comment, Fire, Release
from engine.memory import MemoryDirectory
from engine.refusal import Gone, Invalid, NotAllowed, Refusal, Taken, Unavailable

OFFICE = Path(__file__).parents[1] / "definitions" / "office.yaml"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLERK, OTHER_CLERK = "participant:11", "participant:12"
DEPUTY, REPORTER = "participant:23", "participant:99"
WATER, POWER, ROADS = "organisation:1", "organisation:2", "organisation:3"


class Story:
    """An issue under way, told event by event."""

    def __init__(self, directory: MemoryDirectory, text: str | None = None, **values: Any) -> None:
        definition = load(text or OFFICE.read_text("utf-8"), "office.yaml")
        self.process = Process(definition, load_calendar("china"))
        self.directory = directory
        self.now = MONDAY
        opening = Opening(
            station=1, station_code="XG", reporter=REPORTER, sequence=42, values={"subject": "路灯不亮", **values}
        )
        self.last: Outcome = start(self.process, opening, self.now, directory)

    @property
    def state(self) -> State:
        return self.last.state

    @property
    def steps(self) -> list[str]:
        return [visit.step for visit in self.state.visits]

    def told(self, occasion: str) -> list[tuple[str, ...]]:
        tells = [effect for effect in self.last.effects if isinstance(effect, Tell)]
        return [tell.parties for tell in tells if tell.occasion == occasion]

    def item(self, party: str | None = None) -> int:
        return next(i.number for i in self.state.items if not i.done and (party is None or party in i.candidates))

    def happen(self, event: Any, *parties: str) -> None:
        person = Actor(parties[0], frozenset(parties)) if parties else None
        self.last = transition(self.process, self.state, event, self.now, self.directory, person)

    def act(self, action: str, *parties: str, **values: Any) -> None:
        self.happen(Act(self.item(parties[-1]), action, values), *parties)

    def fire(self) -> None:
        moment = next_moment(self.state)
        assert moment
        self.now = max(self.now, moment)
        self.happen(Fire(due(self.state, self.now)[0].number))

    def to_handling(self) -> Story:
        self.act("accept", CLERK)
        self.act("send", DEPUTY, lead=WATER, assist=[POWER, ROADS])
        return self


@pytest.fixture
def story(directory: MemoryDirectory) -> Story:
    return Story(directory)


def test_opening_numbers_the_issue_asks_the_clerks_and_thanks_the_reporter(story: Story) -> None:
    assert story.state.facts
    assert story.state.facts.number == "XG-2026-00042"
    assert story.steps == ["register"]
    assert story.state.items[0].candidates == (CLERK, OTHER_CLERK)
    assert story.told("opened") == [(REPORTER,)]
    assert story.told("task") == [(CLERK, OTHER_CLERK)]


def test_opening_without_a_required_field_says_which_in_both_languages(directory: MemoryDirectory) -> None:
    with pytest.raises(Invalid) as refused:
        Story(directory, subject="")
    assert refused.value.errors == {"subject": {"zh": "请填写“主题”。", "en": "Please fill in “Subject”."}}


def test_a_form_with_a_field_that_the_definition_does_not_know_is_refused(directory: MemoryDirectory) -> None:
    with pytest.raises(Invalid) as refused:
        Story(directory, subjet="x")
    assert "subject" in refused.value.errors["subjet"]["en"]


def test_the_deputy_on_duty_with_the_least_load_is_picked_and_kept(story: Story) -> None:
    story.act("accept", CLERK)
    assert story.steps == ["ask"]
    assert story.state.roles == {"deputy": (DEPUTY,)}


def test_choose_takes_the_first_branch_whose_guard_holds(directory: MemoryDirectory) -> None:
    story = Story(directory, urgent=True)
    story.act("accept", CLERK)
    assert story.steps == ["ask"]
    assert not [change for change in story.last.changes if isinstance(change, GuardFailed)]


def test_a_guard_that_cannot_be_evaluated_does_not_hold_and_the_history_says_why(directory: MemoryDirectory) -> None:
    story = Story(
        directory, OFFICE.read_text("utf-8").replace("when: urgent", "when: (subject | length) / 0 > 3"), urgent=True
    )
    story.act("accept", CLERK)
    failed = [change for change in story.last.changes if isinstance(change, GuardFailed)]
    assert failed[0].guard == "(subject | length) / 0 > 3"
    assert failed[0].why
    assert story.state.roles, "the last branch was taken"


def test_lead_and_assistants_get_an_item_each_and_the_lead_s_answer_becomes_the_issue_s(story: Story) -> None:
    story.to_handling()
    assert [item.candidates for item in story.state.items] == [(WATER,), (POWER,), (ROADS,)]
    story.act("reply", "participant:51", POWER, reply="配合完成")
    assert story.steps == ["handle"], "the others are waited for"
    story.act("reply", "participant:50", WATER, reply="已修好")
    story.act("reply", "participant:52", ROADS, reply="无意见")
    assert story.steps == ["confirm"]
    assert story.state.data["reply"] == "已修好"


def test_until_any_lets_one_answer_suffice_and_ends_the_others_with_the_reason(directory: MemoryDirectory) -> None:
    text = OFFICE.read_text("utf-8").replace("each: [lead, assist]", "each: [lead, assist]\n    until: any")
    story = Story(directory, text).to_handling()
    story.act("reply", "participant:51", POWER, reply="x")
    assert story.steps == ["confirm"]
    assert [change.reason for change in story.last.changes if isinstance(change, ItemEnded)] == ["left", "left"]


def test_until_lead_waits_for_the_lead_alone(directory: MemoryDirectory) -> None:
    text = OFFICE.read_text("utf-8").replace("each: [lead, assist]", "each: [lead, assist]\n    until: lead")
    story = Story(directory, text).to_handling()
    story.act("reply", "participant:51", POWER, reply="x")
    assert story.steps == ["handle"]
    story.act("reply", "participant:50", WATER, reply="y")
    assert story.steps == ["confirm"]


def test_a_loop_turns_as_often_as_its_bound_allows_and_then_leads_elsewhere(story: Story) -> None:
    story.to_handling()
    for _ in range(2):
        for party in (WATER, POWER, ROADS):
            story.act("reply", "participant:50", party, reply="x")
        story.act("no", REPORTER)
        assert story.steps == ["ask"]
        story.act("send", DEPUTY, lead=WATER, assist=[POWER, ROADS])
    for party in (WATER, POWER, ROADS):
        story.act("reply", "participant:50", party, reply="x")
    story.act("no", REPORTER)
    assert story.state.status == "closed"


def test_closing_leaves_nothing_open_and_tells_the_reporter_and_who_is_answerable(story: Story) -> None:
    story.to_handling()
    for party in (WATER, POWER, ROADS):
        story.act("reply", "participant:50", party, reply="x")
    story.act("yes", REPORTER)
    assert (story.state.status, story.state.resolution) == ("closed", "solved")
    assert (story.state.visits, story.state.items, story.state.timers) == ((), (), ())
    assert story.told("closed") == [(REPORTER, DEPUTY)]


def test_a_claimed_item_is_one_person_s_until_given_back(story: Story) -> None:
    item = story.item()
    story.happen(Claim(item), CLERK)
    with pytest.raises(Taken) as refused:
        story.act("accept", OTHER_CLERK)
    assert refused.value.owner == CLERK
    assert available(story.process, story.state, Actor(OTHER_CLERK, frozenset({OTHER_CLERK}))) == ()
    story.happen(Release(item), CLERK)
    story.act("accept", OTHER_CLERK)


def test_an_action_on_an_item_that_is_over_changes_nothing(story: Story) -> None:
    item = story.item()
    story.act("accept", CLERK)
    before = story.state
    with pytest.raises(Gone):
        story.happen(Act(item, "accept"), CLERK)
    assert story.state is before


@pytest.mark.parametrize(
    ("event", "who", "refusal"),
    [
        (Act(2, "accept"), (DEPUTY,), NotAllowed),
        (Act(2, "no-such-action"), (CLERK,), Unavailable),
        (Act(77, "accept"), (CLERK,), Gone),
        (Act(2, "accept"), (), NotAllowed),
        (Comment("x"), ("participant:66",), NotAllowed),
        (Attach("a.png", "image/png", 1, "0"), ("participant:66",), NotAllowed),
        (Fire(99), (), Gone),
    ],
)
def test_what_may_not_happen_is_refused_in_both_languages(
    story: Story, event: Any, who: tuple[str, ...], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal) as refused:
        story.happen(event, *who)
    assert refused.value.message["zh"]
    assert refused.value.message["en"]


def test_a_timer_does_not_fire_before_its_moment(story: Story) -> None:
    timer = story.state.timers[0]
    with pytest.raises(Gone):
        story.happen(Fire(timer.number))


def test_reminder_then_overdue_tell_the_holders_and_those_named(story: Story) -> None:
    story.fire()
    assert story.told("reminded") == [(CLERK, OTHER_CLERK)]
    story.fire()
    assert story.told("overdue") == [(CLERK, OTHER_CLERK), (CLERK, OTHER_CLERK)]
    assert story.steps == ["register"]
    assert story.state.timers == ()


def test_escalation_lets_others_act_too_even_on_a_claimed_item(story: Story) -> None:
    story.act("accept", CLERK)
    story.happen(Claim(story.item()), DEPUTY)
    story.fire()
    assert story.told("escalated") == [(CLERK, OTHER_CLERK)]
    story.act("send", CLERK, lead=WATER)
    assert story.steps == ["handle"]


def test_silence_of_the_reporter_closes_when_the_definition_says_so(story: Story) -> None:
    story.to_handling()
    for party in (WATER, POWER, ROADS):
        story.act("reply", "participant:50", party, reply="x")
    story.fire()
    assert (story.state.status, story.state.resolution) == ("closed", "solved")


def test_without_anybody_registered_the_office_looks_after_the_issue() -> None:
    story = Story(MemoryDirectory(officers=[Candidate(party="participant:1")]))
    assert story.state.items[0].candidates == ("participant:1",)


def test_a_remark_moves_nothing_and_is_told_to_those_at_work(story: Story) -> None:
    story.happen(Comment("请尽快", public=True), REPORTER)
    assert story.steps == ["register"]
    assert story.told("commented") == [(CLERK, OTHER_CLERK)]
    assert story.state.version == 2


def test_moments_without_a_time_zone_are_refused(story: Story) -> None:
    story.now = datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        story.act("accept", CLERK)


def test_the_same_event_on_the_same_state_decides_the_same(directory: MemoryDirectory) -> None:
    first, second = Story(directory).to_handling(), Story(directory).to_handling()
    assert first.last == second.last
    assert first.now + timedelta(0) == second.now

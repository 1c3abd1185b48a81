"""The shipped process of a contact station, told as stories: what its rules promise is what the kernel does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import LIBRARY, load
from engine import Actor, Opening, Process, available, start, transition
from engine.due import due, next_moment
from engine.event import Act, Fire
from engine.memory import MemoryDirectory
from engine.refusal import Unavailable

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLERK, DIRECTOR, DEPUTY = "participant:11", "participant:12", "participant:23"
SUPERVISOR, REPORTER = "participant:41", "participant:99"
POWER, CITY = "organisation:1", "organisation:2"
STATION = LIBRARY / "contact-station" / "definition.yaml"
REPORT = {"subject": "路灯不亮", "category": "lighting", "place": "仙港路 18 号"}


class Story:
    """An issue under way."""

    def __init__(self, directory: MemoryDirectory) -> None:
        self.process = Process(load(STATION.read_bytes(), STATION.name), load_calendar("china"))
        self.directory = directory
        self.now = MONDAY
        opening = Opening(station=1, station_code="XG", reporter=REPORTER, sequence=42, values=REPORT)
        self.state = start(self.process, opening, MONDAY, directory).state

    @property
    def steps(self) -> list[str]:
        return [visit.step for visit in self.state.visits]

    def act(self, who: str, action: str, **values: Any) -> Story:
        item = next(i.number for i in self.state.items if not i.done and who in i.candidates)
        actor = Actor(who, frozenset({who}))
        event = Act(item, action, values)
        self.state = transition(self.process, self.state, event, self.now, self.directory, actor).state
        return self

    def wait(self) -> Story:
        moment = next_moment(self.state)
        assert moment is not None
        self.now = moment
        event = Fire(due(self.state, self.now)[0].number)
        self.state = transition(self.process, self.state, event, self.now, self.directory).state
        return self

    def studied(self) -> Story:
        return self.act(CLERK, "accept", kind="request")

    def handled(self) -> Story:
        self.act(DEPUTY, "coordinate", lead=POWER, assist=[CITY])
        return self.act(POWER, "reply", reply="已修好").act(CITY, "reply", reply="已配合")


@pytest.fixture
def story(directory: MemoryDirectory) -> Story:
    return Story(directory)


def test_a_request_goes_through_deputy_and_departments_to_a_satisfied_resident(story: Story) -> None:
    story.studied().handled()
    assert story.steps == ["confirm"]
    story.act(REPORTER, "satisfied", stars=5)
    assert (story.state.status, story.state.resolution, story.state.data["reply"]) == ("closed", "solved", "已修好")


def test_an_enquiry_is_answered_by_the_station_itself(story: Story) -> None:
    story.act(CLERK, "accept", kind="enquiry").act(CLERK, "answer", reply="周一至周五 9 点到 17 点")
    assert story.state.resolution == "answered"


def test_what_is_declined_says_why_and_where_to_go(story: Story) -> None:
    story.act(CLERK, "decline", refusal="正在诉讼", direction="区人民法院")
    assert (story.state.resolution, story.state.data["direction"]) == ("declined", "区人民法院")


def test_a_deputy_can_return_it_once_and_then_the_supervisor_decides(story: Story) -> None:
    story.studied().act(DEPUTY, "return", returned="说得不清楚")
    assert story.steps == ["register"]
    story.studied().act(DEPUTY, "return", returned="还是不清楚")
    assert story.steps == ["supervise"]


def test_a_department_can_say_that_it_is_not_theirs_twice(story: Story) -> None:
    story.studied()
    for expected in ("study", "study", "supervise"):
        story.act(DEPUTY, "coordinate", lead=POWER).act(POWER, "not-ours", not_ours="不归我们管", proposed=CITY)
        assert story.steps == [expected]


def test_after_two_more_rounds_a_dissatisfied_resident_is_heard_one_level_up(story: Story) -> None:
    story.studied()
    for expected in ("study", "study", "supervise"):
        story.handled().act(REPORTER, "dissatisfied", why="还是不亮")
        assert story.steps == [expected]
    story.act(SUPERVISOR, "press", instruction="今天修好")
    assert story.steps == ["handle"]


def test_departments_are_pressed_only_if_they_have_had_it(story: Story) -> None:
    story.studied().act(DEPUTY, "return", returned="一").studied().act(DEPUTY, "return", returned="二")
    (possible,) = available(story.process, story.state)
    assert list(possible.actions) == ["reconsider", "explain"]
    with pytest.raises(Unavailable):
        story.act(SUPERVISOR, "press", instruction="办")
    story.act(SUPERVISOR, "explain", reply="情况说明")
    assert story.state.resolution == "explained"


def test_a_deputy_who_is_late_is_reminded_twice_then_the_head_and_then_the_supervisor_steps_in(story: Story) -> None:
    story.studied().wait().wait()
    assert DIRECTOR not in story.state.items[-1].candidates
    story.wait()
    assert DIRECTOR in story.state.items[-1].candidates
    assert SUPERVISOR not in story.state.items[-1].candidates
    story.wait().act(SUPERVISOR, "answer", reply="代为答复")
    assert story.steps == ["confirm"]


def test_a_resident_who_says_nothing_is_reminded_and_then_it_is_closed(story: Story) -> None:
    story.studied().handled().wait().wait()
    assert (story.state.status, story.state.resolution) == ("closed", "no-answer")

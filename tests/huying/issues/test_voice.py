"""A resident tells somebody, who enters it and notes what they say: matter and verdict are the resident's, and the history says who took it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.change import ItemDone
from engine.event import Urge, Withdraw
from engine.refusal import NotAllowed
from huying.access.viewer import Look
from huying.database import tables as t
from huying.house.by import By
from huying.house.history import history_of
from huying.issues.deeds import act, happen
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.issues.views.issue import IssueView, issue_view
from tests.huying.town import REPORT, Town, sqlite_town


@pytest.fixture
def town(tmp_path: Path) -> Any:
    made = sqlite_town(tmp_path)
    yield made
    made.house.database.close()


def _taken(town: Town, login: str = "clerk", station: str = "XG", channel: str = "phone", **said: str) -> int:
    report = Report(
        definition="street-matters",
        station=station,
        reporter=NewReporter(**{"name": "林阿婆", "phone": "0592-5147085", **said}),
        values=REPORT,
        channel=channel,
        taken_by=town.people[login],
    )
    return open_issue(town.house, report, request_id=f"{login}-{said}", now=town.clock.now).issue_id


def _seen(town: Town, issue: int, person: int, *, by_code: bool = False) -> IssueView:
    return issue_view(town.house, issue, Look(person, "zh", town.clock.now, by_code))


def _by_phone(town: Town, login: str = "clerk") -> By:
    return By(town.people[login], town.clock.now, via="phone")


def test_the_resident_is_the_reporter_and_the_clerk_is_who_took_it(town: Town) -> None:
    issue = _taken(town)
    reporter = town.reporter(issue)
    assert reporter not in town.people.values()
    with town.house.database.reading() as connection:
        first = history_of(connection, issue)[0]
        state = connection.execute(select(t.issues.c.state).where(t.issues.c.id == issue)).scalar_one()
    assert first.actor_id == town.people["clerk"]
    assert state.facts.reporter == f"participant:{reporter}"
    assert (state.facts.taken_by, state.facts.channel) == (town.party("clerk"), "phone")
    inside = _seen(town, issue, town.people["clerk2"]).timeline[0]
    assert inside.who == "林阿婆（反映人），电话告知，陈晓记录"
    outside = _seen(town, issue, reporter, by_code=True).timeline[0]
    assert outside.who == "反映人，电话告知"


@pytest.mark.parametrize("login", ["far-clerk", "deputy", "lighting", "office", "stranger"])
def test_nobody_takes_an_issue_whom_the_definition_does_not_name_at_its_station(town: Town, login: str) -> None:
    with pytest.raises(NotAllowed):
        _taken(town, login)
    assert _taken(town, "far-clerk", "YF")


def test_a_resident_who_is_known_is_found_by_number_and_name_however_the_number_is_written(town: Town) -> None:
    first = town.reporter(_taken(town))
    assert town.reporter(_taken(town, phone="（0592）5147085")) == first
    assert town.reporter(_taken(town, phone="+86 592 5147085", channel="counter")) != first, "no area code, no proof"
    assert town.reporter(_taken(town, phone="05925147085", name="")) == first, "the only one known by the number"
    other = town.reporter(_taken(town, name="林阿公"))
    assert other != first, "somebody else of the same household"


def test_the_verdict_told_by_phone_is_the_residents_and_says_who_noted_it(town: Town) -> None:
    issue = _taken(town)
    town.to_confirmation(issue)
    item = town.item(issue, f"participant:{town.reporter(issue)}")
    with pytest.raises(NotAllowed):
        act(town.house, issue, item, "satisfied", {"stars": 4}, By(town.people["clerk"], town.clock.now))
    act(town.house, issue, item, "satisfied", {"stars": 4}, _by_phone(town))
    with town.house.database.reading() as connection:
        last = history_of(connection, issue)[-1]
    done = next(change for change in last.changes if isinstance(change, ItemDone))
    assert done.by == f"participant:{town.reporter(issue)}"
    assert (last.actor_id, last.via) == (town.people["clerk"], "phone")
    seen = _seen(town, issue, town.people["clerk2"])
    assert seen.standing.status == "closed"
    assert seen.timeline[-1].who == "反映人，电话告知，陈晓记录"


def test_whoever_may_not_take_issues_may_not_say_what_the_resident_said(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    item = town.item(issue, f"participant:{town.reporter(issue)}")
    for login in ("deputy", "lighting", "far-clerk", "office"):
        with pytest.raises(NotAllowed):
            act(town.house, issue, item, "satisfied", {"stars": 5}, _by_phone(town, login))
    act(town.house, issue, item, "satisfied", {"stars": 5}, _by_phone(town))


def test_urging_and_withdrawing_are_noted_like_the_verdict(town: Town) -> None:
    issue = _taken(town)
    happen(town.house, issue, Urge("请快一点"), _by_phone(town))
    happen(town.house, issue, Withdraw("修好了"), _by_phone(town))
    seen = _seen(town, issue, town.people["clerk2"])
    assert [one.who for one in seen.timeline] == ["反映人，电话告知，陈晓记录"] * 3
    assert seen.standing.status == "closed"


def test_what_a_clerk_only_noted_gives_them_no_power_of_their_own(town: Town) -> None:
    issue = _taken(town)
    town.act(issue, "clerk", "accept")
    item = town.item(issue, town.party("deputy"))
    with pytest.raises(NotAllowed):
        act(town.house, issue, item, "answer", {"reply": "。"}, _by_phone(town))

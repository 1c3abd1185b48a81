"""Reports that may be the same: three at most, public words alone, and "me too" with a number and a code of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from engine.event import Urge, Withdraw
from engine.refusal import Gone, Invalid, Unavailable
from huying.access.viewer import Look
from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.alike import AlikeLine, alike
from huying.issues.attachments import attach
from huying.issues.deeds import comment, happen
from huying.issues.follower import Follower, follow_too
from huying.issues.opening import Report, open_issue
from huying.issues.record import follow
from huying.issues.reporter import NewReporter
from huying.issues.views.issue import IssueView, issue_view
from huying.issues.views.possible import possible_view
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, PIXEL, Town

SHOWN = DEFINITION.replace("roles:\n", "alike: {show: [subject, details, kind], within: 60 days}\nroles:\n", 1).replace(
    "answerable: true,", "answerable: true, by name: true,", 1
)
LAMP = {"subject": "光明路路灯不亮", "details": "从上周四开始，校门往东第一、二盏不亮。", "kind": "lighting"}


@pytest.fixture
def shown(town: Town) -> Town:
    """The town, whose process shows others what they are about to report too."""
    publish(town.house, SHOWN.encode(), "street-matters.yaml", Imprint("test", town.clock.now))
    town.clock.move(minutes=1)
    return town


def _report(town: Town, **values: str) -> int:
    receipt = open_issue(
        town.house,
        Report(
            definition="street-matters",
            station="XG",
            reporter=NewReporter(name="李明", phone="13800000000"),
            values={"kind": "lighting", **values},
        ),
        request_id=f"{sum(map(ord, repr(values)))}-{town.clock.now.isoformat()}",
        now=town.clock.now,
    )
    return receipt.issue_id


def _alike(town: Town, station: str = "XG", **entered: str) -> tuple[AlikeLine, ...]:
    return alike(town.house, "street-matters", station, entered, "zh", town.clock.now)


def _too(town: Town, issue: int, request: str = "one", **said: str) -> Follower:
    return follow_too(town.house, issue, NewReporter(**said), request_id=request, now=town.clock.now)


def _page(town: Town, issue: int, person: int, *, by_code: bool = True) -> IssueView:
    return issue_view(town.house, issue, Look(person, "zh", town.clock.now, by_code))


def test_what_is_about_the_same_is_found_though_the_words_differ(shown: Town) -> None:
    same = _report(shown, **LAMP)
    _report(shown, subject="垃圾没人收", details="三天了", kind="other")
    found = _alike(shown, subject="校门口光明路的灯坏了，路灯晚上不亮", kind="lighting")
    assert [one.issue_id for one in found] == [same]
    assert found[0].subject == "光明路路灯不亮"
    assert found[0].quoted == "从上周四开始，校门往东第一、二盏不亮。"
    assert found[0].stands == "等待站点工作人员：受理登记"
    assert (found[0].age, found[0].followers) == ("不到一天前", 0)


def test_whoever_has_said_nothing_yet_is_shown_nothing_and_three_are_the_most(shown: Town) -> None:
    for number in range(5):
        _report(shown, **{**LAMP, "subject": f"光明路路灯不亮{number}"})
    assert _alike(shown) == ()
    assert _alike(shown, kind="lighting") == ()
    assert len(_alike(shown, subject="光明路路灯不亮")) == 3


def test_no_private_field_and_no_name_is_shown(shown: Town) -> None:
    _report(shown, **{**LAMP, "address": "光明路 8 号 501 室"})
    (found,) = _alike(shown, **LAMP)
    said = repr(found)
    assert "501" not in said
    assert "李明" not in said
    assert "陈晓" not in said


def test_what_is_long_ago_closed_or_far_away_is_not_shown(shown: Town) -> None:
    with shown.house.database.writing() as connection:
        row = {"code": "8801", "name_zh": "远方", "name_en": "Afar", "level": "street"}
        area = connection.execute(insert(t.areas).returning(t.areas.c.id), row).scalar_one()
        connection.execute(update(t.stations).where(t.stations.c.code == "YF").values(area_id=area))
    old = _report(shown, **LAMP)
    assert _alike(shown, **LAMP)
    assert _alike(shown, station="YF", **LAMP) == ()
    shown.act(old, "clerk", "decline", reason="不属于本站。")
    assert _alike(shown, **LAMP) == ()
    _report(shown, **LAMP)
    shown.clock.move(days=61)
    assert _alike(shown, **LAMP) == ()


def test_nothing_is_shown_where_the_definition_does_not_say_so(town: Town) -> None:
    issue = town.report(**LAMP)
    assert alike(town.house, "street-matters", "XG", LAMP, "zh", town.clock.now) == ()
    with pytest.raises(NotFound):
        _too(town, issue)


def test_me_too_has_a_number_and_a_code_of_its_own_and_is_counted(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    mine = _too(shown, issue, phone="138 0000 0002")
    assert len(mine.code) == 8
    opened = follow(shown.house, mine.number, mine.code.lower())
    assert (opened.issue_id, opened.participant_id) == (issue, mine.participant_id)
    seen = _page(shown, issue, opened.participant_id)
    assert (seen.followers, seen.follows, seen.own, seen.inside) == (1, True, False, False)
    assert _alike(shown, **LAMP)[0].followers == 1


def test_tapped_twice_it_is_one_follower(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    assert _too(shown, issue) == _too(shown, issue)
    assert _page(shown, issue, shown.reporter(issue)).followers == 1


def test_whoever_is_signed_in_follows_by_their_own_right_and_once(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    stranger = shown.people["stranger"]
    follow_too(shown.house, issue, stranger, request_id="a", now=shown.clock.now)
    assert _page(shown, issue, stranger, by_code=False).follows
    for person in (stranger, shown.reporter(issue)):
        with pytest.raises(Unavailable):
            follow_too(shown.house, issue, person, request_id="b", now=shown.clock.now)


def test_a_telephone_number_with_a_slip_is_said_and_nothing_happens(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    with pytest.raises(Invalid) as wrong:
        _too(shown, issue, phone="abc")
    assert set(wrong.value.errors) == {"phone"}
    assert _page(shown, issue, shown.reporter(issue)).followers == 0


def test_what_is_closed_cannot_be_followed_any_more(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    shown.act(issue, "clerk", "decline", reason="不属于本站。")
    with pytest.raises(Gone):
        _too(shown, issue)


def test_a_follower_reads_the_course_and_nothing_that_is_the_reporters(shown: Town) -> None:
    issue = _report(shown, **{**LAMP, "address": "光明路 8 号 501 室", "since": "2026-11-01"})
    attach(shown.house, issue, "门口.png", PIXEL, By(shown.reporter(issue), shown.clock.now))
    comment(shown.house, issue, "我家在五楼。", By(shown.reporter(issue), shown.clock.now), public=True)
    comment(shown.house, issue, "李女士，我们下午到。", By(shown.people["clerk"], shown.clock.now), public=True)
    comment(shown.house, issue, "这家常来。", By(shown.people["clerk"], shown.clock.now))
    mine = _too(shown, issue)
    comment(shown.house, issue, "我们这边也是。", By(mine.participant_id, shown.clock.now), public=True)
    for by_code in (True, False):
        said = repr(_page(shown, issue, mine.participant_id, by_code=by_code))
        for secret in ("501", "2026-11-01", "门口.png", "我家在五楼", "李女士", "这家常来", "李明", "陈晓"):
            assert secret not in said, secret
        assert "我们这边也是。" in said
        assert "光明路路灯不亮" in said
    # and the reporter does not read what strangers write
    assert "我们这边也是。" not in repr(_page(shown, issue, shown.reporter(issue), by_code=False))


def test_a_follower_may_urge_and_follow_no_more(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    mine = _too(shown, issue)
    happen(shown.house, issue, Urge("快一点"), By(mine.participant_id, shown.clock.now))
    happen(shown.house, issue, Withdraw(""), By(mine.participant_id, shown.clock.now))
    with pytest.raises(NotFound):
        _page(shown, issue, mine.participant_id)
    with pytest.raises(NotFound):
        follow(shown.house, mine.number, mine.code)


def test_whoever_has_urged_reads_when_they_can_again(shown: Town) -> None:
    issue = _report(shown, **LAMP)
    look = Look(shown.reporter(issue), "zh", shown.clock.now)
    assert possible_view(shown.house, issue, look).urge_again == ""
    happen(shown.house, issue, Urge(""), By(shown.reporter(issue), shown.clock.now))
    assert possible_view(shown.house, issue, look).urge_again == "11月25日（周三）"
    shown.clock.move(days=2)
    look = Look(shown.reporter(issue), "zh", shown.clock.now)
    assert possible_view(shown.house, issue, look).urge_again == ""


def test_the_deputy_who_answers_is_named_to_the_reporter_where_the_definition_says_so(shown: Town, town: Town) -> None:
    issue = _report(shown, **LAMP)
    shown.act(issue, "clerk", "accept")
    seen = _page(shown, issue, shown.reporter(issue), by_code=False)
    assert seen.answerable is not None
    assert (seen.answerable.name, seen.answerable.role, seen.answerable.station) == ("王芳", "责任代表", "星光站")
    assert "王芳" in seen.standing.sentence
    shown.act(issue, "deputy", "answer", reply="换好了。")
    assert any("王芳" in one.who for one in _page(shown, issue, shown.reporter(issue)).timeline)


def test_and_not_where_it_does_not(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    assert "王芳" not in repr(_page(town, issue, town.reporter(issue), by_code=False))


def test_how_many_days_old_it_is(shown: Town) -> None:
    _report(shown, **LAMP)
    shown.clock.move(days=timedelta(days=3).days)
    assert _alike(shown, **LAMP)[0].age == "3 天前"

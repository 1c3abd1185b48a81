"""What each person may see of an issue."""

from __future__ import annotations

import pytest

from engine.refusal import NotAllowed
from huying.access.viewer import Look
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.deeds import claim, comment
from huying.issues.record import follow, whose_by_code
from huying.issues.views.issue import IssueView, issue_view
from huying.issues.views.task import task_view
from huying.issues.views.tasks import my_tasks
from tests.huying.town import Town


def _seen(town: Town, issue_id: int, login: str, language: str = "zh") -> IssueView:
    return issue_view(town.house, issue_id, Look(town.people[login], language, town.clock.now))


def _followed(town: Town, issue_id: int, language: str = "zh") -> IssueView:
    return issue_view(town.house, issue_id, Look(town.reporter(issue_id), language, town.clock.now, by_code=True))


def _all_text(view: IssueView) -> str:
    return repr(view)


def test_those_who_work_on_it_and_the_reporter_see_personal_data(town: Town) -> None:
    issue = town.report()
    for person in (town.people["clerk"], town.reporter(issue)):
        seen = issue_view(town.house, issue, Look(person, "zh", town.clock.now))
        assert "光明路 8 号" in _all_text(seen)
        assert seen.reporter == "李明"


def test_who_follows_by_number_and_code_sees_no_personal_data_and_no_names(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    text = _all_text(_followed(town, issue))
    for hidden in ("光明路 8 号", "李明", "陈晓", "王芳", "赵亮", "孙电"):
        assert hidden not in text
    for shown in ("城市管理局", "供电公司", "责任代表", "灯已更换。"):
        assert shown in text


def test_staff_of_the_station_and_the_office_see_the_issue_but_not_personal_data_that_is_none_of_their_work(
    town: Town,
) -> None:
    issue = town.report()
    town.to_departments(issue)
    for login in ("clerk2", "office"):
        seen = _seen(town, issue, login)
        assert seen.inside
        assert "光明路 8 号" not in _all_text(seen)
        assert "李明" not in _all_text(seen)
        assert "王芳" in _all_text(seen)


@pytest.mark.parametrize("login", ["stranger", "far-clerk", "lighting"])
def test_everybody_else_is_told_that_there_is_no_such_issue(town: Town, login: str) -> None:
    issue = town.report()
    with pytest.raises(NotFound):
        _seen(town, issue, login)
    with pytest.raises(NotFound):
        issue_view(town.house, 999, Look(town.people[login], "zh", town.clock.now))


def test_who_once_acted_may_still_see_it(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    assert _seen(town, issue, "lighting").inside


def test_internal_remarks_and_claims_stay_inside(town: Town) -> None:
    issue = town.report()
    clerk = town.people["clerk"]
    claim(town.house, issue, town.item(issue, town.party("clerk")), By(clerk, town.clock.now))
    comment(town.house, issue, "先核实", By(clerk, town.clock.now))
    comment(town.house, issue, "已收到", By(clerk, town.clock.now), public=True)
    inside, outside = _all_text(_seen(town, issue, "clerk2")), _all_text(_followed(town, issue))
    assert "先核实" in inside
    assert "领取了任务" in inside
    assert "先核实" not in outside
    assert "领取了任务" not in outside
    assert "已收到" in outside


def test_the_timeline_tells_the_whole_story_in_both_languages(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    person = town.reporter(issue)
    zh = [f"{one.who}｜{one.what}" for one in _followed(town, issue).timeline]
    assert zh == [
        "反映人｜提交了诉求",
        "站点工作人员｜受理登记：受理",
        "责任代表｜代表研究：交部门办理",
        "城市管理局｜部门办理：提交办理结果",
        "供电公司｜部门办理：提交办理结果",
    ]
    english = issue_view(town.house, issue, Look(person, "en", town.clock.now, by_code=True))
    assert [one.who for one in english.timeline] == [
        "Reporter",
        "Station clerk",
        "Deputy in charge",
        "City management",
        "Power supply",
    ]
    assert english.timeline[1].follows == ("Deputy in charge assigned", "Next: Study by the deputy, by Thu 26 November")


def test_where_it_stands_is_said_in_words(town: Town) -> None:
    issue = town.report()
    assert _followed(town, issue).standing.sentence == "等待站点工作人员：受理登记"
    town.to_departments(issue)
    standing = _followed(town, issue).standing
    assert standing.sentence == "等待城市管理局、供电公司：部门办理"
    assert [stage.place for stage in standing.stages] == ["before", "before", "now", "later"]
    town.clock.move(days=40)
    assert _followed(town, issue).standing.overdue


def test_a_code_opens_its_own_issue_alone(town: Town) -> None:
    first, second = town.report(), town.report(subject="井盖松动")
    number, code = town.number_and_code(first)
    assert follow(town.house, number.lower(), f" {code.lower()} ").issue_id == first
    assert whose_by_code(town.house, first, code) == town.reporter(first)
    assert whose_by_code(town.house, second, code) is None
    with pytest.raises(NotFound):
        follow(town.house, town.number_and_code(second)[0], code)


def test_a_task_shows_what_can_be_done_now(town: Town) -> None:
    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    task = task_view(town.house, issue, item, Look(town.people["clerk"], "zh", town.clock.now))
    assert [action.title for action in task.actions] == ["受理", "不予受理"]
    assert task.can_claim
    assert task.over is None


def test_a_task_of_somebody_else_is_not_shown(town: Town) -> None:
    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    with pytest.raises(NotAllowed):
        task_view(town.house, issue, item, Look(town.reporter(issue), "zh", town.clock.now))
    with pytest.raises(NotFound):
        task_view(town.house, issue, item, Look(town.people["stranger"], "zh", town.clock.now))


def test_a_task_that_is_over_says_who_did_it(town: Town) -> None:
    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    town.act(issue, "clerk", "accept")
    own = task_view(town.house, issue, item, Look(town.people["clerk"], "zh", town.clock.now))
    assert own.over == "您已于 2026年11月23日 09:30 办理了这项任务。"
    assert own.actions == ()
    colleague = task_view(town.house, issue, item, Look(town.people["clerk2"], "en", town.clock.now))
    assert colleague.over == "陈晓 did this task on 23 November 2026 09:30."


def test_my_tasks_leave_out_what_a_colleague_has_taken(town: Town) -> None:
    issue = town.report()
    now = town.clock.now
    assert len(my_tasks(town.house, town.people["clerk2"], "zh", now)) == 1
    item = town.item(issue, town.party("clerk"))
    claim(town.house, issue, item, By(town.people["clerk"], now))
    assert my_tasks(town.house, town.people["clerk2"], "zh", now) == ()
    assert my_tasks(town.house, town.people["clerk"], "zh", now)[0].claimed


def test_my_tasks_begin_with_the_most_urgent(town: Town) -> None:
    town.report(subject="先")
    town.clock.move(days=2)
    town.report(subject="后")
    tasks = my_tasks(town.house, town.people["clerk"], "zh", town.clock.now)
    assert [task.subject for task in tasks] == ["先", "后"]
    assert tasks[0].due is not None
    assert tasks[0].due.overdue

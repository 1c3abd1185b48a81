"""A link in a message that has come into other hands: it opens what it is for, while that lasts, and its owner can end it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from huying.access.accounts import keep_passphrase
from huying.access.links import MOST, make_link
from huying.access.passphrase import hash_passphrase
from huying.database.tables import history, issues
from huying.issues.verification import verify
from tests.attacks.conftest import GuardedTown
from tests.portal.visitor import plain


def _link(town: GuardedTown, login: str, issue: int, item: int | None) -> str:
    with town.house.database.writing() as connection:
        return f"/t/{make_link(connection, town.people[login], issue, item, town.clock.now)}"


def _clerks(town: GuardedTown) -> tuple[int, str]:
    issue = town.report()
    return issue, _link(town, "clerk", issue, town.item(issue, town.party("clerk")))


def _status(town: GuardedTown, issue: int) -> str:
    with town.house.database.reading() as connection:
        return str(connection.execute(select(issues.c.status).where(issues.c.id == issue)).scalar_one())


def test_the_link_of_a_finished_task_shows_and_does_nothing_more(town: GuardedTown) -> None:
    issue, link = _clerks(town)
    clerk = town.stranger()
    assert "已提交" in clerk.send(link, f"{link}/act/accept")
    thief = town.stranger()
    page = plain(thief.see(link))
    assert "任务结束，链接也随之失效" in page
    assert "李明" not in page
    assert "光明路" not in page
    assert "李明" not in plain(thief.see(f"{link}?issue=1"))
    token = thief.hidden("/login", "/login")
    for way in ("events/cancel", "events/suspend", "act/accept", "claim", "comments", "files", "draft/accept"):
        assert thief.http.post(f"{link}/{way}", data={**token, "reason": "算了", "text": "算了"}).status_code == 409, (
            way
        )
    assert thief.http.get(f"{link}/files/1").status_code == 409
    assert thief.http.get(f"/api/v1{link.replace('/t/', '/links/')}/issue").status_code == 409
    assert _status(town, issue) == "open"


@pytest.mark.parametrize("deed", ["cancel", "suspend"])
def test_what_staff_may_do_beside_the_rules_needs_a_log_in_with_the_way_back(town: GuardedTown, deed: str) -> None:
    issue, link = _clerks(town)
    thief = town.stranger()
    page = thief.see(f"{link}?issue=1")
    assert f"/login?next=/issues/{town.number_and_code(issue)[0]}".replace("/issues/", "%2Fissues%2F") in page
    assert f"events/{deed}" not in page
    token = thief.hidden("/login", "/login")
    refused = thief.http.post(f"{link}/events/{deed}", data={**token, "reason": "不办了", "until": ""})
    assert refused.status_code in (403, 422)
    assert _status(town, issue) == "open"
    clerk = town.visitor("clerk")
    assert f"events/{deed}" in clerk.see(f"/issues/{town.number_and_code(issue)[0]}")


def test_the_history_says_that_it_was_done_by_a_link_and_is_hashed_with_it(town: GuardedTown) -> None:
    issue, link = _clerks(town)
    town.stranger().send(link, f"{link}/act/accept")
    with town.house.database.reading() as connection:
        via = connection.execute(select(history.c.via).where(history.c.issue_id == issue)).scalars().all()
    assert via[-1] is not None
    assert via[-1].startswith("link:")
    page = plain(town.visitor("clerk").see(f"/issues/{town.number_and_code(issue)[0]}"))
    assert "（经通知中的链接）" in page
    assert verify(town.house).faults == []
    with town.house.database.writing() as connection:
        connection.execute(history.update().where(history.c.via == via[-1]).values(via=None))
    assert verify(town.house).faults != []


def test_a_link_dies_when_somebody_else_takes_the_task(town: GuardedTown) -> None:
    issue, link = _clerks(town)
    colleague = town.visitor("clerk2")
    number = town.number_and_code(issue)[0]
    colleague.send(f"/tasks/{issue}/{_item(town, issue)}", f"/tasks/{issue}/{_item(town, issue)}/claim")
    thief = town.stranger()
    assert number in plain(thief.see(link))
    assert "李明" not in plain(thief.see(link))
    assert thief.http.post(f"{link}/act/accept", data=thief.hidden("/login", "/login")).status_code == 409
    colleague.send(f"/tasks/{issue}/{_item(town, issue)}", f"/tasks/{issue}/{_item(town, issue)}/release")
    assert "受理登记" in thief.see(link)


def _item(town: GuardedTown, issue: int) -> int:
    return town.item(issue, town.party("clerk"))


def test_no_link_is_older_than_a_year(town: GuardedTown) -> None:
    _, link = _clerks(town)
    town.clock.move(days=MOST.days + 1)
    town.stranger().see(link, status=404)


def test_its_owner_lists_their_links_and_ends_one_or_all(town: GuardedTown) -> None:
    issue, link = _clerks(town)
    other = _link(town, "clerk", issue, None)
    foreign = _link(town, "deputy", issue, None)
    thief = town.stranger()
    thief.see(link)
    town.clock.move(minutes=5)
    clerk = town.visitor("clerk")
    page = plain(clerk.see("/account/links"))
    assert "最近打开于 2026年11月23日 09:30" in page
    assert "还没有打开过" in page
    forms = clerk.see("/account/links").count('name="link"')
    assert forms == 2
    clerk.send("/account/links", "/account/links/end")
    left = [link, other]
    statuses = [thief.http.get(one).status_code for one in left]
    assert sorted(statuses) == [200, 404]
    all_of_them = clerk.hidden("/account/links", "/account/links/end")
    all_of_them.pop("link")
    clerk.http.post("/account/links/end", data=all_of_them)
    assert [thief.http.get(one).status_code for one in left] == [404, 404]
    assert "没有还能打开的通知链接" in plain(clerk.see("/account/links"))
    with town.house.database.reading() as connection:
        found = connection.exec_driver_sql(
            "select ended_at from action_link where participant_id = ?", (town.people["deputy"],)
        )
        assert [row[0] for row in found] == [None], foreign
    assert town.stranger().http.get("/account/links", follow_redirects=False).headers["location"].startswith("/login")


def test_a_new_passphrase_ends_all_links(town: GuardedTown) -> None:
    _, link = _clerks(town)
    with town.house.database.writing() as connection:
        keep_passphrase(connection, town.people["clerk"], hash_passphrase("another long one"), town.clock.now)
    town.stranger().see(link, status=404)


def test_whoever_only_asks_whether_a_page_is_there_is_answered_and_nothing_happens(town: GuardedTown) -> None:
    _, link = _clerks(town)
    for address in (link, "/", "/login", "/cases", "/static/huying.js"):
        head, got = town.stranger().http.head(address), town.stranger().http.get(address)
        assert (head.status_code, head.content) == (got.status_code, b""), address
        assert head.headers["content-type"] == got.headers["content-type"]
    assert "受理登记" in town.stranger().see(link)


def test_reporters_go_on_following_after_they_have_answered(town: GuardedTown) -> None:
    issue = town.report()
    with town.house.database.writing() as connection:
        link = f"/t/{make_link(connection, town.reporter(issue), issue, None, town.clock.now)}"
    town.clock.move(days=61)
    assert "等待站点工作人员" in town.stranger().see(link)
    town.clock.now += timedelta(days=1)

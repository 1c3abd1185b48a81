"""Four eyes: what one proposes another one approves, where the office says so; and what one may do alone, everybody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from huying.connections.calls import known_connections
from huying.database import tables as t
from huying.database.day import HOUSE_ZONE
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from tests.huying.town import DEFINITION, MORNING
from tests.huying.town import administrator as made_administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

ENTRIES = {"key": "registry", "url": "https://registry.example/x", "secret": "both know it well"}
LONGER = DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)


@pytest.fixture
def first(town: PortalTown) -> Visitor:
    """The first administrator, in a house that wants two."""
    town.people["admin"] = made_administrator(town.house)
    town.people["second"] = made_administrator(town.house, "温如玉", "second")
    visitor = town.visitor("admin")
    visitor.send("/proposals", "/proposals", {"rule": "on"})
    return visitor


@pytest.fixture
def second(town: PortalTown, first: Visitor) -> Visitor:
    """Another one."""
    return town.visitor("second")


def _decide(visitor: Visitor, do: str, said: str = "", status: int = 200, number: int = 1) -> str:
    page = f"/proposals/{number}"
    return visitor.send(page, page, {"do": do, "said": said}, status=status)


def _told(town: PortalTown, occasion: str) -> list[int]:
    query = select(t.deliveries.c.participant_id).where(t.deliveries.c.occasion == occasion)
    with town.house.database.reading() as connection:
        return list(connection.execute(query.order_by(t.deliveries.c.id)).scalars())


def _draft(visitor: Visitor, source: str) -> str:
    visitor.send("/definitions/street-matters", "/editor", {"of": "street-matters"})
    address = visitor.path
    page = visitor.see(address)
    revision = page.split('name="revision" value="')[1].split('"')[0]
    visitor.send(address, address, {"do": "save", "source": source, "scenarios": "", "revision": revision})
    return address


def _publish(visitor: Visitor, address: str, do: str = "publish", note: str = "延长研究期限") -> str:
    page = visitor.see(address)
    revision = page.split('name="revision" value="')[1].split('"')[0]
    entries = {"do": do, "source": LONGER, "scenarios": "", "revision": revision, "note": note}
    return visitor.send(address, address, entries)


def test_in_a_new_house_one_is_enough(town: PortalTown) -> None:
    made_administrator(town.house)
    visitor = town.visitor("admin")
    assert "不要求" in visitor.see("/proposals")
    visitor.send("/connections", "/connections", ENTRIES)
    assert [one.key for one in known_connections(town.house)] == ["registry"]


def test_what_one_proposes_another_one_approves_and_the_proposer_cannot(
    town: PortalTown, first: Visitor, second: Visitor
) -> None:
    shown = plain(first.send("/connections", "/connections", ENTRIES))
    assert "已提请" in shown
    assert known_connections(town.house) == ()
    assert _told(town, "proposal-made") == [town.people["second"]]
    assert "须由另一人批准" in _decide(first, "approve", status=403)
    assert "registry" in second.see("/proposals")
    assert "both know it well" not in second.see("/proposals/1")
    _decide(second, "approve")
    (made,) = known_connections(town.house)
    assert (made.key, made.secret) == ("registry", "both know it well")
    with town.house.database.reading() as connection:
        kept = connection.execute(select(t.proposals)).one()
    assert kept.body["secret"] == "", "no secret stays in what is decided"
    assert _told(town, "proposal-decided") == [town.people["admin"]]
    _decide_gone = second.http.post("/proposals/1", data={**second.hidden("/proposals", "/proposals"), "do": "approve"})
    assert _decide_gone.status_code == 409


def test_a_refusal_needs_a_reason_and_ends_it(town: PortalTown, first: Visitor, second: Visitor) -> None:
    first.send("/connections", "/connections", ENTRIES)
    assert "请写明不批准的理由" in _decide(second, "refuse", status=422)
    assert "地址不对" in _decide(second, "refuse", "地址不对")
    assert known_connections(town.house) == ()


def test_the_proposer_takes_it_back_and_nobody_else(town: PortalTown, first: Visitor, second: Visitor) -> None:
    first.send("/connections", "/connections", ENTRIES)
    _decide(second, "withdraw", status=409)
    assert "已撤回" in _decide(first, "withdraw")


def test_whoever_got_the_right_from_the_proposer_since_cannot_approve(
    town: PortalTown, first: Visitor, second: Visitor
) -> None:
    first.send("/connections", "/connections", ENTRIES)
    with town.house.database.writing() as connection:
        wish = NewGrant(town.people["clerk"], "system", HOUSE, MORNING.astimezone(HOUSE_ZONE).date(), None, "帮忙")
        give(connection, wish, town.clock.now, town.people["admin"])
    assert "提请人此后授权的人" in _decide(town.visitor("clerk"), "approve", status=403)


def test_a_version_is_published_by_two_as_it_was_shown(town: PortalTown, first: Visitor, second: Visitor) -> None:
    shown = _publish(first, _draft(first, LONGER))
    assert "5 working days" in shown
    assert town.house.processes.newest("street-matters").version == 1
    _decide(second, "approve")
    newest = town.house.processes.newest("street-matters")
    assert (newest.version, newest.published_by) == (2, "冯硕（温如玉批准）")


def test_an_editor_proposes_even_where_one_is_enough(town: PortalTown) -> None:
    made_administrator(town.house)
    with town.house.database.writing() as connection:
        wish = NewGrant(town.people["clerk"], "editor", HOUSE, MORNING.astimezone(HOUSE_ZONE).date(), None, "写流程")
        give(connection, wish, MORNING, None)
    clerk = town.visitor("clerk")
    _publish(clerk, _draft(clerk, LONGER))
    assert town.house.processes.newest("street-matters").version == 1
    assert "发布、撤回流程" in _decide(clerk, "approve", status=403)
    _decide(town.visitor("admin"), "approve")
    assert town.house.processes.newest("street-matters").version == 2


def test_in_an_emergency_one_publishes_alone_with_a_reason_and_all_publishers_are_told(
    town: PortalTown, first: Visitor, second: Visitor
) -> None:
    address = _draft(first, LONGER)
    page = first.see(address)
    revision = page.split('name="revision" value="')[1].split('"')[0]
    without = {"do": "alone", "source": LONGER, "scenarios": "", "revision": revision, "note": " "}
    assert "请写明紧急的理由" in first.send(address, address, without, status=422)
    shown = plain(_publish(first, address, "alone", "台风预警，今晚必须生效"))
    assert "一人办理" in shown
    assert town.house.processes.newest("street-matters").published_by == "冯硕"
    assert _told(town, "done-alone") == [town.people["second"]]


def test_a_guarded_grant_takes_two_and_a_bounded_one_does_not(
    town: PortalTown, first: Visitor, second: Visitor
) -> None:
    page = f"/rights/people/{town.people['clerk']}"
    entries = {"scope": "house", "since": "2026-11-23", "reason": "接替"}
    first.send(page, f"{page}/grants", {**entries, "role": "supervisor"})
    assert "已提请" in plain(first.send(page, f"{page}/grants", {**entries, "role": "publisher"}))
    with town.house.database.reading() as connection:
        of = select(t.grants.c.role).where(t.grants.c.participant_id == town.people["clerk"])
        assert list(connection.execute(of).scalars()) == ["supervisor"]
    _decide(second, "approve")
    assert "冯硕提请，温如玉批准" in plain(first.see(page))


def test_what_cannot_be_granted_is_not_proposed(town: PortalTown, first: Visitor) -> None:
    page = f"/rights/people/{town.people['clerk']}"
    entries = {"scope": "house", "since": "2026-11-23", "until": "2026-11-22", "reason": "接替", "role": "publisher"}
    assert "截止日期早于开始日期" in first.send(page, f"{page}/grants", entries, status=422)
    assert _told(town, "proposal-made") == []


def test_to_loosen_the_rule_takes_two(town: PortalTown, first: Visitor, second: Visitor) -> None:
    assert "已提请" in plain(first.send("/proposals", "/proposals", {"rule": "off"}))
    assert "须另一人批准" in second.see("/proposals")
    _decide(second, "approve")
    assert "不要求" in plain(second.see("/proposals")).split("修改规则")[0]


def test_where_the_rule_is_to_wait_a_day_makes_up_for_the_second_person(town: PortalTown) -> None:
    made_administrator(town.house)
    visitor = town.visitor("admin")
    visitor.send("/proposals", "/proposals", {"rule": "wait"})
    visitor.send("/connections", "/connections", ENTRIES)
    _decide(visitor, "approve", status=403)
    town.clock.now += timedelta(hours=24)
    visitor.log_in("admin")
    _decide(visitor, "approve")
    assert [one.key for one in known_connections(town.house)] == ["registry"]


def test_what_is_wrong_is_said_before_anybody_is_asked(town: PortalTown, first: Visitor) -> None:
    first.send("/connections", "/connections", {**ENTRIES, "url": "ftp://x"}, status=422)
    first.send("/subscriptions", "/subscriptions", {"name": "热线", "url": "no address"}, status=422)
    assert _told(town, "proposal-made") == []


def test_a_subscription_takes_two(town: PortalTown, first: Visitor, second: Visitor) -> None:
    first.send("/subscriptions", "/subscriptions", {"name": "热线", "url": "https://hotline.example/x"})
    assert "热线" not in first.see("/subscriptions")
    _decide(second, "approve")
    assert "热线" in first.see("/subscriptions")


def test_a_version_is_withdrawn_by_two(town: PortalTown, first: Visitor, second: Visitor) -> None:
    page = "/definitions/street-matters/versions/1"
    first.send(page, page, {"do": "withdraw", "reason": "写错了"})
    assert "撤回流程版本" in second.see("/proposals/1")
    assert town.house.processes.version("street-matters", 1).withdrawn_at is None
    _decide(second, "approve")
    assert town.house.processes.version("street-matters", 1).withdrawn_at is not None


def test_a_guarded_grant_is_ended_by_two_or_alone_with_a_reason_that_all_hear(
    town: PortalTown, first: Visitor, second: Visitor
) -> None:
    page = f"/rights/people/{town.people['second']}"
    with town.house.database.reading() as connection:
        which = t.grants.c.participant_id == town.people["second"], t.grants.c.role == "system"
        number = connection.execute(select(t.grants.c.id).where(*which)).scalar_one()
    address = f"{page}/grants/{number}/end"
    assert "请写明收回的理由" in first.send(page, address, {"end_reason": " "}, status=422)
    assert "已提请" in plain(first.send(page, address, {"end_reason": "调离"}))
    assert second.see("/connections")
    assert "涉及您本人" in _decide(second, "refuse", "不同意", status=409)
    first.send(page, address, {"end_reason": "账号被盗", "do": "alone"})
    second.see("/connections", 403)
    assert "一人办理" in plain(first.see("/proposals/2"))


def test_running_issues_are_moved_by_two(town: PortalTown, first: Visitor, second: Visitor) -> None:
    town.report()
    _publish(first, _draft(first, LONGER))
    _decide(second, "approve")
    address = "/migrations/new?key=street-matters&leaving=1&entering=2"
    shown = plain(first.send(address, "/migrations/new", {"do": "begin", "reason": "新办法施行"}))
    assert "已提请" in shown
    assert "第 1 版" not in first.see("/migrations/1", 404)
    _decide(second, "approve", number=2)
    assert "冯硕（温如玉批准）" in plain(first.see("/migrations/1"))


def test_what_can_no_longer_be_carried_out_says_why_to_both(town: PortalTown, first: Visitor, second: Visitor) -> None:
    page = f"/rights/people/{town.people['clerk']}"
    entries = {"scope": "house", "since": "2026-11-23", "reason": "接替", "role": "publisher"}
    first.send(page, f"{page}/grants", entries)
    with town.house.database.writing() as connection:
        wish = NewGrant(town.people["clerk"], "auditor", HOUSE, MORNING.astimezone(HOUSE_ZONE).date(), None, "审计")
        give(connection, wish, town.clock.now, town.people["admin"])
    assert "未能执行" in plain(_decide(second, "approve"))
    for visitor in (first, second):
        assert "不能兼其他权限" in plain(visitor.see("/proposals/1"))
        assert "不能兼其他权限" in plain(visitor.see("/proposals"))


def test_proposals_are_not_for_everybody(town: PortalTown, first: Visitor) -> None:
    town.visitor("clerk").see("/proposals", 403)

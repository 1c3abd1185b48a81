"""How long what is kept, what a hold keeps all the same, and whose time is over: shown before anything is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from definitions.model.period import Period
from engine.refusal import Invalid
from huying.audit.query import AuditQuery
from huying.audit.view import KEPT, audit_page
from huying.chores.expiry import housekeep
from huying.database import tables as t
from huying.errors import AlreadyDone
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.privacy.due import due_issues, still_due
from huying.privacy.holds import HoldWish, lift_hold, place_hold
from huying.privacy.rules import FILE, PERSONAL, THINGS, Rules, RuleWish, set_rule
from huying.processes.publication import publish
from tests.huying.town import DEFINITION, Town

KEEP = DEFINITION.replace("\nfields:", "\nkeep: {personal: 1 year, file: 5 years}\nfields:", 1)


def _by(town: Town) -> By:
    return By(town.people["office"], town.clock.now)


def _closed(town: Town, **values: str) -> int:
    issue = town.report(**values)
    town.act(issue, "clerk", "decline", reason="不属于本站。")
    return issue


def _due(town: Town) -> dict[int, tuple[str, bool]]:
    with town.house.database.at_one_moment() as connection:
        return {one.id: (one.what, one.held) for one in due_issues(town.house, connection, town.clock.now)}


def _rule(town: Town, what: str, span: str, **more: str) -> None:
    set_rule(town.house, RuleWish(what, span, "档案办〔2026〕3 号", **more), _by(town))


def _span(town: Town, what: str) -> Period:
    with town.house.database.reading() as connection:
        area = connection.execute(select(t.areas.c.id)).scalar_one()
        process = town.house.processes.process(town.house.processes.in_force("street-matters", town.clock.now).id)
        return Rules(connection).of_issue(what, process.definition, area)


def test_nobody_is_due_before_the_last_day_and_everybody_after_it(town: Town) -> None:
    issue, still_open = _closed(town), town.report(subject="还在办")
    town.clock.move(days=730)
    assert _due(town) == {}
    town.clock.move(days=1)
    assert _due(town) == {issue: (PERSONAL, False)}
    assert still_open not in _due(town)


def test_the_whole_file_is_due_later_and_then_nothing_else_of_it(town: Town) -> None:
    issue = _closed(town)
    town.clock.move(days=3653)
    assert _due(town) == {issue: (FILE, False)}


def test_what_the_definition_says_goes_before_what_holds_everywhere(town: Town) -> None:
    publish(town.house, KEEP, "street-matters.yaml", Imprint("test", town.clock.now))
    assert (_span(town, PERSONAL), _span(town, FILE)) == (Period(1), Period(5))
    issue = _closed(town)
    town.clock.move(days=365)
    assert _due(town) == {issue: (PERSONAL, False)}


def test_the_offices_word_for_a_process_goes_before_the_definition_and_an_areas_before_both(town: Town) -> None:
    publish(town.house, KEEP, "street-matters.yaml", Imprint("test", town.clock.now))
    _rule(town, PERSONAL, "3 years")
    assert _span(town, PERSONAL) == Period(1), "a rule for everything is only for those who say nothing"
    _rule(town, PERSONAL, "18 months", definition="street-matters")
    assert _span(town, PERSONAL) == Period(18, "months")
    _rule(town, PERSONAL, "4 years", area="350203")
    assert _span(town, PERSONAL) == Period(4)
    _rule(town, PERSONAL, "", area="350203")
    assert _span(town, PERSONAL) == Period(18, "months"), "taken back"


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        (RuleWish(PERSONAL, "5 days", "x"), "span"),
        (RuleWish(PERSONAL, "2 lightyears", "x"), "span"),
        (RuleWish(FILE, "10 years", " "), "reason"),
        (RuleWish(FILE, "10 years", "x", area="999999"), "area"),
        (RuleWish(FILE, "10 years", "x", definition="nothing"), "definition"),
    ],
)
def test_a_rule_that_cannot_be_says_where(town: Town, wish: RuleWish, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_rule(town.house, wish, _by(town))
    assert set(refused.value.errors) == {wrong}


def test_what_is_for_ever_is_never_due(town: Town) -> None:
    _closed(town)
    _rule(town, PERSONAL, "for ever")
    _rule(town, FILE, "for ever")
    town.clock.move(days=36_000)
    assert _due(town) == {}


def test_a_hold_keeps_an_issue_until_its_day_or_until_it_is_lifted(town: Town) -> None:
    issue = _closed(town)
    number, _ = town.number_and_code(issue)
    town.clock.move(days=800)
    until = (town.house.day_of(town.clock.now) + timedelta(days=10)).isoformat()
    place_hold(town.house, HoldWish(number, "suit", "（2028）闽0203民初1号", until), _by(town))
    assert _due(town) == {issue: (PERSONAL, True)}
    town.clock.move(days=11)
    assert _due(town) == {issue: (PERSONAL, False)}
    hold = place_hold(town.house, HoldWish(number, "appeal", "信访复查"), _by(town))
    town.clock.move(days=1000)
    with town.house.database.reading() as connection:
        assert still_due(town.house, connection, issue, town.clock.now) is None
    lift_hold(town.house, hold, "已办结", _by(town))
    with town.house.database.reading() as connection:
        assert still_due(town.house, connection, issue, town.clock.now) == PERSONAL
    with pytest.raises(AlreadyDone):
        lift_hold(town.house, hold, "已办结", _by(town))


def test_a_hold_on_a_person_keeps_all_that_they_reported(town: Town) -> None:
    first, second = _closed(town), _closed(town, subject="另一件")
    with town.house.database.writing() as connection:
        same = {"reporter_id": town.reporter(first)}
        connection.execute(update(t.issues).where(t.issues.c.id == second).values(**same))
    number, _ = town.number_and_code(first)
    place_hold(town.house, HoldWish(number, "audit", "巡察组调阅", person=True), _by(town))
    town.clock.move(days=800)
    assert _due(town) == {first: (PERSONAL, True), second: (PERSONAL, True)}


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        (HoldWish("no-such", "suit", "x"), "number"),
        (HoldWish("XG", "whim", "x"), "cause"),
        (HoldWish("XG", "suit", ""), "reason"),
        (HoldWish("XG", "suit", "x", "2020-01-01"), "until"),
        (HoldWish("XG", "suit", "x", "soon"), "until"),
    ],
)
def test_a_hold_that_cannot_be_says_where(town: Town, wish: HoldWish, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        place_hold(town.house, wish, _by(town))
    assert wrong in refused.value.errors


def test_messages_lose_their_words_when_their_time_is_over_and_nothing_else(town: Town) -> None:
    with town.house.database.writing() as connection:
        row = {
            "key": "x",
            "sequence": 0,
            "participant_id": town.people["clerk"],
            "channel": "mail",
            "target": "a@b.example",
            "occasion": "note",
            "template": "note",
            "template_version": "1",
            "language": "zh",
            "subject": "路灯",
            "text": "李明 13800000000",
            "html": "<p>李明</p>",
            "status": "accepted",
            "available_at": town.clock.now,
            "created_at": town.clock.now,
            "ended_at": town.clock.now,
        }
        connection.execute(insert(t.deliveries), row)
        connection.execute(insert(t.deliveries), {**row, "key": "y", "status": "pending", "ended_at": None})
    town.clock.move(days=90)
    assert housekeep(town.house, town.clock.now)["messages"] == 0
    town.clock.move(days=1, hours=23)
    assert housekeep(town.house, town.clock.now)["messages"] == 1
    with town.house.database.reading() as connection:
        sent = connection.execute(select(t.deliveries).where(t.deliveries.c.key == "x")).one()
        waits = connection.execute(select(t.deliveries.c.text).where(t.deliveries.c.key == "y")).scalar_one()
    assert (sent.subject, sent.text, sent.html) == ("", "", "")
    assert sent.status == "accepted"
    assert waits == "李明 13800000000"


def test_the_office_keeps_messages_for_another_time(town: Town) -> None:
    _rule(town, "messages", "for ever")
    town.clock.move(days=5000)
    assert housekeep(town.house, town.clock.now)["messages"] == 0


def _noted(town: Town, what: str) -> list[tuple[str, int | None, int | None, str, dict[str, str]]]:
    c = t.audit.c
    with town.house.database.reading() as connection:
        rows = connection.execute(select(t.audit).where(c.what == what).order_by(c.seq)).all()
    return [(row.object, row.about_id, row.by_id, row.reason, row.detail) for row in rows]


def test_a_hold_that_is_placed_or_lifted_leaves_a_line_in_the_audit_log(town: Town) -> None:
    issue = _closed(town)
    number, _ = town.number_and_code(issue)
    office, reporter = town.people["office"], town.reporter(issue)
    first = place_hold(town.house, HoldWish(number, "suit", " 诉讼 "), _by(town))
    lift_hold(town.house, first, "已结案", _by(town))
    second = place_hold(town.house, HoldWish(number, "audit", "巡察组调阅", person=True), _by(town))
    with pytest.raises(AlreadyDone):
        lift_hold(town.house, first, "再解除", _by(town))
    assert _noted(town, "hold-changed") == [
        (f"issue:{number}", None, office, "诉讼", {"decision": "placed"}),
        (f"issue:{number}", None, office, "已结案", {"decision": "lifted"}),
        (f"hold:{second}", reporter, office, "巡察组调阅", {"decision": "placed"}),
    ]


def test_a_rule_that_is_changed_or_taken_back_leaves_a_line_in_the_audit_log(town: Town) -> None:
    _rule(town, PERSONAL, "18 months", area="350203", definition="street-matters")
    _rule(town, "searches", "4 years", area="350203")
    _rule(town, PERSONAL, "")
    with pytest.raises(Invalid):
        _rule(town, PERSONAL, "5 days")
    office, why = town.people["office"], "档案办〔2026〕3 号"
    apart = {"span": "18 months", "area": "350203", "process": "street-matters"}
    assert _noted(town, "retention-changed") == [
        ("retention:personal", None, office, why, apart),
        ("retention:searches", None, office, why, {"span": "4 years"}),
        ("retention:personal", None, office, why, {"span": "withdrawn"}),
    ]


def test_the_lines_are_read_in_the_words_of_the_office(town: Town) -> None:
    assert KEPT.keys() == THINGS.keys()
    issue = _closed(town)
    hold = place_hold(town.house, HoldWish(town.number_and_code(issue)[0], "suit", "诉讼", person=True), _by(town))
    _rule(town, FILE, "20 years")
    _rule(town, FILE, "")
    page = audit_page(town.house.database, AuditQuery(), town.house.zone, "zh")
    told = [(line.what, line.object, line.detail) for line in page.lines[:3]]
    assert told == [
        ("修改保存期限", "保存期限 事项整件", "保存：撤回"),
        ("修改保存期限", "保存期限 事项整件", "保存：20 年"),
        ("设置或解除保全", f"保全 {hold}", "决定：设置"),
    ]

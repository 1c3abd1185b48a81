"""Claims about what stations have: with evidence, checked by a level above, never by whoever entered it, kept as they were; ends are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from huying.access.viewer import Viewer, viewer
from huying.database import tables as t
from huying.house.kept import keep
from huying.register.changes import Change, Stamp, apply
from huying.register.haves import nine
from huying.register.shapes import Values
from huying.register.views.station import registered_station
from huying.rights.grants import NewGrant, give
from huying.rights.refusal import Unentitled
from huying.rights.scope import HOUSE, Scope
from huying.stations.claims import Check, HaveClaim, WrongClaim, check, enter, usual_until
from huying.stations.claims_view import claim_desk, have_course
from huying.stations.dormancy import remind
from huying.stations.expiry import ending_untold, tell_of_ends
from tests.huying.town import MORNING, PIXEL, Town

TODAY = MORNING.date()


def who(town: Town, login: str) -> Viewer:
    with town.house.database.reading() as connection:
        return viewer(connection, town.people[login])


def station(town: Town, code: str = "XG") -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(t.stations.c.id).where(t.stations.c.code == code)).scalar_one())


@pytest.fixture(autouse=True)
def _listed(town: Town) -> None:
    with town.house.database.writing() as connection:
        apply(connection, nine(), Stamp("page", MORNING))


def state(town: Town, have: str) -> tuple[str, str, date | None]:
    found = registered_station(town.house, "XG", "zh", TODAY)
    return next((one.state, one.by, one.until) for one in found.haves if one.code == have)


def messages(town: Town, occasion: str) -> list[tuple[int, str]]:
    d = t.deliveries.c
    with town.house.database.reading() as connection:
        query = select(d.participant_id, d.text).where(d.occasion == occasion).order_by(d.id)
        return [(row.participant_id, row.text) for row in connection.execute(query)]


def test_a_station_enters_the_level_above_accepts_and_the_register_says_so(town: Town) -> None:
    photo = keep(town.house.store, "牌子.png", PIXEL, town.people["clerk"]).reference
    number = enter(town.house, HaveClaim("XG", "sign", "met", "大门口", (photo,)), who(town, "clerk"), MORNING)
    assert state(town, "sign") == ("", "", None)
    [waiting] = claim_desk(town.house, "zh", MORNING, who(town, "office")).waiting
    assert (waiting.id, waiting.have_name, [name for _, name in waiting.files]) == (number, "有牌子", ["牌子.png"])
    check(town.house, Check(number, True, until=date(2027, 6, 30)), who(town, "office"), MORNING)
    assert state(town, "sign") == ("yes", "周主任", date(2027, 6, 30))
    [(person, text)] = messages(town, "have-checked")
    assert person == town.people["clerk"]
    assert "周主任已核定" in text
    log = registered_station(town.house, "XG", "zh", TODAY).log
    assert any("核定填报" in line.why for line in log)


def test_a_part_of_it_is_not_all_of_it_and_the_usual_time_is_the_standards(town: Town) -> None:
    number = enter(town.house, HaveClaim("XG", "equipment", "partly", "缺打印机"), who(town, "clerk"), MORNING)
    check(town.house, Check(number, True), who(town, "office"), MORNING)
    assert state(town, "equipment") == ("partly", "周主任", date(2027, 11, 23))


def test_nobody_checks_what_they_entered_and_nobody_of_the_station_checks_it(town: Town) -> None:
    number = enter(town.house, HaveClaim("XG", "sign", "met", "有"), who(town, "clerk"), MORNING)
    for login in ("clerk", "clerk2", "far-clerk", "deputy"):
        with pytest.raises(Unentitled):
            check(town.house, Check(number, True), who(town, login), MORNING)
    with town.house.database.writing() as connection:
        only = Scope("station", station(town), stations=frozenset({station(town)}))
        give(connection, NewGrant(town.people["clerk2"], "registrar", only, TODAY, None, "本站"), MORNING, None)
        give(connection, NewGrant(town.people["clerk"], "registrar", HOUSE, TODAY, None, "全部"), MORNING, None)
    for login in ("clerk", "clerk2"):
        with pytest.raises(Unentitled):
            check(town.house, Check(number, True), who(town, login), MORNING)
        assert claim_desk(town.house, "zh", MORNING, who(town, login)).waiting == ()
    assert state(town, "sign")[0] == ""


def test_only_a_stations_own_staff_enter_for_it(town: Town) -> None:
    for login in ("far-clerk", "deputy", "lighting", "stranger"):
        with pytest.raises(Unentitled):
            enter(town.house, HaveClaim("XG", "sign", "met", "有"), who(town, login), MORNING)


def test_what_is_returned_says_why_and_stands_among_what_the_station_should_see_to(town: Town) -> None:
    number = enter(town.house, HaveClaim("XG", "sign", "met", "有"), who(town, "clerk"), MORNING)
    with pytest.raises(WrongClaim):
        check(town.house, Check(number, False), who(town, "office"), MORNING)
    check(town.house, Check(number, False, "照片看不清"), who(town, "office"), MORNING)
    assert state(town, "sign")[0] == ""
    mine = claim_desk(town.house, "zh", MORNING, who(town, "clerk")).to_do
    assert [one.remark for one in mine if one.have == "sign"] == ["照片看不清"]
    with pytest.raises(WrongClaim):
        check(town.house, Check(number, True), who(town, "office"), MORNING)


def test_a_later_claim_replaces_the_one_that_waits_and_all_of_them_stay(town: Town) -> None:
    first = enter(town.house, HaveClaim("XG", "sign", "not"), who(town, "clerk"), MORNING)
    second = enter(town.house, HaveClaim("XG", "sign", "met", "装好了"), who(town, "clerk2"), MORNING)
    with pytest.raises(WrongClaim):
        check(town.house, Check(first, True), who(town, "office"), MORNING)
    check(town.house, Check(second, True), who(town, "office"), MORNING)
    course = have_course(town.house, "XG", "sign", ("zh", who(town, "clerk"), MORNING))
    assert [(one.id, one.status) for one in course.claims] == [(second, "accepted"), (first, "replaced")]


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        (HaveClaim("XG", "garden", "met", "有"), "have"),
        (HaveClaim("XG", "sign", "perhaps", "有"), "extent"),
        (HaveClaim("XG", "sign", "met"), "evidence"),
        (HaveClaim("XG", "sign", "partly", "", ("file:" + "0" * 64,)), "evidence"),
        (HaveClaim("XG", "sign", "met", "", ("file:" + "0" * 64,)), "files"),
        (HaveClaim("XG", "sign", "met", "有", until=TODAY - timedelta(days=1)), "until"),
    ],
    ids=["no-such-thing", "no-such-extent", "no-evidence", "part-unsaid", "no-such-file", "over-already"],
)
def test_a_claim_that_cannot_be_says_at_which_field(town: Town, claim: HaveClaim, field: str) -> None:
    with pytest.raises(WrongClaim) as refused:
        enter(town.house, claim, who(town, "clerk"), MORNING)
    assert refused.value.field == field


def test_staff_are_told_once_before_the_time_is_over_and_not_while_a_claim_waits(town: Town) -> None:
    rows = [
        Change("station_have", ("XG", have), {"has": True, "until": TODAY + timedelta(days=days)})
        for have, days in (("sign", 20), ("place", 20), ("plan", 60))
    ]
    with town.house.database.writing() as connection:
        apply(connection, rows, Stamp("page", MORNING))
    assert tell_of_ends(town.house, MORNING) == 2
    told = messages(town, "have-expires")
    assert {person for person, _ in told} == {town.people["clerk"], town.people["clerk2"]}
    assert all("有场所、有牌子" in text for _, text in told)
    assert tell_of_ends(town.house, MORNING) == 0
    later = MORNING + timedelta(days=40)
    assert [one.haves for one, _ in ending_untold(town.house, later)] == [("plan",), ("plan",)]
    enter(town.house, HaveClaim("XG", "plan", "met", "新计划"), who(town, "clerk"), later)
    assert ending_untold(town.house, later) == ()


def test_what_has_ended_has_to_be_looked_at_again_and_the_desk_says_so(town: Town) -> None:
    with town.house.database.writing() as connection:
        values: Values = {"has": True, "until": TODAY - timedelta(days=1)}
        apply(connection, [Change("station_have", ("XG", "sign"), values)], Stamp("page", MORNING))
    assert state(town, "sign")[0] == "again"
    mine = claim_desk(town.house, "zh", MORNING, who(town, "clerk")).to_do
    assert ("sign", "again") in [(one.have, one.state) for one in mine]


def test_the_usual_end_is_the_months_last_day_where_there_is_no_such_day(town: Town) -> None:
    with town.house.database.reading() as connection:
        assert usual_until(connection, date(2024, 2, 29)) == date(2025, 2, 28)
        assert usual_until(connection, date(2026, 12, 31)) == date(2027, 12, 31)


def test_a_dormant_stations_staff_are_asked_once_a_day(town: Town) -> None:
    with town.house.database.writing() as connection:
        give(connection, NewGrant(town.people["office"], "registrar", HOUSE, TODAY, None, "名册"), MORNING, None)
    assert remind(town.house, "XG", who(town, "office"), MORNING) == 2
    assert remind(town.house, "XG", who(town, "office"), MORNING) == 0
    assert "周主任请您安排活动" in messages(town, "station-dormant")[0][1]
    with pytest.raises(Unentitled):
        remind(town.house, "XG", who(town, "clerk"), MORNING)

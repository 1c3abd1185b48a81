"""Short addresses: made at one's own stations, followed while they hold, counted by the day, and never a way out of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from engine.refusal import Invalid
from huying.access.viewer import Viewer, viewer
from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.posters.code import ALPHABET, new_code, read_code
from huying.posters.scan import leads_to, note_report
from huying.posters.short_link import LinkWish, end_links, make_links
from huying.posters.target import LinkTarget
from huying.posters.view import link_list
from huying.processes.publication import withdraw
from huying.rights.refusal import Unentitled
from tests.huying.town import MORNING, Town

REPORT = LinkWish(page="report", definition="street-matters", stations=("XG",), answers={"kind": "lighting"})


def who(town: Town, login: str) -> Viewer:
    with town.house.database.reading() as connection:
        return viewer(connection, town.people[login])


def make(town: Town, wish: LinkWish, login: str = "clerk") -> tuple[int, ...]:
    return make_links(town.house, wish, who(town, login), By(town.people[login], MORNING))


def code_of(town: Town, link: int) -> str:
    with town.house.database.reading() as connection:
        query = select(t.short_links.c.code).where(t.short_links.c.id == link)
        return str(connection.execute(query).scalar_one())


def counted(town: Town, link: int) -> Mapping[str, Any]:
    d = t.short_link_days.c
    query = select(func.sum(d.scans).label("scans"), func.sum(d.reports).label("reports"), func.count().label("days"))
    with town.house.database.reading() as connection:
        return dict(connection.execute(query.where(d.link_id == link)).mappings().one())


def test_a_code_is_read_as_people_write_it() -> None:
    code = new_code()
    assert len(code) == 7
    assert set(code) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert read_code(f" {code[:3]}-{code[3:]} ".lower()) == code
    assert read_code("oil-0000") == "0110000"
    for wrong in ("", "ABC", "ABCDEFGH", "UUUUUUU", "路灯", "A" * 5000):
        assert read_code(wrong) is None


def test_it_leads_to_the_form_with_station_place_and_kind_and_is_counted_by_the_day(town: Town) -> None:
    (link,) = make(town, REPORT)
    code = code_of(town, link)
    address = leads_to(town.house, code.lower(), MORNING)
    assert address == f"/report/street-matters?station=XG&field.kind=lighting&from={code}"
    leads_to(town.house, code, MORNING)
    leads_to(town.house, code, MORNING + timedelta(days=1))
    note_report(town.house, code, MORNING)
    note_report(town.house, "0000000", MORNING)
    assert counted(town, link) == {"scans": 3, "reports": 1, "days": 2}
    (line,) = link_list(town.house, who(town, "clerk"), ("en", MORNING)).lines
    assert (line.scans, line.reports, line.kinds, line.over) == (3, 1, ("Lighting",), False)


def test_many_are_made_at_once_one_for_each_station_and_place(town: Town) -> None:
    wish = LinkWish(page="home", stations=("XG", "YF"), places=("东门", "", "西门", "东门 "))
    made = make(town, wish, "office")
    lines = link_list(town.house, who(town, "office"), ("zh", MORNING), ids=made).lines
    assert sorted((one.station, one.title) for one in lines) == [
        ("星光站", "东门"),
        ("星光站", "西门"),
        ("远方站", "东门"),
        ("远方站", "西门"),
    ]
    assert len({one.code for one in lines}) == 4


def test_staff_make_and_end_them_at_their_own_stations_alone(town: Town) -> None:
    with pytest.raises(Unentitled):
        make(town, LinkWish(page="home", stations=("YF",)))
    with pytest.raises(Invalid):
        make(town, LinkWish(page="home"))
    with pytest.raises(Unentitled):
        make(town, LinkWish(page="home", stations=("XG",)), "deputy")
    (far,) = make(town, LinkWish(page="home", stations=("YF",)), "far-clerk")
    with pytest.raises(Unentitled):
        end_links(town.house, [far], who(town, "clerk"), By(town.people["clerk"], MORNING))
    assert link_list(town.house, who(town, "clerk"), ("zh", MORNING)).lines == ()
    make(town, LinkWish(page="home"), "office")


def test_one_that_is_over_leads_nowhere(town: Town) -> None:
    house, by = town.house, By(town.people["clerk"], MORNING)
    ended, dated, closed, gone = (make(town, REPORT)[0] for _ in range(4))
    end_links(house, [ended], who(town, "clerk"), by)
    assert leads_to(house, code_of(town, ended), MORNING) is None
    with house.database.writing() as connection:
        c = t.short_links.c
        connection.execute(update(t.short_links).where(c.id == dated).values(valid_until=MORNING.date()))
    assert leads_to(house, code_of(town, dated), MORNING) is not None
    assert leads_to(house, code_of(town, dated), MORNING + timedelta(days=1)) is None
    withdraw(house, "street-matters", 1, by="test", reason="试用结束", now=MORNING)
    assert leads_to(house, code_of(town, gone), MORNING + timedelta(seconds=1)) is None
    with house.database.writing() as connection:
        connection.execute(update(t.stations).values(active=False))
    assert leads_to(house, code_of(town, closed), MORNING) is None
    assert leads_to(house, "ZZZZZZZ", MORNING) is None


def test_what_is_wrong_is_said_by_entry(town: Town) -> None:
    for wish, entry in (
        (LinkWish(page="https://evil.example", stations=("XG",)), "page"),
        (LinkWish(page="report", stations=("XG",)), "definition"),
        (LinkWish(page="home", stations=("XG",), valid_until=MORNING.date()), "valid_until"),
        (LinkWish(page="home", stations=("XG",), places=("长" * 101,)), "places"),
        (LinkWish(page="home", stations=("XG",), places=[str(n) for n in range(700)]), "places"),
        (LinkWish(page="report", definition="street-matters", stations=("XG",), answers={"kind": "magic"}), "kind"),
    ):
        with pytest.raises(Invalid) as refused:
            make(town, wish)
        assert entry in refused.value.errors, wish
    with pytest.raises(NotFound):
        make(town, LinkWish(page="home", stations=("NOWHERE",)))


def test_what_is_private_is_never_filled_in_by_an_address(town: Town) -> None:
    wish = LinkWish(page="report", definition="street-matters", stations=("XG",), answers={"address": "光明路 8 号"})
    (link,) = make(town, wish)
    assert "address" not in str(leads_to(town.house, code_of(town, link), MORNING))


def test_no_address_leaves_the_house() -> None:
    hostile = LinkTarget("report", "//evil", "../..//evil", {"place": "&from=x#\r\n<script>"})
    address = hostile.address("ABCDEFG")
    assert address.startswith("/report/..%2F..%2F%2Fevil?station=%2F%2Fevil&")
    assert "\n" not in address
    assert LinkTarget("//evil.example").address("ABCDEFG") == "/"

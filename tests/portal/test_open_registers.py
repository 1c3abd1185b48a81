"""Registers that the office opens to the public: closed at first, only the chosen columns, as pages, open data and feeds."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from sqlalchemy import insert, update

from huying.database import tables as t
from huying.house.by import By
from huying.publicity.open_rows import KEPT, open_rows
from huying.publicity.registers import open_register, opened_register, public_registers_known
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown

#: What the register knows of the deputy, and nobody reads here.
_PRIVATE = ("13911112222", "wangfang@example.cn", "光明路 8 号", "13800000000", "李明")


@pytest.fixture
def furnished(town: PortalTown) -> PortalTown:
    with town.house.database.writing() as connection:
        deputy = town.people["deputy"]
        connection.execute(
            update(t.participants).where(t.participants.c.id == deputy).values(phone="13911112222", unit="星光小学")
        )
        address = {"participant_id": deputy, "channel": "mail", "target": "wangfang@example.cn"}
        connection.execute(insert(t.addresses), address)
        mandate = {"participant_id": deputy, "level": "district", "constituency": "第 8 选区"}
        mandate |= {"since": date(2026, 1, 1), "until": date(2030, 12, 31)}
        connection.execute(insert(t.mandates), mandate)
        duty = {"station_id": 1, "participant_id": deputy, "day": date(2026, 12, 1), "announced_at": MORNING}
        connection.execute(insert(t.dated_duties), {**duty, "status": "planned"})
        secret = {**duty, "day": date(2026, 12, 9), "status": "planned", "announced_at": None}
        connection.execute(insert(t.dated_duties), {**secret, "announce_at": MORNING + timedelta(days=9)})
    town.report()
    return town


def opened(town: PortalTown, key: str, *columns: str) -> None:
    known = public_registers_known()[key]
    chosen = columns or tuple(one.key for one in known.columns if one.open)
    open_register(town.house, key, chosen, By(town.people["office"], town.clock.now))


def test_nothing_is_public_until_the_office_opens_it(furnished: PortalTown) -> None:
    guest = furnished.visitor()
    assert "还没有公开的台账" in guest.see("/open")
    for key in public_registers_known():
        for end in ("", ".csv", ".json", ".atom"):
            guest.see(f"/open/{key}{end}", 404)
    guest.see(f"/open/deputies/{furnished.people['deputy']}", 404)


def test_the_office_opens_one_with_its_columns_and_closes_it_again(furnished: PortalTown) -> None:
    office, guest = furnished.visitor("office"), furnished.visitor()
    assert "请至少选一列" in office.send("/open", "/open/deputies/columns", {"do": "open"}, status=422)
    office.send("/open", "/open/deputies/columns", {"do": "open", "column.name": "yes", "column.level": "yes"})
    page = guest.see("/open/deputies")
    assert "王芳" in page
    assert "第 8 选区" not in page, "that column was not chosen"
    office.send("/open", "/open/deputies/columns", {"do": "close"})
    guest.see("/open/deputies", 404)


@pytest.mark.parametrize("login", ["clerk", "deputy", "stranger"])
def test_nobody_else_opens_one(furnished: PortalTown, login: str) -> None:
    visitor = furnished.visitor(login)
    page = visitor.see("/open")
    assert "columns" not in page
    assert visitor.http.post("/open/deputies/columns", data={"form_token": "x"}).status_code == 403
    furnished.visitor().see("/open/deputies", 404)


def test_nothing_private_stands_in_any_register_with_all_columns_that_can_be_chosen(furnished: PortalTown) -> None:
    guest = furnished.visitor()
    for key, known in public_registers_known().items():
        opened(furnished, key, *(one.key for one in known.columns))
        for address in (f"/open/{key}", f"/open/{key}.csv", f"/open/{key}.json", f"/open/{key}.atom"):
            text = guest.http.get(address).content.decode("utf-8-sig")
            for private in _PRIVATE:
                assert private not in text, f"{private} at {address}"


def test_what_is_not_announced_yet_is_not_public(furnished: PortalTown) -> None:
    opened(furnished, "duties")
    text = furnished.visitor().see("/open/duties")
    assert "2026-12-01" in text
    assert "2026-12-09" not in text


def test_a_resident_s_words_are_no_title(furnished: PortalTown) -> None:
    opened(furnished, "activities")
    found = opened_register(furnished.house, "activities")
    ours = replace(found, register=replace(found.register, processes=("street-matters",)))
    rows = open_rows(furnished.house, ours, "zh", furnished.clock.now)
    assert [row.cells["title"] for row in rows] == [""]
    assert rows[0].cells["result"] == "办理中"


def test_open_data_has_stable_keys_a_licence_and_is_read_by_excel(furnished: PortalTown) -> None:
    opened(furnished, "deputies")
    guest = furnished.visitor()
    answer = guest.http.get("/open/deputies.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, row = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert dict(zip(head, row, strict=True))["选区"] == "第 8 选区"
    chinese, english = (guest.http.get(f"/open/deputies.json?lang={lang}").json() for lang in ("zh", "en"))
    assert list(chinese["rows"][0]) == list(english["rows"][0])
    assert chinese["licence"]
    assert english["columns"]["constituency"] == "Constituency"
    assert json.dumps(chinese, ensure_ascii=False).count("王芳") == 1


def test_no_cell_becomes_a_formula(furnished: PortalTown) -> None:
    with furnished.house.database.writing() as connection:
        connection.execute(update(t.mandates).values(constituency="=1+1"))
    opened(furnished, "deputies")
    assert "'=1+1" in furnished.visitor().http.get("/open/deputies.csv").text


def test_a_register_is_searched_and_subscribed_to(furnished: PortalTown) -> None:
    opened(furnished, "deputies")
    guest = furnished.visitor()
    assert "王芳" in guest.see("/open/deputies?q=第 8 选区")
    assert "王芳" not in guest.see("/open/deputies?q=张三")
    ElementTree.fromstring(guest.http.get("/open/deputies.atom").content)


def test_a_deputy_has_a_page_and_nobody_else(furnished: PortalTown) -> None:
    opened(furnished, "deputies")
    guest = furnished.visitor()
    page = guest.see(f"/open/deputies/{furnished.people['deputy']}")
    assert all(words in page for words in ("王芳", "第 8 选区", "星光站", "12月1日"))
    for login in ("clerk", "lighting", "stranger"):
        guest.see(f"/open/deputies/{furnished.people[login]}", 404)


def test_whose_term_is_over_is_no_deputy(furnished: PortalTown) -> None:
    opened(furnished, "deputies")
    with furnished.house.database.writing() as connection:
        connection.execute(update(t.mandates).values(until=date(2026, 6, 30)))
        connection.execute(t.memberships.delete().where(t.memberships.c.function == "deputy"))
    assert "王芳" not in furnished.visitor().see("/open/deputies")


def test_open_data_is_kept_by_caches_until_it_changes(furnished: PortalTown) -> None:
    opened(furnished, "deputies")
    guest = furnished.visitor()
    answer = guest.http.get("/open/deputies.json")
    assert answer.headers["cache-control"] == "public, max-age=60"
    again = {"If-None-Match": answer.headers["etag"]}
    assert guest.http.get("/open/deputies.json", headers=again).status_code == 304
    with furnished.house.database.writing() as connection:
        connection.execute(update(t.mandates).values(constituency="第 9 选区"))
    furnished.clock.move(seconds=KEPT.seconds)
    assert guest.http.get("/open/deputies.json", headers=again).status_code == 200


def test_search_engines_leave_one_s_own_matters_alone(town: PortalTown) -> None:
    assert "Disallow: /t/" in town.visitor().see("/robots.txt")

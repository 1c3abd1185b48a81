"""The first page of a new house: whose it is, and how people come in; a sample that says so on every page, and goes away whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from definitions.loader import LIBRARY
from huying.database.tables import history, issues, participants, sessions, stations
from huying.demo.clearance import clear, lose_old_view
from huying.demo.sample import fill, logins
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from models import metadata
from portal.app import create_app
from portal.frame.config import PortalConfig, SampleCity
from tests.huying.town import MORNING, PIXEL, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain
from tests.template import migrated

POTHOLE = (LIBRARY / "pothole" / "definition.yaml").read_text("utf-8")
OFFICE = {"name_zh": "仙港街道人大工委", "calendar": "china", "language_zh": "yes", "language_en": "yes"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house with its first administrator."""
    made = House(migrated(tmp_path / "huying.db"), tmp_path / "files")
    publish(made, POTHOLE, "pothole.yaml", Imprint("test", MORNING))
    administrator(made, "王主任", "first")
    yield made
    made.database.close()


@pytest.fixture
def first(house: House, tmp_path: Path) -> Visitor:
    """The first administrator, signed in."""

    def filled(at: House, now: datetime) -> None:
        assert fill(at.database, now)
        at.offices.forget()

    sample = SampleCity(
        fill=filled,
        clear=lambda at, keeper, now: clear(at, keeper, tmp_path / "mailbox", now),
        logins=logins(),
    )
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", sample=sample)
    visitor = Visitor(create_app(house, config, lambda: MORNING))
    visitor.log_in("first")
    return visitor


def count(house: House, table: object) -> int:
    """How many rows a table has."""
    with house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_what_is_entered_stands_on_every_page(first: Visitor) -> None:
    assert "欢迎" in plain(first.see("/welcome"))
    page = plain(
        first.send(
            "/welcome", "/welcome", {**OFFICE, "address": "仙港路 1 号"}, [("logo", ("a.png", PIXEL, "image/png"))]
        )
    )
    assert "已保存" in page
    guest = Visitor(first.http.app)  # type: ignore[arg-type]
    seen = guest.see("/")
    assert "<strong>仙港街道人大工委</strong>" in seen
    assert "仙港路 1 号" in plain(seen)
    assert 'src="/logo?v=' in seen
    answer = guest.http.get("/logo")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_a_house_of_one_language_offers_no_other(first: Visitor) -> None:
    first.send("/welcome", "/welcome", {name: text for name, text in OFFICE.items() if name != "language_en"})
    guest = Visitor(first.http.app, "en-GB")  # type: ignore[arg-type]
    assert 'lang="zh-CN"' in guest.see("/")
    assert "English" not in plain(guest.see("/?lang=en"))


@pytest.mark.parametrize(
    ("values", "files", "said"),
    [
        ({"name_zh": ""}, [], "请填写单位名称"),
        ({"calendar": "moon"}, [], "没有这个日历"),
        ({"language_zh": "", "language_en": ""}, [], "至少选一种语言"),
        ({}, [("logo", ("a.svg", b"<svg onload='x'/>", "image/svg+xml"))], "打不开"),
        ({}, [("logo", ("a.heic", b"\0\0\0\x18ftypheic" + bytes(40), "image/heic"))], "打不开"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    first: Visitor, values: dict[str, str], files: list[tuple[str, tuple[str, bytes, str]]], said: str
) -> None:
    page = first.send("/welcome", "/welcome", {**OFFICE, "address": "仙港路 1 号", **values}, files, status=422)
    assert said in plain(page)
    assert 'value="仙港路 1 号"' in page


def test_it_is_for_administrators_alone(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    clerk.see("/welcome", status=403)
    for address in ("/welcome", "/welcome/sample", "/welcome/sample/clear"):
        token = clerk.hidden("/tasks", "/logout")["form_token"]
        assert clerk.http.post(address, data={"form_token": token}).status_code == 403
    assert town.visitor().http.get("/welcome", follow_redirects=False).headers["location"].startswith("/login")


def test_a_sample_says_so_on_every_page_and_goes_away_whole(first: Visitor, house: House, tmp_path: Path) -> None:
    first.send("/welcome", "/welcome", OFFICE)
    assert "linxiaoyu" in first.send("/welcome", "/welcome/sample")
    mine = count(house, sessions)
    guest = Visitor(first.http.app)  # type: ignore[arg-type]
    for page in ("/", "/report", "/stations", "/nowhere"):
        assert "示例城市：" in plain(guest.http.get(page).text), page
    fields = {"place": "仙港路"}
    body = {"definition": "pothole", "station": "XG", "fields": fields, "name": "访客", "email": "guest@example.com"}
    guest.http.post("/api/v1/issues", json=body, headers={"Idempotency-Key": "0123456789abcdef"}).raise_for_status()
    assert count(house, issues) == 1
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "photo").write_bytes(PIXEL)

    page = first.send("/welcome", "/welcome/sample/clear", {"sure": "1"}, status=422)
    assert "确认要清除" in plain(page)
    assert count(house, stations) > 0
    people = plain(first.see("/welcome")).split("人员 ")[1].split(" ")[0]
    page = plain(first.send("/welcome", "/welcome/sample/clear", {"sure": people}))
    assert "已全部清除" in page
    assert "填入示例城市" in page, "it could be filled in again"
    assert "示例城市：" not in page
    left = {name: rows for name, table in metadata.tables.items() if (rows := count(house, table))}
    assert left == {
        "definition_version": 1,
        "office": 1,
        "account": 1,
        "participant": 1,
        "role_grant": 4,
        "session": mine,
        **{name: rows for name, rows in left.items() if name in ("calendar_version", "evidence_due")},
    }
    assert count(house, history) == 0
    assert not (tmp_path / "files").exists()
    assert house.offices.now().name_zh == OFFICE["name_zh"], "what was entered of the office stays"


def test_what_residents_can_report_is_chosen(first: Visitor, house: House) -> None:
    for key in ("contact-station", "talk-to-deputy"):
        source = (LIBRARY / key / "definition.yaml").read_text("utf-8")
        publish(house, source, f"{key}/definition.yaml", Imprint("test", MORNING))
    first.send("/welcome", "/welcome", OFFICE)
    guest = Visitor(first.http.app)  # type: ignore[arg-type]
    assert "对话代表" in plain(guest.see("/")), "nothing was chosen yet"
    first.send("/welcome", "/welcome/ways", {"first": "pothole", "way_contact-station": "yes"})
    seen = guest.see("/")
    assert 'class="go" href="/report/pothole"' in seen
    assert "活动站群众诉求办理" in plain(seen)
    assert "对话代表" not in plain(seen)
    assert "查进度" in plain(seen)
    # another time another, under the same names
    first.send("/welcome", "/welcome/ways", {"first": "talk-to-deputy"})
    seen = guest.see("/")
    assert 'class="go" href="/report/talk-to-deputy"' in seen
    assert "活动站群众诉求办理" not in plain(seen)
    first.send("/welcome", "/welcome/ways", {"first": "no-such"}, status=400)


def test_buttons_speak_the_reader_s_language(first: Visitor) -> None:
    page = first.send("/welcome", "/welcome", OFFICE)
    assert "Said(" not in page
    assert "下载空白表格" in plain(page)


def test_real_people_are_never_cleared_away(first: Visitor, house: House) -> None:
    first.send("/welcome", "/welcome", OFFICE)
    first.send("/welcome", "/welcome/sample")
    with house.database.writing() as connection:
        connection.execute(metadata.tables["office"].update().values(sample_at=None))
    house.offices.forget()
    token = first.hidden("/welcome", "/welcome")["form_token"]
    people = count(house, participants) - 1
    answer = first.http.post("/welcome/sample/clear", data={"form_token": token, "sure": str(people)})
    assert answer.status_code >= 400 or "示例" not in plain(answer.text)
    assert count(house, participants) == people + 1


def test_a_register_that_is_in_use_is_not_mixed_with_a_sample(town: PortalTown) -> None:
    assert not fill(town.house.database, MORNING)
    assert not town.house.offices.now().sample


def test_prefect_forgets_a_city_that_was_cleared_once(tmp_path: Path) -> None:
    database = tmp_path / "prefect.db"
    database.write_bytes(b"runs")
    assert not lose_old_view(tmp_path, None)
    assert lose_old_view(tmp_path, MORNING)
    assert not database.exists()
    database.write_bytes(b"new runs")
    assert not lose_old_view(tmp_path, MORNING)
    assert database.exists()

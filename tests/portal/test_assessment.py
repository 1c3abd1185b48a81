"""Assessment over HTTP: the office's list, tables and dry run, the circular; everybody's own points explained; nobody sees another's."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, insert, select

from definitions.loader import LIBRARY
from huying.assessment.tables import publish_table, versions
from huying.database.tables import audit, issues, score_results, station_haves
from huying.effects.carriers import carry
from huying.house.imprint import Imprint
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from tests.huying.planned_city import at
from tests.portal.planned_portal import PlannedPortal
from tests.portal.visitor import plain

TABLE = (LIBRARY / "scores" / "deputy-year.yaml").read_text("utf-8")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PlannedPortal]:
    made = PlannedPortal(tmp_path)
    city = made.city
    city.now = at("2026-12-01")
    path = LIBRARY / "yearly-assessment" / "definition.yaml"
    publish(city.house, path.read_bytes(), str(path), Imprint("test", city.now))
    city.received("guoyi", 6)
    city.received("guoyi", 1, kind="contact")
    city.received("guoyi", 3, kind="suggestion", title="关于夜间公交的建议")
    city.received("guoyi", 1, kind="meeting", half_days=4)
    city.received("guoyi", 1, kind="leave", half_days=2)
    city.received("guoyi", 1, kind="deed", title="帮助独居老人")
    yield made
    made.close()


def adopted(portal: PlannedPortal) -> None:
    publish_table(portal.city.house, TABLE, "table.yaml", Imprint("test", portal.city.now))


def page_of(portal: PlannedPortal, login: str = "guoyi") -> str:
    return f"/assessment/people/{portal.city.people[login]}/2026"


def test_a_deputy_reads_where_each_point_comes_from(portal: PlannedPortal) -> None:
    adopted(portal)
    visitor = portal.visitor("guoyi")
    page = plain(visitor.see("/my/assessment"))
    assert visitor.path == page_of(portal)
    assert "得分 82 等次 优秀" in page
    assert "按上限计 10 分（原为 12）" in page
    assert "关于夜间公交的建议 2026年12月1日（周二） · 每次 3 分" in page
    assert "4 个半天，每次 1 分" in page
    assert "帮助独居老人 2026年12月1日（周二） · 没有佐证材料，不计分" in page
    english = plain(visitor.see("/my/assessment?lang=en"))
    assert "capped at 10 (of 12)" in english
    assert "no evidence: not counted" in english


def test_nobody_sees_the_points_of_another_but_whoever_looks_after_them(portal: PlannedPortal) -> None:
    adopted(portal)
    portal.visitor("chenhaisheng").see(page_of(portal), status=404)
    portal.visitor("zhaoping").see(page_of(portal), status=404)
    assert "郭颐" in portal.visitor("wenruyu").see(page_of(portal))
    for address in ("/assessment", "/assessment/tables", "/assessment/circular", "/assessment/circular.xlsx"):
        portal.visitor("guoyi").see(address, status=403)


def test_the_office_sees_everybody_by_delegation_with_bands_and_what_is_missing(portal: PlannedPortal) -> None:
    adopted(portal)
    page = plain(portal.visitor("wenruyu").see("/assessment?year=2026"))
    assert "优秀 1" in page
    assert "海湾代表团 2" in page
    assert "郭颐 82 优秀" in page
    assert "陈海生 60 称职 0 差 3 项" in page


def test_without_a_table_the_office_is_told_what_to_do(portal: PlannedPortal) -> None:
    assert "没有名为“deputy-year”的计分表" in portal.visitor("wenruyu").see("/assessment?year=2026")
    adopted(portal)
    assert "2025 年没有在用的计分表" in portal.visitor("wenruyu").see("/assessment?year=2025")


def test_without_a_table_a_deputy_is_told_so_and_the_circular_leads_to_what_to_do(portal: PlannedPortal) -> None:
    assert "没有名为“deputy-year”的计分表" in plain(portal.visitor("guoyi").see("/my/assessment"))
    office = portal.visitor("wenruyu")
    for address in ("/assessment/circular", "/assessment/circular.xlsx"):
        assert "没有名为“deputy-year”的计分表" in plain(office.see(address))


def test_a_table_is_tried_on_a_year_before_it_is_adopted_and_nothing_is_kept_of_that(portal: PlannedPortal) -> None:
    adopted(portal)
    office = portal.visitor("wenruyu")
    harder = TABLE.replace("base: 60", "base: 55")
    page = plain(
        office.send("/assessment/tables/new", "/assessment/tables", {"source": harder, "do": "try", "year": "2026"})
    )
    assert "0 人加分，12 人减分，0 人不变" in page
    assert "郭颐 82 77 −5 优秀 → 称职" in page
    assert [one.version for one in versions(portal.city.house, "deputy-year")] == [1]
    office.send("/assessment/tables/new", "/assessment/tables", {"source": harder, "do": "adopt", "note": "从严"})
    assert office.path == "/assessment/tables/deputy-year"
    assert "从严" in office.see("/assessment/tables/deputy-year")
    assert [one.version for one in versions(portal.city.house, "deputy-year")] == [2, 1]


def test_what_is_wrong_with_a_table_is_told_with_line_and_remedy(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    wrong = TABLE.replace("from: 80", "from: 180")
    page = office.send("/assessment/tables/new", "/assessment/tables", {"source": wrong, "do": "adopt"}, status=422)
    assert "谁也得不到这一等" in page
    for source in ("", "a: [", "x" * 50_000):
        office.send("/assessment/tables/new", "/assessment/tables", {"source": source, "do": "adopt"}, status=422)
    office.see("/assessment/tables/none", status=404)


def test_a_year_is_begun_once_for_everybody_and_each_result_is_kept(portal: PlannedPortal) -> None:
    adopted(portal)
    office = portal.visitor("wenruyu")
    first = plain(office.send("/assessment", "/assessment/begin", {"year": "2026"}))
    assert "已为 12 位代表开启考核" in first
    assert "已为 0 位代表开启考核；12 位此前已经开启" in plain(
        office.send("/assessment", "/assessment/begin", {"year": "2026"})
    )
    for errand in claim_effects(portal.city.house, portal.city.now, 200):
        carry(portal.city.house, errand, portal.city.now)
    with portal.city.house.database.reading() as connection:
        mine = score_results.c.participant_id == portal.city.people["guoyi"]
        number = connection.execute(select(score_results.c.id).where(mine)).scalar_one()
        assert len(connection.execute(select(issues.c.id)).all()) >= 12
    page = plain(portal.visitor("guoyi").see(f"/assessment/results/{number}"))
    assert "按留存的计分表版本和记录重算一遍，结果一致" in page
    portal.city.received("guoyi", 1, kind="report")
    page = plain(portal.visitor("guoyi").see(f"/assessment/results/{number}"))
    assert "得分 82" in page
    assert "按今天的档案应为 87 分" in page
    portal.visitor("chenhaisheng").see(f"/assessment/results/{number}", status=404)
    portal.visitor("guoyi").see("/assessment/results/999999", status=404)


def test_the_circular_counts_what_the_files_hold_and_is_a_sheet_too(portal: PlannedPortal) -> None:
    adopted(portal)
    office = portal.visitor("wenruyu")
    page = plain(office.see("/assessment/circular?year=2026"))
    assert "郭颐 4 / 6 2 0 3 7 0 82 优秀" in page
    assert "陈海生 — 0 0 0 0 0 60 称职" in page
    answer = office.http.get("/assessment/circular.xlsx?year=2026")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["海湾代表团", "郭颐", "4", "6", "2", "0", "3", "7", "0", "82", "优秀"] in rows


def test_the_best_rooms_are_compared_by_what_is_on_record(portal: PlannedPortal) -> None:
    office = portal.visitor("wenruyu")
    assert "没有名为“room-contest”的计分表" in office.see("/assessment/rooms?year=2026")
    text = (LIBRARY / "scores" / "room-contest.yaml").read_text("utf-8")
    publish_table(portal.city.house, text, "table.yaml", Imprint("test", portal.city.now))
    have = {"station_id": portal.city.stations["XG"], "have": "place", "has": True}
    with portal.city.house.database.writing() as connection:
        connection.execute(delete(station_haves).where(station_haves.c.station_id == have["station_id"]))
        connection.execute(insert(station_haves), have)
    page = plain(office.see("/assessment/rooms?year=2026"))
    assert "名次 联络站 九有 接待日（次） 主题活动（次） 诉求办结率 得分" in page
    assert "仙港街道代表活动站 5 0 0 0 5 限期整改 差 1 项" in page
    portal.visitor("guoyi").see("/assessment/rooms", status=403)


def test_stations_are_rated_in_stars_and_show_them(portal: PlannedPortal) -> None:
    office, staff = portal.visitor("wenruyu"), portal.visitor("guoyi")
    text = (LIBRARY / "scores" / "station-stars.yaml").read_text("utf-8")
    publish_table(portal.city.house, text, "table.yaml", Imprint("test", portal.city.now))
    rooms = "/assessment/rooms?year=2026&table=station-stars"
    things = ("place", "sign", "equipment", "staff", "rules", "plan", "activities")
    rows = [
        {"station_id": portal.city.stations["XG"], "have": one, "has": True, "evidence": "照片三张"} for one in things
    ]
    with portal.city.house.database.writing() as connection:
        connection.execute(delete(station_haves).where(station_haves.c.station_id == rows[0]["station_id"]))
        connection.execute(insert(station_haves), rows)
    page = office.see(rooms)
    assert "留存这次评定" in page
    assert 'aria-label="1 星（满分五星）"' in page
    explained = "/assessment/stations/XG/2026?table=station-stars"
    assert explained.replace("&", "&amp;") in page
    assert "有场所：照片三张" in plain(office.see(explained))
    assert "仙港街道代表活动站 2026 年得分" in plain(office.see(explained))
    office.see("/assessment/stations/NOWHERE/2026?table=station-stars", status=404)
    assert "星（满分五星）" not in portal.visitor().see("/duty/XG"), "nothing is shown before it is kept"
    kept = plain(office.send(rooms, "/assessment/rooms", {}))
    assert "个站点的评定，站点页面随之显示" in kept
    assert 'aria-label="1 星（满分五星）"' in portal.visitor().see("/duty/XG")
    station = office.see("/register/stations/XG")
    assert "星级评定" in station
    result = station.split('href="/assessment/results/')[1].split('"')[0]
    page = plain(office.see(f"/assessment/results/{result}"))
    assert "按留存的计分表版本和记录重算一遍，结果一致" in page
    staff.see(rooms, status=403)
    with portal.city.house.database.reading() as connection:
        assert connection.execute(select(audit.c.object).where(audit.c.what == "stations-rated")).scalars().all() == [
            "scores:station-stars"
        ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_stands_in_both_languages_without_script_or_style_of_its_own(
    portal: PlannedPortal, language: str
) -> None:
    adopted(portal)
    office = portal.visitor("wenruyu")
    for address in (
        "/assessment?year=2026",
        "/assessment/circular?year=2026",
        "/assessment/rooms?year=2026",
        "/assessment/tables",
        "/assessment/tables/new?example=open-year",
        "/assessment/tables/deputy-year",
        page_of(portal),
    ):
        page = office.see(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert f'<html lang="{ {"zh": "zh-CN", "en": "en"}[language] }"' in page
        assert " style=" not in page
        assert " onclick" not in page

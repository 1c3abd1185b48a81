"""The report form: made from the definition, kind about mistakes, careful with hostile input."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from huying.database import tables as t
from huying.limits import limits_of
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

PAGE = "/report/street-matters"
RIGHT = {"station": "XG", "field.subject": "路灯不亮", "field.kind": "lighting", "name": "李明"}


def _issues(town: PortalTown) -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(t.issues)).scalar_one())


def test_every_field_has_a_label_in_the_readers_language(town: PortalTown) -> None:
    chinese, english = town.visitor().see(PAGE), town.visitor(language="en").see(PAGE)
    for zh, en in (("主题", "Subject"), ("具体情况", "Details"), ("类别", "Kind"), ("是否紧急", "Is it urgent?")):
        assert zh in chinese
        assert en in english
        assert zh not in english
    assert 'type="date"' in chinese
    assert 'type="tel"' in chinese


def test_a_stations_own_link_has_its_station_chosen(town: PortalTown) -> None:
    assert '<option value="XG" selected>' in town.visitor().see(f"{PAGE}?station=XG")


def test_the_link_on_a_stations_wall_leads_to_its_form(town: PortalTown) -> None:
    page = town.visitor().see("/?station=XG")
    assert "向星光站反映" in page
    assert 'href="/report/street-matters?station=XG"' in page
    assert "向星光站反映。" not in town.visitor().see("/?station=NOWHERE")


def test_all_mistakes_are_said_at_once_at_their_fields_and_nothing_is_lost(town: PortalTown) -> None:
    entered = {"field.details": "一周了 <script>", "field.since": "昨天", "phone": "abc", "email": "x@y"}
    page = town.visitor().send(PAGE, PAGE, entered, status=422)
    text = plain(page)
    for message in (
        "请选择站点",
        "请填写“主题”",
        "请填写“类别”",
        "请填写日期",
        "请填写电话号码",
        "不是能收信的域名",
    ):
        assert text.count(message) >= 2, message
    assert "一周了 &lt;script&gt;" in page
    assert 'value="abc"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby=" subject-error"' in page
    assert _issues(town) == 0


def test_a_double_tap_makes_one_issue(town: PortalTown) -> None:
    resident = town.visitor()
    form = {**resident.hidden(PAGE, PAGE), **RIGHT}
    first, second = (resident.http.post(PAGE, data=form) for _ in range(2))
    assert first.url == second.url
    assert "XG-2026-00001" in second.text
    assert _issues(town) == 1


def test_going_back_and_changing_the_report_makes_another(town: PortalTown) -> None:
    resident = town.visitor()
    form = {**resident.hidden(PAGE, PAGE), **RIGHT}
    resident.http.post(PAGE, data=form)
    assert "XG-2026-00002" in resident.http.post(PAGE, data={**form, "field.subject": "井盖松动"}).text
    assert _issues(town) == 2


def test_a_field_that_the_definition_does_not_have_is_refused(town: PortalTown) -> None:
    page = town.visitor().send(PAGE, PAGE, {**RIGHT, "field.subjct": "x"}, status=422)
    assert "是不是“subject”" in page
    assert _issues(town) == 0


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<svg onload='alert(1)'>", b"\x89PNG"])
def test_a_file_of_another_kind_is_refused_before_anything_is_opened(town: PortalTown, content: bytes) -> None:
    files = [("files", ("photo.png", content, "image/png"))]
    page = town.visitor().send(PAGE, PAGE, RIGHT, files=files, status=415)
    assert "这种文件不收" in page
    assert 'value="路灯不亮"' in page
    assert _issues(town) == 0


def test_a_file_that_is_too_large_is_refused(town: PortalTown) -> None:
    files = [("files", ("photo.png", PIXEL + bytes(10 * 1024 * 1024), "image/png"))]
    assert "最多 10 MB" in town.visitor().send(PAGE, PAGE, RIGHT, files=files, status=413)
    assert _issues(town) == 0


@pytest.mark.parametrize(
    ("station", "message"), [("NOWHERE", "没有代码为"), ("' OR 1=1 --", "没有代码为"), ("", "请选择站点")]
)
def test_a_station_that_is_not_there_is_said_so(town: PortalTown, station: str, message: str) -> None:
    resident = town.visitor()
    form = {**resident.hidden(PAGE, PAGE), **RIGHT, "station": station}
    answer = resident.http.post(PAGE, data=form)
    assert answer.status_code in (404, 422)
    assert message in answer.text
    assert _issues(town) == 0


def test_a_definition_that_is_not_there_is_said_so(town: PortalTown) -> None:
    assert "没有名为“nothing”的流程" in town.visitor().see("/report/nothing", status=404)


def test_what_a_resident_writes_never_becomes_markup(town: PortalTown) -> None:
    evil = '"><img src=x onerror=alert(1)>{{ 7*7 }}'
    resident = town.visitor()
    page = resident.send(PAGE, PAGE, {**RIGHT, "field.subject": evil, "name": evil[:40]})
    clerk = town.visitor("clerk")
    for text in (page, resident.see("/issues/XG-2026-00001"), clerk.see("/issues/XG-2026-00001"), clerk.see("/tasks")):
        assert "<img src=x" not in text
        assert "{{ 7*7 }}" in text


def test_refused_reports_count_apart_and_end_as_well(town: PortalTown) -> None:
    limits = limits_of("report=2/hour; report-refused=4/hour")
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", limits=limits)
    strict = PortalTown(
        town.house, town.clock, town.people, town.departments, create_app(town.house, config, town.clock)
    )
    sender = strict.visitor()
    for _ in range(3):
        sender.send(PAGE, PAGE, {"station": "XG"}, status=422)
    assert "路灯不亮" in sender.send(PAGE, PAGE, RIGHT), "whoever mends the form can still send it"
    sender.send(PAGE, PAGE, {"station": "XG"}, status=422)
    assert "次数太多了" in plain(sender.send(PAGE, PAGE, {"station": "XG"}, status=429))
    assert _issues(town) == 1

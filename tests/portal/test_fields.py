"""Every type of field on the web and through the API: entered, given back with errors, kept, and shown to whom it is for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update

from huying.database.tables import stations
from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import MORNING, PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

DEFINITION = """
id: subsidy
title: {zh: 活动经费申请, en: Application for funds}
number: "HD-{{ station.code }}-{{ year }}-{{ sequence | pad(4) }}"
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}, required: true}
  kind: {type: choice, title: {zh: 类别, en: Kind}, required: true, options: {visit: {zh: 走访, en: Visit}, meeting: {zh: 会议, en: Meeting}}}
  host: {type: text, title: {zh: 主持人, en: Host}, when: kind == 'meeting', required: true}
  begins: {type: date-time, title: {zh: 开始时间, en: Begins}}
  daily: {type: time, title: {zh: 每日集合, en: Daily at}}
  where: {type: place, title: {zh: 地点, en: Place}}
  area: {type: area, title: {zh: 所在区域, en: Area}}
  station: {type: station, title: {zh: 承办站点, en: Station in charge}}
  contact: {type: person, title: {zh: 联系人, en: Contact}}
  guests: {type: people, title: {zh: 参加人员, en: Guests}}
  size: {type: number, title: {zh: 场地, en: Room}, unit: {zh: 平方米, en: m²}}
  earlier: {type: issue, title: {zh: 关联事项, en: Earlier issue}}
  phone: {type: phone, title: {zh: 联系电话, en: Phone}, required: kind == 'meeting', private: true}
  photo: {type: file, title: {zh: 现场照片, en: Photo}}
  papers: {type: files, title: {zh: 附件材料, en: Papers}, private: true}
  items:
    type: table
    title: {zh: 费用明细, en: Items}
    required: true
    at most: 4
    columns:
      what: {type: text, title: {zh: 用途, en: For}, required: true}
      price: {type: money, title: {zh: 单价, en: Price}, required: true}
      count: {type: integer, title: {zh: 数量, en: Number}, default: 1}
      amount: {type: money, title: {zh: 小计, en: Amount}, compute: price * count}
      shared: {type: yes/no, title: {zh: 是否共用, en: Shared}}
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions:
  approved: {zh: 已批准, en: Approved}
intake:
  check:
    title: {zh: 审核, en: Check}
    task: clerk
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      approve:
        title: {zh: 批准, en: Approve}
        ask:
          stamp: {type: file, title: {zh: 盖章文件, en: Stamped paper}}
        to: done
closure:
  done: {title: {zh: 办结, en: Done}, close: approved}
"""
FORM = "/report/subsidy"
FILLED: dict[str, Any] = {
    "station": "XG",
    "name": "李明",
    "field.subject": "慰问老人",
    "field.kind": "visit",
    "field.begins": "2026-12-01T09:30",
    "field.daily": "09:00",
    "field.where.address": "望海路 8 号",
    "field.where.longitude": "118.1",
    "field.where.latitude": "24.5",
    "field.area": "area:1",
    "field.station": "station:1",
    "field.size": "12.5",
    "field.items.1.what": "水果",
    "field.items.1.price": "20.5",
    "field.items.1.count": "10",
    "field.items.1.shared": "yes",
    "field.items.2.what": "",
    "field.items.3.what": "大巴",
    "field.items.3.price": "1,500",
    "field.items.3.count": "1",
}
PHOTO = ("field.photo", ("现场.png", PIXEL, "image/png"))


@pytest.fixture
def subsidies(town: PortalTown) -> PortalTown:
    """The town, with a process whose form has every type of field."""
    publish(town.house, DEFINITION, "subsidy.yaml", Imprint("test", MORNING))
    return town


def _issue(path: str) -> str:
    found = re.search(r"\d+", path)
    assert found
    return found[0]


def test_everything_that_was_entered_is_kept_and_said_in_words(subsidies: PortalTown) -> None:
    earlier, _ = subsidies.number_and_code(subsidies.report())
    deputy = subsidies.visitor("deputy")
    people = {"field.contact": subsidies.party("deputy"), "field.guests": [subsidies.party("clerk")]}
    filled = {name: value for name, value in FILLED.items() if name != "name"}
    deputy.send(FORM, FORM, {**filled, **people, "field.earlier": earlier}, [PHOTO])
    issue = _issue(deputy.path)
    said = plain(subsidies.visitor("clerk").see(f"/issues/{subsidies.number_and_code(int(issue))[0]}"))
    for words in (
        "2026年12月1日（周二） 09:30",
        "望海路 8 号",
        "思明区",
        "星光站",
        "王芳",
        "陈晓",
        "12.5 平方米",
        earlier,
        "现场.png",
    ):
        assert words in said, words
    assert "水果 ¥20.50 10 ¥205.00 是" in said
    assert "大巴 ¥1,500.00 1 ¥1,500.00" in said


def test_errors_stand_at_the_cell_and_everything_comes_back_with_the_file(subsidies: PortalTown) -> None:
    resident = subsidies.visitor()
    wrong = {**FILLED, "field.items.3.price": "很贵", "field.where.latitude": ""}
    page = resident.send(FORM, FORM, wrong, [PHOTO], status=422)
    assert "第3行“单价”：请填写金额" in plain(page)
    assert 'href="#items.3.price"' in page
    assert 'id="items.3.price"' in page
    assert 'value="很贵"' in page
    assert "经度和纬度要一起填写" in page
    (kept,) = re.findall(r'name="field.photo.kept" value="(file:[0-9a-f]{64})" checked', page)
    assert "现场.png" in page
    resident.send(FORM, FORM, {**FILLED, "field.photo.kept": kept})
    issue = _issue(resident.path)
    assert resident.http.get(f"/attachments/{issue}/kept/{kept.removeprefix('file:')}").content == PIXEL


def test_a_file_that_is_not_taken_is_said_at_its_field(subsidies: PortalTown) -> None:
    page = subsidies.visitor().send(FORM, FORM, FILLED, [("field.photo", ("x.exe", b"MZ", "image/png"))], status=422)
    assert 'id="photo-error"' in page
    assert "这种文件不收" in page


def test_files_of_private_fields_are_for_those_who_work_on_it(subsidies: PortalTown) -> None:
    papers = [("field.papers", (f"{number}.png", PIXEL + bytes([number]), "image/png")) for number in (1, 2)]
    resident = subsidies.visitor()
    resident.send(FORM, FORM, FILLED, papers)
    issue = _issue(resident.path)
    page = subsidies.visitor("clerk").see(f"/issues/{subsidies.number_and_code(int(issue))[0]}")
    links = re.findall(rf"/attachments/{issue}/kept/[0-9a-f]{{64}}(?=\")", page)
    assert len(links) == 2
    assert subsidies.visitor("clerk").http.get(links[0]).status_code == 200
    # with the code alone no personal data are shown
    assert resident.http.get(links[0]).status_code == 404
    assert subsidies.visitor("stranger").http.get(links[0]).status_code == 404
    assert subsidies.visitor("clerk").http.get(f"/attachments/{issue}/kept/{'0' * 64}").status_code == 404


def test_without_scripts_conditions_are_the_servers(subsidies: PortalTown) -> None:
    resident = subsidies.visitor()
    assert resident.see(FORM).count("data-row data-spare>") == 3
    page = resident.send(FORM, FORM, {**FILLED, "field.kind": "meeting"}, status=422)
    assert "请填写“主持人”" in page
    assert "请填写“联系电话”" in page
    resident.send(FORM, FORM, {**FILLED, "field.host": "没有人问"})
    assert "没有人问" not in resident.see(f"/issues/{subsidies.number_and_code(int(_issue(resident.path)))[0]}")


def test_the_api_takes_files_first_and_the_form_after(subsidies: PortalTown) -> None:
    resident = subsidies.visitor()
    resident.send(FORM, FORM, FILLED)
    issue = int(_issue(resident.path))
    clerk = subsidies.visitor()
    session = clerk.http.post("/api/v1/sessions", json={"login": "clerk", "passphrase": "correct horse"}).json()
    head = {"Authorization": f"Bearer {session['token']}"}
    refused = clerk.http.post("/api/v1/uploads", files={"file": ("章.png", PIXEL, "image/png")})
    assert refused.status_code == 401
    kept = clerk.http.post("/api/v1/uploads", files={"file": ("章.png", PIXEL, "image/png")}, headers=head).json()
    assert (kept["name"], kept["media_type"], kept["size"]) == ("章.png", "image/png", len(PIXEL))
    task = f"/api/v1/tasks/{issue}/{subsidies.item(issue, subsidies.party('clerk'))}"
    form = clerk.http.get(task, headers=head).json()["actions"][0]["form"]
    assert form["properties"]["stamp"]["x-type"] == "file"
    wrong = clerk.http.post(f"{task}/approve", json={"fields": {"stamp": "file:" + "0" * 64}}, headers=head)
    assert wrong.status_code == 422
    done = clerk.http.post(f"{task}/approve", json={"fields": {"stamp": kept["reference"]}}, headers=head)
    assert done.status_code == 200, done.text


def test_a_task_with_a_file_is_done_on_the_page(subsidies: PortalTown) -> None:
    resident = subsidies.visitor()
    resident.send(FORM, FORM, FILLED)
    issue = int(_issue(resident.path))
    clerk = subsidies.visitor("clerk")
    task = f"/tasks/{issue}/{subsidies.item(issue, subsidies.party('clerk'))}"
    assert 'enctype="multipart/form-data"' in clerk.see(task)
    page = clerk.send(task, f"{task}/act/approve", status=422)
    assert "请填写“盖章文件”" in page
    clerk.send(task, f"{task}/act/approve", files=[("field.stamp", ("章.png", PIXEL, "image/png"))])
    assert "章.png" in clerk.see(f"/issues/{subsidies.number_and_code(int(issue))[0]}")


def test_the_public_is_offered_deputies_and_nobody_else(subsidies: PortalTown) -> None:
    page = subsidies.visitor().see(FORM)
    assert "王芳" in page
    assert "陈晓" not in page
    assert "陈晓" in subsidies.visitor("deputy").see(FORM)


RULED = """
  ends: {type: date, title: {zh: 结束日期, en: Ends}, not before: [today, starts]}
  starts: {type: date, title: {zh: 开始日期, en: Starts}, not after: 2030-12-31}
  card: {type: text, title: {zh: 身份证号, en: Identity card}, pattern: id number, unique: open}
  plate:
    type: text
    title: {zh: 车牌, en: Plate}
    pattern: {like: '[一-龥][A-Z][A-Z0-9]{5,6}', say: {zh: 请写完整的车牌，例如 闽D12345。, en: Such as 闽D12345.}}
roles:"""


def test_rules_are_said_beforehand_and_kept_on_the_page_and_through_the_api(subsidies: PortalTown) -> None:
    ruled = DEFINITION.replace("id: subsidy", "id: ruled").replace("HD-", "GZ-").replace("\nroles:", RULED)
    publish(subsidies.house, ruled, "ruled.yaml", Imprint("test", MORNING))
    address, resident = "/report/ruled", subsidies.visitor()
    page = plain(resident.see(address))
    for hint in (
        "不早于今天；不早于“开始日期”",
        "不晚于2030-12-31",
        "填写居民身份证号码；在未办结的事项里不能重复",
        "请写完整的车牌，例如 闽D12345",
    ):
        assert hint in page
    wrong = {
        "field.ends": "2026-11-24",
        "field.starts": "2026-11-25",
        "field.card": "110105194912310021",
        "field.plate": "D12345",
    }
    page = plain(resident.send(address, address, {**FILLED, **wrong}, status=422))
    for said in ("“结束日期”不能早于“开始日期”。", "校验不通过", "请写完整的车牌，例如 闽D12345。"):
        assert page.count(said) >= 2
    right = {
        "field.ends": "2026-11-25",
        "field.starts": "2026-11-25",
        "field.card": "11010519491231002x",
        "field.plate": "闽Ｄ12345",
    }
    resident.send(address, address, {**FILLED, **right})
    number = subsidies.number_and_code(int(_issue(resident.path)))[0]
    assert "闽D12345" in subsidies.visitor("clerk").see(f"/issues/{number}")
    again = plain(resident.send(address, address, {**FILLED, **right}, status=422))
    assert "“身份证号”与另一件事项相同，在未办结的事项里不能重复。" in again
    form = resident.http.get("/api/v1/definitions/ruled").json()["form"]
    assert form["properties"]["ends"]["x-not-before"] == ["today", "starts"]


RECEIPTS = """      receipt: {type: file, title: {zh: 票据, en: Receipt}}
      amount:"""


def test_a_table_has_a_file_in_each_row_which_comes_back_and_can_be_opened(subsidies: PortalTown) -> None:
    with_files = (
        DEFINITION.replace("id: subsidy", "id: receipts").replace("HD-", "PJ-").replace("      amount:", RECEIPTS)
    )
    publish(subsidies.house, with_files, "receipts.yaml", Imprint("test", MORNING))
    address, resident = "/report/receipts", subsidies.visitor()
    assert 'enctype="multipart/form-data"' in resident.see(address)
    second = b"%PDF-1.7 2"
    files = [
        ("field.items.1.receipt", ("票一.png", PIXEL, "image/png")),
        ("field.items.3.receipt", ("票二.pdf", second, "application/pdf")),
    ]
    page = resident.send(address, address, {**FILLED, "field.items.3.price": "很贵"}, files, status=422)
    kept = dict(re.findall(r'name="(field.items.[0-9].receipt.kept)" value="(file:[0-9a-f]{64})" checked', page))
    assert list(kept) == ["field.items.1.receipt.kept", "field.items.3.receipt.kept"]
    assert "票一.png" in page
    resident.send(address, address, {**FILLED, **kept})
    issue = int(_issue(resident.path))
    page = subsidies.visitor("clerk").see(f"/issues/{subsidies.number_and_code(issue)[0]}")
    links = re.findall(rf'<td><a href="(/attachments/{issue}/kept/[0-9a-f]{{64}})">(票.\.[a-z]+)</a></td>', page)
    assert [name for _, name in links] == ["票一.png", "票二.pdf"]
    assert subsidies.visitor("clerk").http.get(links[1][0]).content == second
    assert subsidies.visitor("stranger").http.get(links[1][0]).status_code == 404
    wrong = resident.send(
        address, address, FILLED, [("field.items.1.receipt", ("x.exe", b"MZ", "image/png"))], status=422
    )
    assert 'id="items.1.receipt-error"' in wrong


def _reported(subsidies: PortalTown) -> tuple[str, int]:
    """The number and the id of an application with a photo, handed in by a deputy."""
    filled = {name: value for name, value in FILLED.items() if name != "name"}
    deputy = subsidies.visitor("deputy")
    deputy.send(FORM, FORM, filled, [PHOTO])
    issue = int(_issue(deputy.path))
    return subsidies.number_and_code(issue)[0], issue


def test_photos_are_shown_small_and_only_to_whoever_sees_the_issue(subsidies: PortalTown) -> None:
    number, _ = _reported(subsidies)
    page = subsidies.visitor("clerk").see(f"/issues/{number}")
    (small,) = re.findall(r'<img src="([^"]+)\?small=1"', page)
    assert f'<a href="{small}">' in page
    answer = subsidies.visitor("clerk").http.get(f"{small}?small=1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content[:2] == b"\xff\xd8"
    assert subsidies.visitor("clerk").http.get(small).content == PIXEL
    assert subsidies.visitor("stranger").http.get(f"{small}?small=1").status_code == 404


def test_a_place_says_where_it_is_and_gives_its_point_to_copy(subsidies: PortalTown) -> None:
    with subsidies.house.database.writing() as connection:
        here = update(stations).where(stations.c.code == "XG").values(latitude=24.498, longitude=118.1)
        connection.execute(here)
    number, _ = _reported(subsidies)
    page = subsidies.visitor("clerk").see(f"/issues/{number}")
    assert "星光站北面约 220 m" in page
    assert 'value="24.500000,118.100000"' in page
    assert 'href="geo:24.500000,118.100000?q=24.500000,118.100000"' in page
    english = subsidies.visitor("clerk")
    english.http.cookies.set("huying_language", "en")
    assert "about 220 m north of Starlight" in english.see(f"/issues/{number}")

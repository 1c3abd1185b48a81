"""A small town to look at issues in: one station, two clerks, a deputy, two departments, an office, and a process of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from huying.access.passphrase import hash_passphrase
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.processes.publication import publish
from huying.rights.grants import found_house
from tests.template import Template, filled

#: A Monday morning in Beijing (09:30), in a year whose holidays are announced.
MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PASSPHRASE = "correct horse"
#: A picture of one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301"
    "01005ed3a0180000000049454e44ae426082"
)

DEFINITION = """
id: street-matters
title: {zh: 街道诉求办理, en: Street matters}
taken by: [clerk]
help: {zh: 路灯、道路、垃圾、噪声等身边事。, en: "Street lamps, roads, waste, noise and the like."}
number: "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}"
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}, required: true}
  details: {type: long text, title: {zh: 具体情况, en: Details}}
  kind:
    type: choice
    title: {zh: 类别, en: Kind}
    required: true
    options: {lighting: {zh: 照明, en: Lighting}, roads: {zh: 道路, en: Roads}, other: {zh: 其他, en: Other}}
  since: {type: date, title: {zh: 何时开始, en: Since when}}
  urgent: {type: yes/no, title: {zh: 是否紧急, en: Is it urgent?}}
  address: {type: text, title: {zh: 详细地址, en: Exact address}, private: true}
roles:
  clerk: {title: {zh: 站点工作人员, en: Station clerk}, staff of: station}
  deputy: {title: {zh: 责任代表, en: Deputy in charge}, deputies of: station, pick: [on duty, least loaded], answerable: true, fallback: clerk}
  lead: {title: {zh: 主办部门, en: Leading department}, departments: lead}
  assist: {title: {zh: 协办部门, en: Assisting departments}, departments: assist}
resolutions:
  solved: {zh: 已解决, en: Solved}
  declined: {zh: 不予受理, en: Declined}
  no-answer: {zh: 反映人未答复, en: No answer}
intake:
  register:
    title: {zh: 受理登记, en: Registration}
    help: {zh: 请核对诉求是否属于本站受理范围。, en: Please check whether the station is competent.}
    task: clerk
    within: 1 working day
    overdue: {tell: clerk}
    actions:
      accept: {title: {zh: 受理, en: Accept}, to: choose-deputy}
      decline:
        title: {zh: 不予受理, en: Decline}
        ask: {reason: {type: long text, title: {zh: 理由, en: Reason}}}
        to: declined
assignment:
  choose-deputy: {title: {zh: 确定责任代表, en: Choosing the deputy}, assign: deputy, tell: [deputy, reporter], to: study}
  study:
    title: {zh: 代表研究, en: Study by the deputy}
    task: deputy
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      answer:
        title: {zh: 直接答复, en: Answer}
        ask: {reply: {type: long text, title: {zh: 答复内容, en: Reply}}}
        to: confirm
      coordinate:
        title: {zh: 交部门办理, en: Ask departments}
        ask:
          lead: {type: department, title: {zh: 主办部门, en: Leading department}}
          assist: {type: departments, title: {zh: 协办部门, en: Assisting departments}, required: false}
        to: handle
coordination:
  handle:
    title: {zh: 部门办理, en: Handling by departments}
    each: [lead, assist]
    within: 15 working days
    overdue: {tell: deputy}
    actions:
      reply:
        title: {zh: 提交办理结果, en: Send the result}
        ask: {reply: {type: long text, title: {zh: 办理结果, en: Result}}}
    to: confirm
closure:
  confirm:
    title: {zh: 反映人确认, en: Confirmation by the reporter}
    task: reporter
    within: 5 working days
    overdue: {to: unanswered}
    actions:
      satisfied:
        title: {zh: 问题已解决, en: It is solved}
        ask: {stars: {type: integer, at least: 1, at most: 5, title: {zh: 满意程度, en: How satisfied are you?}}}
        to: solved
      dissatisfied:
        title: {zh: 还没有解决, en: It is not solved}
        ask: {why: {type: long text, title: {zh: 还有什么问题, en: What is missing}}}
        to: study
        at most: 2
        then: solved
  solved: {title: {zh: 办结, en: Closed}, close: solved}
  declined: {title: {zh: 不予受理, en: Declined}, close: declined}
  unanswered: {title: {zh: 自动办结, en: Closed without an answer}, close: no-answer}
"""


_PEOPLE = (
    # login, name, kind, station, organisation, function
    ("clerk", "陈晓", "staff", "XG", None, "clerk"),
    ("clerk2", "何静", "staff", "XG", None, "clerk"),
    ("far-clerk", "郑远", "staff", "YF", None, "clerk"),
    ("deputy", "王芳", "deputy", "XG", None, "deputy"),
    ("lighting", "赵亮", "department", None, "cg", "handler"),
    ("power", "孙电", "department", None, "gd", "handler"),
    ("office", "周主任", "staff", None, "rd", "handler"),
    ("stranger", "吴人", "citizen", None, None, None),
)
_ORGANISATIONS = (
    ("cg", "城市管理局", "City management", "department"),
    ("gd", "供电公司", "Power supply", "department"),
    ("rd", "人大常委会办公室", "Congress office", "office"),
)
#: What a resident fills in.
REPORT: Mapping[str, str] = {
    "subject": "路灯不亮",
    "kind": "lighting",
    "address": "光明路 8 号",
    "details": "已经一周了。",
}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Town:
    """The town: its house and clock, and who lives there by login."""

    house: House
    clock: Clock = field(default_factory=Clock)
    people: dict[str, int] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)

    def report(self, **values: str) -> int:
        """An issue of a resident of no account; its id."""
        new = NewReporter(name="李明", phone="13800000000")
        request = f"report-{self.clock.now.isoformat()}-{sha256(str(values).encode()).hexdigest()[:16]}"
        receipt = open_issue(
            self.house,
            Report(definition="street-matters", station="XG", reporter=new, values={**REPORT, **values}),
            request_id=request,
            now=self.clock.now,
        )
        return receipt.issue_id

    def item(self, issue_id: int, party: str) -> int:
        """The number of the task that a party has in an issue."""
        query = select(t.candidates.c.item).where(t.candidates.c.issue_id == issue_id, t.candidates.c.party == party)
        with self.house.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def party(self, login: str) -> str:
        """The reference of a person."""
        return f"participant:{self.people[login]}"

    def act(self, issue_id: int, login: str, action: str, party: str | None = None, **values: Any) -> None:
        """Act on the task that a person (or their department) has."""
        item = self.item(issue_id, party or self.party(login))
        act(self.house, issue_id, item, action, values, By(self.people[login], self.clock.now))

    def reporter(self, issue_id: int) -> int:
        """Who reported the issue."""
        with self.house.database.reading() as connection:
            return int(connection.execute(select(t.issues.c.reporter_id).where(t.issues.c.id == issue_id)).scalar_one())

    def number_and_code(self, issue_id: int) -> tuple[str, str]:
        """What opens an issue."""
        query = select(t.issues.c.number, t.issues.c.follow_code).where(t.issues.c.id == issue_id)
        with self.house.database.reading() as connection:
            number, code = connection.execute(query).one()
            return number, code

    def to_departments(self, issue_id: int) -> None:
        """Accepted, and two departments asked."""
        self.act(issue_id, "clerk", "accept")
        self.act(issue_id, "deputy", "coordinate", lead=self.departments["cg"], assist=[self.departments["gd"]])

    def to_confirmation(self, issue_id: int) -> None:
        """Both departments have replied."""
        self.to_departments(issue_id)
        self.act(issue_id, "lighting", "reply", self.departments["cg"], reply="灯已更换。")
        self.act(issue_id, "power", "reply", self.departments["gd"], reply="线路已修复。")


@dataclass(frozen=True)
class Census:
    """Everybody's id and every department's reference, by login and code."""

    people: dict[str, int]
    departments: dict[str, str]


def _found(database: Database, folder: Path) -> Census:
    town = Town(House(database, folder))
    with database.writing() as connection:
        _settle(connection, town)
    publish(town.house, DEFINITION, "street-matters.yaml", Imprint("test", MORNING))
    return Census(town.people, town.departments)


#: What a town has in its database.
TOWN = Template("town", _found)


def town_in(copied: tuple[Database, Census], folder: Path) -> Town:
    """A fresh town in a copy of its template."""
    database, census = copied
    return Town(House(database, folder / "files"), people=census.people, departments=census.departments)


def sqlite_town(folder: Path) -> Town:
    """A fresh town on SQLite."""
    return town_in(filled(TOWN, folder / "town.db"), folder)


def administrator(house: House, name: str = "冯硕", login: str = "admin") -> int:
    """Somebody new who may do to the house what its first administrator may; their id."""
    row = {"name": name, "login": login, "kind": "administrator", "language": "zh", "active": True}
    with house.database.writing() as connection:
        person = _row(
            connection, t.participants, **row, passphrase_hash=hash_passphrase(PASSPHRASE), created_at=MORNING
        )
        found_house(connection, person, MORNING)
    return person


def _settle(connection: Connection, town: Town) -> None:
    area = _row(connection, t.areas, code="350203", name_zh="思明区", name_en="Siming", level="district")
    stations = {
        "XG": _row(connection, t.stations, code="XG", name_zh="星光站", name_en="Starlight", kind="area", area_id=area),
        "YF": _row(connection, t.stations, code="YF", name_zh="远方站", name_en="Far away", kind="area", area_id=area),
    }
    organisations: dict[str, int] = {}
    for code, zh, en, kind in _ORGANISATIONS:
        organisations[code] = _row(
            connection, t.organisations, code=code, name_zh=zh, name_en=en, kind=kind, active=True
        )
        town.departments[code] = f"organisation:{organisations[code]}"
    hashed = hash_passphrase(PASSPHRASE)
    for login, name, kind, station, organisation, function in _PEOPLE:
        person: dict[str, Any] = {"name": name, "login": login, "kind": kind, "language": "zh", "active": True}
        town.people[login] = _row(connection, t.participants, **person, passphrase_hash=hashed, created_at=MORNING)
        if function:
            serves = {
                "station_id": stations.get(station or ""),
                "organisation_id": organisations.get(organisation or ""),
            }
            _row(connection, t.memberships, participant_id=town.people[login], function=function, **serves)
    for weekday in range(1, 8):
        duty = {"station_id": stations["XG"], "weekday": weekday, "participant_id": town.people["deputy"]}
        connection.execute(insert(t.duties), duty)


def _row(connection: Connection, table: Table, **values: Any) -> int:
    key = connection.execute(insert(table), values).inserted_primary_key
    assert key is not None
    return int(key[0])

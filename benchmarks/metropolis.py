"""A house of a large city: six districts, thirty-eight towns, four hundred and forty-two stations, each with a clerk and a deputy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from definitions.loader import library
from huying.access.passphrase import hash_passphrase
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.calendars import publish_shipped
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.processes.publication import Edition, publish_all

PASSPHRASE = "huying"
#: Districts and their towns, as they are in Xiamen.
TOWNS: Mapping[str, str] = {
    "思明区": "厦港 中华 鼓浪屿 开元 梧村 筼筜 莲前 嘉莲 鹭江 滨海",
    "湖里区": "湖里 殿前 禾山 江头 金山",
    "集美区": "集美 侨英 杏林 杏滨 灌口 后溪",
    "海沧区": "海沧 新阳 嵩屿 东孚",
    "同安区": "大同 祥平 西柯 洪塘 五显 莲花 汀溪 新民",
    "翔安区": "新店 马巷 内厝 新圩 大嶝",
}
_VILLAGES = ("灌口", "后溪", "洪塘", "五显", "莲花", "汀溪", "内厝", "新圩", "大嶝")
STATIONS = 442
_STEMS = "东西南北上下前后内外新古大小金银龙凤石林松"
_ENDS = "山埔坑厝头坂洋浦社塘湖亭桥岭洲屿宅井田村"
_DEPARTMENTS = (
    "城市管理局",
    "建设局",
    "交通运输局",
    "市政园林局",
    "生态环境局",
    "教育局",
    "卫生健康委员会",
    "民政局",
    "公安局",
    "资源规划局",
)


@dataclass(frozen=True)
class Metropolis:
    """The city: its house, and whom there is; ``clerks`` and ``deputies`` by station, ``towns`` are the stations of towns by name."""

    house: House
    stations: tuple[int, ...]
    codes: Mapping[int, str]
    clerks: Mapping[int, int]
    deputies: Mapping[int, int]
    towns: Mapping[str, int]
    departments: tuple[int, ...]
    office: int


def metropolis(database: Database, folder: Path, now: datetime) -> Metropolis:
    """Settle the city in an empty database; everybody logs in as ``clerk1``, ``deputy1`` … or ``office``."""
    database.migrate()
    house = House(database, folder)
    publish_shipped(house.calendars, database, Imprint("benchmark", now, ""))
    editions = [Edition(path.read_bytes(), str(path)) for path in library()]
    publish_all(house, editions, Imprint("benchmark", now), unconnected=True)
    with database.writing() as connection:
        return _Settlement(connection, now).settled(house)


class _Settlement:
    """The city as it is being written."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._hash = hash_passphrase(PASSPHRASE)
        self._now = now

    def settled(self, house: House) -> Metropolis:
        towns, places = self._places()
        clerks, deputies, codes = {}, {}, {}
        for number, (name, area) in enumerate(places, 1):
            code = f"S{number:03d}"
            named = {
                "code": code,
                "name_zh": name,
                "name_en": f"Contact station {number}",
                "kind": "area",
                "area_id": area,
            }
            station = self._row(t.stations, **named)
            codes[station] = code
            clerks[station] = self._person(f"clerk{number}", f"干事{number}", "staff", "clerk", station_id=station)
            deputies[station] = self._person(f"deputy{number}", f"代表{number}", "deputy", "deputy", station_id=station)
            duty = [{"station_id": station, "weekday": day, "participant_id": deputies[station]} for day in range(1, 8)]
            self._connection.execute(insert(t.duties), duty)
        departments = tuple(self._department(number, name) for number, name in enumerate(_DEPARTMENTS, 1))
        serving = {
            "code": "RD",
            "name_zh": "人大常委会办公室",
            "name_en": "Congress office",
            "kind": "office",
            "active": True,
        }
        office = self._person(
            "office", "办公室", "staff", "handler", organisation_id=self._row(t.organisations, **serving)
        )
        stations = tuple(clerks)
        return Metropolis(
            house, stations, codes, clerks, deputies, dict(zip(towns, stations, strict=False)), departments, office
        )

    def _places(self) -> tuple[list[str], list[tuple[str, int]]]:
        """The names of the towns; of each station its name and its area, towns first."""
        city = self._area("3502", "厦门市", "city", None)
        towns, found = [], []
        names = list(_neighbourhoods())
        for number, (district, of) in enumerate(TOWNS.items(), 1):
            above = self._area(f"3502{number:02d}", district, "district", city)
            for count, town in enumerate(of.split(), 1):
                ending = "镇" if town in _VILLAGES else "街道"
                towns.append(town)
                found.append((town + ending, self._area(f"3502{number:02d}{count:03d}", town + ending, "town", above)))
        stations = [(f"{name}人大代表联络站", area) for name, area in found]
        for number in range(STATIONS - len(stations)):
            town, area = found[number % len(found)]
            kind = "村" if town.endswith("镇") else "社区"
            # every fortieth is called as long as offices are
            long = f"厦门市{town}{names[number]}{kind}人大代表联系群众活动站暨选民接待室" if number % 40 == 0 else ""
            stations.append((long or f"{names[number]}{kind}代表联络站", area))
        return towns, stations

    def _area(self, code: str, name: str, level: str, parent: int | None) -> int:
        return self._row(t.areas, code=code, name_zh=name, name_en=f"Area {code}", level=level, parent_id=parent)

    def _department(self, number: int, name: str) -> int:
        named = {"code": f"D{number}", "name_zh": f"市{name}", "name_en": f"Department {number}", "kind": "department"}
        department = self._row(t.organisations, **named, active=True)
        self._person(f"handler{number}", f"经办{number}", "department", "handler", organisation_id=department)
        return department

    def _person(self, login: str, name: str, kind: str, function: str, **serves: int) -> int:
        known = {"name": name, "login": login, "kind": kind, "language": "zh", "active": True, "created_at": self._now}
        person = self._row(t.participants, **known, passphrase_hash=self._hash)
        self._row(t.memberships, participant_id=person, function=function, **serves)
        return person

    def _row(self, table: Table, **values: Any) -> int:
        return int(self._connection.execute(insert(table).returning(table.c.id), values).scalar_one())


def _neighbourhoods() -> Iterator[str]:
    """Names of neighbourhoods, each once."""
    for end in _ENDS:
        for stem in _STEMS:
            yield stem + end

"""The workbook of an office as it really comes: 442 stations and 500 people, put together over years by several hands. Made anew from a seed."""

from __future__ import annotations

import random
from io import BytesIO

import openpyxl

from tests.huying.register.workbook.sheets import Rows

STATIONS, PEOPLE = 442, 500
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def dirty_office(seed: int = 5) -> bytes:
    """Merged titles and cells, dates of all kinds, full-width digits, twins of names, phones with invisible signs, columns of its own."""
    chance = random.Random(seed)
    book, into = openpyxl.Workbook(), BytesIO()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in _sheets(chance).items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    # a title over the head, and cells that somebody merged to save typing
    stations = book["联络站"]
    stations.merge_cells("A1:F1")
    stations.merge_cells("C20:C22")
    book["代表名单"].row_dimensions[40].hidden = True
    book.create_sheet("历年台账").append(["不相干"])
    book.save(into)
    return into.getvalue()


def _sheets(chance: random.Random) -> dict[str, Rows]:
    areas: list[list[object]] = [["行政区划代码", "名称", "层级", "上级区划"], ["9902", "鹭江市", "市", None]]
    areas += [[f"99020{n}", f"第{n}区", "区", "9902"] for n in range(1, 7)]
    areas += [[f"99020{n % 6 + 1}{n:03}", f"第{n}街道", "街道", f"第{n % 6 + 1}区"] for n in range(38)]
    streets = [str(row[0]) for row in areas[8:]]
    stations: list[list[object]] = [
        ["鹭江市代表联络站一览表（2026年11月）"],
        ["站点代码", "名称", "类型", "区划代码", "联系电话", "启用日期", "备注栏"],
    ]
    for n in range(STATIONS):
        stations.append(
            [
                f"Z{n:03}",
                f"第{n}　联络站",
                "区域",
                _wide(chance, streets[n % 38]),
                _phone(chance, f"0592{5000000 + n}"),
                _day(chance),
                "老站" if n % 9 == 0 else None,
            ]
        )
    stations[50][3] = "990207001"
    stations[60][0] = "Z010"
    people: list[list[object]] = [["姓名", "身份", "手机号", "层级", "选区", "任期起", "任期止", "单位"]]
    for n in range(PEOPLE):
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + (chance.choice(_GIVEN) if n % 3 else "")
        deputy = n % 2 == 0
        phone = _phone(chance, f"139{chance.randrange(10**8):08}")
        people.append(
            [
                name,
                "代表" if deputy else "工作人员",
                phone,
                "区" if deputy else None,
                f"第{n % 40}选区" if deputy else None,
                _day(chance) if deputy else None,
                "2027年1月9日" if deputy else None,
                f"第{n % 50}单位",
            ]
        )
    people[10][2] = "139000012"
    people[21][5] = 44571
    people[31][5] = "1/10/2022"
    people[35][6] = None
    return {"行政区划": areas, "联络站": stations, "代表名单": people}


def _wide(chance: random.Random, text: str) -> str:
    return text.translate(_WIDE) if chance.random() < 0.2 else text


def _phone(chance: random.Random, number: str) -> object:
    kind = chance.randrange(5)
    if kind == 0:
        return f"\u202d{number}\u202c"
    if kind == 1:
        return number.translate(_WIDE)
    # a number loses the nought before it; offices know it of mobile phones alone
    return int(number) if kind == 2 and number[0] != "0" else number


def _day(chance: random.Random) -> object:
    return chance.choice(["2022年1月10日", "2022.1.10", "2022/01/10", "２０２２-１-１０", "2022-01-10"])

"""Posters and slips as PDF, drawn by Typst in this process: letters and vectors, the same for the same links, without a network.

Only data comes from people; the markup is ours, so nothing they wrote can become anything but words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import msgspec
import segno
import typst
from sqlalchemy import Row, select

from definitions.text import Said, words
from engine.refusal import Refusal
from huying.access.viewer import Viewer
from huying.database.tables import short_links, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.posters.fact import Fact, facts_of
from huying.posters.target import PAGES
from huying.posters.view import kinds_of, reach
from huying.processes.view import definitions_in_force
from huying.register.office import office_name, way_names

SheetKind = Literal["poster", "slip"]
#: Slips on one page; of one code alone a page is filled.
ON_A_PAGE = 8
_MARKUP = Path(__file__).with_name("poster.typ")
#: Fonts that have all Chinese characters that names need, the first that is there.
_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "SimHei",
)
_MOTTO = "民有所呼　我有所应"
_SCAN = Said("扫码：", "Scan: ")
_ALT = Said("二维码", "QR code")
_PROMISE = Said(
    "不用注册，约一分钟；有编号和查询码，随时查进度", "No account, about a minute; a number and a code to follow it"
)


class NoFont(Refusal):
    """No Chinese font is installed."""

    code = "no-font"

    def __init__(self) -> None:
        super().__init__(
            "这台服务器没有中文字体，不能生成海报。请管理员安装（Debian、麒麟、统信：apt install fonts-noto-cjk），再重启门户。",
            "There is no Chinese font on this server, so posters cannot be made. Have an administrator install one "
            "(Debian: apt install fonts-noto-cjk) and restart the portal.",
        )


@dataclass(frozen=True, slots=True)
class SheetWish:
    """Which links, as posters or slips, in one language or (``both``) with Chinese names and English ones below; ``root``: the portal's address."""

    links: Sequence[int]
    kind: SheetKind
    language: str
    root: str
    both: bool = False


def sheet_of(house: House, wish: SheetWish, person: Viewer, now: datetime) -> bytes:
    """The PDF; links of others, and such as are over, are left out. ``NotFound`` if none is left, ``NoFont`` without a Chinese font."""
    fonts = _fonts()
    if not fonts:
        raise NoFont
    found = list(_faces(house, wish, person, now))
    if not found:
        raise NotFound("没有可以印的二维码。", "There is no code to print.")
    if wish.kind == "slip" and len(found) == 1:
        found *= ON_A_PAGE
    data = {
        "kind": wish.kind,
        "title": Said("二维码海报", "Posters").of(wish.language),
        "office": office_name(house, wish.language),
        "motto": _MOTTO if wish.both else Said(_MOTTO, "").of(wish.language),
        "fonts": [*fonts, "Libertinus Serif"],
        "lang": wish.language,
        "region": Said("cn", "gb").of(wish.language),
        "links": found,
    }
    return _drawn(msgspec.json.encode(data).decode())


def _drawn(data: str) -> bytes:
    made = typst.compile(_MARKUP.read_bytes(), sys_inputs={"data": data}, ignore_system_fonts=False)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one piece")
    return made


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    """The Chinese fonts of this machine, of those that are known to do."""
    there = frozenset(typst.Fonts(include_system_fonts=True).families())
    return tuple(one for one in _FONTS if one in there)


def _faces(house: House, wish: SheetWish, person: Viewer, now: datetime) -> Iterator[Mapping[str, Any]]:
    """What stands on each of them, in the order of the wish."""
    allowed, c = reach(person, now), short_links.c
    query = select(*c, stations.c.code.label("station"), stations.c.name_zh, stations.c.name_en).outerjoin(
        stations, stations.c.id == c.station_id
    )
    with house.database.reading() as connection:
        rows: dict[int, Any] = {row.id: row for row in connection.execute(query.where(c.id.in_(list(wish.links))))}
    titles = {line.key: line.title for line in definitions_in_force(house, wish.language, now)}
    titles |= {key: name for key, name in way_names(house, wish.language).items() if key in titles}
    known: dict[str, tuple[Fact, ...]] = {}
    for number in dict.fromkeys(wish.links):
        row = rows.get(number)
        if row is None or (allowed is not None and row.station_id not in allowed) or row.ended_at is not None:
            continue
        station = row.station or ""
        if station not in known:
            known[station] = facts_of(house, station, wish.language, now)
        yield _face(house, wish, row, known[station], titles, now)


def _face(
    house: House,
    wish: SheetWish,
    row: Row[Any],
    facts: tuple[Fact, ...],
    titles: Mapping[str, str],
    now: datetime,
) -> Mapping[str, Any]:
    language = wish.language
    opens = titles.get(row.definition or "", "") or PAGES[row.page].of(language)
    gone = row.definition is not None and row.definition not in titles
    kinds = () if gone else kinds_of(house, row.definition, row.answers, language, now)
    name, other = _names(house, wish, row)
    address = f"{wish.root}/s/{row.code}"
    return {
        "name": name,
        "other": other,
        "heading": " · ".join((_SCAN.of(language) + opens, *kinds)),
        "place": row.title,
        "qr": _qr(address),
        "alt": f"{_ALT.of(language)} {address}",
        "address": address.removeprefix("https://").removeprefix("http://"),
        "promise": _PROMISE.of(language) if row.page == "report" else "",
        "facts": facts,
    }


def _names(house: House, wish: SheetWish, row: Row[Any]) -> tuple[str, str]:
    """The station's name, or the office's; and below it the one in the other language."""
    if row.station is None:
        zh, en = (office_name(house, language) for language in ("zh", "en"))
    else:
        zh, en = row.name_zh, row.name_en or ""
    name = words({"zh": zh, "en": en or zh}, wish.language)
    other = Said(en, zh).of(wish.language) if wish.both else ""
    return name, other if other != name else ""


def _qr(address: str) -> str:
    """Error correction Q: a quarter of it may be scratched or stained. The quiet zone is the standard's."""
    out = BytesIO()
    segno.make(address, error="q", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, dark="#000", light="#fff"
    )
    return out.getvalue().decode()

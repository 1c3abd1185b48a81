"""What the lines of a workbook have to keep to, together with the register as it is: each once, no circles, nothing that ends before it begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from definitions.text import Said
from huying.register.nouns import (
    KINDS,
    Area,
    Mandate,
    Membership,
    Organisation,
    RoleGrant,
    Station,
    key_bytes,
    known_by,
)
from huying.register.workbook.cell import Unclear
from huying.register.workbook.choices import OptionList
from huying.register.workbook.draft import PlacedLine, SheetDraft, Spot, Understanding, every, together
from huying.register.workbook.layout import BY_KEY
from huying.register.workbook.portions import Portions
from huying.rights.role import ROLES

#: The fields between which time passes, by kind.
_TERMS = (
    ("areas", "since", "until"),
    ("stations", "opened", "closed"),
    ("haves", "since", "until"),
    ("mandates", "since", "until"),
    ("memberships", "since", "until"),
    ("rota", "first_day", "last_day"),
    ("absences", "since", "until"),
    ("grants", "since", "until"),
)
_AT_STATIONS = ("head", "clerk", "deputy", "liaison")
_IN_ORGANISATIONS = ("head", "clerk", "handler", "substitute")


def check(draft: SheetDraft, at_hand: Understanding) -> None:
    """All checks in the order in which they build on each other; rows that are found wrong are ``bad`` afterwards."""
    _doubles(draft, at_hand)
    _nearly_doubles(draft, at_hand)
    _backwards(draft)
    _circles(draft, at_hand)
    _namesakes_of_places(draft, at_hand)
    _functions(draft, at_hand)
    _followers(draft, at_hand)
    _levels(draft, at_hand)
    _closings(draft)
    _duties(draft, at_hand)
    _stand_ins(draft)
    _scopes(draft)
    _followers(draft, at_hand)


def _doubles(draft: SheetDraft, at_hand: Understanding) -> None:
    for kind in KINDS:
        seen, twice = set[bytes](), set[bytes]()
        for placed in every(draft, kind):
            key = key_bytes(kind, placed.line)
            (twice if key in seen else seen).add(key)
        first: dict[bytes, Spot] = {}
        for placed in every(draft, kind) if twice else ():
            key = key_bytes(kind, placed.line)
            if key in twice and first.setdefault(key, placed.spot) != placed.spot:
                _double(draft, kind, placed, first[key], at_hand)


def _double(draft: SheetDraft, kind: str, placed: PlacedLine, first: Spot, at_hand: Understanding) -> None:
    key = known_by(kind, placed.line)
    column = BY_KEY[placed.spot.sheet].columns[0 if len(key.parts) == 1 or kind == "mandates" else len(key.parts) - 1]
    told = str(key.parts[0]) if len(key.parts) == 1 else ""
    name = BY_KEY[kind].title
    if kind in ("areas", "organisations", "stations"):
        free = _free(told, at_hand.choices[kind])
        unclear = Unclear(
            Said(
                f"代码 {told} 在第 {first.row} 行已用过，下一个空着的是 {free}",
                f"the code {told} is used in row {first.row}; {free} is free",
            ),
            Said("换一个代码，或不导入这一行", "take another code, or leave the row out"),
            (free, Said(free, free)),
        )
    elif kind == "people":
        unclear = Unclear(
            Said(f"登录名 {told} 在第 {first.row} 行已用过", f"the login {told} is used in row {first.row}"),
            Said(
                "同一人只留一行；两个人的话，换一个登录名",
                "keep one row of one person; give another person another login",
            ),
        )
    else:
        unclear = Unclear(
            Said(f"与第 {first.row} 行重复", f"the same as row {first.row} ({name.en})"),
            Said("只留一行", "keep one of both"),
        )
    draft.refuse(placed.spot, column.key, unclear, told)


def _nearly_doubles(draft: SheetDraft, at_hand: Understanding) -> None:
    """Codes that differ from another only in small and capital letters: nobody could tell them apart."""
    for kind in ("areas", "organisations", "stations"):
        known = {
            getattr(line, "code", "").casefold(): getattr(line, "code", "") for line in at_hand.current.get(kind, ())
        }
        for placed in every(draft, kind):
            code = getattr(placed.line, "code", "")
            other = known.setdefault(code.casefold(), code)
            if other != code:
                wrong = Said(
                    f"代码 {code} 与已有的 {other} 只差大小写", f"{code} differs from {other} only in capital letters"
                )
                remedy = Said(
                    "是同一个就写已有的代码，否则换一个", "write that code if they are the same, another if not"
                )
                draft.refuse(placed.spot, "code", Unclear(wrong, remedy, (other, Said(other, other))), code)


def _free(code: str, taken: OptionList) -> str:
    """The next code of the same pattern that nobody has, in no row of the file either, however wrong: XW03 → XW04 …"""
    letters = code.rstrip("0123456789")
    number = code[len(letters) :]
    width, start = len(number) or 2, int(number or 1)
    return next(free for n in range(start + 1, start + 100_000) if (free := f"{letters}{n:0{width}}") not in taken)


def _backwards(draft: SheetDraft) -> None:
    for kind, since, until in _TERMS:
        for placed in every(draft, kind):
            begins, ends = getattr(placed.line, since), getattr(placed.line, until)
            if begins is not None and ends is not None and ends < begins:
                column = BY_KEY[placed.spot.sheet].column_of(kind, until)
                wrong = Said(f"结束早于开始（{begins}）", f"this is before the beginning ({begins})")
                draft.refuse(
                    placed.spot, column.key, Unclear(wrong, Said("核对这两个日期", "look at both days")), str(ends)
                )


def _circles(draft: SheetDraft, at_hand: Understanding) -> None:
    """Areas and stations that would be above themselves."""
    for kind in ("areas", "stations"):
        lines = cast("Iterator[Area | Station]", together(draft, at_hand, kind))
        above = {line.code: line.parent for line in lines}
        for placed in every(draft, kind):
            code = cast("Area | Station", placed.line).code
            way, at = [code], above.get(code)
            while at is not None and at not in way:
                way.append(at)
                at = above.get(at)
            if at == code:
                told = " → ".join((*way, code))
                draft.refuse(
                    placed.spot,
                    "parent",
                    Unclear(
                        Said(f"上下级成了一圈：{told}", f"these are above one another in a circle: {told}"),
                        Said("改正上级代码", "put the parent right"),
                    ),
                    way[1] if len(way) > 1 else code,
                )


def _namesakes_of_places(draft: SheetDraft, at_hand: Understanding) -> None:
    stations = {cast(Station, line).code for line in together(draft, at_hand, "stations")}
    for placed in every(draft, "organisations"):
        code = cast(Organisation, placed.line).code
        if code in stations:
            draft.refuse(
                placed.spot,
                "code",
                Unclear(
                    Said(f"代码 {code} 已是一个站点的", f"{code} is the code of a station"),
                    Said("单位另用一个代码", "give the organisation another code"),
                ),
                code,
            )


def _levels(draft: SheetDraft, at_hand: Understanding) -> None:
    """Deputies serve within a term, and bear its level; those who served before the register knew terms go on as they are."""
    held: dict[str, list[Mandate]] = defaultdict(list)
    for line in together(draft, at_hand, "mandates"):
        held[cast(Mandate, line).login].append(cast(Mandate, line))
    current = cast("Sequence[Membership]", at_hand.current.get("memberships", ()))
    kept = {(line.login, line.place): line.level for line in current if line.function == "deputy"}
    lines = draft.lines.get("memberships", ())
    draft.lines["memberships"] = settled = Portions(PlacedLine)
    for placed in lines:
        line = cast(Membership, placed.line)
        if placed.spot in draft.bad or line.function != "deputy":
            settled.append(placed)
            continue
        terms = sorted(held.get(line.login, ()), key=lambda one: one.since, reverse=True)
        fits = [one for one in terms if line.since is None or one.since <= line.since <= one.until]
        if (line.login, line.place) not in kept and not fits:
            draft.refuse(placed.spot, *_outside(line, terms))
        elif line.level is None:
            level = fits[0].level if fits else kept.get((line.login, line.place))
            line = msgspec.structs.replace(line, level=level)
        settled.append(PlacedLine(line, placed.spot))


def _outside(line: Membership, terms: list[Mandate]) -> tuple[str, Unclear, str]:
    """What is said of a deputy who has no term, or serves outside of it."""
    if not terms:
        wrong = Said("代表没有任期：人员表里没有写", "the deputy has no term: none is written among the people")
        remedy = Said("在人员表里写代表层级、任期起、任期止", "write level, term from and term until among the people")
        return "login", Unclear(wrong, remedy), line.login
    span = f"{terms[0].since} — {terms[0].until}"
    first = terms[0].since.isoformat()
    wrong = Said(f"起期不在任期内（{span}）", f"the first day is not within the term ({span})")
    remedy = Said("改起期，或改任期", "put the day or the term right")
    return "from", Unclear(wrong, remedy, (first, Said(first, first))), str(line.since)


def _closings(draft: SheetDraft) -> None:
    """A station with a day of closing is out of use."""
    for placed in every(draft, "stations"):
        station = cast(Station, placed.line)
        if station.closed is not None and station.active and "active" in draft.given["stations"]:
            wrong = Said("写了撤销日期，“在用”却不是“否”", "there is a day of closing, yet it is in use")
            remedy = Said("撤销的站“在用”写“否”；恢复的站把撤销日期清空", "write 否 (no), or clear the day")
            draft.refuse(placed.spot, "active", Unclear(wrong, remedy, ("否", Said("否", "否 (no)"))), "是")


def _functions(draft: SheetDraft, at_hand: Understanding) -> None:
    stations = {cast(Station, line).code for line in together(draft, at_hand, "stations")}
    for placed in every(draft, "memberships"):
        line = cast(Membership, placed.line)
        at_station = line.place in stations
        if line.function in (_AT_STATIONS if at_station else _IN_ORGANISATIONS):
            continue
        names = at_hand.choices["functions"]
        fitting = "、".join(names.name(one) for one in (_AT_STATIONS if at_station else _IN_ORGANISATIONS))
        where = Said("站点", "a station") if at_station else Said("单位", "an organisation")
        draft.refuse(
            placed.spot,
            "function",
            Unclear(
                Said(
                    f"{where.zh}里没有“{names.name(line.function)}”这个职务", f"nobody is {line.function} at {where.en}"
                ),
                Said(f"写其中一个：{fitting}", "choose another function, or another place"),
            ),
            line.function,
        )


def _duties(draft: SheetDraft, at_hand: Understanding) -> None:
    """Only deputies of a station are on duty there."""
    members = cast("Iterator[Membership]", together(draft, at_hand, "memberships"))
    deputies = {(line.place, line.login) for line in members if line.function == "deputy"}
    # those whose row has an error are told of there
    awaited = {spot.row for spot in draft.bad if spot.sheet == "memberships"}
    for kind in ("rota", "duty"):
        for placed in every(draft, kind):
            station, login = getattr(placed.line, "station", ""), getattr(placed.line, "login", "")
            if (station, login) not in deputies and not awaited:
                draft.refuse(
                    placed.spot,
                    "login",
                    Unclear(
                        Said(
                            f"{at_hand.choices['people'].name(login)}不是 {station} 的代表",
                            f"{login} is no deputy of {station}",
                        ),
                        Said(
                            "先在任职表里加上，或换一个人", "add them to the memberships first, or choose somebody else"
                        ),
                    ),
                    login,
                )


def _stand_ins(draft: SheetDraft) -> None:
    for placed in every(draft, "absences"):
        login = getattr(placed.line, "login", "")
        if login == getattr(placed.line, "substitute", None):
            draft.refuse(
                placed.spot,
                "substitute",
                Unclear(
                    Said("代行人不能是本人", "nobody stands in for themself"), Said("换一个人", "choose somebody else")
                ),
                login,
            )


def _scopes(draft: SheetDraft) -> None:
    """A grant holds in an area or at a station, and only some roles can be bounded."""
    for placed in every(draft, "grants"):
        line = cast(RoleGrant, placed.line)
        title = ROLES[line.role].title
        if line.area and line.station:
            wrong = Said("区域、站点只能填一样", "it is either an area or a station")
            remedy = Said("留下其中一个，另一个清空", "keep one of them, and clear the other")
            draft.refuse(placed.spot, "station", Unclear(wrong, remedy), line.station)
        elif (line.area or line.station) and not ROLES[line.role].bounded:
            wrong = Said(f"“{title.zh}”只能在全机构授予", f"“{title.en}” can be granted for the whole house alone")
            remedy = Said("区域、站点都清空", "clear area and station")
            draft.refuse(placed.spot, "area" if line.area else "station", Unclear(wrong, remedy), line.area or "")


_REFERENCES: Mapping[str, tuple[str, ...]] = {
    "areas": ("areas",),
    "organisations": ("organisations",),
    "stations": ("stations",),
    "people": ("people",),
    "places": ("stations", "organisations"),
}


def _followers(draft: SheetDraft, at_hand: Understanding) -> None:
    """Rows that speak of what stands in a row with an error wait for that one."""
    known = {kind: {known_by(kind, line).parts[0] for line in at_hand.current.get(kind, ())} for kind in KINDS}
    while _waiting(draft, known):
        pass


def _waiting(draft: SheetDraft, known: Mapping[str, set[object]]) -> bool:
    there = {
        kind: known[kind] | {known_by(kind, placed.line).parts[0] for placed in every(draft, kind)}
        for kind in ("areas", "organisations", "stations", "people")
    }
    found = False
    for kind in KINDS:
        columns = [column for column in BY_KEY[kind].columns if column.options in _REFERENCES]
        for placed in every(draft, kind):
            for column in columns:
                code = getattr(placed.line, column.into)
                if code is not None and not any(code in there[one] for one in _REFERENCES[column.options]):
                    title = BY_KEY[_REFERENCES[column.options][0]].title
                    draft.refuse(
                        placed.spot,
                        column.key,
                        Unclear(
                            Said(
                                f"{code} 在“{title.zh}”表里的那一行有错，没有写入",
                                f"the row of {code} ({title.en}) has an error and is not written",
                            ),
                            Said("先改好那一行", "put that row right first"),
                        ),
                        str(code),
                    )
                    found = True
                    break
    return found

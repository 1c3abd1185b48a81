"""What the lines of a workbook have to keep to, together with the register as it is: each once, no circles, nothing that ends before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from definitions.text import Said
from huying.register.nouns import (
    KINDS,
    Area,
    LineKey,
    Membership,
    Organisation,
    Station,
    known_by,
)
from huying.register.workbook.cell import Unclear
from huying.register.workbook.draft import PlacedLine, SheetDraft, Spot, Understanding, every, together
from huying.register.workbook.layout import BY_KEY

#: The fields between which time passes, by kind.
_TERMS = (
    ("areas", "since", "until"),
    ("stations", "opened", "closed"),
    ("haves", "since", "until"),
    ("mandates", "since", "until"),
    ("memberships", "since", "until"),
    ("rota", "first_day", "last_day"),
    ("absences", "since", "until"),
)
_AT_STATIONS = ("head", "clerk", "deputy", "liaison")
_IN_ORGANISATIONS = ("head", "clerk", "handler", "substitute")


def check(draft: SheetDraft, at_hand: Understanding) -> None:
    """All checks in the order in which they build on each other; rows that are found wrong are ``bad`` afterwards."""
    _doubles(draft)
    _backwards(draft)
    _circles(draft, at_hand)
    _namesakes_of_places(draft, at_hand)
    _functions(draft, at_hand)
    _followers(draft, at_hand)
    _levels(draft, at_hand)
    _duties(draft, at_hand)
    _stand_ins(draft)
    _followers(draft, at_hand)


def _doubles(draft: SheetDraft) -> None:
    for kind in KINDS:
        seen: dict[LineKey, Spot] = {}
        for placed in list(every(draft, kind)):
            key = known_by(kind, placed.line)
            first = seen.setdefault(key, placed.spot)
            if first != placed.spot:
                _double(draft, kind, placed, first, {one.parts[-1] for one in seen})


def _double(draft: SheetDraft, kind: str, placed: PlacedLine, first: Spot, taken: set[object]) -> None:
    key = known_by(kind, placed.line)
    column = BY_KEY[placed.spot.sheet].columns[0 if len(key.parts) == 1 or kind == "mandates" else len(key.parts) - 1]
    told = str(key.parts[0]) if len(key.parts) == 1 else ""
    name = BY_KEY[kind].title
    if kind in ("areas", "organisations", "stations"):
        free = _free(told, taken)
        unclear = Unclear(
            Said(
                f"代码 {told} 在第 {first.row} 行已用过，下一个空着的是 {free}",
                f"the code {told} is used in row {first.row}; {free} is free",
            ),
            Said("换一个代码，或不导入这一行", "take another code, or leave the row out"),
            (free, Said(f"用 {free}", f"use {free}")),
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


def _free(code: str, taken: set[object]) -> str:
    """The next code of the same pattern that nobody has: XW03 → XW04 …"""
    letters = code.rstrip("0123456789")
    number = code[len(letters) :]
    width, start = len(number) or 2, int(number or 1)
    return next(free for n in range(start + 1, start + 100_000) if (free := f"{letters}{n:0{width}}") not in taken)


def _backwards(draft: SheetDraft) -> None:
    for kind, since, until in _TERMS:
        for placed in list(every(draft, kind)):
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
        lines = cast("Mapping[LineKey, Area | Station]", together(draft, at_hand, kind))
        above = {line.code: line.parent for line in lines.values()}
        for placed in list(every(draft, kind)):
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
    stations = {cast(Station, line).code for line in together(draft, at_hand, "stations").values()}
    for placed in list(every(draft, "organisations")):
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
    """Deputies of a station bear a level: that of the row, else the newest of their mandates, else the one that they have there already."""
    mandates = sorted(
        together(draft, at_hand, "mandates").values(), key=lambda line: cast(date, getattr(line, "since", date.min))
    )
    of_person = {getattr(line, "login", ""): getattr(line, "level", None) for line in mandates}
    current = cast("tuple[Membership, ...]", at_hand.current.get("memberships", ()))
    kept = {(line.login, line.place): line.level for line in current if line.function == "deputy"}
    lines = draft.lines.get("memberships", [])
    for at, placed in enumerate(lines):
        line = cast(Membership, placed.line)
        if placed.spot in draft.bad or line.function != "deputy" or line.level is not None:
            continue
        level = of_person.get(line.login) or kept.get((line.login, line.place))
        if level is None:
            draft.refuse(
                placed.spot,
                "level" if "level" in draft.given["memberships"] else "login",
                Unclear(
                    Said(
                        "代表没有层级：人员表里没有写任期，这里也没有写",
                        "the deputy has no level: neither a mandate among the people nor one here",
                    ),
                    Said(
                        "在人员表里写代表层级和任期，或在这里写层级",
                        "write level and term among the people, or the level here",
                    ),
                ),
                line.login,
            )
        else:
            lines[at] = PlacedLine(
                Membership(line.login, line.place, line.function, line.since, line.until, level, line.sub_area),
                placed.spot,
            )


def _functions(draft: SheetDraft, at_hand: Understanding) -> None:
    stations = {cast(Station, line).code for line in together(draft, at_hand, "stations").values()}
    for placed in list(every(draft, "memberships")):
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
    members = cast("Mapping[LineKey, Membership]", together(draft, at_hand, "memberships")).values()
    deputies = {(line.place, line.login) for line in members if line.function == "deputy"}
    # those whose row has an error are told of there
    awaited = {spot.row for spot in draft.bad if spot.sheet == "memberships"}
    for kind in ("rota", "duty"):
        for placed in list(every(draft, kind)):
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
    for placed in list(every(draft, "absences")):
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
        for placed in list(every(draft, kind)):
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

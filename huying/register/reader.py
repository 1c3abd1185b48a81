"""Reading a register: everything that is wrong with it is said at once, each with its place; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from definitions.calendars.reader import calendars
from definitions.forms.characters import seen
from definitions.text import Said
from huying.register.faults import RegisterFinding, WrongRegister, misshapen, place, unknown
from huying.register.lines import GrantLine, RegisterFile
from huying.rights.role import ROLES

_Found = Iterator[RegisterFinding]
_PERSON, _AREA, _STATION = Said("人员", "person"), Said("区域", "area"), Said("站点", "station")


def read_register(data: Mapping[str, Any], known: Sequence[str] | None = None) -> RegisterFile:
    """The data as a register, with the names of the calendars that there are (left out: the shipped ones); ``WrongRegister`` names every place
    that is wrong.
    """
    try:
        register = RegisterFile.model_validate(_as_read(data))
    except ValidationError as error:
        raise WrongRegister([misshapen(each) for each in error.errors()]) from None
    checks = (_doubles, _strangers, _unlisted, _unsound_duty, _unsound_days, _unsound_grants, _circles)
    findings = [finding for check in checks for finding in check(register)]
    findings += _timeless(register, calendars() if known is None else known)
    if findings:
        raise WrongRegister(findings)
    return register


def _as_read(part: Any) -> Any:
    """The data with every text as its reader sees it: a name of which nothing is to be seen is empty, and refused as such."""
    if isinstance(part, str):
        return seen(part).strip()
    if isinstance(part, Mapping):
        return {key: _as_read(value) for key, value in part.items()}
    return [_as_read(value) for value in part] if isinstance(part, list | tuple) else part


def _doubles(register: RegisterFile) -> _Found:
    """Codes and logins that stand twice."""
    for section, key in (("areas", "code"), ("people", "login"), ("organisations", "code"), ("stations", "code")):
        yield from _twice([getattr(line, key) for line in getattr(register, section)], (section,), key)
    for listed, lines in register.codes.items():
        yield from _twice([line.code for line in lines], ("codes", listed))
    terms = [(line.person, line.level, line.from_) for line in register.mandates]
    for index, term in enumerate(terms):
        if term in terms[:index]:
            yield _double(place("mandates", index), term[0], place("mandates", terms.index(term)))


def _twice(names: Sequence[str], path: tuple[str, ...], *key: str) -> _Found:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if first.setdefault(name, index) != index:
            yield _double(place(*path, index, *key), name, place(*path, first[name]))


def _double(at: str, name: str, before: str) -> RegisterFinding:
    wrong = Said(f"“{name}”在 {before} 已经有了", f"“{name}” is at {before} already")
    return RegisterFinding(at, wrong, Said("留下一处，或换一个", "Keep one of them, or choose another"))


def _strangers(register: RegisterFile) -> _Found:
    """References to what is not in the register, and deputies without a level."""
    areas = {line.code for line in register.areas}
    people = {line.login: line for line in register.people}
    named = [(("areas", i, "parent"), line.parent) for i, line in enumerate(register.areas)]
    named += [(("organisations", i, "area"), line.area) for i, line in enumerate(register.organisations)]
    named += [(("stations", i, "area"), line.area) for i, line in enumerate(register.stations)]
    yield from (unknown(place(*path), _AREA, code, areas) for path, code in named if code and code not in areas)
    termed = {line.person for line in register.mandates}
    for path, login in _logins(register):
        if login not in people:
            yield unknown(place(*path), _PERSON, login, people)
        elif path[-1] == "deputies" and people[login].level is None and login not in termed:
            yield RegisterFinding(
                place(*path),
                Said(f"“{login}”是代表，要写层级", f"“{login}” is a deputy and needs a level"),
                Said("在 mandates 里写上任期", "Enter their term under mandates"),
            )


def _unlisted(register: RegisterFile) -> _Found:
    """Codes of industries, competences and delegations that no code list names."""
    known: Mapping[str, set[str]] = {listed: {line.code for line in lines} for listed, lines in register.codes.items()}
    for path, listed, code in _codes(register):
        if code not in known.get(listed, ()):
            at, name = place(*path), f"codes.{listed}"
            remedy = unknown(at, Said("代码", "code"), code, known.get(listed, ())).remedy
            yield RegisterFinding(at, Said(f"{name} 里没有“{code}”", f"there is no “{code}” in {name}"), remedy)


def _codes(register: RegisterFile) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for index, person in enumerate(register.people):
        # languages are the program's own
        yield from ((("people", index, kind), kind, code) for kind, code in person.codes() if kind != "languages")
    for index, department in enumerate(register.organisations):
        path = ("organisations", index, "competences")
        yield from ((path, "competences", code) for code in department.competences)
    for index, station in enumerate(register.stations):
        if station.industry:
            yield ("stations", index, "industry"), "industries", station.industry
    for index, mandate in enumerate(register.mandates):
        if mandate.delegation:
            yield ("mandates", index, "delegation"), "delegations", mandate.delegation


def _timeless(register: RegisterFile, known: Sequence[str]) -> _Found:
    """Calendars that there are not."""
    for section in ("organisations", "stations"):
        for index, line in enumerate(getattr(register, section)):
            if line.calendar is not None and line.calendar not in known:
                yield unknown(place(section, index, "calendar"), Said("日历", "calendar"), line.calendar, known)


def _unsound_duty(register: RegisterFile) -> _Found:
    """Duty of those who are no deputies of the station."""
    for index, station in enumerate(register.stations):
        named: list[tuple[tuple[str | int, ...], str]] = [
            (("duty", day), login) for day, logins in station.duty.items() for login in logins
        ]
        named += [(("dated", position), line.person) for position, line in enumerate(station.dated)]
        for path, login in named:
            if login not in station.deputies:
                wrong = Said(f"“{login}”不是 {station.code} 的代表", f"“{login}” is no deputy of {station.code}")
                remedy = Said("先写进该站的 deputies，或换一个人", "Add them to its deputies, or choose somebody else")
                yield RegisterFinding(place("stations", index, *path), wrong, remedy)


def _unsound_days(register: RegisterFile) -> _Found:
    """Terms and absences of nobody, or that end before they begin, and people who stand in for themselves."""
    people = {line.login for line in register.people}
    for index, line in enumerate(register.absences):
        at = ("absences", index)
        yield from _somebody(at, people, person=line.person, substitute=line.substitute)
        yield from _backwards(at, line.from_, line.until)
        if line.substitute == line.person:
            wrong = Said(f"“{line.person}”不能代行自己", f"“{line.person}” cannot stand in for themself")
            remedy = Said("换一个人，或不写", "Choose somebody else, or leave it out")
            yield RegisterFinding(place(*at, "substitute"), wrong, remedy)
    for index, term in enumerate(register.mandates):
        yield from _somebody(("mandates", index), people, person=term.person)
        yield from _backwards(("mandates", index), term.from_, term.until)


def _somebody(path: tuple[str | int, ...], people: set[str], **logins: str | None) -> _Found:
    for key, login in logins.items():
        if login is not None and login not in people:
            yield unknown(place(*path, key), _PERSON, login, people)


def _backwards(path: tuple[str | int, ...], first: date | None, last: date | None) -> _Found:
    if first is not None and last is not None and last < first:
        wrong = Said(f"止期在起期 {first} 之前", f"this is before {first}")
        remedy = Said(f"写 {first} 或以后的日期", f"Write {first} or a later day")
        yield RegisterFinding(place(*path, "until"), wrong, remedy)


def _unsound_grants(register: RegisterFile) -> _Found:
    """Grants to nobody, nowhere, that end before they begin, or of a role that cannot be held there or beside another."""
    people = {line.login for line in register.people}
    areas, stations = ({line.code for line in lines} for lines in (register.areas, register.stations))
    held: dict[str, set[str]] = {}
    for index, line in enumerate(register.grants):
        at = ("grants", index)
        held.setdefault(line.person, set()).add(line.role)
        yield from _somebody(at, people, person=line.person)
        if line.area is not None and line.area not in areas:
            yield unknown(place(*at, "area"), _AREA, line.area, areas)
        if line.station is not None and line.station not in stations:
            yield unknown(place(*at, "station"), _STATION, line.station, stations)
        yield from _backwards(at, line.from_, line.until)
        yield from _misplaced(line, at)
        if len(held[line.person]) > 1 and any(ROLES[key].alone for key in held[line.person]):
            wrong = Said(
                f"“{line.person}”是审计员，不能兼其他权限",
                f"“{line.person}” is an auditor, who holds no other role",
            )
            yield RegisterFinding(place(*at, "role"), wrong, Said("另选一人", "Choose somebody else for one of them"))


def _misplaced(line: GrantLine, at: tuple[str | int, ...]) -> _Found:
    if line.area is not None and line.station is not None:
        wrong = Said("区域和站点只能写一个", "name an area or a station, not both")
        yield RegisterFinding(place(*at), wrong, Said("删去其中一个", "Take one of them out"))
    if (line.area or line.station) and not ROLES[line.role].bounded:
        wrong = Said(f"“{line.role}”只能授予全机构", f"“{line.role}” holds in the whole house alone")
        yield RegisterFinding(place(*at, "role"), wrong, Said("不要写区域和站点", "Leave out area and station"))


def _logins(register: RegisterFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, department in enumerate(register.organisations):
        yield from ((("organisations", index, listed), login) for listed, _, login in department.members())
    for index, station in enumerate(register.stations):
        yield from ((("stations", index, listed), login) for listed, _, login in station.members())
    yield from ((("guide",), login) for login in register.guide)


def _circles(register: RegisterFile) -> _Found:
    """Areas that are above themselves."""
    parents = {line.code: line.parent for line in register.areas}
    for index, line in enumerate(register.areas):
        above, seen = line.parent, {line.code}
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == line.code:
            wrong = Said(f"“{line.code}”绕了一圈又在自己上面", f"“{line.code}” is above itself")
            yield RegisterFinding(
                place("areas", index, "parent"), wrong, Said("改正上级", "Choose another one above it")
            )

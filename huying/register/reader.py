"""Reading a register: everything that is wrong with it is said at once, each with its place; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from definitions.calendars.reader import calendars
from definitions.forms.characters import seen
from engine.refusal import Refusal
from huying.register.lines import RegisterFile
from huying.rights.role import ROLES


class WrongRegister(Refusal):
    """The data cannot be imported; ``problems`` says where and why, all at once."""

    code = "wrong-register"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("名册有误，没有导入：", "The register is wrong; nothing was imported:")
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join((self.message["en"], *self.problems))


def read_register(data: Mapping[str, Any], known: Sequence[str] | None = None) -> RegisterFile:
    """The data as a register, with the names of the calendars that there are (left out: the shipped ones); ``WrongRegister`` names every place
    that is wrong.
    """
    try:
        register = RegisterFile.model_validate(_as_read(data))
    except ValidationError as error:
        raise WrongRegister(
            [f"{_place(*each['loc'])}: {each['msg']} (found {each['input']!r:.80})" for each in error.errors()]
        ) from None
    checks = (_doubles, _strangers, _unlisted, _unsound_duty, _unsound_absences, _unsound_grants, _circles)
    problems = [problem for check in checks for problem in check(register)]
    problems += _timeless(register, calendars() if known is None else known)
    if problems:
        raise WrongRegister(problems)
    return register


def _as_read(part: Any) -> Any:
    """The data with every text as its reader sees it: a name of which nothing is to be seen is empty, and refused as such."""
    if isinstance(part, str):
        return seen(part).strip()
    if isinstance(part, Mapping):
        return {key: _as_read(value) for key, value in part.items()}
    return [_as_read(value) for value in part] if isinstance(part, list | tuple) else part


def _place(*path: object) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _doubles(register: RegisterFile) -> Iterator[str]:
    """Codes and logins that stand twice."""
    for section, key in (("areas", "code"), ("people", "login"), ("organisations", "code"), ("stations", "code")):
        seen: dict[str, int] = {}
        for index, line in enumerate(getattr(register, section)):
            name = getattr(line, key)
            first = seen.setdefault(name, index)
            if first != index:
                yield f"{_place(section, index, key)}: “{name}” is at {_place(section, first)} already"


def _strangers(register: RegisterFile) -> Iterator[str]:
    """References to what is not in the register, and deputies without a level."""
    areas = {line.code for line in register.areas}
    people = {line.login: line for line in register.people}
    named = [(("areas", i, "parent"), line.parent) for i, line in enumerate(register.areas)]
    named += [(("organisations", i, "area"), line.area) for i, line in enumerate(register.organisations)]
    named += [(("stations", i, "area"), line.area) for i, line in enumerate(register.stations)]
    yield from (f"{_place(*path)}: there is no area “{code}”" for path, code in named if code and code not in areas)
    for path, login in _logins(register):
        if login not in people:
            yield f"{_place(*path)}: there is no person “{login}”"
        elif path[-1] == "deputies" and people[login].level is None:
            yield f"{_place(*path)}: “{login}” is a deputy and needs a level"


def _unlisted(register: RegisterFile) -> Iterator[str]:
    """Industries and competences that no code list names, and codes that stand twice in theirs."""
    known = {(listed, line.code) for listed, lines in register.codes.items() for line in lines}
    for listed, lines in register.codes.items():
        names = [line.code for line in lines]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield f"{_place('codes', listed, index)}: “{name}” is at {_place('codes', listed, names.index(name))} already"
    for path, listed, code in _codes(register):
        if (listed, code) not in known:
            yield f"{_place(*path)}: there is no “{code}” in codes.{listed}"


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


def _timeless(register: RegisterFile, known: Sequence[str]) -> Iterator[str]:
    """Calendars that there are not."""
    for section in ("organisations", "stations"):
        for index, line in enumerate(getattr(register, section)):
            if line.calendar is not None and line.calendar not in known:
                named = ", ".join(known)
                yield f"{_place(section, index, 'calendar')}: there is no calendar “{line.calendar}”; there is {named}"


def _unsound_duty(register: RegisterFile) -> Iterator[str]:
    """Duty of those who are no deputies of the station."""
    for index, station in enumerate(register.stations):
        named: list[tuple[tuple[str | int, ...], str]] = [
            (("duty", day), login) for day, logins in station.duty.items() for login in logins
        ]
        named += [(("dated", position), line.person) for position, line in enumerate(station.dated)]
        for path, login in named:
            if login not in station.deputies:
                yield f"{_place('stations', index, *path)}: “{login}” is no deputy of {station.code}"


def _unsound_absences(register: RegisterFile) -> Iterator[str]:
    """Absences of nobody, that end before they begin, or in which people stand in for themselves."""
    people = {line.login for line in register.people}
    for index, line in enumerate(register.absences):
        for key, login in (("person", line.person), ("substitute", line.substitute)):
            if login is not None and login not in people:
                yield f"{_place('absences', index, key)}: there is no person “{login}”"
        if line.until is not None and line.until < line.from_:
            yield f"{_place('absences', index, 'until')}: this is before {line.from_}"
        if line.substitute == line.person:
            yield f"{_place('absences', index, 'substitute')}: “{line.person}” cannot stand in for themself"


def _unsound_grants(register: RegisterFile) -> Iterator[str]:
    """Grants to nobody, nowhere, that end before they begin, or of a role that cannot be held there or beside another."""
    people = {line.login for line in register.people}
    areas, stations = ({line.code for line in lines} for lines in (register.areas, register.stations))
    held: dict[str, set[str]] = {}
    for index, line in enumerate(register.grants):
        role = ROLES[line.role]
        held.setdefault(line.person, set()).add(line.role)
        if line.person not in people:
            yield f"{_place('grants', index, 'person')}: there is no person “{line.person}”"
        if line.area is not None and line.area not in areas:
            yield f"{_place('grants', index, 'area')}: there is no area “{line.area}”"
        if line.station is not None and line.station not in stations:
            yield f"{_place('grants', index, 'station')}: there is no station “{line.station}”"
        if line.area is not None and line.station is not None:
            yield f"{_place('grants', index)}: name an area or a station, not both"
        if (line.area or line.station) and not role.bounded:
            yield f"{_place('grants', index, 'role')}: “{line.role}” holds in the whole house alone; leave out area and station"
        if line.until is not None and line.from_ is not None and line.until < line.from_:
            yield f"{_place('grants', index, 'until')}: this is before {line.from_}"
        if len(held[line.person]) > 1 and any(ROLES[key].alone for key in held[line.person]):
            yield f"{_place('grants', index, 'role')}: “{line.person}” is an auditor, who holds no other role"


def _logins(register: RegisterFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, department in enumerate(register.organisations):
        yield from ((("organisations", index, listed), login) for listed, _, login in department.members())
    for index, station in enumerate(register.stations):
        yield from ((("stations", index, listed), login) for listed, _, login in station.members())
    yield from ((("guide",), login) for login in register.guide)


def _circles(register: RegisterFile) -> Iterator[str]:
    """Areas that are above themselves."""
    parents = {line.code: line.parent for line in register.areas}
    for index, line in enumerate(register.areas):
        above, seen = line.parent, {line.code}
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == line.code:
            yield f"{_place('areas', index, 'parent')}: “{line.code}” is above itself"

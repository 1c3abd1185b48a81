"""The register as a file or an interface hands it in: areas, departments, people, stations. It only checks; ``register`` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.refusal import Refusal

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Function = Literal["clerk", "head", "deputy", "liaison", "handler"]

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Login = Annotated[str, Field(min_length=2, max_length=60, pattern=r"^[a-z][a-z0-9._-]*$")]
Words = Annotated[str, Field(min_length=1, max_length=100)]
Mail = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class WrongRegister(Refusal):
    """The data cannot be imported; ``problems`` says where and why, all at once."""

    code = "wrong-register"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("名册有误，没有导入：", "The register is wrong; nothing was imported:")
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join((self.message["en"], *self.problems))


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Many = Annotated[tuple[Login, ...], Field(strict=False)]


class Name(_Line):
    """What something is called, in each language."""

    zh: Words
    en: Words


class AreaLine(_Line):
    """An area below another one; the parent stands before its parts or after them."""

    code: Code
    name: Name
    level: Literal["province", "city", "district", "street", "town", "neighbourhood", "village"]
    parent: Code | None = None


class PersonLine(_Line):
    """A person; ``level`` is a deputy's and nobody else's."""

    login: Login
    name: Words
    kind: Literal["citizen", "deputy", "staff", "handler", "liaison", "administrator"]
    level: Literal["national", "provincial", "city", "district", "town"] | None = None
    language: Literal["zh", "en"] = "zh"
    phone: Annotated[str, Field(max_length=40)] | None = None
    mail: Mail | None = None


class OrganisationLine(_Line):
    """A department that handles issues, or the office that looks after the whole house."""

    code: Code
    name: Name
    kind: Literal["department", "office"]
    area: Code | None = None
    heads: _Many = ()
    clerks: _Many = ()
    handlers: _Many = ()

    def members(self) -> Iterator[tuple[str, Function, str]]:
        """Who serves here, as (list, function, login)."""
        yield from (("heads", "head", login) for login in self.heads)
        yield from (("clerks", "clerk", login) for login in self.clerks)
        yield from (("handlers", "handler", login) for login in self.handlers)


class StationLine(_Line):
    """A contact station with its staff, its deputies, and the rota of who is on duty on which weekday."""

    code: Code
    name: Name
    kind: Literal["area", "industry"]
    industry: Code | None = None
    area: Code
    heads: _Many = ()
    clerks: _Many = ()
    liaison: _Many = ()
    deputies: _Many = ()
    duty: Mapping[Weekday, _Many] = Field(default_factory=dict)

    def members(self) -> Iterator[tuple[str, Function, str]]:
        """Who serves here, as (list, function, login)."""
        yield from (("heads", "head", login) for login in self.heads)
        yield from (("clerks", "clerk", login) for login in self.clerks)
        yield from (("liaison", "liaison", login) for login in self.liaison)
        yield from (("deputies", "deputy", login) for login in self.deputies)


class Register(_Line):
    """A whole register; ``guide`` tells a newcomer whom they could be."""

    areas: Annotated[tuple[AreaLine, ...], Field(strict=False)] = ()
    people: Annotated[tuple[PersonLine, ...], Field(strict=False)] = ()
    organisations: Annotated[tuple[OrganisationLine, ...], Field(strict=False)] = ()
    stations: Annotated[tuple[StationLine, ...], Field(strict=False)] = ()
    guide: Mapping[Login, str] = Field(default_factory=dict)


def read_register(data: Mapping[str, Any]) -> Register:
    """The data as a register; ``WrongRegister`` names every place that is wrong."""
    try:
        register = Register.model_validate(data)
    except ValidationError as error:
        raise WrongRegister(
            [f"{_place(*each['loc'])}: {each['msg']} (found {each['input']!r:.80})" for each in error.errors()]
        ) from None
    problems = [*_doubles(register), *_strangers(register), *_circles(register)]
    if problems:
        raise WrongRegister(problems)
    return register


def _place(*path: object) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _doubles(register: Register) -> Iterator[str]:
    """Codes and logins that stand twice."""
    for section, key in (("areas", "code"), ("people", "login"), ("organisations", "code"), ("stations", "code")):
        seen: dict[str, int] = {}
        for index, line in enumerate(getattr(register, section)):
            name = getattr(line, key)
            first = seen.setdefault(name, index)
            if first != index:
                yield f"{_place(section, index, key)}: “{name}” is at {_place(section, first)} already"


def _strangers(register: Register) -> Iterator[str]:
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
    for index, station in enumerate(register.stations):
        for weekday, logins in station.duty.items():
            for login in logins:
                if login not in station.deputies:
                    yield f"{_place('stations', index, 'duty', weekday)}: “{login}” is no deputy of {station.code}"


def _logins(register: Register) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, department in enumerate(register.organisations):
        yield from ((("organisations", index, listed), login) for listed, _, login in department.members())
    for index, station in enumerate(register.stations):
        yield from ((("stations", index, listed), login) for listed, _, login in station.members())
    yield from ((("guide",), login) for login in register.guide)


def _circles(register: Register) -> Iterator[str]:
    """Areas that are above themselves."""
    parents = {line.code: line.parent for line in register.areas}
    for index, line in enumerate(register.areas):
        above, seen = line.parent, {line.code}
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == line.code:
            yield f"{_place('areas', index, 'parent')}: “{line.code}” is above itself"

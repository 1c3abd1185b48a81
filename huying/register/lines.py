"""The register as a file or an interface hands it in: areas, people, departments, stations. Only its shape: ``register_reading`` checks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from definitions.forms.address import clean_email
from definitions.forms.values import Lookup, Wrong
from definitions.model.field import Field as FormField

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Function = Literal["clerk", "head", "deputy", "liaison", "handler"]

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Login = Annotated[str, Field(min_length=2, max_length=60, pattern=r"^[a-z][a-z0-9._-]*$")]
Words = Annotated[str, Field(min_length=1, max_length=100)]
#: An hour of the day in quotes, such as "09:00" (without quotes YAML reads it as a number).
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


def _mail(text: str) -> str:
    """The address as a form would take it."""
    try:
        return clean_email(_MAIL_FIELD, text, Lookup(lambda _: False))
    except Wrong as wrong:
        raise ValueError(wrong.message["en"]) from None


_MAIL_FIELD = FormField(type="email")
Mail = Annotated[str, AfterValidator(_mail)]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Many = Annotated[tuple[Login, ...], Field(strict=False)]
_Codes = Annotated[tuple[Code, ...], Field(strict=False)]


class Name(_Line):
    """What something is called, in each language; without an English name it is called as in Chinese."""

    zh: Words
    en: Annotated[str, Field(max_length=100)] = ""


class CodeLine(_Line):
    """One entry of a code list."""

    code: Code
    name: Name


class AreaEntry(_Line):
    """An area below another one; the parent stands before its parts or after them."""

    code: Code
    name: Name
    level: Literal["province", "city", "district", "street", "town", "neighbourhood", "village"]
    parent: Code | None = None


class PersonEntry(_Line):
    """A person; ``level`` is a deputy's and nobody else's (it may stand in their mandate alone), ``speaks`` names languages beside their own."""

    login: Login
    name: Words
    kind: Literal["citizen", "deputy", "staff", "handler", "liaison", "administrator"]
    level: Literal["national", "provincial", "city", "district", "town"] | None = None
    language: Literal["zh", "en"] = "zh"
    phone: Annotated[str, Field(max_length=40)] | None = None
    mail: Mail | None = None
    industries: _Codes = ()
    competences: _Codes = ()
    speaks: Annotated[tuple[Literal["zh", "en"], ...], Field(strict=False)] = ()

    def codes(self) -> Iterator[tuple[str, str]]:
        """Their codes as (list, code)."""
        yield from (("industries", code) for code in self.industries)
        yield from (("competences", code) for code in self.competences)
        yield from (("languages", code) for code in self.speaks)


class MandateEntry(_Line):
    """A deputy's term in the congress of a level, from the first to the last day (both included)."""

    person: Login
    level: Literal["national", "provincial", "city", "district", "town"]
    from_: Annotated[date, Field(strict=False, alias="from")]
    until: Annotated[date, Field(strict=False)]
    delegation: Code | None = None
    constituency: Annotated[str, Field(max_length=200)] | None = None


class OrganisationLine(_Line):
    """A department that handles issues, or the office that looks after the whole house; ``calendar`` names the one by which it is open."""

    code: Code
    name: Name
    kind: Literal["department", "office"]
    area: Code | None = None
    calendar: str | None = None
    competences: _Codes = ()
    heads: _Many = ()
    clerks: _Many = ()
    handlers: _Many = ()

    def members(self) -> Iterator[tuple[str, Function, str]]:
        """Who serves here, as (list, function, login)."""
        yield from (("heads", "head", login) for login in self.heads)
        yield from (("clerks", "clerk", login) for login in self.clerks)
        yield from (("handlers", "handler", login) for login in self.handlers)


class DatedDutyLine(_Line):
    """Somebody is on duty on one day, from an hour to another (left out: the day's beginning, its end); it wins over the rota in these hours."""

    day: Annotated[date, Field(strict=False)]
    person: Login
    from_: Clock | None = Field(default=None, alias="from")
    to: Clock | None = None


class StationEntry(_Line):
    """A contact station, where it is (degrees, WGS 84), its staff, its deputies, and who is on duty: by weekday, and ``dated`` for single days."""

    code: Code
    name: Name
    kind: Literal["area", "industry"]
    industry: Code | None = None
    area: Code
    calendar: str | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    heads: _Many = ()
    clerks: _Many = ()
    liaison: _Many = ()
    deputies: _Many = ()
    duty: Mapping[Weekday, _Many] = Field(default_factory=dict)
    dated: Annotated[tuple[DatedDutyLine, ...], Field(strict=False)] = ()

    def members(self) -> Iterator[tuple[str, Function, str]]:
        """Who serves here, as (list, function, login)."""
        yield from (("heads", "head", login) for login in self.heads)
        yield from (("clerks", "clerk", login) for login in self.clerks)
        yield from (("liaison", "liaison", login) for login in self.liaison)
        yield from (("deputies", "deputy", login) for login in self.deputies)


class AbsenceLine(_Line):
    """A person is away from a day until another (both included; left out: until further notice), and who stands in."""

    person: Login
    from_: Annotated[date, Field(strict=False, alias="from")]
    until: Annotated[date, Field(strict=False)] | None = None
    substitute: Login | None = None


class GrantLine(_Line):
    """A role that a person holds in an area with all below it, at a station, or, with neither, in the whole house; both days are included."""

    person: Login
    role: Literal["registrar", "editor", "publisher", "supervisor", "auditor", "privacy", "system"]
    area: Code | None = None
    station: Code | None = None
    from_: Annotated[date | None, Field(strict=False)] = Field(default=None, alias="from")
    until: Annotated[date, Field(strict=False)] | None = None
    why: Annotated[str, Field(min_length=1, max_length=500)]


class RegisterFile(_Line):
    """A whole register; ``guide`` tells a newcomer whom they could be."""

    codes: Mapping[str, Annotated[tuple[CodeLine, ...], Field(strict=False)]] = Field(default_factory=dict)
    areas: Annotated[tuple[AreaEntry, ...], Field(strict=False)] = ()
    people: Annotated[tuple[PersonEntry, ...], Field(strict=False)] = ()
    mandates: Annotated[tuple[MandateEntry, ...], Field(strict=False)] = ()
    organisations: Annotated[tuple[OrganisationLine, ...], Field(strict=False)] = ()
    stations: Annotated[tuple[StationEntry, ...], Field(strict=False)] = ()
    absences: Annotated[tuple[AbsenceLine, ...], Field(strict=False)] = ()
    grants: Annotated[tuple[GrantLine, ...], Field(strict=False)] = ()
    guide: Mapping[Login, str] = Field(default_factory=dict)

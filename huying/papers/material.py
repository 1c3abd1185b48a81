"""What a paper is made of: an issue as its maker may see it, and no more of it than whoever gets the paper may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from definitions.expressions.expression import Expression, ExpressionError
from definitions.model.field import Field
from definitions.text import LISTED, Said, spoken
from huying.access.viewer import Look, Viewer
from huying.database.tables import organisations, stations
from huying.house.house import House
from huying.issues.record import station_of
from huying.issues.views.issue import IssueView, issue_view
from huying.papers.kind import ISSUE, PaperKind
from huying.register.office import office_name
from huying.words.mask import veiled, veiled_name
from huying.words.names import named
from huying.words.private_text import masked
from huying.words.values import value_in_words

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Material:
    """The values that the expressions of a kind see, in words."""

    names: Mapping[str, Any]
    day: date

    def told(self, expression: Expression) -> str:
        """What an expression gives; nothing where the issue does not have what it asks for."""
        try:
            found = expression.evaluate(self.names)
        except ExpressionError:
            return ""
        return "" if found is None or isinstance(found, bool | dict | list | tuple) else str(found)


def material(house: House, kind: PaperKind, issue_id: int | None, person: Viewer, look: Look) -> Material:
    """What there is for a paper about an issue, or about none; ``NotFound`` if its maker may not see the issue."""
    day, language = house.day_of(look.now), look.language
    office = house.offices.now()
    blank = dict.fromkeys(ISSUE, "")
    names: dict[str, Any] = {
        "issue": blank,
        "data": {},
        "office": {"name": office_name(house, language), "address": office.address},
        "station": {"name": "", "code": ""},
        "organ": _organ(house, person, language),
        "maker": person.name,
        "date": day_in_words(day, language),
        "language": spoken(language),
        "year": day.year,
    }
    if issue_id is not None:
        seen = issue_view(house, issue_id, look)
        names |= {"issue": _issue(house, seen, kind, look), "data": _data(house, seen, kind)}
        names["station"] = _station(house, issue_id, language)
    return Material(names, day)


def day_in_words(day: date, language: str) -> str:
    """A day as papers write it: 2026年12月1日, 1 December 2026."""
    return Said(f"{day.year}年{day.month}月{day.day}日", f"{day:%-d %B %Y}").of(language)


def answers_in_words(ask: Mapping[str, Field], values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the maker filled in, as the template shows it: texts, lists of rows for tables, and nothing for what was left empty."""
    return {name: _answer(field, values.get(name), language) for name, field in ask.items()}


def _answer(field: Field, value: Any, language: str) -> Any:
    if field.type == "table":
        return [
            {name: _answer(column, row.get(name), language) for name, column in field.columns.items()}
            for row in value or ()
        ]
    if value in (None, "", ()):
        return ""
    if field.type == "date":
        return day_in_words(date.fromisoformat(value), language)
    if isinstance(value, list | tuple):
        return LISTED.of(language).join(value_in_words(_one_choice(field), one, {}, language) for one in value)
    return value_in_words(field, value, {}, language)


def _one_choice(field: Field) -> Field:
    """The field as one of its choices is read."""
    return field.model_copy(update={"type": "choice"}) if field.type == "choices" else field


def _issue(house: House, seen: IssueView, kind: PaperKind, look: Look) -> dict[str, str]:
    reporter = seen.reporter or ""
    due = min((one.at for one in seen.standing.dues if one.at is not None), default=None)
    return {
        "number": seen.number,
        "subject": _outside(seen.subject, kind),
        "process": seen.definition_title,
        "station": seen.station,
        "opened": day_in_words(house.day_of(_opened(house, seen)), look.language),
        "state": _outside(seen.standing.sentence.rstrip("。."), kind),
        "due": _last_day(house, due, look.language),
        "reporter": reporter if kind.shows_private or not reporter else veiled_name(reporter),
        "answerable": seen.answerable.name if seen.answerable else "",
    }


def _opened(house: House, seen: IssueView) -> datetime:
    return min(entry.at for entry in seen.timeline)


def _last_day(house: House, due: datetime | None, language: str) -> str:
    """The last day on which something is in time: a deadline is the moment from which it is missed."""
    return "" if due is None else day_in_words(house.day_of(due.replace(microsecond=0) - _MOMENT), language)


def _data(house: House, seen: IssueView, kind: PaperKind) -> dict[str, str]:
    fields = house.processes.process(seen.definition_version_id).definition.data
    return {
        value.name: _outside(value.text, kind)
        if kind.shows_private or not value.private or value.masked
        else veiled(fields[value.name].type, value.text)
        for value in seen.values
    }


def _outside(text: str, kind: PaperKind) -> str:
    """A text as it goes to somebody else than its writer: numbers of telephones, identities and cards in it are masked."""
    return text if kind.shows_private else masked(text)


def _station(house: House, issue_id: int, language: str) -> dict[str, str]:
    name = named(stations.c, language)
    query = select(stations.c.code, name.label("name")).where(stations.c.id == station_of(house, issue_id))
    with house.database.reading() as connection:
        row = connection.execute(query).one()
    return {"name": row.name, "code": row.code}


def _organ(house: House, person: Viewer, language: str) -> str:
    """Whose paper it is: the maker's department, unless they are staff; then the office."""
    departments = [one.organisation for one in person.entitlement.servings if one.organisation]
    if person.staff or not departments:
        return office_name(house, language)
    name = named(organisations.c, language)
    with house.database.reading() as connection:
        return str(connection.execute(select(name).where(organisations.c.id == departments[0])).scalar_one())

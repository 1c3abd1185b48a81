"""Scopes, grants and reasons in words, with the names of all that they mention read at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Table, select

from definitions.text import Said
from huying.database.day import day_of
from huying.database.tables import areas, organisations, participants, stations
from huying.rights.entitlement import Entitlement, Grant, Serving
from huying.rights.lack import MissingCondition
from huying.rights.refusal import holders
from huying.rights.role import ROLES
from huying.rights.scope import Scope
from huying.words.moments import date_words
from huying.words.names import named

_FUNCTIONS = {
    "clerk": Said("工作人员", "clerk"),
    "head": Said("负责人", "head"),
    "deputy": Said("代表", "deputy"),
    "liaison": Said("联络员", "liaison officer"),
    "handler": Said("经办人", "handler"),
    "substitute": Said("代行负责人", "substitute of the head"),
}


@dataclass(frozen=True, slots=True)
class RightNames:
    """The names of people and places that rights mention, in a language, as of a moment."""

    language: str
    now: datetime
    people: dict[int, str]
    stations: dict[int, str]
    areas: dict[int, str]
    organisations: dict[int, str]
    today: date

    def scope(self, scope: Scope) -> str:
        """A scope."""
        if scope.whole:
            return Said("全机构", "the whole house").of(self.language)
        if scope.kind == "station":
            return self.stations.get(scope.number or 0, "?")
        name = self.areas.get(scope.number or 0, "?")
        return Said(f"{name}（含下辖）", f"{name} with all below").of(self.language)

    def because(self, reason: Serving | Grant) -> str:
        """Because of what somebody may do something."""
        if isinstance(reason, Serving):
            return self.serving(reason)
        title = ROLES[reason.role].title.of(self.language)
        return Said(f"授权：{title}", f"granted: {title}").of(self.language)

    def serving(self, serving: Serving) -> str:
        """Where somebody serves, and as what."""
        place = (
            self.stations.get(serving.station, "?")
            if serving.station is not None
            else self.organisations.get(serving.organisation or 0, "?")
        )
        function = _FUNCTIONS.get(serving.function, Said(serving.function, serving.function)).of(self.language)
        if serving.station is not None and serving.function == "head":
            function = Said("站长", "head").of(self.language)
        return Said(f"任职：{place}{function}", f"serves: {function} of {place}").of(self.language)

    def until(self, until: date | None) -> str:
        """Until which day, both included."""
        if until is None:
            return Said("长期", "until further notice").of(self.language)
        day = date_words(until, self.language, self.today)
        return Said(f"到 {day}", f"until {day}").of(self.language)

    def day(self, day: date) -> str:
        """A day."""
        return date_words(day, self.language, self.today)

    def giver(self, grant: Grant) -> str:
        """By whom a grant was given, and approved."""
        if grant.made_by is None:
            return Said("随名册或升级", "with the register or an upgrade").of(self.language)
        name = self.people.get(grant.made_by, "?")
        if grant.approved_by is None:
            return name
        second = self.people.get(grant.approved_by, "?")
        return Said(f"{name}提请，{second}批准", f"proposed by {name}, approved by {second}").of(self.language)

    def missing(self, lack: MissingCondition, action: str) -> str:
        """What is missing, and what would help."""
        instead = lack.instead
        who = holders(action, self.language)
        if lack.lack == "disabled":
            return Said("账号已停用。", "The account is disabled.").of(self.language)
        if instead is None:
            return Said(
                f"没有相应的任职或授权；需要：{who}。", f"No service or grant brings it along; it takes: {who}."
            ).of(self.language)
        why = self.because(instead)
        if isinstance(instead, Serving):
            return Said(f"只在任职的地方可以（{why}）。", f"Only where they serve ({why}).").of(self.language)
        place = self.scope(instead.scope)
        said = {
            "elsewhere": Said(f"范围不对：“{why}”只在{place}有效。", f"Elsewhere: “{why}” holds in {place}."),
            "bounded": Said(
                f"“{why}”只在{place}有效，这一项要全机构的授权。",
                f"“{why}” holds in {place}; this takes a grant for the whole house.",
            ),
            "later": Said(
                f"“{why}”从 {self.day(instead.since)} 起生效。", f"“{why}” begins on {self.day(instead.since)}."
            ),
            "over": Said(f"“{why}”已于 {self._end(instead)} 结束。", f"“{why}” was over on {self._end(instead)}."),
        }
        return said[lack.lack].of(self.language)

    def _end(self, grant: Grant) -> str:
        if grant.ended_at is not None:
            return self.day(grant.ended_at.astimezone(grant.zone).date())
        return self.day(grant.until or grant.since)


def names_for(
    connection: Connection, people: Iterable[Entitlement], language: str, now: datetime, more: Iterable[int] = ()
) -> RightNames:
    """The names of all that these people's rights mention, one question for each kind; ``more``: people beside."""
    found = tuple(people)
    grants = [grant for one in found for grant in one.grants]
    servings = [serving for one in found for serving in one.servings]
    scopes = [grant.scope for grant in grants]
    persons = {grant.made_by for grant in grants} | {grant.approved_by for grant in grants} | set(more)
    of_stations = {serving.station for serving in servings} | {one.number for one in scopes if one.kind == "station"}
    of_areas = {one.number for one in scopes if one.kind == "area"}
    of_units = {serving.organisation for serving in servings}
    query = select(participants.c.id, participants.c.name).where(participants.c.id.in_(_numbers(persons)))
    return RightNames(
        language,
        now,
        {row[0]: row[1] for row in connection.execute(query)},
        _names(connection, stations, of_stations, language),
        _names(connection, areas, of_areas, language),
        _names(connection, organisations, of_units, language),
        day_of(now, connection),
    )


def _names(connection: Connection, table: Table, which: set[int | None], language: str) -> dict[int, str]:
    query = select(table.c.id, named(table.c, language)).where(table.c.id.in_(_numbers(which)))
    return {row[0]: row[1] for row in connection.execute(query)}


def _numbers(which: Iterable[int | None]) -> list[int]:
    return sorted(number for number in which if number is not None)

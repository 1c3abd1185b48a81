"""Who sees an issue, who may act in it and who reads which of its private fields, and because of what; asked of the same rules as its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, union

from definitions.model.field import Field
from definitions.model.reference import Reference
from definitions.text import Said, words
from engine.rules.participation import involved
from huying.access.viewer import Viewer, viewer
from huying.database.tables import action_links, deliveries, history
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.house.house import House
from huying.issues.record import Record, no_issue, record
from huying.issues.sight import Sight, sight
from huying.rights.right import rights_to, rights_today
from huying.rights.views.holders import entitled
from huying.rights.views.words import RightNames, names_for
from huying.words.titles import step_words

ACTION = "see who sees issues"
_MOST = 300


@dataclass(frozen=True, slots=True)
class SeerLine:
    """Somebody who sees the issue: because of what, in which open tasks they may act (``outside``: beside the rules too), which private fields they
    read (``all_fields``: each of them), and how many links in messages open a task for them without a log-in. ``unnamed``: whoever looks is not told
    whose report it is."""

    id: int
    name: str
    because: tuple[str, ...]
    acts: tuple[str, ...]
    outside: bool
    fields: tuple[str, ...]
    all_fields: bool
    links: int
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class IssueRights:
    """All who see an issue; ``fields`` are its private fields, by title."""

    number: str
    station: str
    lines: tuple[SeerLine, ...]
    fields: tuple[str, ...]
    more: bool


def issue_rights(house: House, issue_id: int, person: Viewer, language: str, now: datetime) -> IssueRights:
    """Who may do what with an issue, for whoever may ask that at its station; ``NotFound`` for all others, as if there were none."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        if not person.may(ACTION, now, found.station_id):
            raise no_issue()
        numbers = _candidates(connection, found, now)
        seers = [one for number in numbers[:_MOST] if (one := _seer(connection, found, number)) is not None]
        names = names_for(connection, [one.entitlement for one, _ in seers], language, now)
        told, links = _told(connection, found.id), _links(connection, found.id, now)
        private = [(key, field) for key, field in found.definition.data.items() if field.private or field.seen_by]
        reveals = _knows_reporter(connection, found, person)
        about = _About(found, names, private, told, links)
        lines = [about.line(one, seen, named=reveals or not seen.own) for one, seen in seers]
    return IssueRights(
        found.number,
        found.station_name,
        tuple(lines),
        tuple(words(field.title, language, key) for key, field in private),
        len(numbers) > _MOST,
    )


def _knows_reporter(connection: Connection, found: Record, person: Viewer) -> bool:
    """Whether whoever looks is told on the issue's own page who reported it."""
    try:
        return sight(connection, person, found).reporter
    except NotFound:
        return False


def _seer(connection: Connection, found: Record, number: int) -> tuple[Viewer, Sight] | None:
    """Somebody and what they see of it; ``None`` for whoever sees nothing, or cannot come in."""
    one = viewer(connection, number)
    if not one.entitlement.active:
        return None
    try:
        return one, sight(connection, one, found)
    except NotFound:
        return None


def _candidates(connection: Connection, found: Record, now: datetime) -> list[int]:
    """Whoever could see it: all who have to do with it, worked on it or were told of it, and all who may look after its station."""
    parties = [Reference.parse(party) for party in involved(found.state)]
    people = {one.number for one in parties if one.kind == "participant"} | {found.reporter_id}
    units = [one.number for one in parties if one.kind == "organisation"]
    in_units = select(serving.c.participant_id).where(serving.c.organisation_id.in_(units))
    acted = select(history.c.actor_id).where(history.c.issue_id == found.id, history.c.actor_id.is_not(None))
    told = select(deliveries.c.participant_id).where(deliveries.c.issue_id == found.id)
    people |= set(connection.execute(union(in_units, acted, told)).scalars())
    everybody, _ = entitled(connection, now)
    for number, one in everybody.items():
        if any(right.scope.covers(found.station_id) for right in rights_to("look after issues", one, now)):
            people.add(number)
    return sorted(people)


def _told(connection: Connection, issue_id: int) -> frozenset[int]:
    query = select(deliveries.c.participant_id).where(deliveries.c.issue_id == issue_id)
    return frozenset(connection.execute(query.distinct()).scalars())


def _links(connection: Connection, issue_id: int, now: datetime) -> dict[int, int]:
    """How many links in messages of an issue open something now, by person."""
    c = action_links.c
    query = (
        select(c.participant_id, func.count())
        .where(c.issue_id == issue_id, c.ended_at.is_(None), c.expires_at > now)
        .group_by(c.participant_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class _About:
    """What the lines need to be put into words."""

    found: Record
    names: RightNames
    private: list[tuple[str, Field]]
    told: frozenset[int]
    links: dict[int, int]

    def line(self, one: Viewer, seen: Sight, *, named: bool) -> SeerLine:
        """Somebody, in words."""
        language = self.names.language
        reads = tuple(words(field.title, language, key) for key, field in self.private if seen.shows(field))
        reporter = words(self.found.definition.role_title("reporter"), language, "reporter")
        return SeerLine(
            one.participant_id if named else 0,
            one.name if named else reporter,
            tuple(dict.fromkeys(self._because(one, seen))),
            tuple(dict.fromkeys(self._acts(one))),
            seen.manages,
            reads,
            bool(reads) and len(reads) == len(self.private),
            self.links.get(one.participant_id, 0),
            not named,
        )

    def _because(self, one: Viewer, seen: Sight) -> Iterator[str]:
        language, state = self.names.language, self.found.state
        if seen.own:
            yield Said("本人反映", "reported it").of(language)
        if seen.follows or one.actor.party in state.followers:
            yield Said("反映同一件事，关注", "follows it: theirs is the same").of(language)
        for role in sorted(seen.roles - {"reporter"}):
            title = words(self.found.definition.role_title(role), language, role)
            yield Said(f"流程里的角色：{title}", f"holds a role of the process: {title}").of(language)
        if not one.actor.parties.isdisjoint(state.supervisors):
            yield Said("督办", "supervises it").of(language)
        for right in rights_today("look after issues", one.entitlement, self.names.today):
            if right.scope.covers(self.found.station_id):
                yield self.names.because(right.because)
        if any(item.delegate in one.actor.parties for item in state.items if not item.done):
            yield Said("代办", "stands in").of(language)
        if one.participant_id in self.told and not (seen.own or seen.roles or seen.manages or seen.follows):
            yield Said("收到过这件事项的消息", "was told of it by a message").of(language)

    def _acts(self, one: Viewer) -> Iterator[str]:
        """The open tasks in which somebody may act, for themself, for their department or standing in."""
        definition, language = self.found.definition, self.names.language
        for item in self.found.state.items:
            allowed = {*item.candidates, item.delegate, item.offered} - {None}
            if item.done or item.waiting or one.actor.parties.isdisjoint(allowed) or item.step not in definition.steps:
                continue
            title = step_words(definition, self.found.state, (item,), item.step, language)
            if item.delegate in one.actor.parties:
                yield Said(f"{title}（代办）", f"{title} (standing in)").of(language)
            else:
                yield title

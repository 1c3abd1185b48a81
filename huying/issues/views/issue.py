"""One issue as one person may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from definitions.model.reference import participant
from definitions.model.role import REPORTER
from definitions.text import words
from engine import Actor, available
from huying.access.viewer import Look, viewer
from huying.house.house import House
from huying.issues.disclosure import disclosed, needs
from huying.issues.record import Record, brought_up_to_date, record
from huying.issues.sight import FOLLOWER, Sight, sight
from huying.issues.views.events import AttachedFile, TimelineEntry
from huying.issues.views.people import People, people
from huying.issues.views.situation import Situation, standing
from huying.issues.views.timeline import timeline
from huying.issues.views.whereabouts import placed
from huying.shelf.store import Store
from huying.words.mask import veiled, veiled_name
from huying.words.moments import moment_words
from huying.words.values import Value, references_in, values_in_words


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task of this issue that the reader may do now."""

    item: int
    title: str


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for the issue to the end: their name, as what, and at which station."""

    name: str
    role: str
    station: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """Everything that the page of an issue shows; ``followers``: how many have the same matter, ``follows``: the reader is one of them.

    ``masked``: personal data are hidden until the reader asks for them with a reason.
    """

    id: int
    number: str
    subject: str
    definition_key: str
    definition_version: int
    definition_version_id: int
    definition_title: str
    station: str
    reporter: str | None
    opened: str
    standing: Situation
    values: tuple[Value, ...]
    timeline: tuple[TimelineEntry, ...]
    files: tuple[AttachedFile, ...]
    tasks: tuple[OpenTask, ...]
    inside: bool
    own: bool
    answerable: Answerable | None = None
    followers: int = 0
    follows: bool = False
    works: bool = False
    masked: bool = False


def issue_view(house: House, issue_id: int, look: Look) -> IssueView:
    """The issue as this person sees it; ``NotFound`` if it is not for them."""
    language = look.language
    with house.database.reading() as connection:
        found = brought_up_to_date(house, connection, record(house, connection, issue_id, language), look.now)
        person = viewer(connection, look.person)
        seen = FOLLOWER if look.by_code and look.person == found.reporter_id else sight(connection, person, found)
        known = known_people(connection, found, language, house.store)
        open_to_them = seen.own or needs(found.state, person) or disclosed(connection, found.number, look)
        heard = seen if open_to_them else replace(seen, reporter=False)
        told = timeline(connection, found, heard, language, house.store, house.channels.all())
        values = placed(connection, data_in_words(found, seen, known.names, language), language)
        reporter = known.name(participant(found.reporter_id)) if seen.reporter else None
        said = _Said(values, reporter, False) if open_to_them else _in_veils(values, reporter, found)
        return IssueView(
            id=found.id,
            number=found.number,
            subject=found.subject,
            definition_key=found.definition_key,
            definition_version=found.definition_version,
            definition_version_id=found.definition_version_id,
            definition_title=words(found.definition.title, language, found.definition_key),
            station=found.station_name,
            reporter=said.reporter,
            opened=moment_words(found.opened_at, found.process.calendar.zone, language),
            standing=standing(found, seen, known, language, look.now),
            values=said.values,
            timeline=told,
            files=tuple(one.attachment for one in told if one.attachment),
            tasks=_tasks(found, person.actor, language),
            inside=seen.inside,
            own=seen.own,
            answerable=_answerable(found, seen, known, language),
            followers=len(found.state.followers),
            follows=seen.follows,
            works=seen.private,
            masked=said.masked,
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of the matter and of who reported it, and whether something of it is masked."""

    values: tuple[Value, ...]
    reporter: str | None
    masked: bool


def _in_veils(values: tuple[Value, ...], reporter: str | None, found: Record) -> _Said:
    veiled_ones = tuple(_veiled(value, found.definition.data[value.name].type) for value in values)
    return _Said(veiled_ones, veiled_name(reporter) if reporter else None, bool(reporter) or veiled_ones != values)


def _veiled(value: Value, kind: str) -> Value:
    """A private value as whoever needs it no more sees it, until they ask for it."""
    if not value.private:
        return value
    return Value(value.name, value.title, veiled(kind, value.text), private=True, masked=True)


def _answerable(found: Record, seen: Sight, known: People, language: str) -> Answerable | None:
    """By name inside, and to the reporter where the definition says so."""
    key, party = found.definition.answerable_role(), found.state.answerable
    if key is None or party is None or not (seen.inside or found.definition.roles[key].by_name):
        return None
    return Answerable(known.name(party), words(found.definition.role_title(key), language, key), found.station_name)


def known_people(connection: Connection, found: Record, language: str, files: Store | None = None) -> People:
    """The names that the issue's present state mentions."""
    wanted = {party for item in found.state.items for party in (*item.candidates, item.owner) if party}
    wanted.update(party for given in found.state.roles.values() for party in given)
    wanted.update(references_in(found.definition.data, found.state.data))
    wanted.add(participant(found.reporter_id))
    if found.state.answerable:
        wanted.add(found.state.answerable)
    return people(connection, wanted, language, files)


def data_in_words(found: Record, seen: Sight, names: Mapping[str, str], language: str) -> tuple[Value, ...]:
    """What is known about the issue, as far as this reader may see it."""
    specs = found.definition.data
    asked = found.definition.fields
    if seen.follows:
        # what somebody else has entered is read as far as everybody may
        asked = {name: asked[name] for name in (found.definition.alike.show if found.definition.alike else ())}
    steps = found.definition.steps
    # nor do they read what the reporter, who is a stranger to them, has answered since
    later = (
        name for step, _, name, _ in found.definition.asks() if not (seen.follows and REPORTER in steps[step].acting)
    )
    order = [*asked, *later]
    fields = {name: specs[name] for name in order}
    return values_in_words(fields, found.state.data, names, language, private=seen.private, shows=seen.shows)


def _tasks(found: Record, actor: Actor, language: str) -> tuple[OpenTask, ...]:
    steps = found.definition.steps
    return tuple(
        OpenTask(possible.item.number, words(steps[possible.item.step].title, language, possible.item.step))
        for possible in available(found.process, found.state, actor)
    )

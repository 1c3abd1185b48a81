"""What a person may do with an issue beside acting on their tasks: what the kernel says is possible, in one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, select

from definitions.model.action import BACK
from definitions.model.definition import Reopening
from definitions.model.field import Field
from definitions.model.option import StandingOption
from definitions.text import words
from engine import Actor
from engine.available import handings, movings, options, takings
from engine.draft import Draft
from engine.rules.actions import form_of
from engine.rules.clocks import all_targets, deadline_at
from engine.rules.participation import urged_until
from engine.rules.promises import may_settle
from engine.state import Promise, State, WorkItem
from huying.access.viewer import Look, Viewer, viewer
from huying.database.tables import issue_links, issues
from huying.house.house import House
from huying.issues.record import Record, record
from huying.issues.sight import FOLLOWER, Sight, sight
from huying.issues.targets import target_title
from huying.issues.views.people import people
from huying.issues.views.troubles import IssueTrouble, all_troubles
from huying.issues.voice import may_note
from huying.register.directory import RegisterDirectory
from huying.words.moments import date_words, due_words


@dataclass(frozen=True, slots=True)
class ItemPossible:
    """An open task, what may be done with it, and for other people's: by whom it is held, in words."""

    item: int
    step: str
    title: str
    handings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pledged:
    """A promise in words: who gave it, what, by which day, and what became of it; ``mine`` may be settled by the reader."""

    number: int
    who: str
    what: str
    day: str
    status: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Movable:
    """A deadline that staff may move: what it is of, its title, and when it is."""

    target: str
    title: str
    due: str


@dataclass(frozen=True, slots=True)
class OptionForm:
    """A standing option that the reader can take: its words, the fields of its form, and what stands in them now."""

    key: str
    title: str
    help: str
    fields: Mapping[str, Field]
    entered: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PossibleView:
    """``takings`` are for whoever takes part, ``movings`` for staff; ``steps`` are where staff may move the issue; ``promises`` those to settle.

    ``notes``: they may note what the reporter says to them.
    ``urge_again``: they have urged not long ago, and can again at this moment, in words.
    """

    takings: tuple[str, ...]
    movings: tuple[str, ...]
    items: tuple[ItemPossible, ...]
    steps: tuple[tuple[str, str], ...]
    promises: tuple[int, ...]
    incidents: tuple[tuple[int, str], ...]
    suspended: bool
    reopening: Reopening | None
    options: tuple[OptionForm, ...] = ()
    pledges: tuple[Pledged, ...] = ()
    supervisors: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    deadlines: tuple[Movable, ...] = ()
    troubles: tuple[IssueTrouble, ...] = ()
    notes: bool = False
    urge_again: str = ""


def _actor(person: Viewer, seen: Sight, look: Look) -> Actor:
    """For whom they may act: whoever has shown only number and code, for themself alone; by a link nobody as staff."""
    parties = frozenset({person.actor.party}) if seen is FOLLOWER else person.actor.parties
    return Actor(person.actor.party, parties, oversees=True, manages=seen.manages and not look.by_link)


def _pledged(made: Promise, by: str, mine: bool, language: str) -> Pledged:
    return Pledged(made.number, by, made.what, date_words(date.fromisoformat(made.due_on), language), made.status, mine)


def _seen(connection: Connection, person: Viewer, found: Record, look: Look) -> Sight:
    return FOLLOWER if look.by_code and look.person == found.reporter_id else sight(connection, person, found)


def possible_view(house: House, issue_id: int, look: Look) -> PossibleView:
    """What this person may do; ``NotFound`` for what they may not see."""
    language, now = look.language, look.now
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        person = viewer(connection, look.person)
        seen = _seen(connection, person, found, look)
        actor = _actor(person, seen, look)
        directory = RegisterDirectory(connection, found.process.calendar, now, files=house.store, issue=found.id)
        items = _items(found, actor, directory, look)
        named = people(connection, {p.by for p in found.state.promises} | {*found.state.supervisors}, language)
        others = _linked(connection, found)
        mine = _promises(Draft(found.process, found.state, now, directory), actor)
        notes = seen is not FOLLOWER and may_note(house, connection, found, look.person, now)
        failed = all_troubles(connection, found.id, found.definition, language) if seen.manages else ()
        taken = takings(found.process, found.state, actor, now, directory)
        standing = options(found.process, found.state, actor, now, directory)
    moved = movings(found.state, actor)
    return PossibleView(
        takings=taken,
        movings=moved,
        items=tuple(one for one in items if one.handings or moved),
        steps=_steps(found, language) if moved else (),
        promises=mine,
        incidents=tuple((v.number, v.incident) for v in found.state.visits if v.incident) if moved else (),
        suspended=found.state.suspended,
        pledges=tuple(_pledged(one, named.name(one.by), one.number in mine, language) for one in found.state.promises),
        supervisors=tuple(named.name(party) for party in found.state.supervisors) if seen.inside else (),
        links=others if seen.inside else (),
        deadlines=_deadlines(found, language, now) if "move-deadline" in moved else (),
        troubles=failed,
        urge_again=_urge_again(found, actor, directory, look),
        options=tuple(_option(found, key, one, language) for key, one in standing.items()),
        notes=notes,
        reopening=found.definition.reopen if "reopen" in taken else None,
    )


def _urge_again(found: Record, actor: Actor, directory: RegisterDirectory, look: Look) -> str:
    """When this person can urge again; empty while they can."""
    at = urged_until(Draft(found.process, found.state, look.now, directory), actor)
    if at is None:
        return ""
    zone = found.process.calendar.zone
    local = at.astimezone(zone)
    day = date_words(local.date(), look.language, look.now.astimezone(zone).date())
    return day if local.time() == time(0) else f"{day} {local:%H:%M}"


def _option(found: Record, key: str, option: StandingOption, language: str) -> OptionForm:
    entered = {name: found.state.data.get(name) for name in option.edit}
    fields = form_of(found.definition.fields, option)
    return OptionForm(key, words(option.title, language, key), words(option.help, language), fields, entered)


def _deadlines(found: Record, language: str, now: datetime) -> tuple[Movable, ...]:
    return tuple(
        Movable(
            str(target),
            target_title(found, target, language),
            due_words(due.due_at, found.process.calendar.zone, now, language).by,
        )
        for target in all_targets(found.state)
        if (due := deadline_at(found.state, target)) is not None
    )


def _linked(connection: Connection, found: Record) -> tuple[tuple[str, str, str], ...]:
    """The issues that have to do with this one: how, their number, and what they are about."""
    query = (
        select(issue_links.c.kind, issues.c.number, issues.c.subject)
        .join(issues, issues.c.id == issue_links.c.other_id)
        .where(issue_links.c.issue_id == found.id)
        .order_by(issues.c.id)
    )
    return tuple((row.kind, row.number, row.subject) for row in connection.execute(query))


def _items(found: Record, actor: Actor, directory: RegisterDirectory, look: Look) -> tuple[ItemPossible, ...]:
    return tuple(
        _item(found, item, handings(found.process, found.state, item, actor, look.now, directory), look.language)
        for item in found.state.items
        if not item.done
    )


def _item(found: Record, item: WorkItem, possible: tuple[str, ...], language: str) -> ItemPossible:
    step = found.definition.steps[item.step]
    return ItemPossible(item.number, item.step, words(step.title, language, item.step), possible)


def _steps(found: Record, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, words(step.title, language, key)) for key, step in found.definition.steps.items() if key != BACK)


def _promises(draft: Draft, actor: Actor) -> tuple[int, ...]:
    state: State = draft.state
    return tuple(
        made.number
        for made in state.promises
        if made.status != "kept" and (actor.manages or may_settle(draft, made, actor.parties))
    )

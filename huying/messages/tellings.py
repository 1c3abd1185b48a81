"""Carrying out ``tell``: one message for each person and address, rendered and kept, in the transaction that marks the effect done.

Repeating it is harmless: a message's key is made of event, recipient and template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.model.reference import participant, refers_to
from definitions.model.step import WaitingStep
from definitions.text import LISTED, spoken, words
from engine import Process, State
from engine.deadlines.deadline import Deadline
from engine.effect import Tell
from engine.state import Visit
from huying.access import parties
from huying.database.statement import Statement
from huying.database.tables import deliveries, issues, outbox, participants, stations, work_items
from huying.house.calendars import Calendars
from huying.house.history import HistoryEntry, entry_of
from huying.house.house import House
from huying.locale import translations
from huying.messages.content import written
from huying.messages.own_texts import blank, own_text
from huying.messages.recipients import Matter, Recipients, recipients, when_open
from huying.messages.routes import MessageRoute, route, to_be_said
from huying.messages.unconfirmed import enough_for, without_words
from huying.outbox.claims import Errand
from huying.telemetry import tracing
from huying.words.limits import limit_title
from huying.words.moments import date_words, due_words
from huying.words.names import named
from huying.words.private_text import masked
from huying.words.titles import step_words
from notifications import LINK, Rendered, render

#: So many parties are kept with a message that the office gets in their stead.
_MOST_NAMED = 15


@dataclass(frozen=True, slots=True)
class AlsoTold:
    """What else the same event has people told, at which place among its effects, and whom."""

    position: int
    effect: Tell
    people: frozenset[int]


def weight(effect: Tell, position: int) -> tuple[bool, bool, int]:
    """Which of several messages of one event is the one to be sent to somebody: what they are to do, then the end, then the first."""
    return (effect.item is None, effect.occasion == "informed", position)


def is_told_already(beside: Sequence[AlsoTold], person: int, errand: Errand[Tell]) -> bool:
    """Whether another message of the same event, which weighs more, tells somebody this too."""
    own = weight(errand.effect, errand.position)
    return any(person in one.people and weight(one.effect, one.position) < own for one in beside)


@dataclass(frozen=True, slots=True)
class _Telling:
    """What all messages of one effect have in common."""

    errand: Errand[Tell]
    issue: Row[Any]
    entry: HistoryEntry
    process: Process
    state: State
    to: Recipients
    calendars: Calendars
    beside: Sequence[AlsoTold] = ()


_issue = (
    select(issues, stations.c.name_zh, stations.c.name_en)
    .join(stations, stations.c.id == issues.c.station_id)
    .where(issues.c.id == bindparam("issue"))
)


Messages = list[dict[str, Any]]


def tell(house: House, errand: Errand[Tell], now: datetime) -> int:
    """Write the messages of an effect; how many are new."""
    with house.database.reading() as connection:
        messages = messages_of(house, connection, errand, now)
    with house.database.writing() as connection:
        return write_messages(connection, [errand], messages, now)


def messages_of(house: House, connection: Connection, errand: Errand[Tell], now: datetime) -> Messages:
    """The messages of an effect, as rows that are still to be written."""
    issue = connection.execute(_issue, {"issue": errand.issue_id}).one()
    entry = entry_of(connection, errand.issue_id, errand.sequence)
    process = house.processes.process(issue.definition_version_id)
    matter = Matter(process.definition, issue.state)
    to = recipients(connection, errand, matter)
    beside = _beside(connection, errand, matter, to)
    telling = _Telling(errand, issue, entry, process, issue.state, to, house.calendars, beside)
    return [
        row
        for person in telling.to.people
        if not is_told_already(telling.beside, person, errand)
        for row in _messages(connection, telling, person, now)
    ]


def _beside(connection: Connection, errand: Errand[Tell], matter: Matter, to: Recipients) -> list[AlsoTold]:
    """What else the event has the same people told. What the office hears in others' stead stands alone, and so does what waits for office hours."""
    if to.instead_of is not None or not to.people:
        return []
    others: list[AlsoTold] = []
    for position, effect in connection.execute(_told_by_event, {"issue": errand.issue_id, "event": errand.sequence}):
        if position == errand.position or effect.office_hours != errand.effect.office_hours:
            continue
        there = recipients(connection, replace(errand, effect=effect, position=position), matter)
        if there.instead_of is None and (same := frozenset(there.people) & frozenset(to.people)):
            others.append(AlsoTold(position, effect, same))
    return others


_told_by_event = (
    select(outbox.c.position, outbox.c.payload)
    .where(outbox.c.issue_id == bindparam("issue"), outbox.c.sequence == bindparam("event"), outbox.c.kind == "tell")
    .order_by(outbox.c.position)
)


def write_messages(connection: Connection, errands: Sequence[Errand[Tell]], messages: Messages, now: datetime) -> int:
    """Write the messages of some effects, and mark these done; how many messages are new."""
    insert = _insert[connection.dialect.name]
    new = sum(insert.run(connection, row) for row in messages)
    _done.put_many(connection, [{"of_id": errand.id, "moment": now} for errand in errands])
    return new


def _insert_in(make: Any) -> Statement:
    columns = [column.name for column in deliveries.c if column.name not in _FILLED_LATER]
    return Statement(make(deliveries).on_conflict_do_nothing(index_elements=["key"]), columns)


_FILLED_LATER = frozenset(
    {
        *("id", "digest_id", "emptied_at", "sender_key", "reference", "received_at", "read_at", "instead_of_id"),
    }
)
_insert: Mapping[str, Statement] = {"sqlite": _insert_in(sqlite.insert), "postgresql": _insert_in(postgresql.insert)}
_done = Statement(
    update(outbox)
    .where(outbox.c.id == bindparam("of_id"))
    .values(status="done", done_at=bindparam("moment", type_=outbox.c.done_at.type), error=None)
)


_UNTRIED = {"attempts": 0, "rung": 0}


def _messages(connection: Connection, telling: _Telling, person: int, now: datetime) -> list[dict[str, Any]]:
    recipient = connection.execute(select(participants).where(participants.c.id == person)).one()
    if recipient.erased_at is not None:
        return []
    errand, effect = telling.errand, telling.errand.effect
    way = _way(connection, telling, recipient, now)
    if way.address.unconfirmed and enough_for(connection, way.address.target, now):
        return []
    message, others = _worded(connection, telling, recipient, way, now)
    row = {
        "issue_id": errand.issue_id,
        "station_id": telling.issue.station_id,
        "sequence": errand.sequence,
        "participant_id": person,
        "occasion": effect.occasion,
        "template": message.template,
        "language": message.locale,
        "item": effect.item,
        **_UNTRIED,
        "created_at": now,
        "trace": tracing.here(),
        "instead_of": ",".join(telling.to.instead_of[:_MOST_NAMED]) if telling.to.instead_of is not None else None,
        "key": f"{errand.key}.{person}.{message.template}",
        "fields": dict(message.fields) or None,
        "by_channel": others,
    }
    return [{**row, **way.row(now), **_texts(message)}]


def _worded(
    connection: Connection, telling: _Telling, recipient: Row[Any], way: MessageRoute, now: datetime
) -> tuple[Rendered, dict[str, Any] | None]:
    """The message for the channel on which it leaves, and what it says on others, where the process says something else there."""
    effect, language = telling.errand.effect, recipient.language
    context = _context(connection, telling, recipient, now)
    definition, stranger = telling.process.definition, way.address.unconfirmed
    if stranger:
        context = without_words(context, context["issue"]["title"], language)
    own = None
    if telling.to.instead_of is None:
        own = own_text(connection, definition, telling.state, effect, recipient.id, language)
    if own is None:
        return render(effect.occasion, language, context), None
    if stranger:
        own = replace(own, fields=blank(definition))
    channels = () if stranger or not own.channels else ("", *own.channels)
    one, *others = [
        render(effect.occasion, language, context, own=own.words(context, channel, language))
        for channel in (way.address.channel, *channels)
    ]
    return one, {key: _texts(other) for key, other in zip(channels, others, strict=True)} or None


def _way(connection: Connection, telling: _Telling, recipient: Row[Any], now: datetime) -> MessageRoute:
    """Where and when they are told; what a downtime held up may come with much else: it is gathered, and sent as one."""
    sooner = _available_at(connection, telling, recipient.id, now)
    said = to_be_said(telling.process.definition, telling.errand.effect, sooner, recipient.language)
    way = route(connection, recipient.id, recipient.kind, said, telling.process.calendar.zone)
    return replace(way, status="gathered") if telling.errand.late and way.status == "pending" else way


def _texts(message: Rendered) -> dict[str, Any]:
    return {
        "subject": masked(message.subject)[:300],
        "text": message.text,
        "html": message.html,
        "template_version": message.template_version,
    }


def _available_at(connection: Connection, telling: _Telling, person: int, now: datetime) -> datetime:
    """Now, or when the recipient's office is open, where the definition says so."""
    if not telling.errand.effect.office_hours:
        return now
    return when_open(telling.calendars, connection, person, telling.process.calendar, now)


def _context(connection: Connection, telling: _Telling, recipient: Row[Any], now: datetime) -> dict[str, Any]:
    issue, effect, process = telling.issue, telling.errand.effect, telling.process
    language, definition = recipient.language, process.definition
    step = definition.steps.get(effect.step) if effect.step else None
    action = step.actions.get(effect.action) if isinstance(step, WaitingStep) and effect.action else None
    is_reporter = recipient.id == issue.reporter_id
    return {
        "issue": {
            "number": issue.number,
            "subject": masked(issue.subject),
            "title": words(definition.title, language),
            "station": named(issue, language),
        },
        "event": effect.occasion,
        "step": _about(telling, recipient.id, language),
        "action": words(action.title, language, effect.action or "") if action else None,
        "actor": _actor_words(connection, telling, language, outside=is_reporter),
        "due": _due(telling, now, language),
        "day": _shelved_until(telling, language),
        "link": LINK,
        "recipient": {"name": recipient.name},
        "said": _said(connection, telling, recipient.id, language),
        "note": masked(written(telling.errand.effect, telling.entry, telling.state, process, language) or "") or None,
        "resolution": words(definition.resolution_title(issue.resolution), language) if issue.resolution else None,
        "follow_code": issue.follow_code if is_reporter else None,
    }


def _due(telling: _Telling, now: datetime, language: str) -> str | None:
    due = _deadline(telling)
    if due is None:
        return None
    return due_words(due.due_at, telling.process.calendar.zone, now, spoken(language), provisional=due.provisional).by


def _deadline(telling: _Telling) -> Deadline | None:
    """The deadline that a message speaks of: of the recipient's task, of the limit, or the one that was put off."""
    effect, state = telling.errand.effect, telling.state
    item = state.item(effect.item) if effect.item else None
    if item is not None and effect.limit and effect.limit in state.limits:
        return state.limits[effect.limit].deadline
    if item is None and effect.occasion not in ("extended", "rescheduled"):
        return None
    visit = state.visit(item.visit) if item else _visit_at(state, effect.step)
    return (item.deadline if item else None) or (visit.deadline if visit else None)


def _visit_at(state: State, step: str | None) -> Visit | None:
    return next((visit for visit in state.visits if visit.step == step), None)


def _shelved_until(telling: _Telling, language: str) -> str | None:
    visit = _visit_at(telling.state, telling.errand.effect.step)
    if visit is None or visit.shelved_until is None:
        return None
    return date_words(date.fromisoformat(visit.shelved_until), spoken(language))


def _about(telling: _Telling, person: int, language: str) -> str | None:
    """What a message is about: the step, or the stage or whole issue whose time it is."""
    effect, definition = telling.errand.effect, telling.process.definition
    if effect.limit:
        return limit_title(effect.limit, language)
    if effect.step not in definition.steps:
        return None
    # of several tasks of one event there is one message
    told = (effect, *(one.effect for one in telling.beside if person in one.people and one.effect.step == effect.step))
    items = [item for one in told if one.item and (item := telling.state.item(one.item)) is not None]
    return step_words(definition, telling.state, items, effect.step or "", language)


def _actor_words(connection: Connection, telling: _Telling, language: str, *, outside: bool) -> str | None:
    """Who did it, as the recipient may know: a reporter by their role, members of departments by their department, everybody else by name.

    ``outside`` is for the reporter, who reads of departments and roles, never of persons, as on the issue's page.
    """
    entry, definition = telling.entry, telling.process.definition
    if entry.actor_id is None:
        return None
    if entry.voice or entry.actor_id == telling.issue.reporter_id:
        return words(definition.role_title("reporter"), language)
    member_of = parties.actor(connection, entry.actor_id).parties
    departments = sorted(party for party in member_of if refers_to(party, "organisation"))
    if outside and not departments:
        return _role_words(connection, telling, language)
    names = parties.names(connection, {departments[0] if departments else participant(entry.actor_id)}, language)
    return next(iter(names.values()), None)


def _role_words(connection: Connection, telling: _Telling, language: str) -> str:
    """The role in which somebody acted; staff, if that is not known."""
    query = select(work_items.c.role).where(
        work_items.c.issue_id == telling.errand.issue_id,
        work_items.c.number == getattr(telling.entry.event, "item", None),
    )
    role = connection.execute(query).scalar_one_or_none()
    if role is None:
        return translations(language).gettext("Staff")
    return words(telling.process.definition.role_title(role), language, role)


def _said(connection: Connection, telling: _Telling, person: int, language: str) -> str | None:
    """What the house says besides: for whom it was meant, if not for the recipient; the definition's own words, and those of other messages of the
    same event that go with this one. Nobody is quoted."""
    told = [telling.errand.effect, *(one.effect for one in telling.beside if person in one.people)]
    own = dict.fromkeys(words(effect.say, language) for effect in told if effect.say)
    parts = (_meant_for(connection, telling, language), *own)
    return "\n".join(part for part in parts if part) or None


def _meant_for(connection: Connection, telling: _Telling, language: str) -> str | None:
    meant, _ = telling.to.instead_of, translations(language).gettext
    if meant is None:
        return None
    if not meant:
        return _("There is nobody to be told of this; so the office is.")
    names = parties.names(connection, set(meant), language)
    joined = LISTED.of(language).join(names.get(party, party) for party in meant)
    return _("This was meant for %(names)s, where nobody can be told; so the office is.") % {"names": joined}

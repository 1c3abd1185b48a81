"""The offline checker: the clients' records and the database, held against each other when everything has come to rest.

It asks nothing of a running program. What it looks for: a transition that was acknowledged and is not there, or is there twice; one that nobody
asked for; a message, entry, public text, call or issue that a step should have brought and did not, or brought twice; histories, states and
rows that do not agree; and work that hangs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.change import Change, Closed, Entered, ItemDone, Opened, TimerSet, VisitChanged
from engine.event import Fire
from huying.database.tables import deliveries, file_entries, history, issues, outbox, publications
from huying.house.house import House
from huying.issues.verification import verify
from huying.services.stalled import lingering
from notifications.channels.mime import identifier
from tests.faults.record import Record

#: What an event brings: the effects as (position, kind), and the messages as (position, person, template).
Brought = tuple[tuple[Any, ...], ...]


@dataclass
class Model:
    """What each kind of event brings when nothing goes wrong, learnt from an undisturbed story."""

    brought: dict[tuple[Any, ...], Brought] = field(default_factory=dict)

    def learn(self, house: House) -> None:
        """Take all that is in a house for right."""
        with house.database.reading() as connection:
            entries = connection.execute(select(history).order_by(history.c.issue_id, history.c.sequence)).all()
        found = _brought(house, 0)
        for entry, kind in _kinds(entries):
            self.brought[kind] = found[entry.issue_id, entry.sequence]


@dataclass(frozen=True)
class Outside:
    """What the mail server and the other system were given, by key."""

    mails: Mapping[str, list[str]]
    calls: Mapping[str, list[bytes]]


def check(
    house: House, records: Iterable[Record], model: Model, outside: Outside, now: datetime, after: int = 0
) -> list[str]:
    """Every fault in words, of the issues with a higher id than ``after``; an empty list says that all is well."""
    return [
        *verify(house, after).faults,
        *lingering(house, now),
        *_requests(house, records, after),
        *_consequences(house, model, after),
        *_early(house, now, after),
        *_messages(house, outside, after),
        *_effects(house, outside, after),
    ]


def _requests(house: House, records: Iterable[Record], after: int) -> Iterator[str]:
    """Acknowledged requests are there, as answered; refused ones are not; and nothing is there that nobody asked for."""
    said: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        said[record.key].append(record)
    columns = (history.c.issue_id, history.c.sequence, history.c.request_key)
    query = select(*columns).where(history.c.request_key.is_not(None), history.c.actor_id.is_not(None))
    with house.database.reading() as connection:
        there = {row.request_key: (row.issue_id, row.sequence) for row in connection.execute(query)}
    for key, records_of in said.items():
        answers = {(record.issue, record.version) for record in records_of if record.said == "ok"}
        if len(answers) > 1:
            yield f"{key}: one request has two answers: {sorted(answers, key=str)}"
        for answer in answers:
            if key not in there:
                yield f"{key}: lost: acknowledged as {answer}, and not in any history"
            elif there[key] != answer:
                yield f"{key}: acknowledged as {answer}, and in the history as {there[key]}"
        asked = sum(record.said == "invoke" for record in records_of)
        refused = sum(record.said == "fail" for record in records_of)
        if not answers and asked == refused and key in there:
            yield f"{key}: was refused each time, and is in the history as {there[key]}"
    for key, (issue_id, sequence) in there.items():
        if issue_id > after and key not in said and ":effect-" not in key:
            yield f"{key}: issue {issue_id} event {sequence} was asked for by nobody"


def _consequences(house: House, model: Model, after: int) -> Iterator[str]:
    """Each event brought what events of its kind bring: no effect and no message is missing, none is there twice."""
    query = select(history).where(history.c.issue_id > after).order_by(history.c.issue_id, history.c.sequence)
    with house.database.reading() as connection:
        entries = connection.execute(query).all()
    found = _brought(house, after)
    acts: Counter[tuple[int, Any, Any]] = Counter()
    for entry, of_kind in _kinds(entries):
        name = f"issue {entry.issue_id} event {entry.sequence} ({entry.kind})"
        if entry.kind in ("act", "fire"):
            acts[entry.issue_id, entry.kind, getattr(entry.event, "item", getattr(entry.event, "timer", None))] += 1
        expected = model.brought.get(of_kind)
        if expected is None:
            yield f"{name}: an event as the undisturbed story has none: {of_kind}"
            continue
        brought = found[entry.issue_id, entry.sequence]
        yield from (f"{name}: lost: {one}" for one in sorted(set(expected) - set(brought), key=str))
        yield from (f"{name}: too much: {one}" for one in sorted(set(brought) - set(expected), key=str))
    for (issue_id, kind, number), times in acts.items():
        if times > 1:
            yield f"issue {issue_id}: doubled: {kind} {number} happened {times} times"


def _early(house: House, now: datetime, after: int) -> Iterator[str]:
    """No timer fired before its moment had come; ``now`` is what it really is."""
    query = select(history.c.issue_id, history.c.kind, history.c.event, history.c.changes)
    with house.database.reading() as connection:
        entries = connection.execute(query.where(history.c.issue_id > after)).all()
    moments = {
        (entry.issue_id, one.timer.number): one.timer.due_at
        for entry in entries
        for one in entry.changes
        if isinstance(one, TimerSet)
    }
    for entry in entries:
        due_at = moments.get((entry.issue_id, entry.event.timer)) if isinstance(entry.event, Fire) else None
        if due_at is not None and due_at > now:
            yield f"issue {entry.issue_id}: timer {entry.event.timer} is due at {due_at}, and has fired already"


def _kinds(entries: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], tuple[Any, ...]]]:
    """Each event with what tells what it brings: its kind, its action, what it led to; of a timer, what for and after how many acts."""
    timers, acts = _timers(entries), Counter[int]()
    for entry in entries:
        changes = (f"{one.kind}:{_step(one)}" for one in entry.changes if _telling(one))
        fired = (timers.get((entry.issue_id, getattr(entry.event, "timer", 0)), ""), acts[entry.issue_id])
        yield (
            entry,
            (
                entry.kind,
                getattr(entry.event, "action", None),
                getattr(entry.event, "ended", None),
                *fired * (entry.kind == "fire"),
                *changes,
            ),
        )
        acts[entry.issue_id] += entry.kind == "act"


def _telling(change: Change) -> bool:
    """Whether a change tells one kind of event from another: how many timers ended depends on how many had fired."""
    return isinstance(change, Entered | VisitChanged | ItemDone | Closed | Opened)


def _step(change: Change) -> str:
    return change.visit.step if isinstance(change, Entered | VisitChanged) else ""


def _timers(entries: Iterable[Row[Any]]) -> dict[tuple[int, int], str]:
    """What each timer was for, by issue and number."""
    return {
        (entry.issue_id, one.timer.number): f"{one.timer.purpose} {one.timer.visit}"
        for entry in entries
        for one in entry.changes
        if isinstance(one, TimerSet)
    }


def _brought(house: House, after: int) -> dict[tuple[int, int], Brought]:
    """What each event has brought, by issue and sequence."""
    found: dict[tuple[int, int], list[tuple[Any, ...]]] = defaultdict(list)
    with house.database.reading() as connection:
        for effect in connection.execute(select(outbox).where(outbox.c.issue_id > after)):
            found[effect.issue_id, effect.sequence].append(("effect", effect.position, effect.kind))
        for sent in connection.execute(select(*_SENT).where(deliveries.c.issue_id > after)):
            position = int(sent.key.split(".")[2])
            what = ("message", position, sent.participant_id, sent.channel, sent.target, sent.template)
            found[sent.issue_id, sent.sequence].append(what)
    return defaultdict(tuple, {key: tuple(sorted(value, key=str)) for key, value in found.items()})


#: Of a message all but its bodies.
_SENT = tuple(column for column in deliveries.c if column.name not in ("text", "html"))


def _messages(house: House, outside: Outside, after: int) -> Iterator[str]:
    """Each message that counts as sent reached the mail server, and what the server has was to be sent; repeats are the same message."""
    with house.database.reading() as connection:
        rows = connection.execute(select(*_SENT).where(deliveries.c.channel == "mail")).all()
    by_id = {identifier(row.key): row for row in rows}
    arrived = {name.strip("<>").partition("@")[0]: mails for name, mails in outside.mails.items()}
    for name, row in by_id.items():
        if (row.issue_id or after + 1) <= after:
            continue
        if row.status == "accepted" and name not in arrived:
            yield f"message {row.id} ({row.key}): lost: counted as sent, and the mail server has never seen it"
        if row.status in ("failed", "pending") or (row.status == "merged" and row.digest_id is None):
            yield f"message {row.id} ({row.key}): {row.status}: {row.reason}"
    for name, mails in arrived.items():
        if name not in by_id:
            yield f"a mail that nobody wrote, or that was rolled back: {name} {mails[0]}"
        elif len(set(mails)) > 1:
            yield f"one Message-ID, several messages: {name} {sorted(set(mails))}"


def _effects(house: House, outside: Outside, after: int) -> Iterator[str]:
    """Each effect that counts as done left its trace, once."""
    with house.database.reading() as connection:
        effects = connection.execute(select(outbox).where(outbox.c.issue_id > after)).all()
        entries = Counter(
            ".".join(key.split(".")[:3])
            for key in connection.execute(select(file_entries.c.key).where(file_entries.c.issue_id > after)).scalars()
        )
        published = set(connection.execute(select(publications.c.key).where(publications.c.issue_id > after)).scalars())
        opened = Counter(
            key.rpartition(":")[2]
            for key in connection.execute(
                select(history.c.request_key).where(history.c.kind == "open", history.c.issue_id > after)
            ).scalars()
        )
        parents = Counter(
            str(state.facts.parent)
            for state in connection.execute(select(issues.c.state).where(issues.c.id > after)).scalars()
            if state.facts
        )
    for effect in effects:
        name = f"issue {effect.issue_id} effect {effect.id} ({effect.kind})"
        place = f"{effect.issue_id}.{effect.sequence}.{effect.position}"
        if effect.status != "done":
            yield f"{name}: {effect.status}: {effect.error}"
            continue
        if effect.kind == "register" and entries[place] != 1:
            yield f"{name}: {entries[place]} entries in yearly files"
        elif effect.kind == "publish" and place not in published:
            yield f"{name}: lost: nothing was published"
        elif effect.kind == "open-issue":
            if opened[f"effect-{effect.id}"] != 1 or parents[f"issue:{effect.issue_id}"] != 1:
                yield f"{name}: opened {opened[f'effect-{effect.id}']} issues ({parents[f'issue:{effect.issue_id}']} with this parent)"
        elif effect.kind == "request":
            bodies = outside.calls.get(f"huying-{effect.id}", [])
            if not bodies:
                yield f"{name}: lost: the other system was never called"
            elif len(set(bodies)) > 1:
                yield f"{name}: one key, several bodies"

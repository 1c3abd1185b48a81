"""The timeline of an issue: its history in words, as much of it as this reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from definitions.model.field import Field
from definitions.model.reference import participant, reference
from engine import change as c
from engine.deeds.registry import DEEDS
from engine.event import Attach, Comment, Fire, Migrate, Open, Skip
from huying.access.api_keys import key_names
from huying.database.tables import deliveries
from huying.house.by import KEY, LINK, MAILED, MERGED
from huying.house.history import HistoryEntry, history_of
from huying.issues.record import Record
from huying.issues.sight import Sight
from huying.issues.views.events import AttachedFile, Note, TimelineEntry
from huying.issues.views.people import People, people
from huying.issues.views.storyteller import Storyteller
from huying.locale import translations
from huying.shelf.store import Store
from huying.words.channels import KnownChannels
from huying.words.moments import day_words, moment_words
from huying.words.values import references_in

#: What happens among colleagues, and is not shown to the reporter.
_INTERNAL = frozenset({deed.kind for deed in DEEDS if deed.inside} | {"result", "migrate"})


def timeline(
    connection: Connection,
    record: Record,
    sight: Sight,
    language: str,
    files: Store | None = None,
    channels: KnownChannels | None = None,
) -> tuple[TimelineEntry, ...]:
    """What happened to the issue, oldest first; ``files`` is where files are kept, ``channels`` are the ways in."""
    entries = history_of(connection, record.id)
    unheard = _unheard(connection, record.id) if sight.inside else {}
    by_keys = {entry.via.removeprefix(KEY) for entry in entries if entry.via and entry.via.startswith(KEY)}
    keys = key_names(connection, by_keys)
    names = _names(connection, record, entries, language, files, unheard.values())
    teller = Storyteller(record, sight, names, language, channels)
    if moves := _migrations(entries):
        teller.follow(record.version(moves[0].leaving).definition)
    told: list[TimelineEntry] = []
    for entry in entries:
        if isinstance(entry.event, Migrate):
            teller.follow(record.version(entry.event.entering).definition)
        teller.learn(entry.changes)
        if shown(entry, sight, participant(record.reporter_id)):
            told.append(_happening(teller, record, entry, language, unheard.get(entry.sequence), keys))
    return tuple(told)


def _migrations(entries: Iterable[HistoryEntry]) -> list[Migrate]:
    """When the issue went on by another version of its definition."""
    return [entry.event for entry in entries if isinstance(entry.event, Migrate)]


def _who(teller: Storyteller, record: Record, entry: HistoryEntry, item: int | None, language: str) -> str:
    """Whose event it is. What a resident told somebody, who noted it, is the resident's, and says how they told it."""
    reporter = participant(record.reporter_id)
    facts = record.state.facts
    opens = isinstance(entry.event, Open) and facts is not None and facts.taken_by is not None
    if not (opens or entry.voice):
        return _through(teller.who(entry.actor, item), entry.via, language)
    way = teller.way(facts.channel if opens and facts else entry.via or "")
    return teller.told(reporter, way, entry.actor or reporter)


def _through(who: str, via: str | None, language: str) -> str:
    """Who it was, and that it was done on Prefect's pages, whose staff share one account, or said of another issue, which was merged into this."""
    _ = translations(language).gettext
    if via == MERGED:
        return _("%(who)s, in an issue merged into this one") % {"who": who}
    if via is not None and via.startswith(LINK):
        return _("%(who)s, by a link in a message") % {"who": who}
    if via == MAILED:
        return _("%(who)s, by a mail in reply") % {"who": who}
    return _("%(who)s, through the console") % {"who": who} if via == "console" else who


def _by_key(who: str, via: str | None, keys: Mapping[str, str], language: str) -> str:
    """Whose event it is, and by which key, if a machine did it for them."""
    if via is None or not via.startswith(KEY):
        return who
    _ = translations(language).gettext
    return _("%(who)s, by the key “%(key)s”") % {"who": who, "key": keys.get(via.removeprefix(KEY), "?")}


def _unheard(connection: Connection, issue_id: int) -> dict[int, tuple[str, ...]]:
    """The parties behind whom there was nobody to be told, by the event of which the office heard in their stead."""
    query = (
        select(deliveries.c.sequence, deliveries.c.instead_of)
        .where(deliveries.c.issue_id == issue_id, deliveries.c.instead_of.is_not(None))
        .distinct()
    )
    found: dict[int, tuple[str, ...]] = {}
    for sequence, meant in connection.execute(query):
        parties = (*found.get(sequence, ()), *(party for party in meant.split(",") if party))
        found[sequence] = tuple(dict.fromkeys(parties))
    return found


def _names(
    connection: Connection,
    record: Record,
    entries: Iterable[HistoryEntry],
    language: str,
    files: Store | None,
    others: Iterable[Iterable[str]],
) -> People:
    wanted: set[str] = {party for parties in others for party in parties}
    entries = list(entries)
    before = [record.version(move.leaving).definition.data for move in _migrations(entries)]
    fields = {name: field for data in (*before, record.definition.data) for name, field in data.items()}
    for entry in entries:
        if entry.actor:
            wanted.update((entry.actor, participant(record.reporter_id)))
        for change in entry.changes:
            wanted.update(_named(fields, change))
    return people(connection, wanted, language, files)


def _named(fields: Mapping[str, Field], change: c.Change) -> Iterable[str]:
    match change:
        case c.RoleGiven(parties=parties):
            return parties
        case c.ItemOpened(item=item):
            return item.candidates
        case c.ItemWidened(candidates=candidates) | c.ItemGiven(candidates=candidates):
            return candidates
        case c.SupervisorNamed(parties=parties) | c.FollowersJoined(parties=parties):
            return parties
        case c.ItemDelegated(to=to) | c.ItemOffered(to=to) if to:
            return (to,)
        case c.Relocated(left=left, station=station):
            return reference("station", left), reference("station", station)
        case c.PromiseMade(promise=promise):
            return (promise.by,)
        case c.ItemDone(values=values):
            return references_in(fields, values)
        case _:
            return ()


def shown(entry: HistoryEntry, sight: Sight, reporter: str) -> bool:
    """Internal moves and remarks stay inside; so does a clock that only reminded."""
    if sight.inside:
        return True
    if isinstance(entry.event, Comment | Attach):
        # whoever follows somebody else's report reads what they said themself, and not what was said to the other
        return entry.actor == sight.party if sight.follows else entry.event.public
    if isinstance(entry.event, Skip) and entry.event.thing:
        return False
    only_reminded = isinstance(entry.event, Fire) and len(entry.changes) == 1
    own = entry.speaker(reporter) == reporter
    if any(isinstance(change, c.DeadlineMoved | c.Shelved) for change in entry.changes):
        return True
    return (entry.event.kind not in _INTERNAL or own) and not only_reminded


def _happening(
    teller: Storyteller,
    record: Record,
    entry: HistoryEntry,
    language: str,
    unheard: tuple[str, ...] | None,
    keys: Mapping[str, str],
) -> TimelineEntry:
    done = next((change for change in entry.changes if isinstance(change, c.ItemDone)), None)
    event, zone = entry.event, record.process.calendar.zone
    notes = teller.answers(done) if done and teller.reads(entry.actor) else ()
    if isinstance(event, Comment):
        notes = (Note("", event.text, long=True),)
    elif teller.reads(entry.actor) and (said := teller.said(event)):
        notes = (*notes, Note("", said, long=True))
    file = AttachedFile.of(entry.sequence, event) if isinstance(event, Attach) else None
    return TimelineEntry(
        sequence=entry.sequence,
        at=entry.at,
        when=moment_words(entry.at, zone, language),
        kind=event.kind,
        who=_by_key(_who(teller, record, entry, done.item if done else None, language), entry.via, keys, language),
        what=teller.what(event, entry.changes),
        notes=notes,
        follows=(*teller.follows(entry.changes), *(() if unheard is None else (teller.unheard(unheard),))),
        attachment=file,
        day=day_words(entry.at, zone, language, record.opened_at),
        hour=f"{entry.at.astimezone(zone):%H:%M}",
    )

"""One issue in a list: what of it somebody may read at a glance, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from definitions.model.definition import Definition
from definitions.model.reference import participant
from definitions.text import LISTED, words
from engine.due import begun
from engine.rules.exclusion import concerned
from engine.state import State
from huying.access.parties import names
from huying.access.viewer import Look, Viewer
from huying.database.tables import candidates, work_items
from huying.house.house import House
from huying.issues.sight import sees_reporter
from huying.locale import translations
from huying.words.channels import channel_title
from huying.words.horizon import last_day
from huying.words.moments import Due, date_words, due_seen, in_period
from huying.words.stages import stage_title


@dataclass(frozen=True, slots=True)
class Tag:
    """A fact about a row in a word: ``urged``, ``again`` (it has come back to where it was before), ``same`` (so many issues were merged in it)."""

    key: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What a row is marked by, as lists can be narrowed to it."""

    urged: bool
    sent_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row. ``reporter`` is empty for who may not know; ``whom``: for whom it waits; ``day``: the last day; ``new``: changed since they saw it."""

    id: int
    number: str
    subject: str
    kind: str
    station: str
    step: str
    whom: str
    due: Due | None
    day: str
    channel: str
    reporter: str
    opened: str
    answerable: str
    tags: tuple[Tag, ...]
    open: bool
    followed: bool
    new: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What rows need beside themselves: for whom each waits, its reporter if that may be known, and the names of all of them."""

    waiting: Mapping[int, tuple[str, ...]]
    reporters: Mapping[int, str]
    names: Mapping[str, str]

    def reporter(self, issue: int) -> str:
        """The name of an issue's reporter, if it may be known."""
        return self.names.get(self.reporters.get(issue, ""), "")


_Rows = Sequence[Row[*tuple[Any, ...]]]


def lines(house: House, connection: Connection, person: Viewer, rows: _Rows, look: Look) -> tuple[Line, ...]:
    """Rows in words, with one or two more questions to the database however many they are."""
    waiting = _waiting(connection, [row.id for row in rows if _inside(person, row)])
    seen = {row.id: participant(row.reporter_id) for row in rows if _told_who(house, person, row)}
    wanted = {*seen.values(), *(party for parties in waiting.values() for party in parties)}
    wanted.update(participant(row.answerable_id) for row in rows if row.answerable_id)
    around = _Around(waiting, seen, names(connection, wanted, look.language))
    return tuple(_line(house, row, around, look) for row in rows)


def _told_who(house: House, person: Viewer, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether somebody learns who reported it: never those whom the matter is about."""
    if not sees_reporter(person, row.state):
        return False
    definition = house.processes.process(row.definition_version_id).definition
    own = row.reporter_id == person.participant_id
    return own or person.actor.parties.isdisjoint(concerned(definition, row.state))


def _inside(person: Viewer, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether somebody learns who works on it: all but its reporter do, and they too where they look after it."""
    return row.reporter_id != person.participant_id or person.office or row.station_id in person.stations


_w, _c = work_items.c, candidates.c
_WAITING = (
    select(_w.issue_id, _w.owner_id, _c.party)
    .join(candidates, (_c.issue_id == _w.issue_id) & (_c.item == _w.number))
    .where(_w.issue_id.in_(bindparam("issues", expanding=True)), _w.status == "open")
    .order_by(_w.issue_id, _w.number, _c.party)
)


def _waiting(connection: Connection, wanted: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """For whom each issue waits: who has taken its tasks, else who may."""
    found: dict[int, dict[str, None]] = {}
    for row in connection.execute(_WAITING, {"issues": wanted}):
        party = participant(row.owner_id) if row.owner_id else row.party
        found.setdefault(row.issue_id, {})[party] = None
    return {number: tuple(parties) for number, parties in found.items()}


def _line(house: House, row: Row[*tuple[Any, ...]], around: _Around, look: Look) -> Line:
    process = house.processes.process(row.definition_version_id)
    calendar, definition, language = process.calendar, process.definition, look.language
    zone, today = calendar.zone, look.now.astimezone(calendar.zone).date()
    due = due_seen(
        row.due_at, calendar, look.now, language, provisional=row.provisional, paused_at=row.paused_at
    )  # fmt: skip
    return Line(
        id=row.id,
        number=row.number,
        subject=row.subject,
        kind=_kind(definition, row.kind, language),
        station=row.station,
        step=_step(definition, row, language),
        whom=_whom(around.waiting.get(row.id, ()), participant(row.reporter_id), around.names, language),
        due=in_period(due, begun(row.state), calendar, look.now, language) if row.status == "open" else None,
        day=f"{last_day(row.due_at, calendar):%m-%d}" if row.due_at and row.status == "open" else "",
        channel=channel_title(house.channels.all(), row.channel, language),
        reporter=around.reporter(row.id),
        opened=date_words(row.opened_at.astimezone(zone).date(), language, today),
        answerable=around.names.get(participant(row.answerable_id), "") if row.answerable_id else "",
        tags=tags(row.state, language, Marks(row.urged, row.sent_back)),
        open=row.status == "open",
        followed=row.followed_at is not None,
        new=row.seen is None or row.seen < row.version,
    )


def _kind(definition: Definition, kind: str | None, language: str) -> str:
    """What kind of matter it is; of a definition that does not sort its issues, what the definition is called."""
    field = definition.fields.get(definition.sorted_by or "")
    title = field.options.get(kind) if field and kind else None
    return words(title if title else definition.title, language, definition.id)


def _step(definition: Definition, row: Row[*tuple[Any, ...]], language: str) -> str:
    """Where it is; of a closed one, how it ended."""
    if row.resolution and row.status != "open":
        return words(definition.resolution_title(row.resolution), language, row.resolution)
    step = definition.steps.get(row.step or "")
    return words(step.title, language, row.step) if step else stage_title(row.stage, language)


def _whom(waiting: tuple[str, ...], reporter: str, known: Mapping[str, str], language: str) -> str:
    """The reporter is not named here: who may not know them learns only that they are waited for."""
    said = translations(language).gettext("the reporter")
    named = (said if party == reporter else known.get(party, party) for party in waiting)
    return LISTED.of(language).join(dict.fromkeys(named))


def tags(state: State, language: str, marks: Marks) -> tuple[Tag, ...]:
    """What a row says of an issue beside its columns, three tags at most."""
    _ = translations(language).gettext
    found: list[Tag] = []
    same = sum(link.kind == "absorbed" for link in state.links)
    if same:
        said = translations(language).ngettext(
            "%(num)s issue was merged in it", "%(num)s issues were merged in it", same
        )
        found.append(Tag("same", str(same + 1), said % {"num": same}))
    if marks.urged:
        found.append(Tag("urged", _("urged"), _("Somebody urged those who have the task")))
    if marks.sent_back:
        found.append(Tag("again", _("again"), _("It has come back to a step where it was before")))
    return tuple(found)

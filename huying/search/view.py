"""Searching: what somebody may see of what they ask for, the surest first, with what was found marked in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, or_, select

from definitions.model.definition import Definition
from definitions.text import words
from engine.deeds.registry import BY_KIND
from huying.access.viewer import viewer
from huying.database.tables import issues, participants
from huying.house.house import House
from huying.issues.record import has_number
from huying.issues.views.filter import Filter, ListShape, shaped
from huying.issues.views.list import IssueLine, lines_of
from huying.search.audience import AUDIENCES, INSIDE, ROLES, shared_texts
from huying.search.entry import IssueText, Reach, passages
from huying.search.letters import veil
from huying.search.marks import MarkedPiece, excerpt, marked
from huying.search.names import gazetteer
from huying.search.question import LookUpWay, TypedText, loose_ways, question, ways
from huying.search.reach import found_by, sees
from huying.search.record import note_private
from huying.search.upkeep import key, sources
from huying.search.words import Phrase, hashes, hidden, query_text

#: So many issues are shown at most for one question.
MOST = 50
#: So many a list is made of; it shows them page by page.
MOST_LISTED = 500
_EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Asker:
    """Who searches, in which language, and when: ``person`` is a participant's id."""

    person: int
    language: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBy:
    """Why an issue was found: its subject and (where the subject does not say it) the passage, in pieces.

    ``by``: how it was found: number, subject, words, contact (telephone or e-mail), reporter, private, said (a remark, a question, an
    answer, or what some roles alone see), twin (it sounds alike), some (not all words). ``reporter``: who reported it, where that is what was looked
    for. ``title`` is that of the field in which the passage stands.
    """

    by: str
    subject: tuple[MarkedPiece, ...]
    title: str = ""
    passage: tuple[MarkedPiece, ...] = ()
    reporter: tuple[MarkedPiece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine(FoundBy):
    """An issue that was found: its line of the list, and why it is there."""

    line: IssueLine


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the surest first; ``more``: there are others. ``twins``: names that sound alike, which were not looked for as such."""

    lines: tuple[FoundLine, ...]
    more: bool = False
    twins: tuple[str, ...] = ()


#: By exactly its number, which is no matter of words.
_NUMBER = LookUpWay("number", Phrase(()))


@dataclass(frozen=True, slots=True)
class _Hit:
    way: LookUpWay
    id: int
    audience: int = INSIDE

    @property
    def private(self) -> bool:
        """Whether it was found by what few may read; what colleagues write to one another is no secret among them."""
        return self.way.reach in ("private", "reporter") or self.audience >= ROLES


@dataclass(frozen=True, slots=True)
class FoundInList:
    """What a list holds because it was searched for, the surest first; ``more``: there are others. It lasts as long as the answer it is read for."""

    asked: TypedText
    hits: tuple[_Hit, ...]
    more: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The issues, the surest first."""
        return tuple(hit.id for hit in self.hits)


def search(house: House, who: Asker, text: str, filters: Filter = _EVERYTHING, limit: int = 20) -> Found:
    """The issues that somebody may see and that answer what they typed, the surest first.

    ``filters`` narrow it as they do any list; ``limit`` is at most ``MOST``. Whoever finds an issue by private data is written down.
    """
    limit = max(1, min(limit, MOST))
    with house.database.reading() as connection:
        asked, found = _looked_up(house, connection, who, text, filters, limit + 1)
        lines = _lines(house, connection, who, asked, found[:limit])
    _written_down(house, who, asked, found[:limit])
    return Found(lines, len(found) > limit, asked.twins)


def found_in_list(house: House, who: Asker, text: str, filters: Filter = _EVERYTHING) -> FoundInList:
    """The same for a list that shows it page by page: at most ``MOST_LISTED``, the surest first."""
    with house.database.reading() as connection:
        asked, found = _looked_up(house, connection, who, text, filters, MOST_LISTED + 1)
    _written_down(house, who, asked, found[:MOST_LISTED])
    return FoundInList(asked, tuple(found[:MOST_LISTED]), len(found) > MOST_LISTED)


def reasons(house: House, found: FoundInList, shown: Iterable[int], language: str) -> Mapping[int, FoundBy]:
    """Why those of them that are ``shown`` were found."""
    wanted = set(shown)
    with house.database.reading() as connection:
        return _reasons(house, connection, found.asked, [hit for hit in found.hits if hit.id in wanted], language)


def _looked_up(
    house: House, connection: Connection, who: Asker, text: str, filters: Filter, limit: int
) -> tuple[TypedText, list[_Hit]]:
    register = gazetteer(connection)
    asked = question(text, register)
    if not asked.words:
        return asked, []
    person = viewer(connection, who.person)
    shape, values = shaped(house, connection, person, filters, who.now)
    values |= {"party": person.actor.party, "others": sorted(person.parties - {person.actor.party})}
    secret = cache(partial(key, connection))
    seeker = _Seeker(connection, shape, values, secret)
    # PostgreSQL takes no NUL in a text
    found = seeker.found(text.replace("\0", "").strip(), ways(asked, secret), limit)
    return asked, found or seeker.found("", loose_ways(asked, register), limit)


def _written_down(house: House, who: Asker, asked: TypedText, found: Sequence[_Hit]) -> None:
    """Whoever finds an issue by private data is written down."""
    if private := [hit for hit in found if hit.private]:
        note_private(house, who.person, who.now, (private[0].way.kind, asked.text, len(private)))


@dataclass(frozen=True, slots=True)
class _Seeker:
    """A question being looked up for one person: the statements of their list's shape, and what is filled in."""

    connection: Connection
    shape: ListShape
    values: Mapping[str, Any]
    secret: Callable[[], str]

    def found(self, typed: str, by: Iterator[LookUpWay], limit: int) -> list[_Hit]:
        """The first of what is found, the surest first, the newest first among what is equally sure."""
        found = {one: _Hit(_NUMBER, one) for one in self._numbered(typed, limit)}
        for way in by:
            if len(found) >= limit:
                break
            for hit in self._by(way, limit + len(found)):
                found.setdefault(hit.id, hit)
        return list(found.values())[:limit]

    def _numbered(self, typed: str, limit: int) -> Sequence[int]:
        """The issues that bear exactly this number."""
        if not any(sign.isdigit() for sign in typed):
            return ()
        numbered = or_(has_number(typed), has_number(typed.upper()))
        seen = sees(self.shape, issues.c.id, followers=True)
        mine = select(issues.c.id).where(numbered, seen, *self.shape.narrowed())
        return self.connection.execute(mine.order_by(issues.c.id.desc()).limit(limit), self.values).scalars().all()

    def _by(self, way: LookUpWay, limit: int) -> Iterator[_Hit]:
        """The issues that are found in one way; of one that several audiences of theirs may read, several rows."""
        shared = way.reach == "shared"
        asked = hashes(way.asked, self.hashed) if shared else hidden(way.asked, self.hashed)
        blanks = {"asked": query_text(asked, sqlite=self.shape.sqlite), "most": 2 * limit if shared else limit}
        for one in self.connection.execute(found_by(self.shape, way.reach), {**self.values, **blanks}).scalars():
            yield _Hit(way, one // AUDIENCES, one % AUDIENCES) if shared else _Hit(way, one)

    def hashed(self, token: str) -> str:
        """A token as it stands where not everybody may read it."""
        return veil(self.secret(), token)


def _lines(
    house: House, connection: Connection, who: Asker, asked: TypedText, found: Sequence[_Hit]
) -> tuple[FoundLine, ...]:
    """What was found as lines, in its order."""
    ids = [hit.id for hit in found]
    known = lines_of(house, connection, issues.c.id.in_(ids), who.language, who.now)
    lines = {line.id: line for line in known}
    said = _reasons(house, connection, asked, found, who.language)
    return tuple(
        FoundLine(
            line=lines[one], by=why.by, subject=why.subject, title=why.title, passage=why.passage, reporter=why.reporter
        )
        for one, why in said.items()
    )


def _reasons(
    house: House, connection: Connection, asked: TypedText, found: Sequence[_Hit], language: str
) -> Mapping[int, FoundBy]:
    """Why each was found, by its id."""
    query = select(
        issues.c.id, issues.c.subject, issues.c.definition_version_id, issues.c.state, participants.c.name
    ).join(participants, participants.c.id == issues.c.reporter_id)
    rows = {row.id: row for row in connection.execute(query.where(issues.c.id.in_([hit.id for hit in found])))}
    shared = [hit.id for hit in found if hit.way.reach == "shared"]
    read = {one.id: one for one in (sources(house, connection, shared) if shared else ())}
    said: dict[int, FoundBy] = {}
    for hit in found:
        row = rows[hit.id]
        definition = house.processes.process(row.definition_version_id).definition
        subject = marked(row.subject, asked)
        passage: IssueText | None = None
        if hit.way.reach == "shared":
            theirs = (text for audience, text in shared_texts(read[hit.id]) if audience == hit.audience)
            passage = next((one for one in theirs if excerpt(one.text, asked)), None)
        elif not any(piece.hit for piece in subject) or hit.way.kind == "private":
            readable = (one for one in passages(definition, row.state) if one.reach in _READS[hit.way.reach])
            passage = next((one for one in readable if excerpt(one.text, asked)), None)
        reporter = marked(row.name, asked) if hit.way.reach == "reporter" else ()
        title = _title(definition, passage, language) if passage else ""
        text = excerpt(passage.text, asked) if passage else ()
        said[hit.id] = FoundBy(by=hit.way.kind, subject=subject, title=title, passage=text, reporter=reporter)
    return said


#: Which texts are shown to whoever found something by words of a reach.
_READS: Mapping[Reach, frozenset[Reach]] = {
    "open": frozenset({"open"}),
    "private": frozenset({"open", "private"}),
    "reporter": frozenset({"open", "private", "reporter"}),
}


def _title(definition: Definition, passage: IssueText, language: str) -> str:
    """Under which title a text stands: that of its field, or what was done with it."""
    if passage.field:
        return words(definition.data[passage.field].title, language, passage.field)
    return BY_KIND[passage.deed].done.of(language) if passage.deed in BY_KIND else ""

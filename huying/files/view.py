"""A file as a page, a sheet and a paper show it: one person, one year, by month and by chapter; and a term over its years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import get_month_names
from sqlalchemy import Connection, func, select

from definitions.files.chapters import FileRules, shipped_rules
from definitions.text import Said, spoken, words
from huying.access.viewer import viewer
from huying.database.tables import audit, file_deeds, file_lines, mandates, memberships, participants, stations
from huying.files.closure import unready
from huying.files.entry import FileEntry, FilePeriod, What
from huying.files.permission import FileRight, right_to
from huying.files.upkeep import freshen
from huying.files.volume import Volume, volumes
from huying.house.house import House
from huying.house.kept import kept_name
from huying.locale import LOCALES
from huying.register.levels import DEPUTY_LEVELS
from huying.words.moments import date_words, moment_words
from huying.words.names import named

#: So many who looked are shown.
_LOOKERS = 10
#: So many stations are named under the name.
_STATIONS = 3


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """What somebody did to an entry, in words."""

    what: What
    when: str
    by: str
    reason: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in words; ``evidence`` are keys and names of files."""

    entry: FileEntry
    day: date
    when: str
    month: str
    kind: str
    chapter: str
    title: str
    part: str
    entered_by: str
    confirmed_by: str
    evidence: tuple[tuple[str, str], ...]
    remarks: tuple[RemarkLine, ...]

    @property
    def half_days(self) -> str:
        """So many, without a decimal where there is none."""
        return f"{self.entry.half_days:g}" if self.entry.half_days is not None else ""


@dataclass(frozen=True, slots=True)
class KindSum:
    """How many entries of a kind stand in a year, and their half-days."""

    title: str
    count: int
    half_days: str


@dataclass(frozen=True, slots=True)
class ChapterLines:
    """A chapter with its entries, the oldest first."""

    key: str
    title: str
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file of a year: whose, what the reader may do, its entries, its sums, how it is closed, and who looked at it."""

    participant_id: int
    name: str
    year: int
    facts: tuple[str, ...]
    term: str
    years: tuple[int, ...]
    right: FileRight
    lines: tuple[EntryLine, ...]
    chapters: tuple[ChapterLines, ...]
    sums: tuple[KindSum, ...]
    late: tuple[EntryLine, ...]
    closed: str
    closed_by: str
    drafts: int
    objections: int
    lookers: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> int:
        """How many entries stand."""
        return sum(line.entry.counts for line in self.lines)


@dataclass(frozen=True, slots=True)
class TermSum:
    """A kind over the years of a term: how many each year, and in all."""

    title: str
    counts: tuple[int, ...]
    whole: int


@dataclass(frozen=True, slots=True)
class TermPage:
    """What somebody did in the years of a term."""

    participant_id: int
    name: str
    facts: tuple[str, ...]
    years: tuple[tuple[int, bool], ...]
    sums: tuple[TermSum, ...]


def file_page(house: House, participant_id: int, year: int, *, for_whom: int, now: datetime, language: str) -> FilePage:
    """The file; for the person, the office, and the staff of the person's stations. ``NotFound`` for anybody else."""
    rules = shipped_rules()
    with house.database.reading() as connection:
        right = right_to(connection, viewer(connection, for_whom), participant_id, now)
    freshen(house)
    with house.database.at_one_moment() as connection:
        volume = volumes(connection, rules, (participant_id,), FilePeriod.of_year(year))[participant_id, year]
        facts, term = _facts(connection, participant_id, date(year, 12, 31), language)
        told = _Teller(house, connection, rules, (*volume.entries, *volume.late), language)
        years = _years(connection, participant_id, year, house.day_of(now).year)
        lookers = _lookers(connection, participant_id, house, language) if right.own or right.keeps else ()
        closer = _names(connection, {volume.closing.by} if volume.closing else set())
        name = _names(connection, {participant_id})[participant_id]
    lines = tuple(told.line(one) for one in volume.entries)
    drafts, objections = unready(volume)
    return FilePage(
        participant_id=participant_id,
        name=name,
        year=year,
        facts=facts,
        term=term,
        years=years,
        right=right,
        lines=lines,
        chapters=tuple(
            ChapterLines(key, words(one.title, language), tuple(line for line in lines if line.entry.chapter == key))
            for key, one in rules.chapters.items()
        ),
        sums=tuple(sums_of(volume.entries, rules, language)),
        late=tuple(told.line(one) for one in volume.late),
        closed=moment_words(volume.closing.at, house.zone, language) if volume.closing else "",
        closed_by=closer[volume.closing.by] if volume.closing else "",
        drafts=drafts,
        objections=objections,
        lookers=lookers,
    )


def term_page(house: House, participant_id: int, *, for_whom: int, now: datetime, language: str) -> TermPage:
    """All years of somebody's file; ``NotFound`` as above."""
    rules = shipped_rules()
    with house.database.reading() as connection:
        right_to(connection, viewer(connection, for_whom), participant_id, now)
    freshen(house)
    with house.database.at_one_moment() as connection:
        this = house.day_of(now).year
        years = sorted(_years(connection, participant_id, this, this))
        period = FilePeriod(date(years[0], 1, 1), date(years[-1], 12, 31))
        found = volumes(connection, rules, (participant_id,), period)
        facts, _ = _facts(connection, participant_id, house.day_of(now), language)
        name = _names(connection, {participant_id})[participant_id]
    per_year = {year: _counts(found[participant_id, year]) for year in years}
    sums = tuple(
        TermSum(words(kind.title, language), counts, sum(counts))
        for key, kind in rules.kinds.items()
        if any(counts := tuple(per_year[year][key] for year in years))
    )
    closed = tuple((year, found[participant_id, year].closed) for year in years)
    return TermPage(participant_id, name, facts, closed, sums)


def _counts(volume: Volume) -> Counter[str]:
    return Counter(one.kind for one in volume.entries if one.counts)


def sums_of(entries: Iterable[FileEntry], rules: FileRules, language: str) -> Iterable[KindSum]:
    """How many of each kind stand, in the order of the rules."""
    standing = [one for one in entries if one.counts]
    for key, kind in rules.kinds.items():
        mine = [one for one in standing if one.kind == key]
        if mine:
            half = sum(one.half_days or 0 for one in mine)
            yield KindSum(words(kind.title, language), len(mine), f"{half:g}" if half else "")


class _Teller:
    """Entries in the words of a language, with the names of people and files."""

    def __init__(
        self, house: House, connection: Connection, rules: FileRules, entries: Iterable[FileEntry], language: str
    ) -> None:
        self._house, self._rules, self._language = house, rules, language
        people = {one for entry in entries for one in (entry.entered_by, entry.confirmed_by) if one}
        people |= {remark.by for entry in entries for remark in entry.remarks}
        self._names = _names(connection, people)
        self._months = get_month_names("abbreviated" if spoken(language) == "zh" else "wide", locale=LOCALES[language])

    def line(self, entry: FileEntry) -> EntryLine:
        """One entry."""
        kind, part = self._rules.kinds.get(entry.kind), self._rules.parts.get(entry.part)
        keys = [one.partition(":")[2] for one in entry.evidence]
        return EntryLine(
            entry=entry,
            day=entry.day,
            when=date_words(entry.day, self._language),
            month=self._months[entry.day.month],
            kind=words(kind.title, self._language) if kind else entry.kind,
            chapter=words(self._rules.chapters[entry.chapter].title, self._language),
            title=entry.title.of(self._language),
            part=words(part.title, self._language) if part else "",
            entered_by=self._names.get(entry.entered_by or 0, ""),
            confirmed_by=self._names.get(entry.confirmed_by or 0, ""),
            evidence=tuple((key, kept_name(self._house.store, key) or key[:8]) for key in keys),
            remarks=tuple(
                RemarkLine(
                    one.what,
                    moment_words(one.at, self._house.zone, self._language),
                    self._names.get(one.by, ""),
                    one.reason,
                    one.accepted,
                )
                for one in entry.remarks
            ),
        )


def _names(connection: Connection, people: set[int]) -> dict[int, str]:
    rows = connection.execute(select(participants.c.id, participants.c.name).where(participants.c.id.in_(people)))
    return {row.id: row.name for row in rows}


def _facts(connection: Connection, person: int, day: date, language: str) -> tuple[tuple[str, ...], str]:
    """What stands under the name: level, constituency, stations; and the term."""
    held = select(mandates).where(mandates.c.participant_id == person, mandates.c.since <= day)
    mandate = connection.execute(held.order_by(mandates.c.since.desc())).first()
    facts, term = list[str](), ""
    if mandate is not None:
        facts += [words(DEPUTY_LEVELS.get(mandate.level), language, mandate.level), mandate.constituency or ""]
        term = f"{mandate.since.year}—{mandate.until.year}"
    at = select(named(stations.c, language)).join(memberships, memberships.c.station_id == stations.c.id)
    mine = at.where(memberships.c.participant_id == person).order_by(stations.c.code).distinct()
    # DISTINCT wants what it sorts by among what it asks for
    mine = mine.add_columns(stations.c.code)
    serves = [row[0] for row in connection.execute(mine)]
    facts += serves[:_STATIONS]
    if len(serves) > _STATIONS:
        facts.append(Said(f"等 {len(serves)} 个站点", f"and {len(serves) - _STATIONS} more").of(language))
    return tuple(one for one in facts if one), term


def _years(connection: Connection, person: int, *also: int) -> tuple[int, ...]:
    """The years in which there is something, the newest first."""
    first, last = connection.execute(
        select(func.min(file_lines.c.day), func.max(file_lines.c.day)).where(file_lines.c.participant_id == person)
    ).one()
    own = select(file_deeds.c.year).where(file_deeds.c.participant_id == person).distinct()
    found = {*also, *connection.execute(own).scalars()}
    found |= set(range(first.year, last.year + 1)) if first else set()
    return tuple(sorted(found, reverse=True))


def _lookers(connection: Connection, person: int, house: House, language: str) -> tuple[tuple[str, str], ...]:
    """Who else looked at the file lately, and when."""
    query = (
        select(participants.c.name, func.max(audit.c.at).label("at"))
        .join(participants, participants.c.id == audit.c.by_id)
        .where(audit.c.about_id == person, audit.c.what.in_(("file-read", "file-exported")), audit.c.by_id != person)
        .group_by(participants.c.id, participants.c.name)
        .order_by(func.max(audit.c.at).desc())
        .limit(_LOOKERS)
    )
    rows = connection.execute(query)
    return tuple((row.name, date_words(house.day_of(_aware(row.at)), language)) for row in rows)


def _aware(at: datetime | str) -> datetime:
    """A maximum of moments is text on SQLite."""
    return datetime.fromisoformat(at) if isinstance(at, str) else at


def titles_of(rules: FileRules, language: str) -> Mapping[str, list[tuple[str, str]]]:
    """What a form offers: kinds that are entered by hand, and parts, as keys and words."""
    return {
        "kind": [(key, words(rules.kinds[key].title, language)) for key in rules.by_hand],
        "part": [(key, words(one.title, language)) for key, one in rules.parts.items()],
    }

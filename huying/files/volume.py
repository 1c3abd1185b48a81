"""One person's year: the lines that were made of histories, and what people wrote, confirmed, disputed and closed, folded into entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from msgspec import convert
from sqlalchemy import Connection, select

from definitions.files.chapters import FileRules
from definitions.text import Said, words
from huying.database.tables import file_deeds, file_entries, file_lines, issues
from huying.files.entry import DeedWords, EntryRemark, FileEntry, FilePeriod, KeptLine, What
from huying.words.mask import mask


@dataclass(frozen=True, slots=True)
class FileDeed:
    """A row of ``file_deed``."""

    id: int
    at: datetime
    by: int
    participant_id: int
    year: int
    what: What
    line: str | None
    said: DeedWords
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """A person's file of a year: its entries in order, the deed that closed it, what came after that and is in no amendment, and all deeds."""

    participant_id: int
    year: int
    entries: tuple[FileEntry, ...]
    closing: FileDeed | None
    late: tuple[FileEntry, ...]
    deeds: tuple[FileDeed, ...]

    @property
    def closed(self) -> bool:
        """Whether the year is closed: nothing but an amendment changes it."""
        return self.closing is not None

    def entry(self, key: str) -> FileEntry | None:
        """The entry of a key, in the file or late."""
        return next((one for one in (*self.entries, *self.late) if one.key == key), None)


def volumes(
    connection: Connection, rules: FileRules, people: Sequence[int], period: FilePeriod
) -> dict[tuple[int, int], Volume]:
    """The files of these people for each year of a period, by person and year; who has none has an empty one."""
    lines, deeds = lines_in(connection, people, period), deeds_of(connection, people, period.years)
    told = _Titles(connection, rules, (one for some in lines.values() for one in some), deeds)
    made = dict[tuple[int, int], Volume]()
    for person in people:
        for year in period.years:
            own = deeds.get((person, year), [])
            made[person, year] = _fold(person, year, lines.get((person, year), []), own, told)
    return made


def lines_in(
    connection: Connection, people: Sequence[int], period: FilePeriod
) -> dict[tuple[int, int], list[KeptLine]]:
    """The lines that were made of histories, by person and year."""
    columns = file_lines.c
    first, last = date(period.years[0], 1, 1), date(period.years[-1], 12, 31)
    query = select(file_lines).where(columns.participant_id.in_(people), columns.day.between(first, last))
    found = dict[tuple[int, int], list[KeptLine]]()
    for row in connection.execute(query.order_by(columns.day, columns.at, columns.key)):
        line = KeptLine(
            key=row.key,
            day=row.day.isoformat(),
            kind=row.kind,
            rule=row.rule,
            issue_id=row.issue_id,
            sequence=row.sequence,
            entry_id=row.entry_id,
            points=row.points,
        )
        found.setdefault((row.participant_id, row.day.year), []).append(line)
    return found


def deeds_of(
    connection: Connection, people: Sequence[int], years: Iterable[int]
) -> dict[tuple[int, int], list[FileDeed]]:
    """What was done to the files of these people, by person and year, in order."""
    query = select(file_deeds).where(file_deeds.c.participant_id.in_(people), file_deeds.c.year.in_(list(years)))
    found = dict[tuple[int, int], list[FileDeed]]()
    for row in connection.execute(query.order_by(file_deeds.c.id)):
        found.setdefault((row.participant_id, row.year), []).append(deed(row))
    return found


def deed(row: Any) -> FileDeed:
    """A row as the noun."""
    said = convert(row.body or {}, DeedWords)
    of = (row.id, row.at, row.by_id, row.participant_id, row.year, row.what, row.line)
    return FileDeed(*of, said=said, evidence=tuple(row.evidence))


class _Titles:
    """What lines are called: of an issue by its subject, of what a process registered by its own words; masked, and nothing of what was erased."""

    def __init__(
        self,
        connection: Connection,
        rules: FileRules,
        lines: Iterable[KeptLine],
        deeds: Mapping[tuple[int, int], Sequence[FileDeed]],
    ) -> None:
        kept = [line for some in deeds.values() for one in some for line in one.said.lines]
        every = [*lines, *kept]
        self.rules = rules
        self._issues = self._read(
            connection,
            {one.issue_id for one in every if one.issue_id},
            select(issues.c.id, issues.c.number, issues.c.subject, issues.c.erased),
            issues.c.id,
        )
        ids = {one.entry_id for one in every if one.entry_id}
        self._entries = self._read(connection, ids, select(file_entries.c.id, file_entries.c.title), file_entries.c.id)

    @staticmethod
    def _read(connection: Connection, ids: set[int], query: Any, key: Any) -> dict[int, Any]:
        found, wanted = dict[int, Any](), sorted(ids)
        for start in range(0, len(wanted), 900):
            found |= {row.id: row for row in connection.execute(query.where(key.in_(wanted[start : start + 900])))}
        return found

    def number(self, line: KeptLine) -> str | None:
        """The number of its issue."""
        issue = self._issues.get(line.issue_id or 0)
        return issue.number if issue else None

    def pattern(self, line: KeptLine) -> Mapping[str, str]:
        """How a line of a rule is called."""
        if line.pattern:
            return line.pattern
        rule = self.rules.issues.get(line.rule or "")
        return rule.title if rule else self.kind(line.kind)

    def kind(self, kind: str) -> Mapping[str, str]:
        """How a kind is called; one that the rules do not know by its key."""
        found = self.rules.kinds.get(kind)
        return found.title if found else {"zh": kind, "en": kind}

    def title(self, line: KeptLine) -> Said:
        """The title in both languages."""
        issue = self._issues.get(line.issue_id or 0)
        if issue is None or issue.erased:
            return _said(self.kind(line.kind), "")
        if line.entry_id:
            entry = self._entries.get(line.entry_id)
            return _said((entry.title if entry else None) or self.kind(line.kind), "")
        return _said(self.pattern(line), issue.subject)


def _said(text: Mapping[str, str], subject: str) -> Said:
    zh, en = (mask(words(text, language).replace("{subject}", subject)) for language in ("zh", "en"))
    return Said(zh, en)


def _fold(person: int, year: int, lines: Sequence[KeptLine], deeds: Sequence[FileDeed], told: _Titles) -> Volume:
    closing = next((one for one in deeds if one.what == "closed"), None)
    base = closing.said.lines if closing else lines
    made = {one.key: _made(person, one, told) for one in base}
    after = [] if closing is None else [one for one in lines if one.key not in made]
    late = {one.key: _made(person, one, told) for one in after}
    gone = set[str]()
    for one in deeds:
        _apply(one, made, late, gone, told.rules, closing)
    entries = sorted((one for one in made.values() if one.key not in gone), key=lambda one: (one.day, one.key))
    return Volume(person, year, tuple(entries), closing, tuple(late.values()), tuple(deeds))


def _made(person: int, line: KeptLine, told: _Titles) -> FileEntry:
    return FileEntry(
        key=line.key,
        participant_id=person,
        day=date.fromisoformat(line.day),
        kind=line.kind,
        chapter=told.rules.chapter_of(line.kind),
        title=told.title(line),
        source="process" if line.entry_id else "issue",
        state="confirmed",
        points=line.points,
        issue_id=line.issue_id,
        number=told.number(line),
        sequence=line.sequence,
    )


def _apply(
    one: FileDeed,
    made: dict[str, FileEntry],
    late: dict[str, FileEntry],
    gone: set[str],
    rules: FileRules,
    closing: FileDeed | None,
) -> None:
    """What a deed does to the entries; one about a line that is not there any more does nothing, and is still told among the deeds."""
    amended = closing is not None and one.id > closing.id
    before = made.get(one.line or "")
    if one.what == "amended" and one.line in late and one.said.accepted:
        before = late.pop(one.line)
        made[before.key] = replace(before, amended=True, remarks=(_remark(one),), confirmed_by=one.by)
        return
    if one.what in ("entered", "corrected", "amended") and one.said.matter is not None:
        entry = replace(_entered(one, rules), amended=amended)
        if one.what == "amended":
            entry = replace(entry, state="confirmed", confirmed_by=one.by)
        made[entry.key] = entry
    if before is None:
        return
    remarks = (*before.remarks, _remark(one))
    match one.what:
        case "confirmed":
            made[before.key] = replace(before, state="confirmed", confirmed_by=one.by, remarks=remarks)
        case "corrected" | "amended":
            made[before.key] = replace(before, state="corrected", remarks=remarks)
        case "objected":
            made[before.key] = replace(before, state="objected", remarks=remarks)
        case "answered":
            made[before.key] = replace(before, state="confirmed", remarks=remarks)
        case "taken back":
            gone.add(before.key)
        case _:
            made[before.key] = replace(before, remarks=remarks)


def _remark(one: FileDeed) -> EntryRemark:
    return EntryRemark(one.id, one.what, one.at, one.by, one.said.reason, one.said.accepted)


def hand_key(deed_id: int) -> str:
    """The key of an entry that somebody wrote."""
    return f"hand/{deed_id}"


def _entered(one: FileDeed, rules: FileRules) -> FileEntry:
    matter = one.said.matter
    assert matter is not None
    title = mask(matter.title)
    return FileEntry(
        key=hand_key(one.id),
        participant_id=one.participant_id,
        day=date.fromisoformat(matter.day),
        kind=matter.kind,
        chapter=rules.chapter_of(matter.kind),
        title=Said(title, title),
        source="hand",
        state="draft",
        half_days=matter.half_days,
        part=matter.part,
        place=matter.place,
        organiser=matter.organiser,
        result=mask(matter.result),
        paper=matter.paper,
        evidence=one.evidence,
        entered_by=one.by,
        instead=one.line,
        remarks=(_remark(one),),
    )

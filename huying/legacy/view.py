"""What the pages and the command line show of an import of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from definitions.text import Said
from huying.house.house import House
from huying.legacy.imports import LegacyOffer, LegacyPreview, look_at, offered_records, sheet_words
from huying.legacy.lexicon import WORDED, ColumnMeaning, SheetWords, texts
from huying.legacy.line import LegacyLine, LineFinding
from huying.register.workbook.finding import letter, quoted

#: So many lines and findings stand on a page.
SHOWN = 100
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class MeantColumn:
    """A column of the sheet: where it stands, its title, what it says (empty: it is not read), and some of what stands there."""

    place: int
    letter: str
    title: str
    meaning: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeantWords:
    """The words of a column, what each means (empty: nobody has said), and what it can mean."""

    of: str
    title: Said
    words: tuple[tuple[str, str], ...]
    choices: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class TakenLine:
    """A line as it would be taken over: the office's number, where it goes on or how it ended, and by when."""

    row: int
    ours: str
    station: Said
    state: Said
    opened: str
    until: str
    closed: bool


@dataclass(frozen=True, slots=True)
class RecordsView:
    """All of it. Without a sheet (its days are over, or it was written) only what became of it."""

    offer: LegacyOffer
    process: Said
    meanings: Sequence[ColumnMeaning] = ()
    columns: tuple[MeantColumn, ...] = ()
    words: tuple[MeantWords, ...] = ()
    preview: LegacyPreview | None = None
    lines: tuple[TakenLine, ...] = ()
    findings: tuple[LineFinding, ...] = ()
    #: What lines mean that say nothing: of the step, the resolution and the station.
    rest: tuple[MeantWords, ...] = ()


def records_view(house: House, number: int, now: datetime) -> RecordsView:
    """An import by its number; ``NotFound``."""
    found = offered_records(house, number)
    known = sheet_words(house, found.definition, now)
    titles = known.definition.title
    process = Said(titles["zh"], titles.get("en", titles["zh"]))
    if found.state != "offered" or found.kept_until <= now:
        return RecordsView(found, process)
    preview = look_at(house, number, now)
    lines = tuple(_taken(line, known) for line in preview.lines[:SHOWN])
    return RecordsView(
        found,
        process,
        known.meanings(),
        tuple(_columns(found, preview)),
        tuple(_words(found, preview, known)),
        preview,
        lines,
        preview.findings[:SHOWN],
        tuple(_rest(found, known)),
    )


def _columns(found: LegacyOffer, preview: LegacyPreview) -> Iterator[MeantColumn]:
    meant = {place: key for key, place in found.understood.columns.items()}
    for place, title in enumerate(preview.sheet.titles):
        samples = tuple(quoted(text) for text in islice(texts(preview.sheet, place), _SAMPLES))
        if title or samples:
            yield MeantColumn(place, letter(place), title, meant.get(place, ""), samples)


def _words(found: LegacyOffer, preview: LegacyPreview, known: SheetWords) -> Iterator[MeantWords]:
    for of in WORDED:
        if of in found.understood.columns:
            words = tuple(found.understood.words.get(of, {}).items())
            yield MeantWords(of, _title(known, of), words, known.choices(of))


def _rest(found: LegacyOffer, known: SheetWords) -> Iterator[MeantWords]:
    for of in WORDED:
        choices = {key: title for key, title in known.choices(of).items() if not key.startswith("@")}
        yield MeantWords(of, _title(known, of), (("", getattr(found.understood, of)),), choices)


def _title(known: SheetWords, of: str) -> Said:
    return next(one.title for one in known.meanings() if one.key == of)


def _taken(line: LegacyLine, known: SheetWords) -> TakenLine:
    matter = line.matter
    assert matter is not None
    closed = matter.step is None
    state = known.choices("resolution" if closed else "step")[(matter.resolution if closed else matter.step) or ""]
    end = matter.closed_at.date() if matter.closed_at else matter.due or matter.finish
    station = known.stations[line.station]
    opened, until = matter.opened_at.date().isoformat(), end.isoformat() if end else ""
    return TakenLine(line.row, line.ours, station, state, opened, until, closed)

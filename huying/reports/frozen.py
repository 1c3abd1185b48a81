"""The noun: a report as it stands for ever, with all numerators and denominators; written as JSON that is the same for the same report."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Literal

import msgspec

from definitions.plans.report import Shown, Span
from definitions.text import Said
from engine.noun import Noun


class ReportPhrase(Noun, frozen=True):
    """What something is called in both languages, as it was then."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """In one language; the other one where it has no words."""
        return Said(self.zh, self.en).of(language)


class Amount(Noun, frozen=True):
    """A count, or a rate: ``of`` so many ``over`` so many. ``None`` where nothing is known."""

    of: float | None
    over: float | None = None

    @property
    def share(self) -> float | None:
        """Of a rate, in percent; nothing over nothing is no rate."""
        return None if not self.over or self.of is None else 100 * self.of / self.over


class ReportFigure(Noun, frozen=True):
    """A figure that the report shows: its name, whether it is a rate or another number, and in words what is counted, over what, and when."""

    key: str
    title: ReportPhrase
    kind: Literal["count", "rate", "number"]
    said: ReportPhrase
    unit: ReportPhrase = ReportPhrase("", "")


class ReportRow(Noun, frozen=True):
    """A row: its key on the axis (a code, a month), its name, and an amount for each column."""

    key: str
    title: ReportPhrase
    amounts: tuple[Amount, ...]


class ReportTable(Noun, frozen=True, tag="table"):
    """Figures by an axis; ``total`` is not the sum of the rows where one issue counts in several of them."""

    title: ReportPhrase
    by: str
    axis: ReportPhrase
    columns: tuple[str, ...]
    shown: Shown
    above: str | None
    rows: tuple[ReportRow, ...]
    total: ReportRow | None
    #: So many rows with less of the first figure are left out.
    left_out: int = 0

    @property
    def every_row(self) -> tuple[ReportRow, ...]:
        """Its rows, and the total."""
        return (*self.rows, *((self.total,) if self.total else ()))


class ReportHeadline(Noun, frozen=True, tag="headline"):
    """Some figures large, with those of the period before and of the same one a year ago."""

    columns: tuple[str, ...]
    now: ReportRow
    before: ReportRow
    year_before: ReportRow

    @property
    def every_row(self) -> tuple[ReportRow, ...]:
        """The period, and those with which it is compared."""
        return self.now, self.before, self.year_before


class ReportWords(Noun, frozen=True, tag="words"):
    """A text."""

    title: ReportPhrase
    words: ReportPhrase


FrozenPart = ReportTable | ReportHeadline | ReportWords


class ReportScope(Noun, frozen=True):
    """An area as of the day: its code and name, of what level it is, above which it lies, and how many active stations lie in it."""

    code: str
    title: ReportPhrase
    level: str
    parent: str
    stations: int


class ReportSource(Noun, frozen=True):
    """A text that was published, by which something was made: its key, version and digest."""

    key: str
    version: int
    digest: str


class Revision(Noun, frozen=True):
    """What an earlier report said, and what is true now: in which table (``by``) and row, of which figure."""

    by: str
    row: str
    figure: str
    title: ReportPhrase
    was: Amount
    now: Amount


class Frozen(Noun, frozen=True):
    """All of it. ``revised`` tells what changed since in the report of the period before, by its number."""

    title: ReportPhrase
    office: ReportPhrase
    plan: ReportSource
    figures_of: ReportSource
    span: Span
    first: date
    last: date
    as_of: datetime
    scope: tuple[ReportScope, ...]
    figures: tuple[ReportFigure, ...]
    parts: tuple[FrozenPart, ...]
    before: str = ""
    revised: tuple[Revision, ...] = ()
    form: int = 1
    #: The text of the set by which it was counted: what is shipped changes with the program, and a report stands longer.
    counted_by: str = ""

    @property
    def rows(self) -> tuple[ReportRow, ...]:
        """All rows of figures."""
        return tuple(row for part in self.parts if not isinstance(part, ReportWords) for row in part.every_row)

    def figure(self, key: str) -> ReportFigure:
        """One figure; every column names one of them."""
        return next(one for one in self.figures if one.key == key)


_encoder = msgspec.json.Encoder(order="deterministic")
decode_frozen = msgspec.json.Decoder(Frozen).decode
decode_revisions = msgspec.json.Decoder(tuple[Revision, ...]).decode
_NOTHING = Amount(None)


def written(noun: Frozen | tuple[Revision, ...]) -> str:
    """Canonical JSON: keys in order, nothing between them."""
    return _encoder.encode(noun).decode()


def digest_of(text: str) -> str:
    """The hash of what was written."""
    return hashlib.sha256(text.encode()).hexdigest()


def differences(was: Frozen, now: Frozen) -> tuple[Revision, ...]:
    """Where two of the same plan and period differ, figure by figure, each once."""
    old, new = _amounts(was), _amounts(now)
    found: list[Revision] = []
    for place in {**old, **new}:
        title, before = old.get(place, (None, _NOTHING))
        later, after = new.get(place, (title, _NOTHING))
        if before != after:
            by, row, figure = place
            found.append(Revision(by, row, figure, title or later or ReportPhrase("", ""), before, after))
    return tuple(found)


def _amounts(frozen: Frozen) -> dict[tuple[str, str, str], tuple[ReportPhrase | None, Amount]]:
    """Every amount by its place (axis, row, figure), each place once."""
    found: dict[tuple[str, str, str], tuple[ReportPhrase | None, Amount]] = {}
    for part in frozen.parts:
        if isinstance(part, ReportWords):
            continue
        by = part.by if isinstance(part, ReportTable) else ""
        for row in part.every_row:
            for column, amount in zip(part.columns, row.amounts, strict=True):
                found.setdefault((by, row.key, column), (row.title, amount))
    return found

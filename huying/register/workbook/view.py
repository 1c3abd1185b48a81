"""An import as its page shows it: figures, what has to be looked at, what would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from definitions.text import Said
from huying.register.workbook.comparison import LineChange
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.imports import ImportOffer
from huying.register.workbook.layout import BY_KEY
from huying.register.workbook.preview import SheetSum, title_of
from huying.register.workbook.words import FieldChange, field_changes, line_name

#: What of an import is shown.
Part = Literal["errors", "doubts", "changed", "new", "ended"]
PARTS: tuple[Part, ...] = ("errors", "doubts", "changed", "new", "ended")
#: So many lines stand on a page.
LINES = 100


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with the titles of its sheet and column; ``cell``: whether what stands there can be put right on the page."""

    finding: SheetFinding
    sheet: Said
    column: Said | None
    cell: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line that changes, with its fields."""

    sheet: Said
    row: int | None
    name: Said
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """The figures of a sheet with its title."""

    title: Said
    sum: SheetSum


@dataclass(frozen=True, slots=True)
class ImportView:
    """The page of an import; ``counts`` by part, and the lines of the one that is shown, of which ``more`` follow."""

    offer: ImportOffer
    sheets: tuple[SheetLine, ...]
    counts: dict[Part, int]
    part: Part
    findings: tuple[FindingLine, ...]
    changes: tuple[ChangeLine, ...]
    page: int
    more: bool

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return sum(one.sum.rows for one in self.sheets)

    @property
    def hidden(self) -> int:
        """How many of them are hidden in the file."""
        return sum(one.sum.hidden for one in self.sheets)

    @property
    def bad(self) -> int:
        """How many rows cannot be written."""
        return len(self.offer.preview.bad)


def import_view(offer: ImportOffer, part: str, page: int) -> ImportView:
    """The import with one part of it; the first that holds something unless another is named."""
    preview = offer.preview
    lines: dict[Part, Sequence[SheetFinding]] = {"errors": preview.errors, "doubts": preview.doubts}
    found = Counter(map(_part, preview.changes))
    counts = {one: len(lines[one]) if one in lines else found[one] for one in PARTS}
    named = [one for one in PARTS if one == part and counts[one]]
    chosen: Part = next(iter([*named, *(one for one in PARTS if counts[one])]), "new")
    of_part = lines[chosen] if chosen in lines else (one for one in preview.changes if _part(one) == chosen)
    shown = list(islice(of_part, (page - 1) * LINES, page * LINES))
    return ImportView(
        offer=offer,
        sheets=tuple(SheetLine(title_of(one.sheet), one) for one in preview.sums if one.rows or one.absent),
        counts=counts,
        part=chosen,
        findings=tuple(_finding(one) for one in shown if isinstance(one, SheetFinding)),
        changes=tuple(_change(one) for one in shown if isinstance(one, LineChange)),
        page=page,
        more=counts[chosen] > page * LINES,
    )


def _part(change: LineChange) -> Part:
    if change.before is None:
        return "new"
    return "ended" if change.row is None else "changed"


def _finding(one: SheetFinding) -> FindingLine:
    sheet = BY_KEY.get(one.sheet)
    column = sheet.column(one.key).title if sheet is not None and one.key is not None else None
    return FindingLine(one, title_of(one.sheet), column, column is not None and one.row is not None)


def _change(one: LineChange) -> ChangeLine:
    return ChangeLine(title_of(one.sheet), one.row, line_name(one), tuple(field_changes(one)))

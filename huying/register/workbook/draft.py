"""What a workbook says as a register: the lines that can be written, and findings about those that cannot. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

import msgspec

from definitions.text import Said
from huying.register.nouns import KINDS, Lines, RegisterNoun, key_bytes
from huying.register.workbook.cell import Unclear, clean
from huying.register.workbook.choices import OptionList
from huying.register.workbook.finding import SheetFinding, quoted
from huying.register.workbook.layout import BY_KEY, SHEETS, SheetColumn
from huying.register.workbook.portions import Portions
from huying.register.workbook.raw import Dated, Formula, RawRow, RawWorkbook, Timed, Value
from huying.register.workbook.table import SheetTable, TableRows, tables, torn_rows
from huying.register.workbook.value import Written, written


class Spot(NamedTuple):
    """A row of a sheet."""

    sheet: str
    row: int


class PlacedLine(NamedTuple):
    """A line of the register, and the row that says it."""

    line: RegisterNoun
    spot: Spot


class SheetCount(NamedTuple):
    """How many rows of a sheet were read, hidden ones among them."""

    sheet: str
    rows: int
    hidden: int


class Correction(NamedTuple):
    """What somebody put right on the page: what stands in a cell; with no ``key`` the row is left out."""

    sheet: str
    row: int
    key: str
    value: str


@dataclass(slots=True)
class SheetDraft:
    """A workbook as it is understood. ``given``: the fields of each kind that the file speaks of at all; ``bad``: rows with an error."""

    lines: dict[str, Portions[PlacedLine]] = field(default_factory=dict)
    given: dict[str, frozenset[str]] = field(default_factory=dict)
    findings: list[SheetFinding] = field(default_factory=list)
    counts: list[SheetCount] = field(default_factory=list)
    not_read: tuple[Said, ...] = ()
    bad: set[Spot] = field(default_factory=set)
    #: Logins that were made up, by the row that has none.
    invented: dict[Spot, str] = field(default_factory=dict)
    letters: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def refuse(self, spot: Spot, key: str | None, unclear: Unclear, found: str = "") -> None:
        """Note what is wrong with a cell; the row cannot be written."""
        self.bad.add(spot)
        self.note(spot, key, unclear, found, error=True)

    def note(self, spot: Spot, key: str | None, unclear: Unclear, found: str = "", *, error: bool = False) -> None:
        """Note something about a cell."""
        at = self.letters.get((spot.sheet, key or ""))
        told = (unclear.wrong, unclear.remedy, unclear.choices)
        self.findings.append(SheetFinding(spot.sheet, spot.row, at, key, quoted(found), *told, error=error))


class Understanding(NamedTuple):
    """What the reader of rows has at hand: the register as it is, the lists to choose from, and the day."""

    current: Lines
    choices: Mapping[str, OptionList]
    today: date


def every(draft: SheetDraft, kind: str) -> Iterator[PlacedLine]:
    """The lines of a kind with which nothing is wrong."""
    return (placed for placed in draft.lines.get(kind, ()) if placed.spot not in draft.bad)


def together(draft: SheetDraft, at_hand: Understanding, kind: str) -> Iterator[RegisterNoun]:
    """The lines of a kind as they would be: those of the register, and instead of them those of the file."""
    current = at_hand.current.get(kind, ())
    spoken = {key_bytes(kind, placed.line) for placed in every(draft, kind)} if current else set()
    yield from (line for line in current if key_bytes(kind, line) not in spoken)
    yield from (placed.line for placed in every(draft, kind))


def corrected(book: RawWorkbook, corrections: Sequence[Correction]) -> tuple[Mapping[str, SheetTable], SheetDraft]:
    """The sheets of a workbook with what people have put right since, and a draft that knows what is wrong with them as a whole."""
    found = tables(book)
    left = {(one.sheet, one.row) for one in corrections if not one.key}
    draft = SheetDraft(findings=[one for one in found.findings if not _left_out(one, left)], not_read=found.not_read)
    changed = {(one.sheet, one.row, one.key): one.value for one in corrections}
    known: dict[str, SheetTable] = {}
    for sheet in SHEETS:
        table = found.found.get(sheet.key)
        if table is None:
            continue
        for key in table.columns:
            draft.letters[(sheet.key, key)] = table.letter(key)
        draft.counts.append(SheetCount(sheet.key, sum(1 for _ in table.rows), table.hidden_rows))
        rows = TableRows(table.rows, partial(_mended, table, changed))
        known[sheet.key] = SheetTable(sheet, table.columns, rows, table.torn, table.hidden_rows)
        draft.bad.update(Spot(sheet.key, number) for number in table.torn if (sheet.key, number) not in left)
    return known, draft


def _left_out(finding: SheetFinding, left: set[tuple[str, int]]) -> bool:
    """Whether a finding is about merged cells whose rows are all left out."""
    rows = torn_rows(finding.found)
    return (
        bool(rows)
        and finding.row is not None
        and all((finding.sheet, row) in left for row in rows if row >= finding.row)
    )


def _mended(table: SheetTable, changed: Mapping[tuple[str, int, str], str], row: RawRow) -> RawRow | None:
    """The row as people have put it right; ``None`` if they left it out."""
    if (table.sheet.key, row.number, "") in changed:
        return None
    fresh = {
        at: changed[where]
        for key, at in table.columns.items()
        if (where := (table.sheet.key, row.number, key)) in changed
    }
    if not fresh:
        return row
    width = max(len(row.cells), max(fresh) + 1)
    old = (*row.cells, *(None for _ in range(width - len(row.cells))))
    return RawRow(row.number, tuple(fresh.get(at, value) or None for at, value in enumerate(old)))


def lines_of(table: SheetTable, draft: SheetDraft, at_hand: Understanding) -> None:
    """Read all rows of a sheet into the draft."""
    sheet = table.sheet
    own = [column for column in sheet.columns if not column.of and column.key in table.columns]
    other = [column for column in sheet.columns if column.of and column.key in table.columns]
    draft.given[sheet.key] = draft.given.get(sheet.key, frozenset()) | {column.into for column in own}
    if other:
        draft.given[other[0].of] = (
            draft.given.get(other[0].of, frozenset()) | {column.into for column in other} | {"login"}
        )
    for row in table.rows:
        spot = Spot(sheet.key, row.number)
        values = _values(table, row, own, draft, at_hand)
        if sheet.key == "people" and not values.get("login"):
            values["login"] = draft.invented.get(spot)
        _add(sheet.key, values, spot, draft)
        if other:
            _mandate(values["login"], _values(table, row, other, draft, at_hand), spot, draft)


def _values(
    table: SheetTable, row: RawRow, columns: Sequence[SheetColumn], draft: SheetDraft, at_hand: Understanding
) -> dict[str, Written]:
    """The fields of a row that are written; those that are not keep what the noun takes for nothing."""
    spot = Spot(table.sheet.key, row.number)
    found: dict[str, Written] = {}
    for column in columns:
        value = table.cell(row, column.key)
        try:
            taken = written(column, value, at_hand.choices)
            if column.required and taken is None and spot.row not in table.torn:
                raise _empty(column)
        except Unclear as unclear:
            draft.refuse(spot, column.key, unclear, shown(value))
        else:
            found[column.into] = taken
    return found


def _empty(column: SheetColumn) -> Unclear:
    return Unclear(
        Said(f"没有写{column.title.zh}", f"the {column.title.en.casefold()} is missing"),
        Said("在这里填", "write it here"),
    )


def _add(kind: str, values: Mapping[str, Written], spot: Spot, draft: SheetDraft) -> None:
    """Make the noun of a row, unless something is wrong with it."""
    if spot in draft.bad:
        return
    filled = {name: value for name, value in values.items() if value is not None}
    if kind not in draft.lines:
        draft.lines[kind] = Portions(PlacedLine)
    draft.lines[kind].append(PlacedLine(msgspec.convert(filled, KINDS[kind]), spot))


def _mandate(login: Written, values: Mapping[str, Written], spot: Spot, draft: SheetDraft) -> None:
    if not any(values.values()) or spot in draft.bad:
        return
    for column in BY_KEY["people"].columns:
        if column.of and column.into in ("level", "since", "until") and not values.get(column.into):
            draft.refuse(spot, column.key, _no_term(column))
    _add("mandates", {"login": login, **values}, spot, draft)


def _no_term(column: SheetColumn) -> Unclear:
    return Unclear(
        Said(f"代表没有写{column.title.zh}", f"the deputy's {column.title.en.casefold()} is missing"),
        Said(
            "代表的层级、任期起、任期止都要写；不是代表的，这几列都留空",
            "of a deputy write level, term from and term until; of anybody else, none of them",
        ),
    )


def shown(value: Value) -> str:
    """A cell as people see it."""
    if isinstance(value, Formula):
        return "=…" if value.result is None else f"={value.result}"
    if isinstance(value, Dated | Timed):
        return str(value.at).removesuffix(" 00:00:00")
    try:
        return clean(value) or ""
    except Unclear:
        return str(value)

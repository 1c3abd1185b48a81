"""Reading a workbook against the register: which lists there are to choose from, then sheet by sheet, then what all of it has to keep to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import cast

from definitions.text import Said
from huying.register.nouns import KINDS, NINE_HAVES, Lines, ListedCode, Person
from huying.register.workbook.cell import Unclear, prose
from huying.register.workbook.checks import check
from huying.register.workbook.choices import FIXED, LISTS, WORDS, OptionList, SheetOption, fixed
from huying.register.workbook.doubt import doubt
from huying.register.workbook.draft import Correction, SheetDraft, Spot, Understanding, corrected, lines_of, shown
from huying.register.workbook.people import described, settle_logins, text_of
from huying.register.workbook.raw import RawRow, RawWorkbook
from huying.register.workbook.table import SheetTable

_CODED = ("areas", "organisations", "stations")
_CODE_LISTS = ("industries", "competences", "delegations", "haves")


def read_workbook(
    book: RawWorkbook, current: Lines, today: date, calendars: Sequence[str], corrections: Sequence[Correction] = ()
) -> SheetDraft:
    """What the workbook says, against the register as it is; every finding at once."""
    tables, draft = corrected(book, corrections)
    if "people" in tables:
        settle_logins(tables["people"], draft, current)
    at_hand = Understanding(current, lists(current, calendars, tables, draft), today)
    for kind in KINDS:
        if kind in tables:
            lines_of(tables[kind], draft, at_hand)
    check(draft, at_hand)
    doubt(draft, at_hand)
    order = {kind: place for place, kind in enumerate(KINDS)}
    draft.findings.sort(key=lambda f: (not f.error, order.get(f.sheet, -1), f.row or 0, f.letter or ""))
    return draft


def lists(
    current: Lines, calendars: Sequence[str], tables: Mapping[str, SheetTable], draft: SheetDraft
) -> Mapping[str, OptionList]:
    """All lists that columns take from: the program's own, and what the register and the file know together."""
    found = {name: fixed(name) for name in FIXED}
    entries = cast(Sequence[ListedCode], current.get("codes", ()))
    told = {one.code for one in LISTS}
    own = [
        SheetOption(name, Said(name, name)) for name in dict.fromkeys(one.list for one in entries) if name not in told
    ]
    found["lists"] = OptionList(WORDS["lists"], (*LISTS, *own))
    found["calendars"] = OptionList(WORDS["calendars"], (SheetOption(name, Said("", "")) for name in calendars))
    written = list(_codes(tables.get("codes"), found["lists"]))
    for name in _CODE_LISTS:
        known = [_entry(one) for one in entries if one.list == name]
        more = [option for listed, option in written if listed == name]
        if name == "haves" and not known and not more:
            more = [SheetOption(code, Said(*names)) for code, names in NINE_HAVES.items()]
        found[name] = OptionList(WORDS[name], (*known, *more))
    options = {kind: (*_kept(current, kind), *_scanned(tables.get(kind))) for kind in _CODED}
    for kind in _CODED:
        found[kind] = OptionList(WORDS[kind], options[kind])
    found["places"] = OptionList(WORDS["places"], (*options["stations"], *options["organisations"]))
    found["people"] = OptionList(WORDS["people"], (*_persons(current), *_written_people(tables.get("people"), draft)))
    return found


def _entry(one: ListedCode) -> SheetOption:
    return SheetOption(one.code, Said(one.name_zh, one.name_en or one.name_zh))


def _kept(current: Lines, kind: str) -> Iterator[SheetOption]:
    for line in current.get(kind, ()):
        yield SheetOption(line.code, Said(line.name_zh, line.name_en or line.name_zh))  # type: ignore[union-attr]


def _persons(current: Lines) -> Iterable[SheetOption]:
    people = cast(Sequence[Person], current.get("people", ()))
    return (SheetOption(one.login, Said(one.name, one.name), described(one)) for one in people)


def _scanned(table: SheetTable | None) -> Iterator[SheetOption]:
    """The codes and names that a sheet brings, whatever else is wrong with their rows."""
    return (option for _, option in _rows(table))


def _rows(table: SheetTable | None) -> Iterator[tuple[RawRow, SheetOption]]:
    if table is None:
        return
    for row in table.rows:
        code = text_of(table.cell(row, "code"))
        if code:
            zh, en = (prose(shown(table.cell(row, key))) for key in ("name_zh", "name_en"))
            yield row, SheetOption(code, Said(zh or "", en or zh or ""))


def _codes(table: SheetTable | None, known: OptionList) -> Iterator[tuple[str, SheetOption]]:
    """The entries of code lists that a sheet brings, with the list of each."""
    for row, option in _rows(table):
        text = (text_of(table.cell(row, "list")) if table else None) or ""
        try:
            yield known.code(text), option
        except Unclear:
            yield text, option


def _written_people(table: SheetTable | None, draft: SheetDraft) -> Iterator[SheetOption]:
    if table is None:
        return
    for row in table.rows:
        login = text_of(table.cell(row, "login")) or draft.invented.get(Spot("people", row.number))
        name = prose(shown(table.cell(row, "name")))
        if login and name:
            phone, unit = (text_of(table.cell(row, key)) for key in ("phone", "unit"))
            yield SheetOption(login, Said(name, name), described(Person(login, name, "", phone=phone, unit=unit)))

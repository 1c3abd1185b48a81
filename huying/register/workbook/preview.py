"""What an import would come to, as it is shown before anything is written, and kept for those who look at it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from definitions.text import Said
from engine.noun import Noun
from huying.register.nouns import Lines, RegisterNoun
from huying.register.workbook.absent import ENDABLE, endings, hindrances, in_force, too_many
from huying.register.workbook.comparison import Comparison, LineChange, compare
from huying.register.workbook.draft import Correction, SheetDraft, Spot
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.layout import GUIDE, SHEETS
from huying.register.workbook.raw import RawWorkbook
from huying.register.workbook.reader import read_workbook
from huying.register.workbook.store import digest, register_lines
from huying.register.workbook.template import STAMP


class SheetSum(Noun, frozen=True):
    """The figures of a sheet: rows read (hidden ones among them), new, changed and same lines, rows with an error, warnings.

    ``absent``: lines in force of which the file does not speak; ``ends``: whether they are to end; ``many``: so many that the number is asked for.
    """

    sheet: str
    rows: int
    hidden: int
    new: int
    changed: int
    same: int
    bad: int
    doubts: int
    absent: int = 0
    ends: bool = False
    many: bool = False


class ImportPreview(Noun, frozen=True):
    """All of it; ``base`` is the digest of the register with which the file was compared, ``invented`` are logins made up: (row, login, name)."""

    base: str
    sums: tuple[SheetSum, ...]
    changes: tuple[LineChange, ...]
    findings: tuple[SheetFinding, ...]
    not_read: tuple[Said, ...]
    bad: tuple[tuple[str, int], ...]
    invented: tuple[tuple[int, str, str], ...] = ()
    absent: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def errors(self) -> tuple[SheetFinding, ...]:
        """What keeps rows from being written."""
        return tuple(one for one in self.findings if one.error)

    @property
    def doubts(self) -> tuple[SheetFinding, ...]:
        """What somebody should look at."""
        return tuple(one for one in self.findings if not one.error)


class ImportWishes(Noun, frozen=True):
    """What somebody said about a workbook: cells put right, and the sheets whose absent lines are to end."""

    corrections: tuple[Correction, ...] = ()
    ends: tuple[str, ...] = ()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(ImportPreview)


def preview_of(
    connection: Connection, book: RawWorkbook, wanted: ImportWishes, today: date, calendars: Sequence[str]
) -> ImportPreview:
    """The preview of a workbook against the register as it is now."""
    current = register_lines(connection)
    draft = read_workbook(book, current, today, calendars, wanted.corrections)
    found = compare(current, draft)
    ending = {kind: endings(kind, lines, today) for kind, lines in found.absent.items() if kind in ENDABLE}
    changes = [*found.changes, *(one for kind in wanted.ends for one in ending.get(kind, ()))]
    for change, finding in hindrances(connection, changes, current):
        changes.remove(change)
        draft.findings.insert(0, finding)
        if change.row is not None:
            draft.bad.add(Spot(change.sheet, change.row))
    base = digest(current)
    if (stale := _stale(book, base)) is not None:
        draft.findings.append(stale)
    shown = {
        kind: tuple(_named(line) for line in lines if in_force(line, kind, today))
        for kind, lines in found.absent.items()
    }
    sums = tuple(_sum(draft, found, changes, count, (current, wanted, shown, today)) for count in draft.counts)
    return ImportPreview(
        base=base,
        sums=sums,
        changes=tuple(changes),
        findings=tuple(draft.findings),
        not_read=draft.not_read,
        bad=tuple(sorted((spot.sheet, spot.row) for spot in draft.bad)),
        invented=_invented(draft, current),
        absent={kind: names[:50] for kind, names in shown.items() if names},
    )


def _named(line: RegisterNoun) -> str:
    parts = [
        getattr(line, name, None)
        for name in ("code", "login", "station", "place", "name_zh", "name", "have", "function", "weekday")
    ]
    return " ".join(str(part) for part in parts if part)


def _sum(
    draft: SheetDraft,
    found: Comparison,
    changes: Sequence[LineChange],
    count: tuple[str, int, int],
    more: tuple[Lines, ImportWishes, Mapping[str, tuple[str, ...]], date],
) -> SheetSum:
    (sheet, rows, hidden), (current, wanted, shown, today) = count, more
    own = [one for one in changes if one.sheet == sheet and one.row is not None]
    absent = len(shown.get(sheet, ())) if sheet in ENDABLE else 0
    return SheetSum(
        sheet=sheet,
        rows=rows,
        hidden=hidden,
        new=len({one.row for one in own if one.before is None and one.kind == sheet}),
        changed=len({one.row for one in own} - {one.row for one in own if one.before is None and one.kind == sheet}),
        same=rows - len({one.row for one in own}) - len({spot.row for spot in draft.bad if spot.sheet == sheet}),
        bad=len({spot.row for spot in draft.bad if spot.sheet == sheet}),
        doubts=sum(not one.error and one.sheet == sheet for one in draft.findings),
        absent=absent,
        ends=sheet in wanted.ends,
        many=too_many(sheet, absent, current, today),
    )


def _invented(draft: SheetDraft, current: Lines) -> tuple[tuple[int, str, str], ...]:
    known = {getattr(line, "login", "") for line in current.get("people", ())}
    names = {placed.spot: getattr(placed.line, "name", "") for placed in draft.lines.get("people", ())}
    new = [(spot, login) for spot, login in draft.invented.items() if login not in known]
    return tuple((spot.row, login, names.get(spot, "")) for spot, login in sorted(new))


def _stale(book: RawWorkbook, base: str) -> SheetFinding | None:
    """A warning if the register was changed after the workbook was made from it."""
    pattern = re.compile(re.escape(STAMP) + r"([0-9a-f]{24})")
    for sheet in book.sheets:
        if sheet.name != GUIDE:
            continue
        for row in sheet.rows:
            for cell in row.cells:
                found = pattern.search(cell) if isinstance(cell, str) else None
                if found and found[1] != base:
                    return SheetFinding(
                        GUIDE,
                        None,
                        None,
                        None,
                        "",
                        Said("这份表格导出以后，名册又改过", "the register was changed after this workbook was made"),
                        Said(
                            "核对“更改”里有没有把新的改回旧的",
                            "look whether a change would put something new back to what was",
                        ),
                        error=False,
                    )
    return None


def packed_preview(preview: ImportPreview) -> bytes:
    """The preview as bytes."""
    return zlib.compress(_ENCODER.encode(preview), 3)


def unpacked_preview(content: bytes) -> ImportPreview:
    """The preview of these bytes."""
    return _DECODER.decode(zlib.decompress(content))


def title_of(sheet: str) -> Said:
    """What a sheet is called."""
    return next((one.title for one in SHEETS if one.key == sheet), Said(sheet, sheet))

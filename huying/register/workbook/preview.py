"""What an import would come to, as it is shown before anything is written, and kept for those who look at it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection

from definitions.text import Said
from engine.noun import Noun
from huying.register.nouns import NINE_HAVES, Lines, ListedCode, RegisterNoun
from huying.register.workbook.absent import ENDABLE, endings, hindrances, in_force, too_many
from huying.register.workbook.comparison import LineChange, compare
from huying.register.workbook.draft import Correction, SheetCount, SheetDraft, Spot
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.grants import settled
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
    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    doubts: int = 0
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


#: So many of what a file does not speak of are named.
_MOST_NAMED = 50
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
    changes = [
        *_nine_haves(current, found.changes),
        *found.changes,
        *(one for kind in wanted.ends for one in ending.get(kind, ())),
    ]
    changes, granted = settled(changes)
    draft.findings += granted
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
    kept = {kind: len(names) for kind, names in shown.items()}
    found_out = ImportPreview(
        base=base,
        sums=tuple(_sum(count, kept, current, wanted, today) for count in draft.counts),
        changes=tuple(changes),
        findings=tuple(draft.findings),
        not_read=draft.not_read,
        bad=tuple(sorted((spot.sheet, spot.row) for spot in draft.bad)),
        invented=_invented(draft, current),
        absent={kind: names[:_MOST_NAMED] for kind, names in shown.items() if names},
    )
    return _summed(found_out)


def _nine_haves(current: Lines, changes: Sequence[LineChange]) -> Iterator[LineChange]:
    """The list of haves, if stations have some and nobody has written it yet."""
    listed = (*current.get("codes", ()), *(change.after for change in changes if change.kind == "codes"))
    if any(change.kind == "haves" for change in changes) and not any(
        getattr(one, "list", "") == "haves" for one in listed
    ):
        for at, (code, names) in enumerate(NINE_HAVES.items()):
            yield LineChange("codes", None, ListedCode("haves", code, *names, at), "codes", None)


def _named(line: RegisterNoun) -> str:
    parts = [
        getattr(line, name, None)
        for name in ("code", "login", "station", "place", "name_zh", "name", "have", "function", "weekday")
    ]
    return " ".join(str(part) for part in parts if part)


def _sum(count: SheetCount, kept: Mapping[str, int], current: Lines, wanted: ImportWishes, today: date) -> SheetSum:
    """The figures of a sheet that no correction of single rows changes."""
    absent = kept.get(count.sheet, 0) if count.sheet in ENDABLE else 0
    return SheetSum(
        sheet=count.sheet,
        rows=count.rows,
        hidden=count.hidden,
        absent=absent,
        ends=count.sheet in wanted.ends,
        many=too_many(count.sheet, absent, current, today),
    )


def _summed(preview: ImportPreview) -> ImportPreview:
    """The preview with the figures of its sheets."""

    def figures(one: SheetSum) -> SheetSum:
        own = [change for change in preview.changes if change.sheet == one.sheet and change.row is not None]
        new = {change.row for change in own if change.before is None and change.kind == one.sheet}
        touched = {change.row for change in own}
        bad = {row for sheet, row in preview.bad if sheet == one.sheet}
        return msgspec.structs.replace(
            one,
            new=len(new),
            changed=len(touched - new),
            same=one.rows - len(touched | bad),
            bad=len(bad),
            doubts=sum(not told.error and told.sheet == one.sheet for told in preview.findings),
        )

    return msgspec.structs.replace(preview, sums=tuple(map(figures, preview.sums)))


def without(preview: ImportPreview, told: Sequence[tuple[LineChange, SheetFinding]]) -> ImportPreview:
    """The preview without lines that are not taken, each with the finding that says why."""
    rows = {(change.sheet, change.row) for change, _ in told}
    alone = {id(change) for change, _ in told}
    kept = tuple(
        one for one in preview.changes if id(one) not in alone and (one.row is None or (one.sheet, one.row) not in rows)
    )
    known = {(one.sheet, one.row, one.wrong) for one in preview.findings}
    fresh = {(one.sheet, one.row, one.wrong): one for _, one in told}
    findings = (*(one for where, one in fresh.items() if where not in known), *preview.findings)
    bad = {*preview.bad, *((sheet, row) for sheet, row in rows if row is not None)}
    return _summed(msgspec.structs.replace(preview, changes=kept, findings=findings, bad=tuple(sorted(bad))))


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

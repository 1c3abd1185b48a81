"""What an import would come to, as it is shown before anything is written, and kept for those who look at it."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

import msgspec
from sqlalchemy import Connection

from definitions.text import Said
from engine.noun import Noun
from huying.register.nouns import NINE_HAVES, Lines, ListedCode, RegisterNoun, key_bytes
from huying.register.workbook.absent import ENDABLE, endings, hindrances, in_force, too_many
from huying.register.workbook.comparison import LineChange, compare
from huying.register.workbook.draft import Correction, SheetCount, SheetDraft, Spot
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.grants import settled
from huying.register.workbook.layout import GUIDE, SHEETS
from huying.register.workbook.portions import Portions
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
    portions: tuple[bytes, ...]
    findings: tuple[SheetFinding, ...]
    not_read: tuple[Said, ...]
    bad: tuple[tuple[str, int], ...]
    invented: tuple[tuple[int, str, str], ...] = ()
    absent: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def changes(self) -> Portions[LineChange]:
        """What would change, line by line."""
        return Portions(LineChange, frames=self.portions)

    @property
    def errors(self) -> tuple[SheetFinding, ...]:
        """What keeps rows from being written."""
        return tuple(one for one in self.findings if one.error)

    @property
    def doubts(self) -> tuple[SheetFinding, ...]:
        """What somebody should look at."""
        return tuple(one for one in self.findings if not one.error)


class _WholePreview(Noun, frozen=True):
    """A preview as versions before 0.6 kept it for seven days."""

    base: str
    sums: tuple[SheetSum, ...]
    changes: tuple[LineChange, ...]
    findings: tuple[SheetFinding, ...]
    not_read: tuple[Said, ...]
    bad: tuple[tuple[str, int], ...]
    invented: tuple[tuple[int, str, str], ...] = ()
    absent: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


class ImportWishes(Noun, frozen=True):
    """What somebody said about a workbook: cells put right, and the sheets whose absent lines are to end."""

    corrections: tuple[Correction, ...] = ()
    ends: tuple[str, ...] = ()


#: So many of what a file does not speak of are named.
_MOST_NAMED = 50
_ENCODER = msgspec.msgpack.Encoder()
_DECODER, _FORMER = msgspec.msgpack.Decoder(ImportPreview), msgspec.msgpack.Decoder(_WholePreview)


def preview_of(
    connection: Connection, book: RawWorkbook, wanted: ImportWishes, today: date, calendars: Sequence[str]
) -> ImportPreview:
    """The preview of a workbook against the register as it is now."""
    current = register_lines(connection)
    draft = read_workbook(book, current, today, calendars, wanted.corrections)
    found = compare(current, draft)
    made_up = _invented(draft, current)
    draft.lines.clear()
    ending = (
        one for kind in wanted.ends if kind in ENDABLE for one in endings(kind, found.absent.get(kind, ()), today)
    )
    changes, granted = settled(chain(_nine_haves(current, found.changes), found.changes, ending))
    draft.findings += granted
    changes = _unhindered(connection, changes, current, draft)
    base = digest(current)
    if (stale := _stale(book, base)) is not None:
        draft.findings.append(stale)
    names = {
        kind: [_named(line) for line in islice(_left(lines, kind, today), _MOST_NAMED)]
        for kind, lines in found.absent.items()
    }
    kept = {kind: sum(1 for _ in _left(lines, kind, today)) for kind, lines in found.absent.items()}
    found_out = ImportPreview(
        base=base,
        sums=tuple(_sum(count, kept, current, wanted, today) for count in draft.counts),
        portions=changes.packed(),
        findings=tuple(draft.findings),
        not_read=draft.not_read,
        bad=tuple(sorted((spot.sheet, spot.row) for spot in draft.bad)),
        invented=made_up,
        absent={kind: tuple(few) for kind, few in names.items() if few},
    )
    return _summed(found_out)


def _left(lines: Iterable[RegisterNoun], kind: str, today: date) -> Iterator[RegisterNoun]:
    return (line for line in lines if in_force(line, kind, today))


def _unhindered(
    connection: Connection, changes: Portions[LineChange], current: Lines, draft: SheetDraft
) -> Portions[LineChange]:
    """The changes that can be made; of the others the draft tells."""
    refused = set[tuple[str, bytes]]()
    for change, finding in hindrances(connection, changes, current):
        refused.add((change.kind, key_bytes(change.kind, change.after)))
        draft.findings.insert(0, finding)
        if change.row is not None:
            draft.bad.add(Spot(change.sheet, change.row))
    if not refused:
        return changes
    return Portions(LineChange, (one for one in changes if (one.kind, key_bytes(one.kind, one.after)) not in refused))


def _nine_haves(current: Lines, changes: Sequence[LineChange]) -> Iterator[LineChange]:
    """The list of haves, if stations have some and nobody has written it yet."""
    listed = chain(current.get("codes", ()), (change.after for change in changes if change.kind == "codes"))
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


_TOUCHED, _NEW = 1, 2


def _summed(preview: ImportPreview) -> ImportPreview:
    """The preview with the figures of its sheets."""
    rows: dict[str, dict[int, int]] = defaultdict(dict)
    for change in preview.changes:
        if change.row is not None:
            own = rows[change.sheet]
            fresh = change.before is None and change.kind == change.sheet
            own[change.row] = own.get(change.row, 0) | (_NEW if fresh else _TOUCHED)

    def figures(one: SheetSum) -> SheetSum:
        own = rows.get(one.sheet, {})
        new = sum(bool(marks & _NEW) for marks in own.values())
        bad = {row for sheet, row in preview.bad if sheet == one.sheet}
        return msgspec.structs.replace(
            one,
            new=new,
            changed=len(own) - new,
            same=one.rows - len(own.keys() | bad),
            bad=len(bad),
            doubts=sum(not told.error and told.sheet == one.sheet for told in preview.findings),
        )

    return msgspec.structs.replace(preview, sums=tuple(map(figures, preview.sums)))


def without(preview: ImportPreview, told: Sequence[tuple[LineChange, SheetFinding]]) -> ImportPreview:
    """The preview without lines that are not taken, each with the finding that says why."""
    rows = {(change.sheet, change.row) for change, _ in told}
    alone = {(change.kind, key_bytes(change.kind, change.after)) for change, _ in told}
    kept = Portions(
        LineChange,
        (
            one
            for one in preview.changes
            if (one.kind, key_bytes(one.kind, one.after)) not in alone
            and (one.row is None or (one.sheet, one.row) not in rows)
        ),
    )
    known = {(one.sheet, one.row, one.wrong) for one in preview.findings}
    fresh = {(one.sheet, one.row, one.wrong): one for _, one in told}
    findings = (*(one for where, one in fresh.items() if where not in known), *preview.findings)
    bad = {*preview.bad, *((sheet, row) for sheet, row in rows if row is not None)}
    return _summed(msgspec.structs.replace(preview, portions=kept.packed(), findings=findings, bad=tuple(sorted(bad))))


def _invented(draft: SheetDraft, current: Lines) -> tuple[tuple[int, str, str], ...]:
    known = {getattr(line, "login", "") for line in current.get("people", ())}
    people = draft.lines.get("people", ()) if draft.invented else ()
    names = {placed.spot: getattr(placed.line, "name", "") for placed in people if placed.spot in draft.invented}
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
    plain = zlib.decompress(content)
    try:
        return _DECODER.decode(plain)
    except msgspec.ValidationError:
        former = _FORMER.decode(plain)
    told = {name: getattr(former, name) for name in former.__struct_fields__ if name != "changes"}
    return ImportPreview(portions=Portions(LineChange, former.changes).packed(), **told)


def title_of(sheet: str) -> Said:
    """What a sheet is called."""
    return next((one.title for one in SHEETS if one.key == sheet), Said(sheet, sheet))

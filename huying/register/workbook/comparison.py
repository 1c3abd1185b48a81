"""What a workbook would change in the register, line by line: new, changed, the same, and what the file does not speak of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from engine.noun import Noun
from huying.register.nouns import KEYS, KINDS, Lines, ListedCode, RegisterNoun, key_bytes, known_by
from huying.register.workbook.cell import prose
from huying.register.workbook.draft import PlacedLine, SheetDraft, every
from huying.register.workbook.portions import Portions


class LineChange(Noun, frozen=True):
    """A line as it is and as it would be; ``before`` is ``None`` for a new one. ``row`` of ``sheet`` says it."""

    kind: str
    before: RegisterNoun | None
    after: RegisterNoun
    sheet: str
    row: int | None

    def fields(self) -> tuple[str, ...]:
        """The fields that change."""
        names = self.after.__struct_fields__
        if self.before is None:
            return tuple(name for name in names if getattr(self.after, name) not in (None, ()))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


class Comparison(NamedTuple):
    """All changes, and by kind what the file does not speak of, of the kinds that it has a sheet for."""

    changes: Portions[LineChange]
    absent: dict[str, Portions[RegisterNoun]]


def compare(current: Lines, draft: SheetDraft) -> Comparison:
    """The good lines of a draft against the register; fields that the file does not speak of stay as they are."""
    changes, absent = Portions(LineChange), dict[str, Portions[RegisterNoun]]()
    for kind in KINDS:
        if kind not in draft.given:
            continue
        there = current.get(kind, ())
        meant = _Meant(kind, there, draft)
        found = _changes(kind, meant, draft)
        changes.extend(_in_place(there, list(found)) if kind == "codes" else found)
        spoken = {key_bytes(kind, placed.line) for placed in draft.lines.get(kind, ())} if there else set()
        missing = (line for at, line in enumerate(there) if at not in meant.met and key_bytes(kind, line) not in spoken)
        # lines in rows with an error are spoken of all the same
        absent[kind] = Portions(KINDS[kind], missing)
    return Comparison(changes, absent)


def _changes(kind: str, meant: _Meant, draft: SheetDraft) -> Iterator[LineChange]:
    for placed in every(draft, kind):
        change = _change(kind, meant.by(placed.line), placed, draft.given[kind])
        if change is not None:
            yield change


def _in_place(current: Sequence[RegisterNoun], changes: Sequence[LineChange]) -> Iterator[LineChange]:
    """New codes without a position stand behind those of their list, in the order of the file."""
    last: dict[str, int] = {}
    for line in (*current, *(change.after for change in changes)):
        if isinstance(line, ListedCode) and line.position is not None:
            last[line.list] = max(last.get(line.list, -1), line.position)
    for change in changes:
        line = change.after
        if change.before is None and isinstance(line, ListedCode) and line.position is None:
            last[line.list] = last.get(line.list, -1) + 1
            yield msgspec.structs.replace(change, after=msgspec.structs.replace(line, position=last[line.list]))
        else:
            yield change


class _Meant:
    """Which line of the register each line of the file means: that of the same key, else the only one that differs in its first day alone.

    ``met`` are the places of those that are meant.
    """

    def __init__(self, kind: str, current: Sequence[RegisterNoun], draft: SheetDraft) -> None:
        self._kind, self._current = kind, current
        self._known = {key_bytes(kind, line): at for at, line in enumerate(current)}
        keys = (key_bytes(kind, placed.line) for placed in every(draft, kind)) if current else ()
        self.met = {self._known[key] for key in keys if key in self._known}
        self._nearly: dict[tuple[object, ...], int] = {}
        if KEYS[kind][-1] in ("since", "starts_at") and len(self.met) < len(current):
            self._match(draft)

    def by(self, line: RegisterNoun) -> RegisterNoun | None:
        """The line of the register that one of the file means."""
        at = self._known.get(key_bytes(self._kind, line))
        if at is None:
            at = self._nearly.get(self._short(line))
        return None if at is None else self._current[at]

    def _match(self, draft: SheetDraft) -> None:
        left: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for at, line in enumerate(self._current):
            if at not in self.met:
                left[self._short(line)].append(at)
        lines = (placed.line for placed in every(draft, self._kind))
        new = Counter(self._short(line) for line in lines if key_bytes(self._kind, line) not in self._known)
        self._nearly = {short: left[short][0] for short, count in new.items() if count == len(left.get(short, ())) == 1}
        self.met.update(self._nearly.values())

    def _short(self, line: RegisterNoun) -> tuple[object, ...]:
        return known_by(self._kind, line).parts[:-1]


def _change(kind: str, before: RegisterNoun | None, placed: PlacedLine, given: frozenset[str]) -> LineChange | None:
    line, spot = placed
    if before is None:
        return LineChange(kind, None, line, spot.sheet, spot.row)
    if isinstance(line, ListedCode) and line.position is None:
        given = given - {"position"}
    wanted = {
        name: getattr(line, name)
        for name in line.__struct_fields__
        if name in given and not _alike(getattr(before, name), getattr(line, name))
    }
    if kind == "memberships" and "level" not in given:
        wanted.pop("level", None)
    return LineChange(kind, before, msgspec.structs.replace(before, **wanted), spot.sheet, spot.row) if wanted else None


def _alike(before: object, after: object) -> bool:
    """Whether nothing has changed but how it is typed: a register may hold what was entered before anybody cleaned it."""
    if before == after:
        return True
    if isinstance(before, str) and (isinstance(after, str) or after is None):
        return prose(before) == after
    return isinstance(before, tuple) and isinstance(after, tuple) and set(before) == set(after)

"""What a workbook would change in the register, line by line: new, changed, the same, and what the file does not speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from engine.noun import Noun
from huying.register.nouns import KEYS, KINDS, LineKey, Lines, ListedCode, RegisterNoun, known_by
from huying.register.workbook.cell import prose
from huying.register.workbook.draft import PlacedLine, SheetDraft, every


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


class Comparison(Noun, frozen=True):
    """All changes; how many lines of each kind stay the same; what the file does not speak of, by kind, of the kinds that it has a sheet for."""

    changes: tuple[LineChange, ...]
    same: dict[str, int]
    absent: dict[str, tuple[RegisterNoun, ...]]


def compare(current: Lines, draft: SheetDraft) -> Comparison:
    """The good lines of a draft against the register; fields that the file does not speak of stay as they are."""
    changes: list[LineChange] = []
    same: dict[str, int] = {}
    absent: dict[str, tuple[RegisterNoun, ...]] = {}
    for kind in KINDS:
        if kind not in draft.given:
            continue
        placed = list(every(draft, kind))
        pairs = _pairs(kind, current.get(kind, ()), placed)
        found = [_change(kind, before, one, draft.given[kind]) for one, before in pairs]
        changes += [change for change in found if change is not None]
        same[kind] = sum(change is None for change in found)
        met = {id(before) for _, before in pairs if before is not None}
        spoken = _spoken_of(kind, draft)
        absent[kind] = tuple(
            line for line in current.get(kind, ()) if id(line) not in met and known_by(kind, line) not in spoken
        )
    return Comparison(tuple(_in_place(current, changes)), same, absent)


def _in_place(current: Lines, changes: Sequence[LineChange]) -> Iterator[LineChange]:
    """New codes without a position stand behind those of their list, in the order of the file."""
    last: dict[str, int] = {}
    for line in (*current.get("codes", ()), *(change.after for change in changes)):
        if isinstance(line, ListedCode) and line.position is not None:
            last[line.list] = max(last.get(line.list, -1), line.position)
    for change in changes:
        line = change.after
        if change.before is None and isinstance(line, ListedCode) and line.position is None:
            last[line.list] = last.get(line.list, -1) + 1
            yield msgspec.structs.replace(change, after=msgspec.structs.replace(line, position=last[line.list]))
        else:
            yield change


def _spoken_of(kind: str, draft: SheetDraft) -> set[LineKey]:
    """Lines in rows with an error are spoken of all the same."""
    return {known_by(kind, placed.line) for placed in draft.lines.get(kind, ())}


def _pairs(
    kind: str, current: Sequence[RegisterNoun], placed: Sequence[PlacedLine]
) -> list[tuple[PlacedLine, RegisterNoun | None]]:
    """Each line of the file with that of the register which it means: of the same key, else the only one that differs in its first day alone."""
    known = {known_by(kind, line): line for line in current}
    pairs = [(one, known.get(known_by(kind, one.line))) for one in placed]
    if KEYS[kind][-1] not in ("since", "starts_at"):
        return pairs
    met = {id(before) for _, before in pairs if before is not None}
    left: Mapping[Any, list[RegisterNoun]] = _grouped(kind, (line for line in current if id(line) not in met))
    new: Mapping[Any, list[RegisterNoun]] = _grouped(kind, (one.line for one, before in pairs if before is None))

    def meant(one: PlacedLine, before: RegisterNoun | None) -> RegisterNoun | None:
        short = known_by(kind, one.line).parts[:-1]
        sole = len(left.get(short, ())) == 1 and len(new.get(short, ())) == 1
        return left[short][0] if before is None and sole else before

    return [(one, meant(one, before)) for one, before in pairs]


def _grouped(kind: str, lines: Iterator[RegisterNoun]) -> Mapping[Any, list[RegisterNoun]]:
    found: Mapping[Any, list[RegisterNoun]] = defaultdict(list)
    for line in lines:
        found[known_by(kind, line).parts[:-1]].append(line)
    return found


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

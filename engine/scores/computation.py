"""The computation: entries and a table in, a result out. No clock, no database; the order of the entries changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from definitions.scores.table import ScoreItem, ScoreTable
from engine.scores.entry import AWAY, ScoredEntry
from engine.scores.result import Cut, GroupScore, ItemScore, Score, ScoreLine, ScoreReason, Shortfall

_NONE = Fraction(0)


def score(table: ScoreTable, entries: Iterable[ScoredEntry]) -> Score:
    """What these entries are worth by this table; every point is a sum of lines, caps and the base, and nothing else."""
    ordered = sorted(entries, key=lambda one: (one.day, one.key))
    items = _highest(table, {key: _item(key, item, ordered) for key, item in table.items.items()})
    groups = tuple(_groups(table, items))
    alone = sum((one.points for key, one in items.items() if table.items[key].group is None), _NONE)
    total = table.base + alone + sum((one.points for one in groups), _NONE)
    points, cut = _within(total, table.at_most, table.at_least)
    shortfalls = tuple(
        Shortfall(key, items[key].number, wanted) for key, wanted in table.minimum.items() if items[key].number < wanted
    )
    seen = {line.entry for one in items.values() for line in one.lines}
    return Score(
        base=table.base,
        items=tuple(items.values()),
        groups=groups,
        sum=total,
        points=points,
        cut=cut,
        band=_band(table, points, missed=bool(shortfalls)),
        shortfalls=shortfalls,
        left_out=tuple(one.key for one in ordered if one.key not in seen),
    )


def _within(value: Fraction, most: Fraction | None, least: Fraction | None) -> tuple[Fraction, Cut]:
    if most is not None and value > most:
        return most, "at most"
    if least is not None and value < least:
        return least, "at least"
    return value, ""


# -- one item


def _item(key: str, item: ScoreItem, ordered: Sequence[ScoredEntry]) -> ItemScore:
    mine = [one for one in ordered if _fits(item, one)]
    lines = _first(item, _once(item, mine, [_line(item, one) for one in mine]))
    if item.target is not None:
        lines, whole = _with_target(item, lines)
    elif item.share_of is not None:
        lines, whole = _with_share(item, mine, lines)
    else:
        whole = sum((line.points for line in lines), _NONE)
    points, cut = _within(whole, item.at_most, item.at_least)
    return ItemScore(key, tuple(lines), whole, points, cut)


def _fits(item: ScoreItem, entry: ScoredEntry) -> bool:
    where = item.where
    return (
        entry.kind in item.counts
        and (not where.part or entry.part in where.part)
        and (not where.level or entry.level in where.level)
        and (not where.mark or not set(where.mark).isdisjoint(entry.marks))
    )


def _line(item: ScoreItem, entry: ScoredEntry) -> ScoreLine:
    """What an entry is worth by itself."""
    named = entry.part in item.by_part or entry.part in item.where.part
    if entry.part in AWAY and not named:
        return _nothing(entry, "away", entry.part)
    if item.evidence == "required" and not entry.evidence:
        return _nothing(entry, "evidence")
    worth = _worth(item, entry)
    if worth is None:
        return _nothing(entry, "not worth", entry.level or entry.part)
    units = {"entry": 1, "half-day": entry.half_days, "day": (entry.half_days + 1) // 2, "number": entry.number}
    reasons = [worth, *_marks(item, entry)]
    times = units[item.each]
    points = worth.points * times + sum((one.points for one in reasons[1:]), _NONE)
    return ScoreLine(entry.key, points, times, tuple(reasons))


def _nothing(entry: ScoredEntry, why: str, about: str = "") -> ScoreLine:
    return ScoreLine(entry.key, _NONE, 0, (ScoreReason(why, about, _NONE),))  # type: ignore[arg-type]


def _worth(item: ScoreItem, entry: ScoredEntry) -> ScoreReason | None:
    """What one of it is worth: by its level, else as every one; of that, or instead of it, what its part is worth."""
    if item.target is not None or item.share_of is not None:
        return ScoreReason("target" if item.target else "share", "", _NONE)
    whole = item.by_level.get(entry.level, item.points)
    part = item.by_part.get(entry.part)
    if part is not None and part.points is not None:
        return ScoreReason("part", entry.part, part.points)
    if whole is None:
        return None
    if part is not None:
        return ScoreReason("part", entry.part, whole * (part.share if part.share is not None else _rest(item, entry)))
    return ScoreReason("level", entry.level, whole) if entry.level in item.by_level else ScoreReason("each", "", whole)


def _rest(item: ScoreItem, entry: ScoredEntry) -> Fraction:
    """The share of one of those who divide what the first leaves."""
    taken = sum((one.share for one in item.by_part.values() if one.share is not None), _NONE)
    return max(_NONE, 1 - taken) / max(1, entry.signers - (1 if taken else 0))


def _marks(item: ScoreItem, entry: ScoredEntry) -> list[ScoreReason]:
    """What was added later to the same entry."""
    found = []
    for mark in sorted(set(entry.marks) & set(item.marks)):
        worth = item.marks[mark]
        points = worth.get(entry.part, _NONE) if isinstance(worth, Mapping) else worth
        found.append(ScoreReason("mark", mark, points))
    if item.of_marks == "highest" and found:
        return [max(found, key=lambda one: one.points)]
    return found


# -- several entries of an item


def _once(item: ScoreItem, entries: Sequence[ScoredEntry], lines: Sequence[ScoreLine]) -> list[ScoreLine]:
    """Of entries about the same thing only the one that is worth most, the earliest of equals."""
    if item.once is None:
        return list(lines)
    same: dict[str, list[int]] = defaultdict(list)
    for at, (entry, line) in enumerate(zip(entries, lines, strict=True)):
        thing = entry.matter if item.once == "matter" else entry.day.isoformat()
        if thing and line.counted:
            same[thing].append(at)
    found = list(lines)
    for several in same.values():
        best = max(several, key=lambda at: (lines[at].points, -at))
        for at in several:
            if at != best:
                found[at] = _nothing(entries[at], "same", entries[best].key)
    return found


def _first(item: ScoreItem, lines: Sequence[ScoreLine]) -> list[ScoreLine]:
    """The first that counts is worth something else; only as far as it is worth what every one is."""
    found = list(lines)
    if item.first is None:
        return found
    for at, line in enumerate(lines):
        if line.counted and line.reasons[0].why == "each":
            each = line.reasons[0].points
            reason = ScoreReason("first", "", item.first)
            reasons = (reason, *line.reasons[1:])
            found[at] = replace(line, points=line.points + item.first - each, reasons=reasons)
            break
    return found


def _with_target(item: ScoreItem, lines: list[ScoreLine]) -> tuple[list[ScoreLine], Fraction]:
    assert item.target is not None
    number = sum(line.units for line in lines if line.counted)
    off = number - item.target.number
    step = item.target.more if off > 0 else item.target.fewer
    marks = sum((line.points for line in lines), _NONE)
    return lines, item.target.points + (off * step if off > 0 else off * abs(step)) + marks


def _with_share(
    item: ScoreItem, entries: Sequence[ScoredEntry], lines: list[ScoreLine]
) -> tuple[list[ScoreLine], Fraction]:
    counted = [entry for entry, line in zip(entries, lines, strict=True) if line.counted]
    having = [entry for entry in counted if _has(entry, item.share_of or "")]
    marks = sum((line.points for line in lines), _NONE)
    share = Fraction(len(having), len(counted)) if counted else _NONE
    return lines, (item.points or _NONE) * share + marks


def _has(entry: ScoredEntry, what: str) -> bool:
    """Whether an entry is of a part or bears a mark; ``present`` is whoever was not away."""
    return entry.part not in AWAY if what == "present" else what == entry.part or what in entry.marks


# -- items together


def _highest(table: ScoreTable, items: Mapping[str, ItemScore]) -> dict[str, ItemScore]:
    """Of a set of which only the highest counts all others have no points."""
    found = dict(items)
    for several in table.only_the_highest_of:
        best = max(several, key=lambda key: (items[key].points, -several.index(key)))
        for key in several:
            if key != best and found[key].points > 0:
                found[key] = replace(found[key], points=_NONE, cut="lower")
    return found


def _groups(table: ScoreTable, items: Mapping[str, ItemScore]) -> Iterable[GroupScore]:
    for key, group in table.groups.items():
        whole = sum((one.points for name, one in items.items() if table.items[name].group == key), _NONE)
        points, cut = _within(whole, group.at_most, group.at_least)
        yield GroupScore(key, whole, points, cut)


def _band(table: ScoreTable, points: Fraction, *, missed: bool) -> str:
    """The best band whose bound is reached; whoever misses the minimum has none above the one named for that."""
    order = sorted(table.bands, key=lambda key: _bound(table, key), reverse=True)
    reached = [key for key in order if points >= _bound(table, key)] or order[-1:]
    if not reached:
        return ""
    if missed and table.without_minimum in order:
        return max(reached[0], table.without_minimum, key=order.index)
    return reached[0]


def _bound(table: ScoreTable, key: str) -> Fraction:
    bound = table.bands[key].from_
    return bound if bound is not None else Fraction(-(10**9))

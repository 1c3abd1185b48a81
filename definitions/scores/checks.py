"""What is wrong with a scoring table that has the right shape: names that nothing bears, points that cannot be reached, bands that leave a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from definitions.problem import Path, Problem, problem, unknown
from definitions.scores.table import ScoreItem, ScoreTable
from definitions.text import Said

_TEXTS = ("title", "help")


def problems(table: ScoreTable, body: Mapping[str, Any]) -> Iterator[Problem]:
    """All that is wrong."""
    yield from _languages(body, ())
    yield from _names(table)
    for key, item in table.items.items():
        yield from _ways(("items", key), item)
        yield from _order(("items", key), item.at_least, item.at_most)
    for key, group in table.groups.items():
        yield from _order(("groups", key), group.at_least, group.at_most)
        if not any(item.group == key for item in table.items.values()):
            yield problem(
                "unused-group",
                ("groups", key),
                Said(f"没有一项归入“{key}”。", f"No item belongs to the group “{key}”."),
                Said(f"请在有关的项里写 group: {key}，或删去这一组。", f"Give its items group: {key}, or drop it."),
            )
    yield from _order((), table.at_least, table.at_most)
    yield from _bands(table)
    yield from _stars(table)
    if table.from_ and table.until and table.until < table.from_:
        yield problem(
            "wrong-value",
            ("until",),
            Said("结束日期在开始日期之前。", "It ends before it begins."),
            Said("请更正 from 或 until。", "Correct “from” or “until”."),
        )


def _languages(part: Any, path: Path) -> Iterator[Problem]:
    """Texts that lack one of the languages."""
    if not isinstance(part, Mapping):
        return
    for key, value in part.items():
        if key in _TEXTS and isinstance(value, Mapping | str):
            lacks = [one for one in ("zh", "en") if not (isinstance(value, Mapping) and value.get(one))]
            if isinstance(value, str):
                lacks = ["en" if any("\u3400" <= sign <= "\u9fff" for sign in value) else "zh"]
            for language in lacks:
                zh, en = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}[language]
                yield problem(
                    "missing-language",
                    (*path, key),
                    Said(f"缺少{zh}。", f"The {en} words are missing."),
                    Said(f"请加上 {language}: …", f"Add {language}: …"),
                )
        elif isinstance(value, Mapping):
            yield from _languages(value, (*path, key))


def _names(table: ScoreTable) -> Iterator[Problem]:
    item = Said("计分项", "item")
    for key, one in table.items.items():
        if one.group is not None and one.group not in table.groups:
            yield unknown("unknown-group", ("items", key, "group"), Said("分组", "group"), one.group, table.groups)
    for key, wanted in table.minimum.items():
        if key not in table.items:
            yield unknown("unknown-item", ("minimum", key), item, key, table.items)
        elif wanted < 1:
            yield problem(
                "wrong-value",
                ("minimum", key),
                Said("最低次数至少是 1。", "A minimum is at least 1."),
                Said("不作要求的项请删去。", "Drop what is not asked for."),
            )
    for at, several in enumerate(table.only_the_highest_of):
        for key in several:
            if key not in table.items:
                yield unknown("unknown-item", ("only the highest of", at), item, key, table.items)
    if table.without_minimum is not None and table.without_minimum not in table.bands:
        yield unknown(
            "unknown-band", ("without minimum",), Said("等次", "band"), table.without_minimum, list(table.bands)
        )


def _ways(path: Path, item: ScoreItem) -> Iterator[Problem]:
    """An item says in one way what it is worth."""
    plain = item.points is not None or item.by_part or item.by_level
    if item.target is not None and (plain or item.share_of):
        yield problem(
            "two-ways",
            (*path, "target"),
            Said("这一项用两种办法计分。", "This item says in two ways what it is worth."),
            Said(
                "写了 target 就不写 points、by part、by level、share of。", "Beside target write no points or shares."
            ),
        )
    elif item.target is None and item.share_of is None and not plain and not item.marks:
        yield problem(
            "no-points",
            path,
            Said("这一项没有写得几分。", "This item is worth nothing."),
            Said(
                "请写 points: 3（每次 3 分），或 by part、by level、target。",
                "Write points: 3, by part, by level or target.",
            ),
        )
    if item.points is None:
        yield from _lacking_points(path, item)


def _lacking_points(path: Path, item: ScoreItem) -> Iterator[Problem]:
    """What says a part of points that are not there."""
    if item.share_of is not None and item.target is None:
        yield problem(
            "no-points",
            (*path, "share of"),
            Said("没有写全部达到时得几分。", "It does not say what the whole is worth."),
            Said("请加上 points，例如 points: 20。", "Add points, such as points: 20."),
        )
    if item.first is not None:
        yield problem(
            "no-points",
            (*path, "first"),
            Said("只写了第一次的分数，没有写以后每次几分。", "It says what the first is worth, not what the next are."),
            Said(
                "请加上 points；以后不计分的写 points: 0。",
                "Add points; write points: 0 if the next are worth nothing.",
            ),
        )
    shared = [key for key, worth in item.by_part.items() if worth.points is None]
    if shared and not item.by_level:
        yield problem(
            "no-points",
            (*path, "by part", shared[0]),
            Said("写了份额，却没有写总分。", "This is a share of nothing."),
            Said("请加上 points：这件事一共几分。", "Add points: what the whole is worth."),
        )


def _order(path: Path, least: Fraction | None, most: Fraction | None) -> Iterator[Problem]:
    if least is not None and most is not None and least > most:
        yield problem(
            "wrong-value",
            (*path, "at least"),
            Said("下限比上限高。", "The floor is above the cap."),
            Said("请更正 at least 或 at most。", "Correct “at least” or “at most”."),
        )


def _bands(table: ScoreTable) -> Iterator[Problem]:
    """The lowest band has no bound, no two have the same, and the best can be reached."""
    if not table.bands:
        return
    without = [key for key, band in table.bands.items() if band.from_ is None]
    if len(without) != 1:
        yield problem(
            "band-gap",
            ("bands", without[1]) if without else ("bands",),
            Said("最低的一等不写 from，其余各等都要写。", "The lowest band has no bound, and all others have one."),
            Said("请给其余各等写 from: 分数。", "Give the others from: POINTS, and the lowest none."),
        )
    seen: dict[Fraction, str] = {}
    for key, band in table.bands.items():
        if band.from_ is None:
            continue
        if band.from_ in seen:
            yield problem(
                "same-bound",
                ("bands", key, "from"),
                Said(f"与“{seen[band.from_]}”的分数线相同。", f"It has the same bound as “{seen[band.from_]}”."),
                Said("请写不同的分数线。", "Give it another bound."),
            )
        seen[band.from_] = key
        most = highest(table)
        if most is not None and band.from_ > most:
            yield problem(
                "band-out-of-reach",
                ("bands", key, "from"),
                Said(
                    f"谁也得不到这一等：最高只能得 {_shown(most)} 分。",
                    f"Nobody can reach it: there are {_shown(most)} points at most.",
                ),
                Said("请降低分数线，或提高封顶分。", "Lower the bound, or raise the caps."),
            )


def _stars(table: ScoreTable) -> Iterator[Problem]:
    """A better band has more stars; the lowest may have none."""
    ordered = sorted(table.bands.items(), key=lambda one: (one[1].from_ is not None, one[1].from_ or 0))
    if not any(band.stars for _, band in ordered):
        return
    for (_, worse), (key, band) in pairwise(ordered):
        if (band.stars or 0) <= (worse.stars or 0):
            yield problem(
                "wrong-value",
                ("bands", key, "stars") if band.stars else ("bands", key),
                Said("更高的一等要有更多的星。", "A better band needs more stars."),
                Said(
                    "请按分数线从低到高写 stars: 1 到 5，最低一等可以不写。",
                    "Write stars from 1 to 5 by the bounds; the lowest may have none.",
                ),
            )


def highest(table: ScoreTable) -> Fraction | None:
    """The most points that anybody can have; ``None`` if there is no end to them."""
    total: Fraction | None = table.base
    for key, group in table.groups.items():
        inside = _sum(_most_of(item) for item in table.items.values() if item.group == key)
        most = min((one for one in (inside, group.at_most) if one is not None), default=None)
        total = None if total is None or most is None else total + most
    alone = _sum(_most_of(item) for item in table.items.values() if item.group is None)
    total = None if total is None or alone is None else total + alone
    return min((one for one in (total, table.at_most) if one is not None), default=None)


def _sum(several: Iterator[Fraction | None]) -> Fraction | None:
    total: Fraction | None = Fraction(0)
    for one in several:
        total = None if total is None or one is None else total + one
    return total


def _most_of(item: ScoreItem) -> Fraction | None:
    if item.at_most is not None:
        return item.at_most
    if item.marks:
        return None
    if item.share_of is not None:
        return max(Fraction(0), item.points or Fraction(0))
    if item.target is not None:
        return None if item.target.more > 0 else item.target.points
    worth = [one.points if one.points is not None else Fraction(1) for one in item.by_part.values()]
    worths = [one for one in (item.points, item.first, *item.by_level.values(), *worth) if one is not None]
    return Fraction(0) if all(one <= 0 for one in worths) else None


def _shown(points: Fraction) -> str:
    return f"{float(points):g}"

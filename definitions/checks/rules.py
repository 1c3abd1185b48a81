"""The rules of fields must fit their type, name what there is, and be possible to keep; a default must keep them too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from definitions.calendars.calendar import FIRST_DAY, LAST_DAY
from definitions.forms.values import LONGEST
from definitions.model.field import Field, Likeness
from definitions.model.order import TODAY, Bound, is_day, own_bounds
from definitions.model.pattern import pattern
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

_DAYS = ("date", "date-time")
_ORDERED = (*_DAYS, "time")
_UNIQUE = (
    "text",
    "integer",
    "number",
    "money",
    "date",
    "date-time",
    "time",
    "phone",
    "email",
    "person",
    "department",
    "area",
    "station",
    "issue",
)
_KEYS = {False: "not before", True: "not after"}


def check_rules(path: Path, field: Field, known: Mapping[str, Field], *, column: bool = False) -> Iterator[Problem]:
    """The rules of one field; ``known`` are those with which it may be compared, for a ``column`` the others of its table."""
    yield from _types(path, field)
    for bound in own_bounds(field):
        yield from _bound(path, field, bound, known)
    yield from _pattern(path, field)
    yield from _unique(path, field, column=column)


def check_order(asked: Iterable[tuple[Path, str, Field]], known: Mapping[str, Field]) -> Iterator[Problem]:
    """Days that can never be in the order that their fields ask for together; each field that is asked for, with its place."""
    for path, name, field in asked:
        low, high = _reach(name, known, after=False), _reach(name, known, after=True)
        if not own_bounds(field) or any(bound.other == name for bound in own_bounds(field)):
            continue
        if low is not None and high is not None and low > high:
            said = Said(
                f"这一天既不能早于 {low}，又不能晚于 {high}，没有一天填得进去。",
                f"It cannot be before {low} nor after {high}: no day is left.",
            )
            remedy = Said(
                "请改其中一个日期，或删去一条 not before、not after。",
                "Change one of the days, or remove a “not before” or “not after”.",
            )
            yield problem("order-never-holds", path, said, remedy)
        elif _round(name, known):
            said = Said(
                "几个日期互相不能早于对方，只能填同一天。",
                "These days cannot be before one another: only one and the same day is left.",
            )
            remedy = Said("请删去其中一条 not before 或 not after。", "Remove one of the “not before” or “not after”.")
            yield problem("order-goes-round", path, said, remedy)


def _types(path: Path, field: Field) -> Iterator[Problem]:
    given = (
        ("not before", bool(field.not_before), _ORDERED),
        ("not after", bool(field.not_after), _ORDERED),
        ("pattern", field.pattern is not None, ("text",)),
        ("unique", field.unique is not None, _UNIQUE),
    )
    for key, written, types in given:
        if written and field.type not in types:
            said = Said(f"类型“{field.type}”用不着 {key}。", f"“{key}” means nothing for the type “{field.type}”.")
            remedy = Said(f"{key} 用于：{'、'.join(types)}。", f"“{key}” is for: {', '.join(types)}.")
            yield problem("unfit-key", (*path, key), said, remedy)
        elif written and field.derived:
            said = Said("算出的字段不由人填写。", "A computed field is not filled in by anybody.")
            yield problem("computed-and-entered", (*path, key), said, Said(f"请删去 {key}。", f"Remove “{key}”."))


def _bound(path: Path, field: Field, bound: Bound, known: Mapping[str, Field]) -> Iterator[Problem]:
    """What one ``not before`` or ``not after`` compares with."""
    at = (*path, _KEYS[bound.after])
    if field.type not in _ORDERED:
        return
    if is_day(bound.other):
        yield from _day(at, field, bound)
        return
    if bound.other == TODAY:
        if field.type == "time":
            yield _unlike(at, field, Said("“今天”", "today"))
        return
    other = known.get(bound.other)
    if other is None or other is field:
        others = [name for name, one in known.items() if one is not field and one.type in _ORDERED]
        yield unknown("unknown-field", at, Said("日期字段", "other day"), bound.other, [TODAY, *others])
    elif other.type not in _ORDERED or (other.type == "time") != (field.type == "time"):
        yield _unlike(
            at, field, Said(f"“{words(other.title, 'zh', bound.other)}”", f"“{words(other.title, 'en', bound.other)}”")
        )


def _day(at: Path, field: Field, bound: Bound) -> Iterator[Problem]:
    try:
        there = FIRST_DAY <= date.fromisoformat(bound.other) <= LAST_DAY
    except ValueError:
        there = False
    if not there:
        said = Said(f"没有 {bound.other} 这一天。", f"There is no day {bound.other}.")
        yield problem("wrong-day", at, said, Said("请写 2026-12-31 这样的日期。", "Write a day such as 2026-12-31."))
    elif field.type == "time":
        yield _unlike(at, field, Said(bound.other, bound.other))
    elif isinstance(field.default, str) and (
        field.default[:10] > bound.other if bound.after else field.default[:10] < bound.other
    ):
        said = Said(f"default 不合 {at[-1]} {bound.other}。", f"The default does not keep “{at[-1]} {bound.other}”.")
        yield problem("wrong-default", (*at[:-1], "default"), said, Said("请改其中一个。", "Change one of the two."))


def _unlike(at: Path, field: Field, other: Said) -> Problem:
    kinds = {
        "date": Said("日期", "a day"),
        "date-time": Said("日期时间", "a moment"),
        "time": Said("钟点", "a time of day"),
    }
    own = kinds[field.type]
    return problem(
        "unlike-days",
        at,
        Said(f"{own.zh}不能和{other.zh}比先后。", f"One cannot tell whether {own.en} is before {other.en}."),
        Said("日期和日期比，钟点和钟点比。", "Compare days with days, and times of day with times of day."),
    )


def _pattern(path: Path, field: Field) -> Iterator[Problem]:
    if not isinstance(field.pattern, Likeness) or field.type != "text":
        return
    if not field.pattern.say:
        said = Said(
            "没有写格式不对时对人说什么。", "It does not say what people are told when a text does not look like this."
        )
        remedy = Said(
            "请写 say: {zh: …, en: …}，例如 say: {zh: 请写车牌号。, en: Write the plate.}。",
            "Write say: {zh: …, en: …}.",
        )
        yield problem("missing-text", (*path, "pattern", "say"), said, remedy)
    longest, shortest = field.longest or LONGEST["text"], len(pattern(field.pattern.like).example)
    if shortest > longest:
        yield problem(
            "pattern-never-fits",
            (*path, "pattern", "like"),
            Said(
                f"照这个格式至少 {shortest} 个字，而这里最多 {longest} 个字。",
                f"Such a text has at least {shortest} characters; at most {longest} are taken.",
            ),
            Said("请把 longest 改大，或把格式改短。", "Make “longest” larger, or the pattern shorter."),
        )


def _unique(path: Path, field: Field, *, column: bool) -> Iterator[Problem]:
    if field.unique is None or field.type not in _UNIQUE:
        return
    if column and field.unique:
        said = Said(
            "表格的一栏只能写 unique: true：各行不能重复。",
            "A column can only say unique: true: no two rows are alike.",
        )
        yield problem("unfit-key", (*path, "unique"), said, Said("请写 unique: true。", "Write unique: true."))
    if field.default is not None:
        said = Said("事先填好的值会在每件事项里一样。", "What stands there at first would be the same in every issue.")
        yield problem(
            "wrong-default",
            (*path, "default"),
            said,
            Said("请删去 default 或 unique。", "Remove “default” or “unique”."),
        )


def _reach(name: str, known: Mapping[str, Field], *, after: bool, seen: frozenset[str] = frozenset()) -> str | None:
    """The latest day that a field cannot be before, or (``after``) the earliest that it cannot be after, by all rules together."""
    field = known.get(name)
    if field is None or name in seen:
        return None
    found = [
        bound.other if is_day(bound.other) else _reach(bound.other, known, after=after, seen=seen | {name})
        for bound in field.bounds
        if bound.after == after
    ]
    days = [one for one in found if one is not None]
    return (min(days) if after else max(days)) if days else None


def _round(name: str, known: Mapping[str, Field]) -> bool:
    """Whether a field cannot be before another that cannot be before it."""
    seen, waiting = set[str](), [name]
    while waiting:
        field = known.get(waiting.pop())
        for bound in field.bounds if field else ():
            if bound.after or bound.field is None:
                continue
            if bound.other == name:
                return True
            if bound.other not in seen:
                seen.add(bound.other)
                waiting.append(bound.other)
    return False

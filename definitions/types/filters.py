"""What each function of expressions takes and gives, as kinds; ``expression_functions`` has the functions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from definitions.finding import nearest
from definitions.text import Said
from definitions.types.kinds import DATE, LIST, NUMBER, TEXT, UNKNOWN, Kind, merged, words_for

_OPEN = ("unknown", "empty")


class Misfit(Exception):
    """A function cannot work on what it is given; ``argument`` is the one that is meant, if it is one. Never leaves this package."""

    def __init__(
        self,
        rule: str,
        message: Said,
        remedy: Said,
        kind: Kind,
        argument: int | None = None,
    ) -> None:
        super().__init__(message[1])
        self.rule, self.message, self.remedy, self.kind, self.argument = rule, message, remedy, kind, argument


Result = Callable[[str, Kind, Sequence[Kind], Sequence[object]], Kind]


def _taking(*sorts: str, gives: Kind) -> Result:
    """A function of values of these sorts, whose result is always of one kind."""

    def result(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
        _need(name, subject, sorts, gives)
        return gives

    return result


def _need(name: str, subject: Kind, sorts: Sequence[str], gives: Kind) -> None:
    if subject.sort in _OPEN or subject.sort in sorts:
        return
    wanted = [words_for(Kind(sort), language) for language in ("zh", "en") for sort in sorts]  # type: ignore[arg-type]
    half = len(sorts)
    raise Misfit(
        "type-mismatch",
        Said(
            f"{name} 不能用于{words_for(subject, 'zh')}。",
            f"{name} cannot be used on {words_for(subject, 'en')}.",
        ),
        Said(f"{name} 用于{'、'.join(wanted[:half])}。", f"{name} takes {' or '.join(wanted[half:])}."),
        gives,
    )


def _default(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    return merged(subject, arguments[0])


def _member(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    _need(name, subject, ("list",), UNKNOWN)
    return subject.item or UNKNOWN


def _column(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    _need(name, subject, ("list",), LIST)
    return Kind("list", item=cell_kind(name, subject, literals))


def _sum(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    _need(name, subject, ("list",), NUMBER)
    kind = _value(name, subject, literals, NUMBER)
    _each(name, kind, ("number",), NUMBER)
    return NUMBER


def _extreme(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    _need(name, subject, ("list",), UNKNOWN)
    kind = _value(name, subject, literals, UNKNOWN)
    _each(name, kind, ("number", "text", "date", "date-time", "time"), UNKNOWN)
    return kind


def _count(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    _need(name, subject, ("list",), NUMBER)
    if literals:
        _option(cell_kind(name, subject, literals), literals)
    return NUMBER


def _option(cell: Kind, literals: Sequence[object]) -> None:
    wanted = literals[1] if len(literals) > 1 else None
    if not isinstance(wanted, str) or cell.options is None or wanted in cell.options:
        return
    options = sorted(cell.options)
    raise Misfit(
        "unknown-option",
        Said(f"没有“{wanted[:40]}”这个选项。", f"There is no option “{wanted[:40]}”."),
        _near(wanted, options),
        NUMBER,
        1,
    )


def _value(name: str, subject: Kind, literals: Sequence[object], gives: Kind) -> Kind:
    """What a function of a list, or of a table's column, works on."""
    if literals:
        return cell_kind(name, subject, literals)
    item = subject.item or UNKNOWN
    if item.sort == "record":
        columns = ", ".join(list(item.parts or {})[:12])
        raise Misfit(
            "type-mismatch",
            Said(f"{name} 用于表格时要写明哪一列。", f"For a table, {name} needs the name of a column."),
            Said(f"例如 {name}('…')；有：{columns}。", f"For example {name}('…'); there are: {columns}."),
            gives,
        )
    return item


def _each(name: str, kind: Kind, sorts: Sequence[str], gives: Kind) -> None:
    if kind.sort in _OPEN or kind.sort in sorts:
        return
    raise Misfit(
        "type-mismatch",
        Said(
            f"{name} 不能用于这样的列表（{words_for(kind, 'zh')}）。",
            f"{name} cannot be used on a list of such values ({words_for(kind, 'en')}).",
        ),
        Said("请换一列，或换一个函数。", "Take another column, or another function."),
        gives,
    )


def cell_kind(name: str, table: Kind, literals: Sequence[object]) -> Kind:
    """The kind of the cells of the column that a function names first."""
    row, wanted = table.item, literals[0]
    if row is None or row.sort in _OPEN or not isinstance(wanted, str):
        return UNKNOWN
    if row.sort != "record":
        raise Misfit(
            "type-mismatch",
            Said(f"这里不是表格，{name} 后面不写列名。", f"This is no table; {name} takes no name of a column here."),
            Said(f"请写 {name}，不带括号。", f"Write {name} without brackets."),
            UNKNOWN,
        )
    parts = row.parts or {}
    column = wanted.replace("-", "_")
    if row.parts is not None and column not in parts:
        raise Misfit(
            "unknown-name",
            Said(f"表格没有“{wanted[:40]}”这一列。", f"The table has no column “{wanted[:40]}”."),
            _near(wanted, list(parts)),
            UNKNOWN,
            0,
        )
    return parts.get(column, UNKNOWN)


def _near(word: str, known: Sequence[str]) -> Said:
    near = nearest(word, known)
    if near:
        return Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
    return Said(f"现有：{'、'.join(known[:12])}。", f"There are: {', '.join(known[:12])}.")


_DATES = ("date", "date-time")


def _plus_days(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    kind = subject if subject.sort in _DATES else DATE
    _need(name, subject, (*_DATES, "text"), kind)
    _need(f"{name}(…)", arguments[0], ("number",), kind)
    return kind


def _days_between(name: str, subject: Kind, arguments: Sequence[Kind], literals: Sequence[object]) -> Kind:
    for kind in (subject, arguments[0]):
        _need(name, kind, (*_DATES, "text"), NUMBER)
    return NUMBER


#: By the name of a function, the kind of its result; a test holds it equal to the functions that there are.
FILTER_KINDS: Mapping[str, Result] = {
    "abs": _taking("number", gives=NUMBER),
    "chinese_date": _taking(*_DATES, "text", gives=TEXT),
    "column": _column,
    "count": _count,
    "day": _taking(*_DATES, "text", gives=NUMBER),
    "days_between": _days_between,
    "default": _default,
    "first": _member,
    "join": _taking("list", gives=TEXT),
    "last": _member,
    "length": _taking("text", "list", "record", gives=NUMBER),
    "lower": _taking("text", gives=TEXT),
    "max": _extreme,
    "min": _extreme,
    "money": _taking("number", gives=TEXT),
    "month": _taking(*_DATES, "text", gives=NUMBER),
    "pad": _taking("number", "text", gives=TEXT),
    "plus_days": _plus_days,
    "round": _taking("number", gives=NUMBER),
    "sum": _sum,
    "trim": _taking("text", gives=TEXT),
    "upper": _taking("text", gives=TEXT),
    "weekday": _taking(*_DATES, "text", gives=NUMBER),
    "year": _taking(*_DATES, "text", gives=NUMBER),
}

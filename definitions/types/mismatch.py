"""What cannot be right in an expression, in words for administrators, each with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from definitions.expressions.error import ExpressionError
from definitions.expressions.refusals import missing_name
from definitions.finding import nearest
from definitions.text import Said
from definitions.types.kinds import Kind, words_for

#: The sorts of values of which something is known.
SURE = frozenset({"text", "number", "yes/no", "date", "date-time", "time", "list", "record"})

# what stands at a place: something in quotes, a word or path, or a sign
_PIECE = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"|[\w.]+|.", re.DOTALL)
_COMPARE = Said(
    "请写成比较，例如 stars > 3，或 reply is filled。",
    "Write a comparison such as stars > 3, or reply is filled.",
)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something in an expression that cannot be right: its rule, message and remedy by language, and the place in the source (from 0)."""

    rule: str
    message: Mapping[str, str]
    remedy: Mapping[str, str]
    position: int
    length: int


class Notes:
    """Collects mismatches, each place once for each rule."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: dict[tuple[str, int], Mismatch] = {}

    def found(self) -> tuple[Mismatch, ...]:
        """All mismatches, in the order of the source."""
        return tuple(sorted(self._found.values(), key=lambda mismatch: mismatch.position))

    def note(self, rule: str, message: Said, remedy: Said, position: int, length: int | None = None) -> None:
        """One mismatch, given as (Chinese, English); without a length, of whatever stands at its place."""
        if length is None:
            piece = _PIECE.match(self._source, position)
            length = len(piece[0]) if piece else 1
        said, right = ({"zh": texts[0], "en": texts[1]} for texts in (message, remedy))
        self._found.setdefault((rule, position), Mismatch(rule, said, right, position, length))

    def no_condition(self, kind: Kind) -> None:
        """The whole is a condition, and comes out as something else."""
        zh, en = _words(kind)
        said = Said(f"条件应得出是或否，这里得出的是{zh}。", f"A condition gives yes or no; this gives {en}.")
        self.note("not-a-condition", said, _COMPARE, 0, len(self._source.rstrip()))

    def unknown_field(self, name: str, place: int, known: Mapping[str, Kind]) -> None:
        """There is no field of this name; perhaps it has hyphens, or is an option without its quotes."""
        before = re.search(r"[A-Za-z0-9_-]+-$", self._source[:place], re.ASCII)
        if before and any(name_.startswith((before[0] + name).replace("-", "_")) for name_ in known):
            # the second half of a name with hyphens: its first half has been noted
            return
        if any(name in options for kind in known.values() for options in _options(kind)):
            said = Said(f"没有名为“{name}”的内容。", f"There is nothing named “{name}”.")
            remedy = Said(f"选项要加引号：'{name}'。", f"Put an option in quotes: '{name}'.")
            self.note("unknown-name", said, remedy, place, len(name))
        else:
            self.unknown(name, place, known)

    def unknown(self, name: str, place: int, known: Iterable[str]) -> None:
        """There is no such name among these."""
        error: ExpressionError = missing_name(name, self._source, place, known)
        message, remedy = (Said(texts["zh"], texts["en"]) for texts in (error.message, error.remedy))
        self.note("unknown-name", message, remedy, place, error.length)

    def no_part(self, kind: Kind, whole: str, name: str, place: int) -> None:
        """A value that has no parts is asked for one."""
        zh, en = _words(kind)
        said = Said(f"“{whole}”是{zh}，没有“{name}”这一项。", f"“{whole}” is {en} and has no part “{name}”.")
        column, total = f"{whole} | column('{name}')", f"{whole} | sum('{name}')"
        listed = Said(f"请写 {column} 或 {total}。", f"Write {column} or {total}.")
        remedy = listed if kind.sort == "list" else Said(f"请只写 {whole}。", f"Write {whole} alone.")
        self.note("type-mismatch", said, remedy, place)

    def no_logic(self, kind: Kind, place: int) -> None:
        """What ``and`` or ``or`` joins is no condition."""
        zh, en = _words(kind)
        said = Said(f"and 和 or 连接的是条件，这里是{zh}。", f"“and” and “or” join conditions; this is {en}.")
        self.note("type-mismatch", said, _COMPARE, place)

    def no_comparison(self, left: Kind, right: Kind, place: int) -> None:
        """Two values are compared that cannot be."""
        (zh, en), (zh_, en_) = _words(left), _words(right)
        said = Said(f"{zh}不能和{zh_}这样比较。", f"Cannot compare {en} with {en_} so.")
        remedy = Said("请比较同类的值。", "Compare values of one kind.")
        if {left.sort, right.sort} == {"text", "number"}:
            remedy = Said("数字不加引号，文字要加引号。", "A number takes no quotes, a text takes them.")
        self.note("type-mismatch", said, remedy, place)

    def no_member(self, left: Kind, right: Kind, place: int) -> None:
        """A value is sought where it cannot be."""
        (zh, en), (zh_, en_) = _words(left), _words(right)
        said = Said(f"{zh}不会在{zh_}里。", f"{en.capitalize()} is never in {en_}.")
        remedy = Said("in 后面请写列表，例如 ['a', 'b']。", "Write a list behind “in”, such as ['a', 'b'].")
        self.note("type-mismatch", said, remedy, place)

    def no_date(self, value: str, place: int) -> None:
        """A text that is no date is compared with one."""
        said = Said(f"“{value[:40]}”不是日期。", f"“{value[:40]}” is no date.")
        self.note("type-mismatch", said, Said("日期请写成 '2026-02-11'。", "Write a date as '2026-02-11'."), place)

    def unknown_option(self, value: str, options: Iterable[str], place: int) -> None:
        """A choice is compared with an option that it does not have."""
        known = sorted(options)
        near = nearest(value, known)
        listed = Said(f"可选的有：{'、'.join(known[:12])}。", f"There are: {', '.join(known[:12])}.")
        remedy = Said(f"是不是“{near}”？", f"Did you mean “{near}”?") if near else listed
        said = Said(f"没有“{value[:40]}”这个选项。", f"There is no option “{value[:40]}”.")
        self.note("unknown-option", said, remedy, place)

    def no_arithmetic(self, kind: Kind, left: Kind, right: Kind, place: int) -> None:
        """Something that is no number is calculated with."""
        zh, en = _words(kind)
        said = Said(f"{zh}不能这样计算。", f"Cannot calculate with {en} so.")
        self.note("type-mismatch", said, _for_arithmetic(left, right), place)

    def no_text(self, kind: Kind, place: int) -> None:
        """A value that is many is written into a text."""
        zh, en = _words(kind)
        said = Said(f"{zh}不能直接写进文字。", f"{en.capitalize()} cannot be written into a text.")
        remedy = Said("列表请用 join，表格请先用 column。", "Use join for a list, and column first for a table.")
        if kind.sort == "record":
            remedy = Said("请写出其中一项，例如 issue.number。", "Name one of its parts, such as issue.number.")
        self.note("type-mismatch", said, remedy, place)


def _words(kind: Kind) -> Said:
    return Said(words_for(kind, "zh"), words_for(kind, "en"))


def _options(kind: Kind) -> Iterable[frozenset[str]]:
    return [held.options for held in (kind, kind.item) if held is not None and held.options is not None]


def _for_arithmetic(left: Kind, right: Kind) -> Said:
    dates = [kind.sort in ("date", "date-time") for kind in (left, right)]
    if all(dates):
        return Said(
            "两个日期相差几天，请用 a | days_between(b)。",
            "For the days between two dates write a | days_between(b).",
        )
    if any(dates):
        return Said(
            "几天以后的日期，请用 date | plus_days(5)。", "For a date some days later write date | plus_days(5)."
        )
    if {left.sort, right.sort} == {"text", "number"}:
        return Said(
            "文字和数字不能相加；在文字里写 {{ a }}{{ b }}。",
            "A text and a number cannot be added; in a text, write {{ a }}{{ b }}.",
        )
    if "list" in (left.sort, right.sort):
        return Said(
            "列表的合计请用 sum，项数请用 length。", "Use sum for the total of a list, length for how many it has."
        )
    return Said("这里应是数字。", "This must be a number.")

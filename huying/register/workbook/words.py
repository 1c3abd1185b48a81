"""A preview in words: where something stands, what is wrong with it, and what a line would become."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import NamedTuple

from definitions.text import Said
from huying.register.nouns import KEYS
from huying.register.workbook.choices import FIXED
from huying.register.workbook.comparison import LineChange
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.layout import BY_KEY, SheetColumn
from huying.register.workbook.preview import SheetSum, title_of

_EMPTY = Said("（空）", "(empty)")


class FieldChange(NamedTuple):
    """A field of a line: what it is called, what stands there, and what would."""

    title: Said
    before: Said
    after: Said


def place_words(finding: SheetFinding) -> Said:
    """Where it stands: sheet, row, and column by its letter."""
    title = title_of(finding.sheet)
    row = Said(f" 第 {finding.row} 行", f", row {finding.row}") if finding.row else Said("", "")
    at = Said(f" {finding.letter} 列", f", column {finding.letter}") if finding.letter else Said("", "")
    return Said(f"{title.zh}{row.zh}{at.zh}", f"{title.en}{row.en}{at.en}")


def finding_words(finding: SheetFinding) -> Said:
    """The whole finding as one line."""
    place = place_words(finding)
    found = f"“{finding.found}”" if finding.found else ""
    wrong, remedy = finding.wrong, finding.remedy
    return Said(
        f"{place.zh}：{found}{wrong.zh}。{remedy.zh}。",
        f"{place.en}: {found + ' ' if found else ''}{wrong.en}. {remedy.en[:1].upper()}{remedy.en[1:]}.",
    )


def sum_words(one: SheetSum) -> Said:
    """The figures of a sheet as one line."""
    title = title_of(one.sheet)
    zh = f"{title.zh}：读到 {one.rows} 行，新增 {one.new}，更改 {one.changed}，不变 {one.same}，有错 {one.bad}"
    en = f"{title.en}: {one.rows} rows, {one.new} new, {one.changed} changed, {one.same} the same, {one.bad} wrong"
    return Said(zh, en)


def line_name(change: LineChange) -> Said:
    """What the line is about, as somebody would say it."""
    line = change.after
    parts = [_shown(_column(change.kind, field), getattr(line, field)) for field in KEYS[change.kind]]
    named = getattr(line, "name_zh", None) or getattr(line, "name", None)
    zh, en = (" · ".join(part.of(language) for part in parts if part is not _EMPTY) for language in ("zh", "en"))
    return Said(f"{zh} {named}", f"{en} {named}") if named else Said(zh, en)


def field_changes(change: LineChange) -> Iterator[FieldChange]:
    """The fields that change, each with what it was and becomes; of a new line only what it says beside its key and name."""
    for field in change.fields():
        if change.before is None and field in (*KEYS[change.kind], "name", "name_zh"):
            continue
        column = _column(change.kind, field)
        before = _EMPTY if change.before is None else _shown(column, getattr(change.before, field))
        yield FieldChange(column.title, before, _shown(column, getattr(change.after, field)))


def _column(kind: str, field: str) -> SheetColumn:
    return next(column for column in BY_KEY[kind].columns if column.into == field)


def _shown(column: SheetColumn, value: object) -> Said:
    if value is None or value == ():
        return _EMPTY
    if isinstance(value, bool):
        return Said("是" if value else "否", "yes" if value else "no")
    if isinstance(value, tuple):
        return Said("、".join(value), ", ".join(value))
    if isinstance(value, time):
        return Said(f"{value:%H:%M}", f"{value:%H:%M}")
    if column.options in FIXED:
        return next(
            (option.names for option in FIXED[column.options] if option.code == value), Said(str(value), str(value))
        )
    return Said(str(value), str(value))


def invented_words(name: str, login: str) -> Said:
    """Somebody who gets a login that was made up."""
    return Said(f"{name}：登录名 {login}", f"{name}: login {login}")

"""A report in Word: the office's template filled with it, charts as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from definitions.text import Said
from huying.papers.word import Picture, fill
from huying.plots.picture import pictured
from huying.reports.frozen import Frozen, FrozenPart, ReportHeadline, ReportRow, ReportWords
from huying.reports.phrase import amount_words, period_words
from huying.reports.plots import plot_of
from huying.reports.sheet import frozen_title, was_and_now
from huying.reports.store import KeptReport
from huying.reports.template import shipped_template
from huying.words.moments import date_words

_WIDTH, _NARROW = 150.0, 110.0
#: In more columns than these the numbers behind a rate stand below it.
_ROOMY = 4
_LANGUAGE = "zh"


@cache
def _shipped() -> bytes:
    return shipped_template()


def word_of(report: KeptReport, issuer: str, at: datetime, opinion: str) -> bytes:
    """The Word file of a report that ``issuer`` issues at a moment (by the clock of the office), with their opinion."""
    return fill(_shipped(), values_of(report, issuer, at, opinion))


def values_of(report: KeptReport, issuer: str, at: datetime, opinion: str) -> Mapping[str, Any]:
    """What a template may show: the texts of a report, its parts, legends and revisions."""
    frozen = report.frozen
    return {
        "office": frozen.office.of(_LANGUAGE) or "人大代表联络站",
        "number": report.number,
        "title": frozen.title.of(_LANGUAGE),
        "period": period_words(frozen, _LANGUAGE),
        "opinion": opinion,
        "parts": [_part(frozen, part) for part in frozen.parts],
        "revised_title": f"对 {frozen.before} 的修订" if frozen.revised else "",
        "revised": [_revision(frozen, at) for at in range(len(frozen.revised))],
        "legend": [f"{one.title.of(_LANGUAGE)}：{one.said.of(_LANGUAGE)}" for one in frozen.figures],
        "as_of": f"{frozen.as_of.astimezone(at.tzinfo):%Y-%m-%d %H:%M}",
        "digest": report.digest[:16],
        "issuer": issuer,
        "issued_on": date_words(at.date(), _LANGUAGE),
    }


def _part(frozen: Frozen, part: FrozenPart) -> Mapping[str, Any]:
    nothing: dict[str, Any] = {"title": "", "words": "", "chart": None, "heads": [], "rows": [], "note": ""}
    if isinstance(part, ReportWords):
        return {**nothing, "title": part.title.of(_LANGUAGE), "words": part.words.of(_LANGUAGE)}
    if isinstance(part, ReportHeadline):
        rows = [_row(frozen, part.columns, row) for row in (part.now, part.before, part.year_before)]
        return {**nothing, "title": "主要数据", "heads": ["", *_heads(frozen, part.columns)], "rows": rows}
    plot = plot_of(frozen, part, _LANGUAGE)
    rows = [_row(frozen, part.columns, row) for row in (*part.rows, *((part.total,) if part.total else ()))]
    return {
        **nothing,
        "title": part.title.of(_LANGUAGE),
        "chart": Picture(pictured(plot), _NARROW if plot.form == "lying" else _WIDTH)
        if plot is not None and not plot.empty
        else None,
        "heads": [part.axis.of(_LANGUAGE), *_heads(frozen, part.columns)],
        "rows": rows,
        "note": f"另有 {part.left_out} 行未列出。" if part.left_out else "",
    }


def _heads(frozen: Frozen, columns: tuple[str, ...]) -> Iterator[str]:
    return (frozen.figure(column).title.of(_LANGUAGE) for column in columns)


def _row(frozen: Frozen, columns: tuple[str, ...], row: ReportRow) -> list[str]:
    amounts = zip(columns, row.amounts, strict=True)
    between = "\n" if len(columns) > _ROOMY else " "
    return [
        row.title.of(_LANGUAGE),
        *(amount_words(frozen.figure(column), amount, between) for column, amount in amounts),
    ]


def _revision(frozen: Frozen, at: int) -> str:
    one = frozen.revised[at]
    was, now = was_and_now(frozen, one)
    return f"{frozen_title(frozen, one, _LANGUAGE)}{Said('，', ', ').zh}{one.title.of(_LANGUAGE)}：{was} → {now}"

"""Figures of a report in words: a rate never without its numbers, and none over so few that it would say more than is known."""

from __future__ import annotations

from datetime import date

from definitions.plans.report import Span
from definitions.text import COMMA, Said
from huying.plots.plot import said
from huying.reports.frozen import Amount, Frozen, ReportFigure

#: Over fewer than so many a percentage would tell of single issues: the numbers stand alone.
FEW = 10
NOTHING = "—"


def amount_words(figure: ReportFigure, amount: Amount, between: str = " ") -> str:
    """An amount as it stands in a table: ``418``, ``81.1% 322/397``, ``2/3``, ``—``."""
    if figure.kind != "rate":
        return said(amount.of)
    if not amount.over or amount.of is None:
        return NOTHING
    numbers = f"{said(amount.of)}/{said(amount.over)}"
    share = amount.share
    return numbers if amount.over < FEW or share is None else f"{share:.1f}%{between}{numbers}"


def large_words(figure: ReportFigure, amount: Amount) -> tuple[str, str, str]:
    """An amount as it stands large: the number, its unit, and the numbers behind a rate."""
    if figure.kind != "rate":
        return said(amount.of), "", ""
    if not amount.over or amount.of is None:
        return NOTHING, "", ""
    numbers = f"{said(amount.of)}/{said(amount.over)}"
    return (numbers, "", "") if amount.over < FEW else (f"{amount.share:.1f}", "%", numbers)


def change_words(figure: ReportFigure, now: Amount, before: Amount, language: str) -> str:
    """How much more or less than before: in issues, or in points of a rate; nothing where one of them is not known, or over too few."""
    if figure.kind == "rate":
        if now.share is None or before.share is None or min(now.over or 0, before.over or 0) < FEW:
            return ""
        points = round(now.share, 1) - round(before.share, 1)
        if abs(points) < 0.05:
            return Said("持平", "no change").of(language)
        return Said(f"{'升' if points > 0 else '降'} {abs(points):.1f} 点", f"{points:+.1f} points").of(language)
    if now.of is None or before.of is None or not (now.of or before.of):
        return ""
    more = now.of - before.of
    if not more:
        return Said("持平", "no change").of(language)
    return Said(f"{'多' if more > 0 else '少'} {said(abs(more))}", f"{'+' if more > 0 else '−'}{said(abs(more))}").of(
        language
    )


def compared_words(figure: ReportFigure, numbers: str, amounts: tuple[Amount, Amount, Amount], language: str) -> str:
    """Below a large figure: the numbers behind it, and how it stands to the period before and to a year ago."""
    now, before, ago = amounts
    names = (Said("比上期", "on the period before"), Said("比去年同期", "on a year ago"))
    changes = (change_words(figure, now, before, language), change_words(figure, now, ago, language))
    told = [
        Said(f"{name.zh}{change}", f"{change} {name.en}").of(language)
        for name, change in zip(names, changes, strict=True)
        if change
    ]
    return COMMA.of(language).join(text for text in (numbers, *told) if text)


def period_words(frozen: Frozen, language: str) -> str:
    """The period of a report: ``2026年10月``."""
    return span_words(frozen.span, frozen.first, language)


def span_words(span: Span, first: date, language: str, *, short: bool = False) -> str:
    """A period that begins on a day: ``2026年10月``, ``2026年第三季度``, ``2026年``; short without the year, where that stands beside it."""
    quarter = (first.month + 2) // 3
    year = Said(
        "" if short and span != "year" else f"{first.year}年", "" if short and span != "year" else f" {first.year}"
    )
    if span == "year":
        return Said(year.zh, year.en.strip()).of(language)
    if span == "month":
        return Said(f"{year.zh}{first.month}月", f"{first:%b}" if short else f"{first:%B}{year.en}").of(language)
    nth = "一二三四"[quarter - 1]
    return Said(f"{year.zh}第{nth}季度" if not short else f"{nth}季度", f"Q{quarter}{year.en}").of(language)

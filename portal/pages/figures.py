"""Figures: a period, compared by an axis, for what somebody looks after; each number leads to the issues that it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import Response

from definitions.text import Said, words
from huying.figures.sets import sets_in_force
from huying.figures.table import FigureCell, behind
from huying.issues.tally_rows import uncounted
from huying.issues.views.filter import Filter
from huying.issues.views.list import issue_list
from huying.reports.figures import FigureScope, HouseCounter, counter_of, key_of
from huying.reports.overview import Overview, OverviewAsk, layout_of, overview, span_of
from huying.reports.overview_sheet import overview_sheet
from huying.reports.phrase import span_words
from huying.reports.preparation import ReportSpan
from huying.reports.store import reports
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs

router = APIRouter(dependencies=[needs("read figures")])
_SET = "city"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_YEARS = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for."""

    period: str = ""
    unit: str = ""
    figures: str = _SET
    by: str = ""
    sort: str = ""
    area: str = ""
    station: str = ""
    deputy: Number | None = None

    def scope(self, at: Reception) -> FigureScope:
        return FigureScope(at.somebody, self.area or None, self.station or None, self.deputy)

    def kept(self, about: ReportSpan) -> Mapping[str, str]:
        """What stays in every address of the page."""
        said = {"period": about.key, "area": self.area, "station": self.station, "deputy": str(self.deputy or "")}
        if self.figures != _SET:
            said["figures"] = self.figures
        return {name: value for name, value in said.items() if value}


Asked = Annotated[_Asked, Depends()]


@router.get("/figures")
def figures(at: SignedIn, asked: Asked) -> Response:
    """The figures of a period; ``unit`` (month, quarter, year) where none is named."""
    about, counter, found = _overview(at, asked)
    kept, today = asked.kept(about), at.house.day_of(at.now)
    with at.house.database.reading() as connection:
        issued = {one.first: one.number for one in reports(connection) if one.issued_at and one.span == about.span}

    def way(anchor: str = "", **more: str) -> str:
        return f"/figures?{urlencode({**kept, **more})}{anchor}"

    return at.page(
        "figures.html",
        view=found,
        about=about,
        period=span_words(about.span, about.first, at.language),
        place=counter.place(at.language),
        whole=at.somebody.office,
        days=list(_choices(about, kept, frozenset(issued), today, at.language)),
        spans=_spans(about, kept, today, at.language),
        axes=[(way("#compared", by=key), name) for key, name in counter.axes(at.language)],
        current=way("#compared", by=found.compared),
        sets=[
            (way(figures=one.key), words(one.figures.title, at.language), one.key == asked.figures)
            for one in sets_in_force(at.house)
        ],
        figures=counter.set,
        counting=uncounted(at.house, 1) > 0,
        back_year=way(period=about.year_ago.key),
        next_year=way(period=about.year_later.key),
        now=at.now,
        issued=issued.get(about.first),
        sheet=f"/figures/sheet?{urlencode({**kept, 'by': found.compared})}",
    )


@router.get("/figures/sheet")
def sheet(at: SignedIn, asked: Asked) -> Response:
    """The same as a workbook."""
    about, counter, found = _overview(at, asked)
    title = f"{counter.place(at.language)} {span_words(about.span, about.first, at.language)}"
    content = overview_sheet(found, title, at.language)
    name = f"figures-{about.key}.xlsx"
    return Response(content, media_type=_SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/figures/issues")
def counted(at: SignedIn, asked: Asked, measure: str = "", key: str = "", before: Number | None = None) -> Response:
    """The issues that a number counts, as far as the reader sees them in lists."""
    if not measure:
        return at.go("/figures")
    about, by = span_of(asked.period, "", at.house.day_of(at.now)), asked.by
    counter = counter_of(at.house, asked.figures, at.now, asked.scope(at))
    figure = counter.figure(measure)
    question = counter.question((measure,), about.first, about.last, by or None)
    keys = (key_of(at.house, by, counter, key),) if by else ()
    found = behind(at.house, at.somebody, question, FigureCell(measure, keys), at.now)
    wanted = Filter(among=tuple(one.id for one in found), before=before)
    lines = issue_list(at.house, at.somebody.participant_id, wanted, at.language, at.now)
    said = {**asked.kept(about), "measure": measure, **({"by": by, "key": key} if by else {})}
    return at.page(
        "figure_issues.html",
        figure=figure,
        period=span_words(about.span, about.first, at.language),
        place=counter.place(at.language),
        row=counter.row_title(by, key, at.language) if by else "",
        many=len(found),
        found=lines,
        older=f"/figures/issues?{urlencode({**said, 'before': lines.older})}" if lines.older else None,
        up=f"/figures?{urlencode({**asked.kept(about), **({'by': by} if by else {})})}",
    )


def _overview(at: Reception, asked: _Asked) -> tuple[ReportSpan, HouseCounter, Overview]:
    about = span_of(asked.period, asked.unit, at.house.day_of(at.now))
    counter = counter_of(at.house, asked.figures, at.now, asked.scope(at))
    ask = OverviewAsk(about=about, by=asked.by, sort=asked.sort, language=at.language, kept=asked.kept(about))
    return about, counter, overview(counter, layout_of(at.house, asked.figures), ask)


def _spans(about: ReportSpan, kept: Mapping[str, str], today: date, language: str) -> list[tuple[str, str, bool]]:
    """Months, quarters, years: each with the period in which the one that is shown lies."""
    spans = (("month", Said("月", "Month")), ("quarter", Said("季", "Quarter")), ("year", Said("年", "Year")))
    day = min(about.last, today) if about.first <= today else about.first
    found = []
    for unit, name in spans:
        near = span_of("", unit, day)
        found.append((f"/figures?{urlencode({**kept, 'period': near.key})}", name.of(language), unit == about.span))
    return found


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A period that can be chosen: ``frozen`` where a report of it was issued, ``coming`` where it has not begun."""

    words: str
    address: str
    current: bool
    frozen: bool
    coming: bool


def _choices(
    about: ReportSpan, kept: Mapping[str, str], issued: frozenset[date], today: date, language: str
) -> Iterator[PeriodChoice]:
    """The periods of the year that is shown, or the last years."""
    year = about.first.year
    if about.span == "year":
        keys = [str(one) for one in range(max(year, today.year) - _YEARS + 1, max(year, today.year) + 1)]
    else:
        keys = (
            [f"{year}-{number:02}" for number in range(1, 13)]
            if about.span == "month"
            else [f"{year}-q{number}" for number in range(1, 5)]
        )
    for key in keys:
        one = span_of(key, "", today)
        short = span_words(one.span, one.first, language, short=True)
        address = f"/figures?{urlencode({**kept, 'period': key})}"
        yield PeriodChoice(short, address, one == about, one.first in issued, one.first > today)

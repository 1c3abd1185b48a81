"""The figures of the house as reports count them: a set in force, as of now, of everything or of what a reader looks after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from sqlalchemy import Connection, func, select

from definitions.figures.names import CLOSED, DUE, HAPPENED, IN_HAND, OPENED
from definitions.figures.set import FigureRate, FigureSet
from definitions.plans.plan import ReportPlan
from definitions.problem import Problem, problem
from definitions.text import Said, words
from huying.access.viewer import Viewer
from huying.database.tables import areas, issues, stations
from huying.errors import NotFound
from huying.figures.labels import labels_of
from huying.figures.question import DaySpan, FigureQuestion, axes_of, wanted
from huying.figures.sets import SetInForce, kept_set, set_in_force
from huying.figures.table import Assembly, FigureRow, FigureTable, assembled, cells_of
from huying.house.house import House
from huying.reports.counts import ReportCounts
from huying.reports.frozen import Amount, Frozen, ReportFigure, ReportPhrase, ReportRow, ReportSource
from huying.reports.preparation import MONTHS

_AXES: Mapping[str, Said] = {
    "area": Said("区划", "Area"),
    "levels": Said("区划", "Area"),
    "station": Said("联络站", "Station"),
    "channel": Said("来源", "Channel"),
    "kind": Said("类别", "Kind"),
    "process": Said("流程", "Process"),
    "deputy": Said("代表", "Deputy"),
    "department": Said("承办单位", "Department"),
    "month": Said("月份", "Month"),
    "step": Said("环节", "Step"),
}
_AT: Mapping[str, Said] = {
    OPENED: Said("按登记日期计", "counted on the day it was opened"),
    CLOSED: Said("按办结日期计", "counted on the day it was closed"),
    DUE: Said("按到期日期计", "counted on the day it was due"),
    IN_HAND: Said("按期末计", "counted at the end of the period"),
    HAPPENED: Said("按发生日期计", "counted on the day it happened"),
}
_LEVELS: Mapping[str, str] = {level: level for level in ("province", "city", "district", "street", "town", "village")}
#: No number of a participant or an organisation has as many.
_DIGITS = 19
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class FigureScope:
    """Whose figures: of what a ``reader`` looks after (``None``: the whole house), in an ``area`` or at a ``station`` by code, or of a ``deputy``."""

    reader: Viewer | None = None
    area: str | None = None
    station: str | None = None
    deputy: int | None = None


WHOLE = FigureScope()


@dataclass(frozen=True, slots=True)
class HouseCounter:
    """Counts the figures of a set as they are now."""

    house: House
    set: SetInForce
    now: datetime
    scope: FigureScope = WHOLE
    held: Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection that is held, else one of its own."""
        if self.held is not None:
            yield self.held
            return
        with self.house.database.reading() as connection:
            yield connection

    @contextmanager
    def at_one_moment(self) -> Iterator[Self]:
        """The same counter, all of whose tables are of one moment.

        Whoever asked read the clock a while ago: what was decided since, and is seen, was not after ``now``.
        """
        with self.house.database.at_one_moment() as connection:
            newest = connection.execute(select(func.max(issues.c.changed_at))).scalar()
            yield replace(self, held=connection, now=max(self.now, newest or self.now))

    @property
    def source(self) -> ReportSource:
        """The set, as it was published."""
        return ReportSource(self.set.key, self.set.version, self.set.digest)

    @property
    def text(self) -> str:
        """The text of the set."""
        return self.set.source

    def figure(self, key: str) -> ReportFigure:
        """A figure of the set, with what it counts in words."""
        return figure_of(self.set.figures, key)

    def axis(self, key: str) -> ReportPhrase:
        """What an axis is called."""
        groups = self.set.figures.groups
        if key in groups:
            return ReportPhrase(words(groups[key].title, "zh"), words(groups[key].title, "en"))
        said = _AXES.get(key, Said("区划", "Area"))
        return ReportPhrase(said.zh, said.en)

    def counted(self, columns: Sequence[str], first: date, last: date, by: str | None) -> ReportCounts:
        """The figures of the days from first to last."""
        found = self.table(columns, first, last, by)
        rows = tuple(_rows(self.house, found, columns))
        return ReportCounts(
            _every_month(found, rows, columns) if by == MONTHS else rows, _amounts(found, found.total, columns)
        )

    def axes(self, language: str) -> list[tuple[str, str]]:
        """By what a page compares: groups of areas, then the other axes of the set, with their names."""
        figures = self.set.figures
        keys = (*figures.groups, *(axis for axis in figures.axes if axis not in ("area", MONTHS)))
        return [(key, self.axis(key).of(language)) for key in keys]

    def place(self, language: str) -> str:
        """Whose figures they are, in words; nothing where they are the whole house's."""
        scope = self.scope
        for axis, key in (("area", scope.area), ("station", scope.station), ("deputy", str(scope.deputy or ""))):
            if key:
                return self.row_title(axis, key, language)
        return ""

    def row_title(self, by: str, key: str, language: str) -> str:
        """What a row of an axis is called; ``NotFound`` for a number that is no deputy's."""
        axes = axes_of(self.set.figures, (by,), _LEVELS)
        found = key_of(self.house, by, self, key)
        labels = labels_of(self.house, axes, [(found,)], language)
        if axes[0].name == "deputy" and found is not None and found not in labels.known[0]:
            raise NotFound("没有这位代表。", "There is no such deputy.")
        return labels.labels((found,))[0]

    def table(self, columns: Sequence[str], first: date, last: date, by: str | None) -> FigureTable:
        """The same, as the figures have it."""
        question = self.question(columns, first, last, by)
        with self.reading() as connection:
            axes, cells = cells_of(self.house, connection, self.set, self.scope.reader, question, self.now)
        return assembled(self.house, self.set, question, cells, Assembly("zh", self.now, axes))

    def question(self, columns: Sequence[str], first: date, last: date, by: str | None) -> FigureQuestion:
        """What is asked of the figures."""
        return FigureQuestion(
            span=DaySpan(first, last),
            figures=self.set.key,
            by=(by,) if by else (),
            area=self.scope.area,
            stations=(self.scope.station,) if self.scope.station else (),
            deputy=self.scope.deputy,
            measures=tuple(columns),
        )


def counter_of(house: House, figures: str, now: datetime, scope: FigureScope = WHOLE) -> HouseCounter:
    """Who counts a set; ``NotFound`` if there is none of this name."""
    return HouseCounter(house, set_in_force(house, figures), now, scope)


def own_counter(house: House, frozen: Frozen, now: datetime) -> HouseCounter:
    """Who counts by the very set of a report; of reports that did not keep its text, by that version, ``NotFound`` if there is none."""
    of = frozen.figures_of
    kept = kept_set(frozen.counted_by, of.version) if frozen.counted_by else set_in_force(house, of.key, of.version)
    return HouseCounter(house, kept, now)


def figure_of(figures: FigureSet, key: str) -> ReportFigure:
    """A figure in words; ``NotFound`` if the set has none of this name."""
    wanted(figures, (key,))
    rate = figures.rates.get(key)
    title = rate.title if rate else figures.measures[key].title
    said = _rate_words(figures, rate) if rate else _measure_words(figures, key)
    return ReportFigure(
        key,
        ReportPhrase(words(title, "zh"), words(title, "en")),
        "rate" if rate else "count",
        ReportPhrase(said.zh, said.en),
    )


def unknown_figures(house: House, plan: ReportPlan) -> Iterator[Problem]:
    """The set, the figures and the axes of a plan that are not there."""
    try:
        figures = set_in_force(house, plan.figures).figures
    except NotFound as missing:
        yield _missing(("figures",), missing)
        return
    for at, part in enumerate(plan.parts):
        for key, names in (
            ("headline", part.headline),
            ("show", part.show),
            ("above", (part.above,) if part.above else ()),
        ):
            try:
                wanted(figures, names)
            except NotFound as missing:
                yield _missing(("parts", at, key), missing)
        try:
            axes_of(figures, (part.by,) if part.by else (), _LEVELS)
        except NotFound as missing:
            yield _missing(("parts", at, "by"), missing)
        if part.above is not None and part.above not in figures.rates:
            yield problem(
                "report-part",
                ("parts", at, "above"),
                Said(
                    f"“{part.above}”不是比率，不能放在图的上方。",
                    f"“{part.above}” is no rate; only rates stand above bars.",
                ),
                Said(f"可以用：{'、'.join(figures.rates)}。", f"There are: {', '.join(figures.rates)}."),
            )


def nothing_counted(house: House, figures: SetInForce, question: FigureQuestion, now: datetime) -> FigureTable:
    """The table of a question of which nothing is counted yet."""
    axes = axes_of(figures.figures, question.by, _LEVELS)
    return assembled(house, figures, question, {}, Assembly("zh", now, axes))


def codes_of(house: House, axis: str) -> Mapping[object, str]:
    """By id the codes by which areas and stations are known outside of the database; nothing for other axes."""
    if axis not in ("area", "station"):
        return {}
    place = areas if axis == "area" else stations
    with house.database.reading() as connection:
        return {row.id: row.code for row in connection.execute(select(place.c.id, place.c.code))}


def key_of(house: House, by: str, counter: HouseCounter, key: str) -> object:
    """A row of an axis as the figures know it, from how an address says it."""
    if not key:
        return None
    axis = axes_of(counter.set.figures, (by,), _LEVELS)[0].name
    codes = codes_of(house, axis)
    if codes:
        return next((number for number, code in codes.items() if code == key), None)
    if axis not in ("deputy", "department"):
        return key
    if not (key.isascii() and key.isdecimal() and len(key) < _DIGITS):
        raise NotFound("没有这一行。", "There is no such row.")
    return int(key)


def _missing(path: tuple[str | int, ...], missing: NotFound) -> Problem:
    zh, en = missing.message["zh"], missing.message["en"]
    return problem("unknown-figure", path, Said(zh, en), Said("请改用现有的。", "Use one that is there."))


def _rate_words(figures: FigureSet, rate: FigureRate) -> Said:
    of, over = figures.measures[rate.of].title, figures.measures[rate.over].title
    zh = f"{words(of, 'zh')} ÷ {words(over, 'zh')}"
    en = f"{words(of, 'en')} ÷ {words(over, 'en')}"
    return _with_help(Said(zh, en), rate.help)


def _measure_words(figures: FigureSet, key: str) -> Said:
    measure = figures.measures[key]
    return _with_help(_AT[measure.at], measure.help)


def _with_help(said: Said, text: Mapping[str, str] | None) -> Said:
    if not text:
        return said
    return Said(f"{said.zh}；{words(text, 'zh')}", f"{said.en}; {words(text, 'en')}")


def _rows(house: House, found: FigureTable, columns: Sequence[str]) -> Iterator[ReportRow]:
    codes = codes_of(house, found.axes[0].name) if found.axes else {}
    english = labels_of(house, found.axes, [row.keys for row in found.rows], "en")
    for row in found.rows:
        key = codes.get(row.keys[0], row.keys[0]) if row.keys else ""
        title = ReportPhrase("".join(row.labels), "".join(english.labels(row.keys)))
        yield ReportRow("" if key is None else str(key), title, _amounts(found, row, columns))


def _amounts(found: FigureTable, row: FigureRow, columns: Sequence[str]) -> tuple[Amount, ...]:
    values = [row.value(found.column(key)) for key in columns]
    return tuple(Amount(float(value.number), None if value.over is None else float(value.over)) for value in values)


def _every_month(found: FigureTable, rows: Sequence[ReportRow], columns: Sequence[str]) -> tuple[ReportRow, ...]:
    """Months in which nothing was counted stand there as well, and all by their names."""
    known = {row.key: row for row in rows}
    nothing = _amounts(found, FigureRow((), (), {}), columns)
    whole: list[ReportRow] = []
    for key, _ in found.span.months():
        month = key[-2:]
        title = ReportPhrase(f"{int(month)}月", _MONTHS[int(month) - 1])
        amounts = known[key].amounts if key in known else nothing
        whole.append(ReportRow(key, title, amounts))
    return tuple(whole)

"""Recomputing a report: from the history alone, as it was known at its moment, and compared figure by figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from definitions.plans.plan import ReportPlan, restore_plan
from huying.database.tables import plan_versions
from huying.errors import Later, NotFound
from huying.figures.question import FigureQuestion
from huying.figures.recount import recounts
from huying.figures.table import FigureTable
from huying.house.house import House
from huying.reports.figures import HouseCounter, nothing_counted, own_counter
from huying.reports.frozen import Revision, differences
from huying.reports.preparation import ReportSpan, composed
from huying.reports.store import KeptReport


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """What came of it: whether the text is what was written down, how many figures were compared, and those that are otherwise."""

    sound: bool
    compared: int
    wrong: tuple[Revision, ...]

    @property
    def right(self) -> bool:
        """Whether all of it is as it was."""
        return self.sound and not self.wrong


@dataclass(frozen=True, slots=True)
class HistoryCounter(HouseCounter):
    """Counts the figures of a set from the history, as it was known at a moment.

    At first it notes what is ``asked`` and knows nothing; then all of it is ``known`` at once, for a history is long.
    """

    asked: list[FigureQuestion] = field(default_factory=list)
    known: dict[FigureQuestion, FigureTable] = field(default_factory=dict)

    def table(self, columns: Sequence[str], first: date, last: date, by: str | None) -> FigureTable:
        """The same table, counted again."""
        question = self.question(columns, first, last, by)
        self.asked.append(question)
        return self.known[question] if self.known else nothing_counted(self.house, self.set, question, self.now)

    def count(self, as_of: datetime) -> None:
        """Count all that was asked."""
        found = recounts(self.house, None, dict.fromkeys(self.asked), as_of, found=self.set)
        self.known.update(found)


class CheckBusy(Later):
    """Somebody else has a report recomputed just now, which takes all that a page may take."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(10, "有人正在核算报告", "Somebody is checking a report", "report-check")


def check_report(house: House, report: KeptReport, now: datetime) -> ReportCheck:
    """Recompute a report; ``NotFound`` where its plan or its set is not there any more."""
    frozen = report.frozen
    plan = _plan(house, frozen.plan.key, frozen.plan.version)
    live = own_counter(house, frozen, now)
    counter = HistoryCounter(house, live.set, now, live.scope)
    about = ReportSpan(frozen.span, frozen.first, frozen.last)
    composed(house, plan, frozen.plan, about, counter)
    counter.count(report.as_of)
    again = composed(house, plan, frozen.plan, about, counter)
    compared = sum(len(row.amounts) for row in frozen.rows)
    return ReportCheck(
        report.sound and live.set.digest == frozen.figures_of.digest, compared, differences(frozen, again)
    )


def _plan(house: House, key: str, version: int) -> ReportPlan:
    v = plan_versions.c
    with house.database.reading() as connection:
        body = connection.execute(select(v.body).where(v.key == key, v.version == version)).scalar_one_or_none()
    plan = restore_plan(body) if body is not None else None
    if not isinstance(plan, ReportPlan):
        raise NotFound("拟这份报告的计划不在了。", "The plan of this report is not there.")
    return plan

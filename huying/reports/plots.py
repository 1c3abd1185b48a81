"""The tables of a report as plots, on a page and on paper."""

from __future__ import annotations

from definitions.plans.report import Shown
from huying.plots.plot import Bars, Form, Plot
from huying.reports.frozen import Frozen, ReportTable
from huying.reports.phrase import FEW, NOTHING

FORMS: dict[Shown, Form] = {"bars": "beside", "stacked bars": "upon", "lying bars": "lying", "line": "line"}


def plot_of(frozen: Frozen, table: ReportTable, language: str) -> Plot | None:
    """The plot above a table; ``None`` where it stands alone, or has nothing to show."""
    if table.shown == "table" or not table.rows:
        return None
    counted = [(at, name) for at, name in enumerate(table.columns) if frozen.figure(name).kind != "rate"]
    above = table.columns.index(table.above) if table.above else None
    return Plot(
        title=table.title.of(language),
        places=tuple(row.title.of(language) for row in table.rows),
        series=tuple(
            Bars(frozen.figure(name).title.of(language), tuple(row.amounts[at].of for row in table.rows))
            for at, name in counted
        ),
        form=FORMS[table.shown],
        above=tuple(_percent(table, place, above) for place in range(len(table.rows))) if above is not None else (),
        above_words=frozen.figure(table.columns[above]).title.of(language) if above is not None else "",
        strong=len(table.rows) - 1 if table.by == "month" else None,
    )


def _percent(table: ReportTable, place: int, column: int) -> str:
    amount = table.rows[place].amounts[column]
    share = amount.share
    return NOTHING if share is None or (amount.over or 0) < FEW else f"{share:.1f}%"

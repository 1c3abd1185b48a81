"""What a report shows, in which order and with which texts: the parts that a plan of reports is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field as Constrained

from definitions.model.node import Names, Node, Text
from definitions.problem import Problem, problem
from definitions.text import Said

#: What a report is about: the last one of these that is over.
Span = Literal["month", "quarter", "year"]
#: How a table stands: alone, or under bars beside, upon and under each other, or a line.
Shown = Literal["table", "bars", "stacked bars", "lying bars", "line"]
Name = Annotated[str, Constrained(min_length=1, max_length=60)]
#: So many figures fit beside each other: on paper, and at the head of a page.
MOST_COLUMNS, MOST_HEADLINES = 9, 6


class ReportPart(Node):
    """One part: some figures large (``headline``), a table of figures (``show``) by an axis (``by``), or plain ``words``.

    ``above``: a rate that stands over the bars. ``most``: only so many rows, those with most of the first figure.
    """

    title: Text | None = None
    headline: Names = Constrained(default=(), max_length=MOST_HEADLINES)
    show: Names = Constrained(default=(), max_length=MOST_COLUMNS)
    by: Name | None = None
    as_: Shown = Constrained(default="table", alias="as")
    above: Name | None = None
    most: int | None = Constrained(default=None, ge=1, le=200)
    words: Text | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """All figures that it shows."""
        above = (self.above,) if self.above else ()
        return (*self.headline, *self.show, *above)


def problems_of_parts(parts: Sequence[ReportPart]) -> Iterator[Problem]:
    """What is wrong with the parts of a report, each by itself."""
    for at, part in enumerate(parts):
        chosen = [
            name for name, there in (("headline", part.headline), ("show", part.show), ("words", part.words)) if there
        ]
        if len(chosen) != 1:
            yield problem(
                "report-part",
                ("parts", at),
                Said("一部分只能是 headline、show、words 中的一种。", "A part is one of: headline, show, words."),
                Said(
                    "请写 headline: […]（几个大数字）、show: […] 和 by: …（表），或 words: …（文字）。",
                    "Write headline: […] (large figures), show: […] with by: … (a table), or words: … (a text).",
                ),
            )
        elif part.show and part.by is None:
            yield problem(
                "report-part",
                ("parts", at, "show"),
                Said("表里没有说按什么分行。", "The table does not say what its rows are."),
                Said("请加上 by，例如 by: month。", "Add “by”, such as by: month."),
            )
        elif not part.show and (part.by or part.above or part.as_ != "table"):
            yield problem(
                "report-part",
                ("parts", at),
                Said("by、as、above 只用在有 show 的部分。", "“by”, “as” and “above” belong to a part with “show”."),
                Said("请删去，或加上 show。", "Take them out, or add “show”."),
            )

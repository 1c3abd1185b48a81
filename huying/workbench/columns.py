"""The columns of a list, in their order: what they are called, what stands in them, and by what they are sorted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huying.locale import translations
from huying.workbench.line import Line
from huying.workbench.query import Sort


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column; ``width`` is that of a sheet, in characters. ``sort`` is ``None`` where its values have no order of their own."""

    key: str
    cell: Callable[[Line], str]
    width: int
    sort: Sort | None = None


#: The number and the subject name the row: they stand in every list.
ALWAYS = ("number", "subject")
COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("number", lambda line: line.number, 18, "number"),
    ListColumn("subject", lambda line: line.subject, 46, "subject"),
    ListColumn("kind", lambda line: line.kind, 16),
    ListColumn("reporter", lambda line: line.reporter, 14),
    ListColumn("station", lambda line: line.station, 18, "station"),
    ListColumn("step", lambda line: line.step, 16, "step"),
    ListColumn("whom", lambda line: line.whom, 24),
    ListColumn("answerable", lambda line: line.answerable, 12),
    ListColumn("channel", lambda line: line.channel, 12),
    ListColumn("opened", lambda line: line.opened, 18, "opened"),
    ListColumn("day", lambda line: line.day, 10),
    ListColumn("due", lambda line: line.due.left if line.due else "", 18, "due"),
)
BY_KEY = {column.key: column for column in COLUMNS}
#: What a list shows to whoever has not chosen: over the whole width (the subject keeps most of it), beside an issue, and on paper and in a sheet.
USUAL = ("number", "subject", "kind", "station", "step", "whom", "due")
LEDGER = ("number", "subject", "kind", "reporter", "station", "step", "whom", "day", "due")
BESIDE = ("number", "subject", "step", "whom", "due")


def titles(language: str) -> dict[str, str]:
    """What the columns are called."""
    _ = translations(language).gettext
    return {
        "number": _("Number"),
        "subject": _("Subject"),
        "kind": _("Kind"),
        "reporter": _("Reporter"),
        "station": _("Station"),
        "step": _("At step"),
        "whom": _("Waits for"),
        "answerable": _("Answerable"),
        "channel": _("Way in"),
        "opened": _("Opened"),
        "day": _("Last day"),
        "due": _("Deadline"),
    }


def chosen(said: Sequence[str]) -> tuple[ListColumn, ...]:
    """The columns of these keys in the order of the house, and those that always stand; the usual ones if none of them is known."""
    known = {key for key in said if key in BY_KEY} or set(USUAL)
    return tuple(column for column in COLUMNS if column.key in known or column.key in ALWAYS)

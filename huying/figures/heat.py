"""Where the open issues of a definition are at this moment, and where they are late: the figures on its chart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case, func, select

from huying.access.viewer import Viewer
from huying.charts.drawing import Count
from huying.database.tables import issues, work_items
from huying.house.house import House
from huying.issues.urgency import OPEN, conditions
from huying.issues.views.filter import Filter, of_definition, theirs


def heat(house: House, person: Viewer, definition: str, now: datetime) -> Mapping[str, Count]:
    """By step: the open issues that this person looks after, each once a step, and how many of them are overdue; nothing for who looks after none."""
    if not person.staff:
        return {}
    late = case((conditions(house, now, ["overdue"])["overdue"] & issues.c.paused_at.is_(None), issues.c.id))
    counted = func.count(func.distinct(issues.c.id)), func.count(func.distinct(late))
    query = (
        select(work_items.c.step, *counted)
        .join(issues, issues.c.id == work_items.c.issue_id)
        .where(OPEN, work_items.c.status == "open", theirs(person, Filter(cared_for=True)), of_definition(definition))
        .group_by(work_items.c.step)
    )
    with house.database.reading() as connection:
        return {row[0]: Count(row[1], row[2]) for row in connection.execute(query)}

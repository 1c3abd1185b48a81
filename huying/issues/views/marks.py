"""What lists mark issues by, as conditions on them: a filter and the mark that a row bears are the same question."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from huying.access.viewer import AnyViewer
from huying.database.tables import attentions, history, issues, work_items
from huying.issues.urgency import OPEN

_now, _before = work_items.alias("now"), work_items.alias("before")

#: Issues that wait at a step where somebody has done a task in an earlier visit.
SENT_BACK: ColumnElement[bool] = exists().where(
    _now.c.issue_id == issues.c.id,
    _now.c.status == "open",
    _before.c.issue_id == _now.c.issue_id,
    _before.c.step == _now.c.step,
    _before.c.visit != _now.c.visit,
    _before.c.status == "done",
)

#: Issues in which somebody urged those who have the tasks now.
URGED: ColumnElement[bool] = OPEN & exists().where(
    history.c.issue_id == issues.c.id,
    history.c.kind == "urge",
    history.c.at
    >= select(func.min(work_items.c.opened_at))
    .where(work_items.c.issue_id == history.c.issue_id, work_items.c.status == "open")
    .scalar_subquery(),
)


def news(person: AnyViewer, with_tasks: Select[tuple[int]]) -> ColumnElement[bool]:
    """Issues in which others did something since this person looked: of those they looked at before, follow or have a task in."""
    a, h, me = attentions.c, history.c, person.participant_id
    by_others = or_(h.actor_id.is_(None), h.actor_id != me)
    watched = select(a.issue_id).where(
        a.participant_id == me,
        or_(a.version > 0, a.followed_at.is_not(None)),
        exists().where(h.issue_id == a.issue_id, h.sequence > a.version, by_others),
    )
    looked = exists().where(a.issue_id == issues.c.id, a.participant_id == me, a.version > 0)
    new = exists().where(h.issue_id == issues.c.id, by_others)
    return or_(issues.c.id.in_(watched), issues.c.id.in_(with_tasks) & ~looked & new)

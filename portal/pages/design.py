"""All pieces of which pages are made, in all their states: to look at, to test, and to choose from before a new one is made."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from huying.locale import translations
from huying.words.moments import Due
from portal.frame.icon import shapes
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])


@router.get("/design")
def design(at: Received) -> Response:
    """The pieces; ``?lang=``, ``?density=elder`` and ``?theme=dark`` show them otherwise."""
    return at.page("design.html", dues=_dues(at), icons=sorted(shapes()))


def _dues(at: Reception) -> dict[str, Due]:
    """A deadline in each tone."""
    _ = translations(at.language).gettext
    day = at.now + timedelta(days=9)
    return {
        "calm": Due(day, _("by %(day)s") % {"day": "12-14"}, "", False, says=_("9 days left")),
        "soon": Due(day, _("by %(day)s") % {"day": "12-02"}, "", False, tone="soon", says=_("2 days left")),
        "today": Due(day, _("by %(day)s") % {"day": "11-30"}, "", False, tone="today", says=_("due today")),
        "overdue": Due(day, _("by %(day)s") % {"day": "11-24"}, "", True, tone="overdue", says=_("4 days overdue")),
        "paused": Due(day, "", "", False, tone="paused", says=_("the clock stands"), paused_at=at.now),
        "provisional": Due(day, _("by %(day)s") % {"day": "01-08"}, "", False, True, says=_("27 days left")),
    }

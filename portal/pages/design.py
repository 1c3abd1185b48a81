"""All pieces of which pages are made, in all their states: to look at, to test, and to choose from before a new one is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from huying.locale import translations
from huying.plots.plot import Bars, Plot
from huying.words.moments import Due
from portal.frame.icon import shapes
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])

_COUNTED = (
    Said("收到", "received"),
    Said("解决", "solved"),
    Said("解决率", "solution rate"),
    Said("未封账", "not closed"),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


@router.get("/design")
def design(at: Received) -> Response:
    """The pieces; ``?lang=``, ``?density=elder`` and ``?theme=dark`` show them otherwise."""
    return at.page("design.html", dues=_dues(at), plots=_plots(at), icons=sorted(shapes()))


def _plots(at: Reception) -> tuple[Plot, ...]:
    """A plot of each form."""
    received, solved, rate, open_ = (one.of(at.language) for one in _COUNTED)
    months = tuple(Said(f"{number}月", month).of(at.language) for number, month in enumerate(_MONTHS, 1))
    beside = Plot(
        title=f"{received}, {solved}",
        places=months,
        series=(
            Bars(received, (301, 248, 355, 372, 344, 391, 402, 377, 396, 418, 233)),
            Bars(solved, (236, 201, 279, 298, 271, 309, 322, 296, 312, 339, 142)),
        ),
        addresses={(at, place): f"/design?month={place + 1}" for at in range(2) for place in range(11)},
        above=("78.4%", "81.0%", "78.6%", "80.1%", "78.8%", "79.0%", "80.1%", "78.5%", "78.8%", "81.1%"),
        above_words=rate,
        pale=frozenset({10}),
        pale_words=open_,
        strong=9,
    )
    districts = ("安溪岭区", "集港区", "翔湾区", "云山区")
    lying = Plot(title=received, form="lying", places=districts, series=(Bars(received, (79, 64, 38, None)),))
    upon = replace(beside, form="upon", title=f"{beside.title} 2")
    return beside, upon, replace(beside, form="line", title=f"{beside.title} 3"), lying


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

"""The staff's workbench: a list with an issue beside it, as a sheet and on paper, and what is done to many. All others have a plain list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from fastapi import APIRouter
from starlette.responses import Response

from definitions.model.step import STAGES
from engine.deeds.registry import BY_FORM
from engine.event import Event
from huying.access.viewer import Look
from huying.audit.record import AuditNote, note_at_once
from huying.errors import NotFound
from huying.issues.bulk import Bulk, in_bulk, reassignment
from huying.issues.record import issue_id_of, numbers_of
from huying.issues.urgency import urgency_titles
from huying.issues.views.filter import Filter
from huying.issues.views.list import issue_list
from huying.locale import translations
from huying.processes.view import definitions_in_force
from huying.register.nearby import few_stations
from huying.register.regions import region_name
from huying.register.view import colleagues, departments, to_whom
from huying.search.view import MOST_LISTED, Asker, reasons, search
from huying.words.moments import moment_words
from huying.words.private_text import masked
from huying.words.stages import stage_title
from huying.workbench.attention import follow_issue, looked_at
from huying.workbench.choices import chips, flags, narrowings
from huying.workbench.columns import BESIDE, COLUMNS, LEDGER, ListColumn, chosen, titles
from huying.workbench.counts import changed_since, tabs
from huying.workbench.line import Line
from huying.workbench.pane import Pane, pane_view
from huying.workbench.query import RowOrder, filter_of, order_of, query_of, said_of
from huying.workbench.rows import RowsWanted, all_rows, among, rows, searched
from huying.workbench.saved_views import drop_view, save_view, saved_views_of
from huying.workbench.sheet import Heading, sheet
from portal.frame.bounds import Number
from portal.frame.door import IssueDoor
from portal.frame.filter import Wanted
from portal.frame.page import set_cookie
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN, needs
from portal.frame.submission import Submission, Submitted
from portal.frame.written import event_of

router = APIRouter()
_HALF_A_YEAR = 180 * 24 * 3600
_LAYOUT, _COLUMNS = "huying_layout", "huying_columns"
_LAYOUTS = ("table", "split")
#: So many issues a search shows to who has a plain list, without pages.
MOST_SEARCHED = 50
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the list is laid out: its columns (``chosen`` are those for the whole width), and whether an issue stands beside it."""

    split: bool
    columns: tuple[ListColumn, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownList:
    """What the address of a list says, and the address that says it: filter, order, place, the issue beside it, and which rows are checked."""

    filter: Filter
    order: RowOrder
    after: str = ""
    open: str = ""
    checked: frozenset[int] = frozenset()

    def said(self) -> dict[str, str]:
        """All that an address says of this list."""
        checked = ".".join(map(str, sorted(self.checked)))
        more = {"sort": self.order.said, "after": self.after, "open": self.open, "checked": checked}
        return said_of(self.filter) | {name: value for name, value in more.items() if value}

    def query(self) -> str:
        """The query string of this list."""
        return urlencode(self.said())

    def address(self, **more: str | None) -> str:
        """The same list with something else: ``None`` takes it away. What was checked stands in the page itself."""
        query = urlencode({name: value for name, value in (self.said() | {"checked": None} | more).items() if value})
        return f"/issues?{query}" if query else "/issues"

    @property
    def kind(self) -> str:
        """The kind as a choice says it: with its definition, or a definition alone."""
        return (
            f"{self.filter.definition}:{self.filter.kind or ''}" if self.filter.kind or self.filter.definition else ""
        )

    def narrowed(self, to: Filter) -> str:
        """The same list, narrowed otherwise and from its beginning."""
        return replace(self, filter=to).address(after=None, open=None)

    def sorted(self, by: str) -> str:
        """The same list sorted by a column, or the other way round if it is already."""
        turned = f"-{by}" if self.order == RowOrder(by) else by  # type: ignore[arg-type]
        return self.address(sort=None if turned == "due" else turned, after=None)


@dataclass(frozen=True, slots=True)
class LiveSearch:
    """The search box of the head while a list is shown, which shows what is found as one types; a search that is typed anew keeps its filters."""

    words: str
    more: dict[str, str]

    @classmethod
    def over(cls, shown: ShownList) -> LiveSearch:
        """The box over a list."""
        words = shown.filter.words or ""
        return cls(words, said_of(replace(shown.filter, words=None)) if words else {})


def listed(wanted: Filter, said: dict[str, str]) -> ShownList:
    """What an address says of a list."""
    ticked = said.get("checked", "").split(".")
    checked = frozenset(int(one) for one in ticked if one.isascii() and one.isdigit() and len(one) < 10)
    # what is closed has no deadline: such lists begin with the newest
    usual = "" if wanted.of_open or wanted.mine or wanted.step or wanted.words else "-opened"
    order = order_of(said.get("sort") or usual)
    return ShownList(wanted, order, said.get("after", "")[:120], said.get("open", "")[:80], checked)


@router.get("/issues", dependencies=[OWN])
def list_issues(at: SignedIn, wanted: Wanted, before: Number | None = None) -> Response:
    """The issues that this person looks after, answers for or reported."""
    if not at.somebody.staff:
        return _as_typed(at, f"/issues?{query_of(wanted)}", plain_list(at, replace(wanted, before=before)))
    shown = listed(wanted, dict(at.request.query_params))
    if at.request.headers.get("hx-target") == "pane":
        return _pane_alone(at, shown)
    return _as_typed(at, shown.address(), workbench(at, shown))


@router.get("/search", dependencies=[OWN])
def find(at: SignedIn) -> Response:
    """The older address of a search."""
    query = at.request.url.query
    return at.go(f"/issues?{query}" if query else "/issues")


def _as_typed(at: Reception, address: str, answer: Response) -> Response:
    """A list that is searched as one types: the list from which the search set out stays one step back, the letters between do not."""
    if at.request.headers.get("hx-target") in ("list", "found"):
        before = parse_qs(urlsplit(at.request.headers.get("hx-current-url", "")).query)
        answer.headers["HX-Replace-Url" if "q" in before else "HX-Push-Url"] = address
    answer.headers["Vary"] = "HX-Target"
    return answer


def plain_list(at: Reception, wanted: Filter) -> Response:
    """The list of those who are not staff: what was searched for, the surest first, or their issues page by page."""
    look = _look(at)
    found = None if wanted.words else issue_list(at.house, look.person, wanted, at.language, at.now)
    asker, others = Asker(look.person, at.language, at.now), replace(wanted, words=None)
    return at.page(
        "issues.html",
        found=found,
        search=search(at.house, asker, wanted.words, others, MOST_SEARCHED) if wanted.words else None,
        wanted=wanted,
        stages={key: stage_title(key, at.language) for key in STAGES},
        urgencies=urgency_titles(at.language),
        definitions={line.key: line.title for line in definitions_in_force(at.house, at.language, at.now)},
        region_name=region_name(at.house, wanted.region, at.language) if wanted.region else None,
        query_of=query_of,
    )


def workbench(at: Reception, shown: ShownList, report: Bulk | None = None) -> Response:
    """The workbench; ``report`` tells what became of what was done to many."""
    look = _look(at)
    layout = _layout(at, shown)
    known = narrowings(at.house, at.somebody, look)
    search = searched(at.house, shown.filter, look)
    asked = among(shown.filter, search)
    found = rows(at.house, RowsWanted(asked, shown.order, shown.after), look)
    views = saved_views_of(at.house, at.somebody.participant_id)
    query = query_of(shown.filter, sort=shown.order.said)
    answer = at.page(
        "workbench.html",
        found=found,
        search=search,
        reasons=reasons(at.house, search, (line.id for line in found.lines), at.language) if search else {},
        most=MOST_LISTED,
        shown=shown,
        live=LiveSearch.over(shown),
        layout=layout,
        known=known,
        chips=chips(at.house, shown.filter, known, look),
        tabs=tabs(at.house, asked, look),
        tab_of=lambda step: shown.narrowed(replace(shown.filter, step=step)),
        columns=titles(at.language),
        all_columns=COLUMNS,
        views=views,
        view=next((view for view in views if view.query == query), None),
        query=query,
        title=list_title(shown.filter, at.language),
        pane=_beside(at, shown) if layout.split else None,
        people=_to_whom(at),
        places=few_stations(at.house, at.language),
        since=at.now.isoformat(),
        report=report,
        numbers=numbers_of(at.house, [*report.done, *report.refused]) if report else {},
    )
    return _kept(at, answer)


def _look(at: Reception) -> Look:
    return Look(at.somebody.participant_id, at.language, at.now)


def _layout(at: Reception, shown: ShownList) -> Layout:
    """As the address says it, else as it was the last time."""
    said, cookies = at.request.query_params, at.request.cookies
    wish = said.get("layout") or ("split" if shown.open else cookies.get(_LAYOUT, ""))
    split = wish == "split"
    keys = said.getlist("column") or cookies.get(_COLUMNS, "").split(".")
    columns = chosen([key for key in keys if not split or key in BESIDE])
    if split:
        columns = tuple(column for column in columns if column.key in BESIDE) if any(keys) else chosen(BESIDE)
    return Layout(split, columns, tuple(column.key for column in chosen(keys)))


def _kept(at: Reception, answer: Response) -> Response:
    """Remember a layout that was asked for."""
    said = at.request.query_params
    if (layout := said.get("layout")) in _LAYOUTS and layout:
        set_cookie(at.request, answer, _LAYOUT, layout, _HALF_A_YEAR)
    if keys := said.getlist("column"):
        set_cookie(at.request, answer, _COLUMNS, ".".join(column.key for column in chosen(keys)), _HALF_A_YEAR)
    return answer


def list_title(wanted: Filter, language: str) -> str:
    """What a list is called."""
    _ = translations(language).gettext
    if wanted.words:
        return _("Search")
    for name, title in flags(language).items():
        if getattr(wanted, name):
            return title
    if wanted.due:
        return urgency_titles(language)[wanted.due]
    return {"open": _("All in hand"), "closed": _("Closed")}.get(wanted.status or "", _("Issues"))


def _beside(at: Reception, shown: ShownList) -> Pane | None:
    """The issue beside the list, which this person has now looked at; none if it is not for them."""
    if not shown.open:
        return None
    try:
        number = issue_id_of(at.house, shown.open)
        pane = pane_view(at.house, number, _look(at), shown=at.request.query_params.get("show") == "all")
    except NotFound:
        return None
    looked_at(at.house, number, at.somebody.participant_id)
    return pane


def _pane_alone(at: Reception, shown: ShownList) -> Response:
    """The issue alone, to be put beside the list that is there already."""
    pane = _beside(at, shown)
    answer = at.page("workbench_pane.html", pane=pane, shown=shown, people=_about(at, pane))
    answer.headers["Vary"] = "HX-Target"
    return answer


def _about(at: Reception, pane: Pane | None) -> dict[str, str]:
    if pane is None:
        return {}
    return dict(to_whom(at.house, pane.issue.id, at.somebody.participant_id, at.language))


def _to_whom(at: Reception) -> dict[str, str]:
    """To whom tasks of several issues can be given: the colleagues of wherever this person serves, and the departments."""
    lines = colleagues(at.house, at.somebody.participant_id, 0, at.language)
    people = {one.reference: " · ".join((one.name, *one.serves[:1])) for one in lines}
    return {**people, **departments(at.house, at.language)}


@router.get("/issues/fresh", dependencies=[OWN])
def fresh(at: SignedIn, wanted: Wanted, since: str = "") -> Response:
    """How many rows of a list have come or changed since it was shown."""
    shown = listed(wanted, dict(at.request.query_params))
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        moment = at.now
    number = changed_since(at.house, wanted, moment if moment.tzinfo else at.now, _look(at))
    return at.page("workbench_fresh.html", number=number, shown=shown)


@router.get("/issues/sheet", dependencies=[needs("export lists")])
def as_sheet(at: SignedIn, wanted: Wanted) -> Response:
    """The list as a sheet, with the same rows and columns."""
    heading, columns, lines = _whole(at, wanted)
    lines = _noted(at, wanted, lines, "sheet")
    content = sheet(heading, columns, lines, at.language)
    zone = at.house.zone
    name = f"issues-{at.now.astimezone(zone):%Y-%m-%d}.xlsx"
    return Response(content, media_type=_SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/issues/print", dependencies=[needs("export lists")])
def as_paper(at: SignedIn, wanted: Wanted) -> Response:
    """The list on paper: 台账."""
    heading, columns, lines = _whole(at, wanted)
    lines = _noted(at, wanted, lines, "paper")
    return at.page("workbench_paper.html", heading=heading, lines=lines, columns=columns, titles=titles(at.language))


def _noted(at: Reception, wanted: Filter, lines: Iterable[Line], how: str) -> list[Line]:
    """The lines of a list that is taken out of the house, which is noted: what was sought for stays out of it."""
    taken = [replace(line, subject=masked(line.subject)) for line in lines]
    narrowed = query_of(replace(wanted, words=""))
    told = AuditNote(
        what="list-exported", object="list:issues", detail={"rows": len(taken), "filter": narrowed, "how": how}
    )
    note_at_once(at.house.database.engine, told)
    return taken


def _whole(at: Reception, wanted: Filter) -> tuple[Heading, tuple[ListColumn, ...], Any]:
    """All of a list, with what stands over it."""
    shown = listed(wanted, dict(at.request.query_params))
    look = _look(at)
    known = narrowings(at.house, at.somebody, look)
    narrowed = [chip.text for chip in chips(at.house, wanted, known, look)]
    when = moment_words(at.now, at.house.zone, at.language)
    heading = Heading(list_title(wanted, at.language), " · ".join((when, *narrowed)))
    keys = at.request.query_params.getlist("column") or at.request.cookies.get(_COLUMNS, "").split(".")
    columns = chosen(keys if any(keys) else LEDGER)
    asked = among(wanted, searched(at.house, wanted, look))
    return heading, columns, all_rows(at.house, RowsWanted(asked, shown.order), look)


@router.post("/issues/bulk", dependencies=[OWN])
def bulk(form: Submitted, at: SignedIn) -> Response:
    """Let the same happen to all issues that were chosen; each is done or refused by itself, and the page says which."""
    picked = form.fields.get("issue", [])
    several = [
        int(one)
        for one in ([picked] if isinstance(picked, str) else picked)
        if one.isascii() and one.isdigit() and len(one) < 10
    ]
    said = dict(parse_qsl(form.entry("list")))
    shown = listed(filter_of(said), said)
    report = in_bulk(at.house, several, lambda issue: _event(at, form, issue), at.by(form.request_id[:40]))
    if not at.somebody.staff:
        return plain_list(at, shown.filter)
    # what was refused stays chosen, so that nothing is lost
    return workbench(at, replace(shown, checked=frozenset(report.refused)), report)


def _event(at: Reception, form: Submission, issue: int) -> Event:
    kind = form.entry("kind")
    reason = form.entry(f"reason-{kind}") or form.entry("reason")
    if kind == "reassign":
        return reassignment(at.house, issue, form.entry("to"), reason)
    gesture = BY_FORM.get(kind)
    said = replace(form, entries=form.entries | {"reason": reason})
    return event_of(at.here, gesture if gesture and gesture.many else None, said)


@router.post("/issues/views", dependencies=[OWN])
def keep_view(form: Submitted, at: SignedIn) -> Response:
    """Keep this list at hand."""
    said = dict(parse_qsl(form.entry("list")))
    query = query_of(filter_of(said), sort=order_of(said.get("sort", "")).said)
    shared = form.entry("shared") == "yes"
    save_view(at.house, form.entry("title"), query, at.by(form.request_id), shared=shared)
    return at.go(f"/issues?{query}")


@router.post("/issues/views/{view}/drop", dependencies=[OWN])
def do_away(form: Submitted, at: SignedIn, view: Number) -> Response:
    """Do away with a list of one's own."""
    drop_view(at.house, view, at.by(form.request_id))
    return at.go(f"/issues?{urlencode(parse_qsl(form.entry('list')))}")


@router.post("/issues/{issue_id}/follow", dependencies=[OWN])
def keep_an_eye(form: Submitted, at: SignedIn, door: IssueDoor) -> Response:
    """Keep an eye on an issue, or no longer."""
    follow_issue(at.house, door.issue_id, at.by(form.request_id), follows=form.entry("follows") != "no")
    return at.go(f"/issues?{urlencode(parse_qsl(form.entry('list')))}")

"""Short addresses and their QR codes: followed by everybody, made and ended by staff for their own stations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from definitions.model.definition import Definition
from definitions.model.field import Field
from engine.refusal import Invalid
from huying.issues.views.choices import choices
from huying.posters.answer import fillable, place_field
from huying.posters.scan import leads_to
from huying.posters.sheet import SheetWish, sheet_of
from huying.posters.short_link import MAKE, LinkWish, end_links, make_links
from huying.posters.target import PAGES
from huying.posters.view import PORTION, link_list, stations_to_choose
from huying.processes.view import definition_in_force, definitions_in_force
from huying.register.office import way_names
from portal.frame.bounds import Number
from portal.frame.cache import assure_moderate
from portal.frame.reception import Received, Reception, SignedIn
from portal.frame.right import PUBLIC, needs
from portal.frame.span import read_numbers, said_numbers
from portal.frame.submission import Submission, Submitted

router = APIRouter()
_MAKERS = needs(MAKE)
#: A code on paper may be ended tomorrow, so nobody keeps where it led today.
_NEVER_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.get("/s/{code}", dependencies=[PUBLIC])
def followed(at: Received, code: str) -> Response:
    """To where a code leads now; to the first page, which says so, if it leads nowhere."""
    assure_moderate(at)
    address = leads_to(at.house, code, at.now)
    return RedirectResponse(address or "/?over=code", status_code=302, headers=_NEVER_KEPT)


@router.get("/posters", dependencies=[_MAKERS])
def listed(at: SignedIn, made: str = "", page: Number = 1, none: bool = False) -> Response:
    """The codes of one's stations with how often they were followed; those just ``made`` alone, after making them."""
    ids = read_numbers(made)
    found = link_list(at.house, at.somebody, (at.language, at.now), ids=ids, page=page)
    pages = 1 if ids else -(-found.total // PORTION)
    return at.page("posters.html", found=found, made=bool(ids), number=page, pages=pages, lacking=none)


@router.get("/posters/new", dependencies=[_MAKERS])
def new(at: SignedIn, page: str = "", definition: str = "") -> Response:
    """What a new code opens, where it hangs, and what is filled in beforehand."""
    return _form(at, _Wanted(page, definition))


@router.post("/posters", dependencies=[_MAKERS])
def make(at: SignedIn, form: Submitted) -> Response:
    """Make them, and show them."""
    wanted = _Wanted(form.entry("page"), form.entry("definition"), form)
    try:
        made = make_links(at.house, _wish(form), at.somebody, at.by(form.request_id))
    except Invalid as refusal:
        return _form(at, wanted, refusal)
    return at.go(f"/posters?made={said_numbers(made)}")


@router.get("/posters/sheet.pdf", dependencies=[_MAKERS])
def sheet(at: SignedIn, links: str = "", kind: str = "poster", both: bool = False) -> Response:
    """Posters or slips with these codes, to be printed; those that are over are left out."""
    wish = SheetWish(
        links=read_numbers(links),
        kind="slip" if kind == "slip" else "poster",
        language=at.language,
        root=at.here.config.portal_url,
        both=both,
    )
    content = sheet_of(at.house, wish, at.somebody, at.now)
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": "inline; filename=posters.pdf"}
    )


@router.post("/posters/chosen", dependencies=[_MAKERS])
def chosen(at: SignedIn, form: Submitted) -> Response:
    """Print those that were chosen, or end them."""
    ids = _chosen(form, "link")
    numbers = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 10]
    do = form.entry("do")
    if not numbers:
        return at.go("/posters?none=true")
    if do == "end":
        end_links(at.house, numbers, at.somebody, at.by(form.request_id))
        return at.go("/posters")
    both = "&both=true" if form.entry("both") else ""
    return at.go(f"/posters/sheet.pdf?links={said_numbers(numbers)}&kind={'slip' if do == 'slip' else 'poster'}{both}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the form is about, and what was entered in it."""

    page: str = ""
    definition: str = ""
    form: Submission | None = None

    def entry(self, name: str) -> str:
        """What was entered under a name."""
        return self.form.entry(name) if self.form else ""


def _wish(form: Submission) -> LinkWish:
    day = form.entry("valid_until")
    return LinkWish(
        page=form.entry("page"),
        definition=form.entry("definition") or None,
        stations=_chosen(form, "station"),
        places=form.entries.get("places", "").splitlines(),
        answers={name: value for name, value in form.fields.items() if isinstance(value, str)},
        valid_until=_day(day) if day else None,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong = {"zh": "日期写成 2027-01-31 的样子。", "en": "Write the day like 2027-01-31."}
        raise Invalid({"valid_until": wrong}) from None


def _chosen(form: Submission, name: str) -> Sequence[str]:
    """What was ticked."""
    given = form.fields.get(name, ())
    return [given] if isinstance(given, str) else [str(one) for one in given]


def _form(at: Reception, wanted: _Wanted, refusal: Invalid | None = None) -> Response:
    page = wanted.page if wanted.page in PAGES else "report"
    processes = {one.key: one.title for one in definitions_in_force(at.house, at.language, at.now, "citizen")}
    key = wanted.definition if wanted.definition in processes else _first(at, processes)
    definition = definition_in_force(at.house, key, at.language, at.now).definition if key else None
    asks = definition if page == "report" else None
    stations, everywhere = stations_to_choose(at.house, at.somebody, at.language, at.now)
    ticked = _chosen(wanted.form, "station") if wanted.form else [one.code for one in stations if len(stations) == 1]
    return at.page(
        "poster_new.html",
        422 if refusal else 200,
        page=page,
        pages={name: said.of(at.language) for name, said in PAGES.items()},
        processes=processes,
        definition=key,
        fields=_offered(asks) if asks else {},
        where=place_field(asks) if asks else None,
        names=choices(at.house, _offered(asks).values(), at.language, public=True) if asks else {},
        title_of=asks.fields if asks else {},
        stations=stations,
        everywhere=everywhere,
        entered=wanted.form.fields if wanted.form else {},
        entry=wanted.entry,
        ticked=ticked,
        errors=refusal.errors if refusal else {},
        back="/posters/new",
    )


def _first(at: Reception, processes: Mapping[str, str]) -> str:
    """The process with which the first page begins."""
    named = way_names(at.house, at.language)
    return next((key for key in (*named, *processes) if key in processes), "")


def _offered(definition: Definition) -> Mapping[str, Field]:
    """What can be chosen beforehand for all of them: kinds, and yes or no."""
    return {name: one for name, one in fillable(definition).items() if one.type in ("choice", "yes/no")}

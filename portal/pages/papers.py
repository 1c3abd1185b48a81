"""Papers: made from an issue or about none, each on its page, as Word and PDF; one that was wrong is replaced or voided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import spoken
from engine.refusal import Invalid
from huying.access.viewer import Look
from huying.issues.record import number_of
from huying.papers.issuance import PaperWish, asked, make, offered, preview, void
from huying.papers.pdf import makes_pdf, pdf
from huying.papers.stock import KINDS, LANGUAGES, StockedKind, stocked
from huying.papers.view import PaperLine, document, newest_papers, paper, papers_of
from portal.frame.bounds import Number
from portal.frame.door import Door
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN, needs
from portal.frame.submission import Submission, Submitted

router = APIRouter()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@router.get("/papers", dependencies=[needs("make papers")])
def listed(at: SignedIn) -> Response:
    """The newest papers, and those that need no issue."""
    with at.house.database.reading() as connection:
        known = [stocked(connection, key, spoken(at.language)) for key in KINDS]
    free = [one for one in known if one.kind.about == "anything"]
    return at.page("papers.html", papers=newest_papers(at.house, _look(at)), free=free)


@router.get("/papers/new/{kind}", dependencies=[OWN])
def begin(
    at: SignedIn, kind: str, issue: Number | None = None, replaces: Number | None = None, into: str = ""
) -> Response:
    """The form of a paper, with what the issue says already."""
    wish = PaperWish(kind, _into(at, into), issue, {}, replaces)
    stock, begins = asked(at.house, wish, at.by())
    return _form(at, wish, stock, begins, {})


@router.post("/papers/new/{kind}", dependencies=[OWN])
def issue(form: Submitted, at: SignedIn, kind: str) -> Response:
    """Make it, or look at it first."""
    wish = PaperWish(
        kind, _into(at, form.entry("into")), _number(form, "issue"), form.fields, _number(form, "replaces")
    )
    try:
        if form.entry("do") == "preview":
            return file_answer(f"{kind}.docx", *shown(preview(at.house, wish, at.by())), inline=True)
        made = make(at.house, wish, at.by(form.request_id))
    except Invalid as wrong:
        stock, _ = asked(at.house, wish, at.by())
        return _form(at, wish, stock, wish.entered, wrong.errors)
    return at.go(f"/papers/{made.id}?made=yes")


@router.get("/papers/{number}", dependencies=[OWN])
def one(at: SignedIn, number: Number, made: str = "") -> Response:
    """A paper as it was made."""
    return _one(at, paper(at.house, number, _look(at)), made == "yes")


@router.get("/papers/{number}/word", dependencies=[OWN])
def word(at: SignedIn, number: Number) -> Response:
    """Its Word file: the very bytes that were kept."""
    found = paper(at.house, number, _look(at))
    return file_answer(f"{found.number} {found.title}.docx", document(at.house, found), WORD)


@router.get("/papers/{number}/pdf", dependencies=[OWN])
def printed(at: SignedIn, number: Number) -> Response:
    """The same as PDF, made now; a sentence where that cannot be."""
    found = paper(at.house, number, _look(at))
    return file_answer(f"{found.number} {found.title}.pdf", pdf(document(at.house, found)), PDF, inline=True)


@router.post("/papers/{number}/void", dependencies=[needs("make papers")])
def end(form: Submitted, at: SignedIn, number: Number) -> Response:
    """Void it, with the reason."""
    found = paper(at.house, number, _look(at))
    try:
        void(at.house, number, form.entry("reason"), at.by(form.request_id))
    except Invalid as wrong:
        return _one(at, found, False, wrong.errors)
    return at.go(f"/papers/{number}")


def papers_beside(at: Reception, door: Door) -> dict[str, Any]:
    """What stands beside an issue: ``offers``, the papers that may be made about it, and ``papers``, those that were."""
    if door.by != "session":
        return {"offers": [], "papers": ()}
    look = door.look(at.language, at.now)
    return {"offers": offered(at.house, door.issue_id, look), "papers": papers_of(at.house, door.issue_id, look)}


def _form(
    at: Reception, wish: PaperWish, stock: StockedKind, entered: Mapping[str, Any], errors: Mapping[str, Any]
) -> Response:
    titles = {"zh": "中文", "en": "English"}
    return at.page(
        "paper_form.html",
        422 if errors else 200,
        wish=wish,
        stock=stock,
        entered=entered,
        errors=errors,
        issue=number_of(at.house, wish.issue_id) if wish.issue_id else "",
        languages={one: titles[one] for one in LANGUAGES if one in at.house.offices.now().languages},
        pdf=makes_pdf(),
    )


def _one(at: Reception, found: PaperLine, made: bool, errors: Mapping[str, Any] | None = None) -> Response:
    return at.page("paper.html", 422 if errors else 200, paper=found, made=made, pdf=makes_pdf(), errors=errors or {})


def shown(content: bytes) -> tuple[bytes, str]:
    """A preview as a browser shows it, where PDF can be made; else the Word file."""
    return (pdf(content), PDF) if makes_pdf() else (content, WORD)


def file_answer(name: str, content: bytes, media_type: str, *, inline: bool = False) -> Response:
    """A paper as a file of its kind, shown where a browser can, or saved under its name."""
    ending = "pdf" if media_type == PDF else "docx"
    called = quote(f"{name.rsplit('.', 1)[0]}.{ending}", safe="")
    shown = "inline" if inline and media_type == PDF else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f"{shown}; filename*=UTF-8''{called}", "Cache-Control": "private, no-store"},
    )


def _look(at: Reception) -> Look:
    return Look(at.somebody.participant_id, at.language, at.now)


def _into(at: Reception, said: str) -> str:
    """The language of a paper: the one that was chosen, else the office's own first one."""
    return said if said in LANGUAGES else at.house.offices.now().languages[0]


def _number(form: Submission, name: str) -> int | None:
    said = form.entry(name)
    return int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 10 else None

"""The yearly file of a deputy: read, written in by hand, confirmed, disputed, closed, taken out; and the office's list of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.responses import Response

from definitions.files.chapters import shipped_rules
from definitions.model.reference import participant
from definitions.text import Said
from engine.refusal import Invalid
from huying.approvals.proposals import NewProposal, propose, wants_two
from huying.audit.record import AuditNote, note_apart, note_at_once
from huying.errors import NotFound
from huying.files.closure import amend, assure_closable, close_year
from huying.files.deeds import OfLine, answer, assure_enters, confirm, correct, enter, object_to, send_back, take_back
from huying.files.entry import EntryMatter
from huying.files.paper import file_document
from huying.files.rounds import file_list
from huying.files.sheet import file_sheet, files_sheet
from huying.files.view import FilePage, file_page, term_page, titles_of
from huying.house.kept import digest_of, keep, read_kept
from huying.papers.pdf import makes_pdf, pdf
from huying.shelf.scans import assure_readable
from portal.frame.bounds import Number
from portal.frame.file import answer_with
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN, needs
from portal.frame.submission import Submission, Submitted

router = APIRouter()
Year = Annotated[int, Path(ge=1900, le=2200)]
_ASKED = ("kind", "day", "title", "place", "organiser", "part", "half_days", "result", "paper")
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/files", dependencies=[OWN])
def own_file(at: SignedIn) -> Response:
    """One's own file of this year; for whoever has none, the list of all."""
    year = at.house.day_of(at.now).year
    if at.somebody.kind != "deputy" and at.may("enter in files"):
        return at.go(f"/files/all/{year}")
    return at.go(f"/files/{at.somebody.participant_id}/{year}")


@router.get("/files/all/{year}", dependencies=[needs("enter in files")])
def all_files(at: SignedIn, year: Year) -> Response:
    """The files of a year, with what is missing."""
    found = file_list(at.house, year, for_whom=at.somebody.participant_id, now=at.now, language=at.language)
    this_year = at.house.day_of(at.now).year
    return at.page("files.html", files=found, year=year, this_year=this_year)


@router.get("/files/all/{year}/sheet.xlsx", dependencies=[needs("enter in files")])
def all_as_sheet(at: SignedIn, year: Year) -> Response:
    """The same list as a sheet."""
    found = file_list(at.house, year, for_whom=at.somebody.participant_id, now=at.now, language=at.language)
    told = AuditNote(what="list-exported", object="list:files", detail={"rows": len(found), "year": year})
    note_at_once(at.house.database.engine, told)
    name = Said(f"一人一册 {year}.xlsx", f"files {year}.xlsx").of(at.language)
    return _kept_answer(files_sheet(year, found, at.language), _SHEET, name)


@router.get("/files/{participant_id}/term", dependencies=[OWN])
def term(at: SignedIn, participant_id: Number) -> Response:
    """All years of a file beside each other."""
    reader = at.somebody.participant_id
    found = term_page(at.house, participant_id, for_whom=reader, now=at.now, language=at.language)
    _note(at, participant_id, "file-read", 0)
    return at.page("file_term.html", file=found)


@router.get("/files/{participant_id}/{year}", dependencies=[OWN])
def file(at: SignedIn, participant_id: Number, year: Year, add: bool = False) -> Response:
    """The file of a person and year."""
    return _page(at, participant_id, year, adding=add)


def _page(
    at: Reception,
    participant_id: int,
    year: int,
    *,
    adding: bool = False,
    wrong: Mapping[str, str] | None = None,
    written: Mapping[str, str] | None = None,
) -> Response:
    found = _seen(at, participant_id, year)
    _note(at, participant_id, "file-read", year)
    faults = wrong or {}
    return at.page(
        "file.html",
        422 if wrong else 200,
        file=found,
        adding=adding or bool(wrong),
        offered=titles_of(shipped_rules(), at.language),
        wrong=faults,
        errors=[(f"f-{name}", text) for name, text in faults.items()],
        written={**dict.fromkeys(_ASKED, ""), **(written or {})},
        with_pdf=makes_pdf(),
        two=wants_two(at.house),
    )


def _seen(at: Reception, participant_id: int, year: int) -> FilePage:
    reader = at.somebody.participant_id
    return file_page(at.house, participant_id, year, for_whom=reader, now=at.now, language=at.language)


def _note(at: Reception, participant_id: int, what: str, year: int) -> None:
    """Whoever looks at somebody else's file, or takes it out, leaves a line that its owner sees."""
    if at.somebody.participant_id != participant_id:
        told = AuditNote(
            what=what,
            object=participant(participant_id),
            about=participant_id,
            by=at.somebody.participant_id,
            detail={"year": year},
        )
        if what == "file-read":
            note_apart(at.house.database.engine, told)
        else:
            note_at_once(at.house.database.engine, told)


@router.post("/files/{participant_id}/{year}/entries", dependencies=[OWN])
def write_entry(form: Submitted, at: SignedIn, participant_id: Number, year: Year) -> Response:
    """Write an entry; in a closed year, as an amendment."""
    by = at.by(form.request_id)
    try:
        matter = _matter(form)
        if form.files:
            assure_enters(at.house, participant_id, by)
        evidence = [keep(at.house.store, one.name, one.content, by.somebody).reference for one in form.files]
        if form.entry("reason"):
            amend(at.house, OfLine(participant_id, year, ""), matter, form.entry("reason"), by)
        else:
            enter(at.house, participant_id, matter, evidence, by)
    except Invalid as refusal:
        wrong = {name: Said(said["zh"], said["en"]).of(at.language) for name, said in refusal.errors.items()}
        return _page(at, participant_id, year, wrong=wrong, written=form.entries)
    return at.go(f"/files/{participant_id}/{matter.day[:4]}?done=entered")


def _matter(form: Submission) -> EntryMatter:
    half = form.entry("half_days")
    try:
        half_days = float(half) if half else None
    except ValueError:
        raise Invalid({"half_days": {"zh": "半天数是一个数。", "en": "Half-days are a number."}}) from None
    return EntryMatter(
        kind=form.entry("kind"),
        day=form.entry("day"),
        title=form.entry("title"),
        place=form.entry("place"),
        organiser=form.entry("organiser"),
        part=form.entry("part"),
        half_days=half_days,
        result=form.entry("result"),
        paper=form.entry("paper"),
    )


@router.post("/files/{participant_id}/{year}/deeds", dependencies=[OWN])
def do(form: Submitted, at: SignedIn, participant_id: Number, year: Year) -> Response:
    """Do something about a line: ``do`` says what."""
    of, by, why = OfLine(participant_id, year, form.entry("key")[:120]), at.by(form.request_id), form.entry("reason")
    match form.entry("do"):
        case "confirm":
            confirm(at.house, of, by)
        case "return":
            send_back(at.house, of, why, by)
        case "take-back":
            take_back(at.house, of, by)
        case "object":
            object_to(at.house, of, why, by)
        case "uphold" | "grant":
            answer(at.house, of, why, form.entry("do") == "grant", by)
        case "correct":
            correct(at.house, of, _matter(form) if form.entry("title") else None, why, by)
        case "amend":
            amend(at.house, of, _matter(form) if form.entry("title") else None, why, by)
        case _:
            raise NotFound("没有这种办理。", "There is no such thing to do.")
    return at.go(f"/files/{participant_id}/{year}?done={quote(form.entry('do'))}")


@router.post("/files/{participant_id}/{year}/closure", dependencies=[OWN])
def close(form: Submitted, at: SignedIn, participant_id: Number, year: Year) -> Response:
    """Close the year; where the office wants two, somebody else approves it."""
    by = at.by(form.request_id)
    if not wants_two(at.house):
        close_year(at.house, participant_id, year, by)
        return at.go(f"/files/{participant_id}/{year}?done=closed")
    assure_closable(at.house, participant_id, year, by)
    name = _seen(at, participant_id, year).name
    body = {"person": participant_id, "year": year}
    number = propose(at.house, NewProposal("close-file", body, f"{name} {year}", "", form.entry("reason")), by)
    return at.go(f"/proposals/{number}")


@router.get("/files/{participant_id}/{year}/sheet.xlsx", dependencies=[OWN])
def as_sheet(at: SignedIn, participant_id: Number, year: Year) -> Response:
    """The file as a sheet."""
    found = _seen(at, participant_id, year)
    _note(at, participant_id, "file-exported", year)
    return _kept_answer(file_sheet(found, at.language), _SHEET, f"{found.name} {year}.xlsx")


@router.get("/files/{participant_id}/{year}/paper.docx", dependencies=[OWN])
def as_word(at: SignedIn, participant_id: Number, year: Year) -> Response:
    """The file as a Word document."""
    found, document = _document(at, participant_id, year)
    return _kept_answer(document, _WORD, f"{found.name} {year}.docx")


@router.get("/files/{participant_id}/{year}/paper.pdf", dependencies=[OWN])
def as_pdf(at: SignedIn, participant_id: Number, year: Year) -> Response:
    """The file as PDF, where LibreOffice is installed."""
    found, document = _document(at, participant_id, year)
    return _kept_answer(pdf(document), "application/pdf", f"{found.name} {year}.pdf")


def _document(at: Reception, participant_id: int, year: int) -> tuple[FilePage, bytes]:
    found = _seen(at, participant_id, year)
    _note(at, participant_id, "file-exported", year)
    office = at.house.offices.now()
    name = Said(office.name_zh or "", office.name_en or office.name_zh or "").of(at.language)
    return found, file_document(found, name, at.language)


@router.get("/files/{participant_id}/{year}/evidence/{key}", dependencies=[OWN])
def evidence(at: SignedIn, participant_id: Number, year: Year, key: str) -> Response:
    """A file that proves an entry."""
    found = _seen(at, participant_id, year)
    if all(key != named for line in found.lines for named, _ in line.evidence):
        raise NotFound("档案里没有这份佐证。", "There is no such evidence in the file.")
    store = at.house.store
    assure_readable(store, digest_of(store, key), at.somebody.participant_id, by_code=False)
    _note(at, participant_id, "file-read", year)
    kept, content = read_kept(store, key)
    return answer_with(kept.name, kept.media_type, content)


def _kept_answer(content: bytes, media_type: str, name: str) -> Response:
    head = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}", "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=head)

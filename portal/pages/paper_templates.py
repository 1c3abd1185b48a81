"""The templates of papers, for whoever keeps them: downloaded, changed in Word, uploaded, checked, looked at filled, and published."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from definitions.finding import Unreadable
from definitions.text import words
from engine.refusal import Invalid, Refusal
from huying.access.viewer import Look
from huying.approvals.kinds import paper_body
from huying.approvals.proposals import NewProposal
from huying.errors import TooLarge, WrongFile
from huying.house import kept
from huying.house.imprint import Imprint
from huying.issues.record import issue_id_of
from huying.papers.fields import offerings
from huying.papers.kind import read_kind
from huying.papers.publication import PaperEdition, PaperFaults, examine_edition, newest_version, publish_paper
from huying.papers.sample import tried
from huying.papers.stock import KINDS, LANGUAGES, StockedKind, stocked, template_of, versions
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted
from portal.pages.papers import WORD, file_answer, shown
from portal.pages.proposals import proposed

router = APIRouter(dependencies=[needs("keep papers")])
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


@router.get("/papers/templates")
def listed(at: SignedIn) -> Response:
    """All kinds, with the version in force in each language."""
    with at.house.database.reading() as connection:
        rows = [[stocked(connection, key, language) for language in LANGUAGES] for key in KINDS]
    return at.page("paper_templates.html", rows=rows, names=LANGUAGE_NAMES)


@router.get("/papers/templates/{kind}/{language}")
def one(at: SignedIn, kind: str, language: str) -> Response:
    """A kind: its template to take away, what it says, what may stand in it, its versions."""
    with at.house.database.reading() as connection:
        found = stocked(connection, kind, language)
    return _page(at, found, PaperEdition(kind, language, found.source, "", found.version))


@router.get("/papers/templates/{kind}/{language}/word")
def word(at: SignedIn, kind: str, language: str, version: Number | None = None) -> Response:
    """The Word template in force, or that of a version."""
    with at.house.database.reading() as connection:
        found = stocked(connection, kind, language, version)
    return file_answer(
        f"{found.title(at.language)} {LANGUAGE_NAMES[language]} v{found.version}.docx",
        template_of(at.house, found),
        WORD,
    )


@router.post("/papers/templates/{kind}/{language}")
def decide(form: Submitted, at: SignedIn, kind: str, language: str) -> Response:
    """Check what was uploaded, look at it filled, or publish it."""
    with at.house.database.reading() as connection:
        found = stocked(connection, kind, language)
        newest = newest_version(connection, kind, language)
    source = form.entries.get("source", "").replace("\r\n", "\n").strip() + "\n"
    edition = PaperEdition(kind, language, source, form.entry("kept"), newest)
    try:
        edition, template = _taken(at, form, edition, found)
        told = examine_edition(at.house, edition, template, at.now)
    except Unreadable as wrong:
        return _page(at, found, edition, PaperFaults(tuple(wrong.findings)))
    except (WrongFile, TooLarge, Refusal) as refusal:
        return _page(at, found, replace(edition, digest=""), refused=words(refusal.message, at.language))
    if told or form.entry("do") == "check":
        return _page(at, found, edition, told, sound=not told)
    if form.entry("do") == "preview":
        return _preview(at, form, edition, template)
    return _publish(at, form, edition, template)


def _taken(at: Reception, form: Submission, edition: PaperEdition, found: StockedKind) -> tuple[PaperEdition, bytes]:
    """What was uploaded now, or before, or what is in force; the bytes are kept by the rules of all uploads."""
    if form.files:
        added = kept.put(at.house.store, form.files[0].name, form.files[0].content, at.somebody.participant_id)
        return replace(edition, digest=added.digest), kept.read(at.house.store, added.digest)
    if edition.digest:
        return edition, kept.read(at.house.store, edition.digest)
    return edition, template_of(at.house, found)


def _preview(at: Reception, form: Submission, edition: PaperEdition, template: bytes) -> Response:
    number = form.entry("number")
    issue = issue_id_of(at.house, number) if number else None
    kind = read_kind(edition.source, edition.kind).kind
    assert kind is not None
    look = Look(at.somebody.participant_id, edition.language, at.now)
    return file_answer(f"{edition.kind}.docx", *shown(tried(at.house, kind, template, issue, look)), inline=True)


def _publish(at: Reception, form: Submission, edition: PaperEdition, template: bytes) -> Response:
    if not edition.digest:
        # only the text was changed: the template that is in force is that of the new version, too
        edition = replace(edition, digest=kept.put(at.house.store, "template.docx", template).digest)
    note = form.entry("note")[:500]
    about = f"{edition.kind} {edition.language} v{edition.newest + 1}"
    try:
        answer = proposed(at, form, NewProposal("paper", paper_body(edition, note), about, "", note))
    except Invalid as wrong:
        return _page(at, None, edition, refused=words(next(iter(wrong.errors.values())), at.language))
    if answer is not None:
        return answer
    publish_paper(at.house, edition, Imprint(at.somebody.name, at.now, note))
    return at.go(f"/papers/templates/{edition.kind}/{edition.language}?done=yes")


def _page(
    at: Reception,
    found: StockedKind | None,
    edition: PaperEdition,
    told: PaperFaults | None = None,
    *,
    refused: str = "",
    sound: bool = False,
) -> Response:
    told = told or PaperFaults()
    with at.house.database.reading() as connection:
        found = found or stocked(connection, edition.kind, edition.language)
        every = versions(connection, edition.kind, edition.language)
    known = offerings(at.house, found.kind, at.now)
    usable = sorted(known.plain | known.lists | (known.private if found.kind.shows_private else frozenset()))
    return at.page(
        "paper_template.html",
        422 if told or refused else 200,
        found=found,
        edition=edition,
        told=told,
        refused=refused,
        sound=sound,
        versions=every,
        usable=usable,
        names=LANGUAGE_NAMES,
        done=at.request.query_params.get("done") == "yes",
    )

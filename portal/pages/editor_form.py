"""A draft as a form over its text: one part at a time, beside its outline and the lines that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.responses import Response

from definitions.finding import Unreadable
from definitions.source.tree import read
from engine.refusal import Refusal
from huying.processes import drafts
from huying.processes.drafts import DefinitionDraft, Manuscript, Overtaken
from huying.processes.drafts_view import draft_lines
from huying.processes.examination import DEFINITION
from huying.workshop import deed
from huying.workshop.deed import FormAnswer
from huying.workshop.outline import outline
from huying.workshop.scenario import scenario_run
from huying.workshop.sheet import sheet
from huying.workshop.way import as_way, faults_of, path_of
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("write processes")])

Way = Annotated[str, Query(max_length=500)]
Key = Annotated[str, Query(max_length=60)]


@router.get("/editor/{number}/form")
def form(
    at: SignedIn, number: Number, at_part: Annotated[str, Query(alias="at", max_length=500)] = "", add: Key = ""
) -> Response:
    """One part of a draft as a form."""
    return _form(at, drafts.draft(at.house, number), at_part, add)


@router.post("/editor/{number}/form")
def fill(form: Submitted, at: SignedIn, number: Number) -> Response:
    """What was done in a form is done in the text; what cannot be done leaves the text as it was, and the form as it was filled in."""
    draft, way, add = drafts.draft(at.house, number), form.entry("at")[:500], form.entry("adding")[:60]
    try:
        answer = _done(draft.source, form, way, add, at.language)
        if not answer.faults:
            written = Manuscript(answer.source, draft.scenarios)
            drafts.save(at.house, number, _revision(form), written, by=at.somebody.name, now=at.now)
    except Unreadable:
        return at.go(f"/editor/{number}")
    except Refusal as refusal:
        status = 409 if refusal.code == Overtaken.code else 422
        return _form(at, draft, way, add, _Returned(status, form.entries, refused=refusal.message[at.language]))
    if answer.faults:
        faults = {key: said.of(at.language) for key, said in answer.faults.items()}
        return _form(at, draft, way, add, _Returned(422, form.entries, faults))
    if form.entry("do") == "check":
        return at.go(f"/editor/{number}?check=yes")
    changed = "" if answer.source == draft.source else "&saved=yes"
    return at.go(f"/editor/{number}/form?at={quote(as_way(answer.at), safe='/')}{changed}")


def _done(source: str, form: Submission, way: str, add: str, language: str) -> FormAnswer:
    body = read(source, DEFINITION).plain()
    do, _, what = form.entry("do").partition(":")
    path, there = path_of(way, body), path_of(what, body)
    match do:
        case "up" | "down":
            return deed.moved(source, there, do == "up")
        case "remove":
            return deed.removed(source, there)
        case "add":
            titles = {"zh": form.entry("title.zh"), "en": form.entry("title.en")}
            return deed.added(source, path, form.entry("key"), form.entry("kind"), titles)
        case "copy":
            return deed.copied(source, path, form.entry("origin"), form.entry("copy-key"))
        case "begin":
            return deed.begun(source, path, what)
    return deed.filled(source, path, form.entries, add, language)


def _revision(form: Submission) -> int:
    text = form.entry("revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@dataclass(frozen=True, slots=True)
class _Returned:
    """A form that was not taken: what was entered, what is wrong by key, or why nothing could be done."""

    status: int
    entered: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


def _form(at: Reception, draft: DefinitionDraft, way: str, add: str, returned: _Returned | None = None) -> Response:
    try:
        body = read(draft.source, DEFINITION).plain()
        faults = faults_of(draft.source, DEFINITION, at.house.calendars.known(), at.language)
    except Unreadable:
        return at.go(f"/editor/{draft.id}")
    path, saved = path_of(way, body), at.request.query_params.get("saved") == "yes"
    return at.page(
        "editor_form.html",
        returned.status if returned else 200,
        draft=draft,
        line=next(iter(draft_lines(at.house, at.language, at.now, (draft,)))),
        outline=outline(body, path, faults, at.language),
        sheet=sheet(draft.source, path, faults, at.language, add),
        faults=faults,
        times=body.get("deadlines") or () if isinstance(body, dict) else (),
        adding=add,
        entered=returned.entered if returned else {},
        wrong=returned.wrong if returned else {},
        refused=returned.refused if returned else "",
        saved=saved,
        run=scenario_run(at.house, draft.written, at.language, at.now) if saved else None,
    )

"""Approved templates of a sender, for administrators: registered, fetched from the provider, given to what they are for."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid, Unavailable
from huying.delivery.templates import (
    EVERY,
    LANGUAGES,
    TemplateEntry,
    fetch_templates,
    keep_template,
    remove_template,
    template_page,
    variables_of,
)
from huying.words.moments import moment_words
from huying.words.occasions import OCCASION_TITLES
from notifications import ANY, TEMPLATE_STATES, TEMPLATE_VALUES, VALUE_KINDS
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("keep connections")])


@router.get("/senders/{key}/templates")
def templates(at: SignedIn, key: str, template: int = 0, done: str = "") -> Response:
    """The register of a sender, and one template of it, or a new one."""
    return _page(at, key, template, done=done)


@router.post("/senders/{key}/templates/keep")
def keep(form: Submitted, at: SignedIn, key: str) -> Response:
    """Write a template, or change one; one whose variables are not filled yet is shown again."""
    entry = _entry(form)
    try:
        number = keep_template(at.house, key, entry, at.by(form.request_id))
    except Invalid as wrong:
        return _page(at, key, entry.number, form.entries, wrong.errors)
    return at.go(f"/senders/{key}/templates?template={number}&done=kept")


@router.post("/senders/{key}/templates/fetch")
def fetch(form: Submitted, at: SignedIn, key: str) -> Response:
    """Ask the provider for its templates."""
    try:
        fetch_templates(at.house, key, at.by(form.request_id))
    except Unavailable as wrong:
        return _page(at, key, 0, {}, {"": wrong.message})
    return at.go(f"/senders/{key}/templates?done=fetched")


@router.post("/senders/{key}/templates/remove")
def remove(form: Submitted, at: SignedIn, key: str) -> Response:
    """Take one out."""
    number = form.entry("number")
    remove_template(at.house, key, int(number) if number.isascii() and number.isdigit() else 0, at.by(form.request_id))
    return at.go(f"/senders/{key}/templates?done=removed")


def _entry(form: Submission) -> TemplateEntry:
    number, entered = form.entry("number"), form.entries
    names = [name.removeprefix("ours_") for name in entered if name.startswith("ours_")]
    return TemplateEntry(
        number=int(number) if number.isascii() and number.isdigit() else 0,
        occasion=form.entry("occasion"),
        language=form.entry("language"),
        code=form.entry("code"),
        title=form.entry("title"),
        text=entered.get("text", "").replace("\r\n", "\n"),
        state=form.entry("state"),
        remark=form.entry("remark"),
        values={
            name: (entered[f"ours_{name}"], entered.get(f"longest_{name}", ""), entered.get(f"kind_{name}", ""))
            for name in names
        },
    )


def _page(
    at: Reception,
    key: str,
    number: int,
    entered: Mapping[str, str] | None = None,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    done: str = "",
) -> Response:
    found = template_page(at.house, key)
    chosen = next((one for one in found.lines if one.number == number), None)
    return at.page(
        "sender_templates.html",
        422 if errors else 200,
        found=found,
        chosen=chosen,
        variables=variables_of(found.kind, chosen),
        occasions={"*": EVERY, **OCCASION_TITLES},
        any=ANY,
        languages=LANGUAGES,
        states=TEMPLATE_STATES,
        values=TEMPLATE_VALUES,
        kinds=VALUE_KINDS,
        entered=entered or {},
        errors=errors or {},
        done=done,
        moment=lambda one: moment_words(one, at.house.zone, at.language),
        back=f"/senders/{key}/templates",
    )

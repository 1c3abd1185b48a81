"""Keys of the API, for those who keep them: made for a machine, shown once, listed with their last use, and ended; and one's own, for their owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from definitions.text import Said
from engine.refusal import Invalid
from huying.access.api_keys import KeyLine, NewKey, agree_to_key, end_key, keys, make_key
from huying.register.view import area_tree, station_names
from huying.rights.key_scope import SCOPES
from huying.rights.scope import HOUSE, read_scope
from huying.words.moments import moment_words
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN, needs
from portal.frame.submission import Submission, Submitted

router = APIRouter()
_KEEP = needs("keep keys")
_FOR_HOW_LONG = timedelta(days=180)


@router.get("/keys", dependencies=[_KEEP])
def listed(at: SignedIn) -> Response:
    """All of them, and the form for a new one."""
    return _page(at)


@router.post("/keys", dependencies=[_KEEP])
def new(form: Submitted, at: SignedIn) -> Response:
    """Make one, and show it this once."""
    scope = read_scope(form.entry("scope"))
    wish = NewKey(
        form.entry("name"), form.entry("login"), _ticked(form), scope or HOUSE, _end_of(form.entry("until"), at)
    )
    try:
        if scope is None:
            raise Invalid(
                {"scope": {"zh": "请选择全机构、区域或站点。", "en": "Choose the house, an area or a station."}}
            )
        text = make_key(at.house, wish, at.by())
    except Invalid as wrong:
        return _page(at, 422, errors=wrong.errors, form=form)
    return _page(at, made=text)


@router.post("/keys/{number}/end", dependencies=[_KEEP])
def end(form: Submitted, at: SignedIn, number: str) -> Response:
    """End one at once."""
    end_key(at.house, number, at.by())
    return at.go("/keys")


@router.get("/account/keys", dependencies=[OWN])
def own(at: SignedIn) -> Response:
    """Those that act for whoever is signed in."""
    return at.page("account_keys.html", lines=keys(at.house, at.now, at.somebody.participant_id), **_words(at))


@router.post("/account/keys/{number}/agree", dependencies=[OWN])
def agree(form: Submitted, at: SignedIn, number: str) -> Response:
    """Let one act for oneself."""
    agree_to_key(at.house, number, at.by())
    return at.go("/account/keys")


@router.post("/account/keys/{number}/end", dependencies=[OWN])
def end_own(form: Submitted, at: SignedIn, number: str) -> Response:
    """End one that acts for oneself."""
    end_key(at.house, number, at.by(), own=True)
    return at.go("/account/keys")


def _ticked(form: Submission) -> tuple[str, ...]:
    given: Any = form.fields.get("scopes", ())
    return (given,) if isinstance(given, str) else tuple(str(one) for one in given)


def _end_of(text: str, at: Reception) -> datetime | None:
    """The end of a day, by the house's clock; ``None`` for what is none."""
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), at.house.zone)
    except ValueError:
        return None


def _words(at: Reception) -> dict[str, Any]:
    places = {
        **station_names(at.house, at.language),
        **{one.reference: one.name for one in area_tree(at.house, at.language)},
    }
    everywhere = Said("全机构", "The whole house").of(at.language)
    zone = at.house.zone

    def where(line: KeyLine) -> str:
        return everywhere if line.scope == "house" else places.get(line.scope, line.scope)

    def uses(line: KeyLine) -> str:
        return Said("、", ", ").of(at.language).join(SCOPES[one].title.of(at.language) for one in line.scopes)

    return {"where": where, "uses": uses, "moment": lambda one: moment_words(one, zone, at.language)}


def _page(
    at: Reception,
    status: int = 200,
    made: str = "",
    errors: Mapping[str, Mapping[str, str]] | None = None,
    form: Submission | None = None,
) -> Response:
    today = at.now.astimezone(at.house.zone).date()
    blank = {"name": "", "login": "", "scope": "house", "until": (today + _FOR_HOW_LONG).isoformat()}
    return at.page(
        "api_keys.html",
        status,
        lines=keys(at.house, at.now),
        made=made,
        errors=errors or {},
        entered={name: form.entry(name) if form else value for name, value in blank.items()},
        ticked=_ticked(form) if form else (),
        purposes={one.key: one.title.of(at.language) for one in SCOPES.values()},
        areas=area_tree(at.house, at.language),
        station_scopes=station_names(at.house, at.language),
        back="/keys",
        **_words(at),
    )

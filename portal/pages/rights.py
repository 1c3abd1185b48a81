"""Who may do what, and why: of a role, a person, a station, an action with its addresses; and giving and ending grants."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid
from huying.access.account_view import account_list
from huying.approvals.kinds import grant_body
from huying.approvals.proposals import NewProposal, wants_two
from huying.audit.record import AuditNote, note_at_once
from huying.issues.record import issue_id_of
from huying.issues.sight import may_see
from huying.issues.views.rights import issue_rights
from huying.register.view import area_tree, station_list, station_names
from huying.rights.action import ACTIONS, SUBJECTS
from huying.rights.grants import (
    NewGrant,
    assure_ends,
    end_grant,
    give_grant,
    granted_number,
    holder_of,
    may_give,
    takes_two,
    wrong_with,
)
from huying.rights.matrix import COLUMNS, MARKS, marks
from huying.rights.refusal import holders
from huying.rights.role import ROLES
from huying.rights.scope import HOUSE, Scope, read_scope
from huying.rights.views.holders import all_rights, ending_soon, unused, who_may, who_may_at
from huying.rights.views.person import person_rights
from huying.rights.views.sheet import rights_sheet
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import OWN, asked_by, needs, routes
from portal.frame.submission import Submission, Submitted
from portal.pages.proposals import proposed

router = APIRouter()
_SEE, _GIVE = needs("see rights"), needs("give grants")
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/rights", dependencies=[_SEE])
def overview(at: SignedIn, q: str = "") -> Response:
    """The matrix of roles; somebody to look up; what ends soon, and who never comes in."""
    rows = [(subject, [(action, tuple(marks(action.key))) for action in actions]) for subject, actions in SUBJECTS]
    return at.page(
        "rights.html",
        rows=rows,
        columns=COLUMNS,
        marks=MARKS,
        private=at.somebody.may("export private register", at.now),
        q=q[:100],
        people=account_list(at.house, at.now, "", q[:100]).lines if q.strip() else (),
        ending=ending_soon(at.house, at.language, at.now),
        unused=unused(at.house, at.language, at.now),
        stations=station_list(at.house, at.language),
    )


@router.get("/rights/sheet", dependencies=[_SEE])
def as_sheet(at: SignedIn) -> Response:
    """All rights as a sheet, for the yearly review."""
    rows = list(all_rights(at.house, at.language, at.now))
    note_at_once(
        at.house.database.engine, AuditNote(what="list-exported", object="list:rights", detail={"rows": len(rows)})
    )
    content = rights_sheet(rows, at.language)
    name = f"rights-{at.house.day_of(at.now):%Y-%m-%d}.xlsx"
    return Response(content, media_type=_SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/rights/actions/{key}", dependencies=[_SEE])
def of_action(at: SignedIn, key: str) -> Response:
    """Who may do something, and which addresses ask for it."""
    found = who_may(at.house, key, at.language, at.now)
    asking = sorted(
        f"{method} {path}"
        for method, path, route in routes(at.request.app.routes)
        if asked_by(route.dependant) == (key,)
    )
    return at.page(
        "rights_action.html", action=ACTIONS[key], holders=holders(key, at.language), found=found, asking=asking
    )


@router.get("/rights/stations", dependencies=[_SEE])
def to_station(at: SignedIn, code: str = "") -> Response:
    """To the station that was chosen."""
    return at.go(f"/rights/stations/{code}" if code.isalnum() else "/rights")


@router.get("/rights/stations/{code}", dependencies=[_SEE])
def of_station(at: SignedIn, code: str) -> Response:
    """Who may do what at a station."""
    return at.page("rights_station.html", found=who_may_at(at.house, code, at.language, at.now))


@router.get("/rights/people/{person}", dependencies=[_SEE])
def of_person(at: SignedIn, person: Number, station: str = "") -> Response:
    """What somebody may do, why, and why not."""
    return _person(at, person, station[:40])


@router.get("/rights/addresses", dependencies=[_SEE])
def addresses(at: SignedIn, q: str = "") -> Response:
    """Every address of the portal and of the API: which right it asks for, and who has that."""
    sought = q.strip()[:100]
    found = [
        (method, path, action)
        for method, path, route in routes(at.request.app.routes)
        for action in asked_by(route.dependant)
        if sought.casefold() in path.casefold()
    ]
    found.sort(key=lambda one: (one[1], one[0]))
    whom = {action: holders(action, at.language) for _, _, action in found if action in ACTIONS}
    return at.page("rights_addresses.html", found=found, whom=whom, actions=ACTIONS, q=sought)


@router.get("/rights/issues/{number:path}", dependencies=[needs("see who sees issues")])
def of_issue(at: SignedIn, number: str) -> Response:
    """Who sees an issue, acts in it and reads its private fields, and why; for whoever may ask that at its station."""
    issue_id = issue_id_of(at.house, number)
    found = issue_rights(at.house, issue_id, at.somebody, at.language, at.now)
    return at.page("rights_issue.html", found=found, opens=may_see(at.house, issue_id, at.somebody.participant_id))


@router.get("/my/rights", dependencies=[OWN])
def mine(at: SignedIn) -> Response:
    """The same of oneself."""
    found = person_rights(at.house, at.somebody.participant_id, at.language, at.now)
    return at.page(
        "rights_person.html", found=found, own=True, gives=False, done=False, entered={}, errors={}, stations=()
    )


@router.post("/rights/people/{person}/grants", dependencies=[_GIVE])
def give(form: Submitted, at: SignedIn, person: Number) -> Response:
    """Grant somebody a role."""
    try:
        wish = _wish(at, form, person)
        if wish.role in ROLES and ROLES[wish.role].guarded:
            answer = _guarded(at, form, wish)
            if answer is not None:
                return answer
        give_grant(at.house, wish, at.by(form.request_id))
    except Invalid as wrong:
        return _person(at, person, "", form.entries, wrong.errors, 422)
    return at.go(f"/rights/people/{person}?done=yes")


@router.post("/rights/people/{person}/grants/{number}/end", dependencies=[_GIVE])
def take_back(form: Submitted, at: SignedIn, person: Number, number: Number) -> Response:
    """End a grant."""
    try:
        answer = _ended_by_two(at, form, person, number)
        if answer is not None:
            return answer
        end_grant(at.house, number, form.entry("end_reason"), at.by(form.request_id))
    except Invalid as wrong:
        said = {f"end-{number}": message for message in wrong.errors.values()}
        return _person(at, person, "", form.entries, said, 422)
    return at.go(f"/rights/people/{person}?done=yes")


def _guarded(at: Reception, form: Submission, wish: NewGrant) -> Response | None:
    """What takes two is looked at before it is proposed: the second person is not asked about what cannot be."""
    with at.house.database.reading() as connection:
        may_give(connection, wish.role, wish.scope, at.by())
        errors = wrong_with(connection, wish, at.now)
    if errors:
        raise Invalid(errors)
    found = person_rights(at.house, wish.person, at.language, at.now)
    about = f"{found.name}：{ROLES[wish.role].title.zh} {ROLES[wish.role].title.en}"
    span = f"{wish.since} – {wish.until or ''}"
    return proposed(at, form, NewProposal("grant", grant_body(wish), about, span, wish.reason))


def _ended_by_two(at: Reception, form: Submission, person: int, number: int) -> Response | None:
    """The same for ending one; ``do=alone`` ends it at once, and everybody who may is told."""
    reason = form.entry("end_reason")[:500]
    with at.house.database.reading() as connection:
        found = granted_number(connection, number)
        may_give(connection, found.role, found.scope, at.by())
        if not takes_two(connection, found.role):
            return None
        assure_ends(connection, number, reason, at.now)
        holder = holder_of(connection, number)
    title = ROLES[found.role].title
    name = person_rights(at.house, holder, at.language, at.now).name
    body = {"grant": number, "person": holder, "reason": reason}
    return proposed(at, form, NewProposal("end", body, f"{name}：{title.zh} {title.en}", "", reason))


def _wish(at: Reception, form: Submission, person: int) -> NewGrant:
    """What the form asks for; an entry that cannot be read is one that is wrong, and is said at its field."""
    errors = {}
    since, until = (_day(form.entry(name)) for name in ("since", "until"))
    if form.entry("since") and since is None:
        errors["since"] = {"zh": "请写成 2026-12-01 这样的日期。", "en": "Write a date such as 2026-12-01."}
    if form.entry("until") and until is None:
        errors["until"] = {"zh": "请写成 2026-12-01 这样的日期。", "en": "Write a date such as 2026-12-01."}
    scope: Scope | None = read_scope(form.entry("scope"))
    if scope is None:
        errors["scope"] = {"zh": "请选择全机构、区域或站点。", "en": "Choose the house, an area or a station."}
    if errors:
        raise Invalid(errors)
    return NewGrant(
        person, form.entry("role"), scope or HOUSE, since or at.house.day_of(at.now), until, form.entry("reason")[:1000]
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _person(
    at: Reception, person: int, station: str, entered: Any = None, errors: Any = None, status: int = 200
) -> Response:
    return at.page(
        "rights_person.html",
        status,
        found=person_rights(at.house, person, at.language, at.now, station),
        own=person == at.somebody.participant_id,
        gives=at.may("give grants"),
        two=wants_two(at.house),
        roles=ROLES.values(),
        areas=area_tree(at.house, at.language),
        stations=station_list(at.house, at.language),
        station_scopes=station_names(at.house, at.language),
        entered={name: (entered or {}).get(name, "") for name in ("role", "scope", "since", "until", "reason")},
        errors=errors or {},
        today=at.house.day_of(at.now).isoformat(),
        done=at.request.query_params.get("done") == "yes",
        back=f"/rights/people/{person}",
    )

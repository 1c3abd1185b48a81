"""The accounts of others, for whoever cares for them: invited, reset, disabled; by a message, or by a slip to print and hand over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.text import Said
from engine.refusal import Refusal
from huying.access import accounts, second_factor
from huying.access.account_view import STATES, account_list
from huying.access.credential_links import MadeLink, end_credential_links
from huying.audit.record import AuditNote, note_at_once
from huying.house.by import By
from huying.messages.invitations import send_link
from huying.messages.second_factor import tell_owner
from huying.register.office import office_name
from huying.rights.account_bounds import assure_cares_for, cared_for
from huying.words.moments import moment_words
from portal.frame.bounds import Number
from portal.frame.qr import qr_code
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submission, Submitted

router = APIRouter(dependencies=[needs("invite people")])
_MOST = 500


@dataclass(frozen=True, slots=True)
class AccountSlip:
    """What is printed for somebody: who they are, the address and its drawing, and until when it works."""

    name: str
    login: str
    address: str
    qr: Markup
    until: str
    invitation: bool


@dataclass(slots=True)
class LinkReport:
    """What became of links for several people: told by a message, printed, or refused with the reason."""

    told: list[str] = field(default_factory=list)
    slips: list[AccountSlip] = field(default_factory=list)
    refused: list[Mapping[str, str]] = field(default_factory=list)


@router.get("/accounts")
def listed(at: SignedIn, state: str = "", q: str = "", page: Number = 1) -> Response:
    """All accounts, by what they need."""
    return _list(at, state, q[:100], page)


@router.post("/accounts/links")
def links(form: Submitted, at: SignedIn) -> Response:
    """Links for everybody who is ticked: sent, or on slips; each refusal is told with its reason, and the others go on."""
    report, by = LinkReport(), By(at.somebody.participant_id, at.now)
    made = told if form.entry("how") == "message" else printed
    for person in chosen(form):
        try:
            made(at, person, by, report)
        except Refusal as refusal:
            report.refused.append(refusal.message)
    if report.slips:
        note_slips(at, report)
        return at.page("account_slips.html", report=report, house=office_name(at.house, at.language), back="/accounts")
    return _list(at, form.entry("state"), report=report)


@router.post("/accounts/{person}/disable")
def disable(form: Submitted, at: SignedIn, person: Number) -> Response:
    """Let somebody in no more."""
    return _then(at, lambda by: accounts.disable(at.house, person, by))


@router.post("/accounts/{person}/enable")
def enable(form: Submitted, at: SignedIn, person: Number) -> Response:
    """Let them in again."""
    return _then(at, lambda by: accounts.enable(at.house, person, by))


@router.post("/accounts/{person}/revoke")
def revoke(form: Submitted, at: SignedIn, person: Number) -> Response:
    """Take back a link that has not been used."""

    def ended(by: By) -> None:
        with at.house.database.writing() as connection:
            assure_cares_for(connection, person, by)
            end_credential_links(connection, person, by.now, by.person)

    return _then(at, ended)


@router.post("/accounts/{person}/second-factor")
def take_off(form: Submitted, at: SignedIn, person: Number) -> Response:
    """Ask somebody who has lost it for no second factor; where the office asks for one, they set it up anew."""

    def off(by: By) -> None:
        with at.house.database.writing() as connection:
            accounts.person_row(connection, person)
            assure_cares_for(connection, person, by)
            second_factor.take_off(connection, person, by.person)
            tell_owner(connection, "second-factor-taken-off", person, by.now, at.house.zone)

    return _then(at, off)


def _then(at: Reception, do: Callable[[By], object]) -> Response:
    do(By(at.somebody.participant_id, at.now))
    return at.go("/accounts")


def told(at: Reception, person: int, by: By, report: LinkReport) -> None:
    """Send somebody a link; what became of it stands in the report. ``Refusal`` says why it is not done."""
    with at.house.database.writing() as connection:
        send_link(connection, person, by)
        report.told.append(accounts.person_row(connection, person).name)


def printed(at: Reception, person: int, by: By, report: LinkReport) -> None:
    """Print a slip for somebody, into the report. ``Refusal`` says why it is not done."""
    with at.house.database.writing() as connection:
        made = accounts.link_for(connection, person, "slip", by)
        row = accounts.person_row(connection, person)
    report.slips.append(_slip(at, made, row.name, row.login))


def note_slips(at: Reception, report: LinkReport) -> None:
    """Slips with links that open accounts leave the house on paper."""
    told = {"people": len(report.slips)}
    note_at_once(at.house.database.engine, AuditNote(what="slips-printed", detail=told))


def _slip(at: Reception, made: MadeLink, name: str, login: str) -> AccountSlip:
    address = made.address(at.here.config.portal_url)
    label = Said("设置口令的网址", "The address to set a passphrase").of(at.language)
    return AccountSlip(
        name=name,
        login=login,
        address=address,
        qr=qr_code(address, label),
        until=_moment(at)(made.expires_at),
        invitation=made.purpose != "reset",
    )


def _moment(at: Reception) -> Callable[[datetime], str]:
    zone = at.house.zone
    return lambda moment: moment_words(moment, zone, at.language)


def chosen(form: Submission) -> list[int]:
    """Who is ticked."""
    given: Any = form.fields.get("people", ())
    texts = [given] if isinstance(given, str) else list(given)[:_MOST]
    return [int(one) for one in texts if isinstance(one, str) and one.isascii() and one.isdigit() and len(one) < 10]


def _list(at: Reception, state: str = "", q: str = "", page: int = 1, report: LinkReport | None = None) -> Response:
    with at.house.database.reading() as connection:
        among = cared_for(connection, at.by())
    return at.page(
        "accounts.html",
        found=account_list(at.house, at.now, state if state in STATES else "", q, page, among=among),
        states=STATES,
        state=state if state in STATES else "",
        q=q,
        report=report,
        moment=_moment(at),
        me=at.somebody.participant_id,
        back="/accounts",
    )

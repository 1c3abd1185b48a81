"""Reporting an issue: the form made from the definition, and what the reporter is told afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from definitions.model.field import Field
from engine.refusal import Invalid, Refusal
from huying.errors import TooLarge, WrongFile
from huying.issues.alike import AlikeLine, alike
from huying.issues.consent import Consent
from huying.issues.follower import follow_too
from huying.issues.opening import Report, open_issue, own
from huying.issues.record import follow_code
from huying.issues.reporter import CONTACT, NewReporter, contact_fields
from huying.issues.views.choices import choices
from huying.issues.views.issue import issue_view
from huying.posters.answer import answers_of, given_in
from huying.posters.code import read_code
from huying.posters.scan import note_report
from huying.privacy.collection import collection_notice
from huying.processes.view import definition_in_force, definitions_in_force
from huying.register.nearby import NearLine, station_count, station_line, stations_near, stations_sought
from huying.register.office import way_names
from huying.register.successor import ClosedStation, closed_station
from huying.register.view import station_list
from portal.frame.bounds import Degrees, Number
from portal.frame.brake import reporting
from portal.frame.door import IssueDoor, codes, remembered
from portal.frame.errors import STATUS
from portal.frame.page import set_cookie
from portal.frame.private_text import assure_told, mark_of
from portal.frame.qr import qr_to_follow
from portal.frame.reader import kind_of
from portal.frame.reception import Received, Reception
from portal.frame.right import OWN, PUBLIC
from portal.frame.submission import Submission, Submitted
from portal.pages.home import tiles

router = APIRouter()
#: So many stations stand in one list; of more, words or a position find one.
_FEW = 30
#: So many are shown to choose from.
_FOUND = 8


@router.get("/report", dependencies=[PUBLIC])
def ways(at: Received, station: str = "") -> Response:
    """The one way in, as the register orders them; the first page, if there is none."""
    open_to = definitions_in_force(at.house, at.language, at.now, kind_of(at.reading))
    first, _ = tiles(at, open_to, station_line(at.house, station, at.language) if station else None)
    return at.go(first.address if first else "/")


@router.get("/report/{key}", dependencies=[PUBLIC])
def report_form(at: Received, key: str, station: str = "", channel: str = "") -> Response:
    """The form; an address may have its station and channel chosen, and plain answers filled in, as a code on a poster does."""
    definition = definition_in_force(at.house, key, at.language, at.now).definition
    answers, _ = answers_of(at.house, definition, given_in(at.request.query_params, definition))
    came = read_code(at.request.query_params.get("from", "")) or ""
    return _form(at, key, {"station": station, "channel": channel, "from": came}, answers)


@router.post("/report/{key}", dependencies=[PUBLIC])
def report(at: Received, form: Submitted, key: str) -> Response:
    """Open the issue; with errors, the form again with all that was entered."""
    form = _with_files(at, form, key)
    try:
        with reporting(at.request, guest=at.person is None):
            if form.faults:
                raise Invalid(form.faults)
            assure_told(form, definition_in_force(at.house, key, at.language, at.now).definition.entered)
            receipt = open_issue(at.house, _report(form, at, key), request_id=_once(form), now=at.now)
    except (Invalid, WrongFile, TooLarge) as refusal:
        written = {**form.entries, "told": mark_of(refusal) or form.entry("told")}
        return _form(at, key, written, form.fields, refusal, form.request_id)
    if form.entry("from") and not receipt.repeated:
        note_report(at.house, form.entry("from"), at.now)
    code = "" if at.person else follow_code(at.house, receipt.issue_id)
    return _received(at, receipt.issue_id, code, form.entry("station"))


@router.post("/report/{key}/look", dependencies=[PUBLIC])
def look(at: Received, form: Submitted, key: str) -> Response:
    """The form again with what was entered, the stations that were sought, and what may be the same: for browsers without scripts."""
    form = _with_files(at, form, key)
    return _form(at, key, {**form.entries, "looked": "yes"}, form.fields, None, form.request_id)


@router.post("/report/{key}/alike", dependencies=[PUBLIC])
def same(at: Received, form: Submitted, key: str) -> Response:
    """Open issues that may be the same as what is being filled in: a part of the page."""
    return at.page("alike.html", twins=_twins(at, key, form.entries, form.fields), key=key)


@router.get("/report/{key}/near", dependencies=[PUBLIC])
def near(
    at: Received, key: str, q: str = "", latitude: Degrees | None = None, longitude: Degrees | None = None
) -> Response:
    """Stations to choose from, by words or nearest to a position: a part of the page."""
    if latitude is not None and longitude is not None:
        found = stations_near(at.house, latitude, longitude, at.language)
    else:
        found = stations_sought(at.house, q[:60], at.language, _FOUND)
    return at.page("station_options.html", found=found, chosen=found[0].code if found else "")


@router.post("/report/{key}/follow/{issue_id}", dependencies=[PUBLIC])
def follow(at: Received, form: Submitted, key: str, issue_id: Number) -> Response:
    """Follow an issue that is the same instead of reporting it again."""
    contact = {name: form.entries.get(name) or form.fields.get(name) for name in CONTACT}
    said = {name: value for name, value in contact.items() if isinstance(value, str) and value.strip()}
    who = at.person.participant_id if at.person else NewReporter(**said, language=at.language)
    try:
        with reporting(at.request, guest=at.person is None):
            mine = follow_too(at.house, issue_id, who, request_id=form.request_id, now=at.now)
    except Invalid as refusal:
        form = _with_files(at, form, key)
        return _form(at, key, {**form.entries, "looked": "yes"}, form.fields, refusal, form.request_id)
    return _received(at, issue_id, mine.code)


@router.get("/reported/{issue_id}", dependencies=[OWN])
def reported(at: Received, door: IssueDoor, meant: str = "") -> Response:
    """The receipt: number, code and a QR code that leads to the page, to print or keep; ``meant``: the closed station to which it was sent."""
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    code = codes(at.request).get(door.issue_id) or (follow_code(at.house, door.issue_id) if seen.own else "")
    return at.page(
        "reported.html",
        issue=seen,
        closed=closed_station(at.house, meant[:40], at.language),
        code=f"{code[:4]}-{code[4:]}" if len(code) == 8 else code,
        qr=qr_to_follow(at.here.config.portal_url, seen.number, at.language),
    )


def _with_files(at: Reception, form: Submission, key: str) -> Submission:
    """The same form with the files of the process's own fields kept."""
    if not form.pending:
        return form
    entered = definition_in_force(at.house, key, at.language, at.now).definition.entered
    return form.with_files(at.house.store, entered, at.person_id)


def _received(at: Reception, issue_id: int, code: str, station: str = "") -> Response:
    """On to the receipt; whoever is not signed in has their code kept in this browser."""
    closed = closed_station(at.house, station, at.language)
    answer = at.go(f"/reported/{issue_id}" + (f"?{urlencode({'meant': station})}" if closed else ""))
    if code:
        cookie = remembered(at.request, issue_id, code)
        set_cookie(at.request, answer, cookie.name, cookie.value, cookie.seconds)
    return answer


def _report(form: Submission, at: Reception, key: str) -> Report:
    contact = {name: form.entries.get(name) for name in CONTACT}
    return Report(
        definition=key,
        station=form.entry("station"),
        reporter=at.person.participant_id if at.person else NewReporter(**contact, language=at.language),
        channel=_channel(at, form.entry("channel")),
        values=form.fields,
        files=form.files,
        consent=_consent(form, at, key),
    )


def _channel(at: Reception, wanted: str) -> str:
    """By which channel a report comes: one on which residents fill in the form themselves, else the usual one, if that is open or not."""
    return wanted if wanted in at.house.channels.at("form") else "web"


def _consent(form: Submission, at: Reception, key: str) -> Consent | None:
    """The notice that stands at the form, and to what was agreed by it."""
    definition = definition_in_force(at.house, key, at.language, at.now).definition
    notice = collection_notice(at.house, definition, at.language, guest=at.person is None)
    if notice is None:
        return None
    return Consent(
        notice=notice.text,
        language=at.language,
        agreed=form.entry("agreed") == "yes",
        minor=form.entry("minor") == "yes",
        guardian=form.entry("guardian"),
    )


def _once(form: Submission) -> str:
    """The key of this very report: tapped twice it is one; gone back to and changed, it is another."""
    said = repr((form.request_id, sorted(form.entries.items()), sorted(form.fields.items())))
    return hashlib.sha256(said.encode()).hexdigest()[:48]


def _fields(at: Reception, key: str, entered: Mapping[str, Field], written: Mapping[str, str]) -> Mapping[str, Field]:
    """What is asked on the channel by which the report comes."""
    channel = at.house.channels.all().get(_channel(at, written.get("channel", "")))
    return channel.asked(key, entered) if channel else entered


def _form(
    at: Reception,
    key: str,
    written: Mapping[str, str],
    entered: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
    request_id: str | None = None,
) -> Response:
    view = definition_in_force(at.house, key, at.language, at.now)
    fields = _fields(at, key, view.definition.entered, written)
    own_files = own("files", view.definition.entered)
    asked, reach, later = _parted(at, fields)
    few = station_count(at.house) <= _FEW
    closed, written = _open_instead(at, written)
    return at.page(
        "report.html",
        STATUS.get(refusal.code, 400) if refusal else 200,
        view=view,
        title=way_names(at.house, at.language).get(key) or view.line.title,
        fields=fields,
        asked=asked,
        reach=reach,
        later=later,
        closed=closed,
        contact={} if at.person else contact_fields(view.definition),
        stations=station_list(at.house, at.language) if few else (),
        found=() if few else _found(at, written),
        sought=written.get("sought", ""),
        names=_names(at, fields, entered),
        twins=_twins(at, key, written, entered or {}) if written.get("looked") else (),
        key=key,
        written=written,
        entered=entered or {},
        errors=_errors(refusal, own_files),
        **_filled_in(written, entered or {}, refused=refusal is not None),
        own_station=own("station", view.definition.entered),
        own_files=own_files,
        notice=collection_notice(at.house, view.definition, at.language, guest=at.person is None),
        request_id=request_id,
    )


def _open_instead(at: Reception, written: Mapping[str, str]) -> tuple[ClosedStation | None, Mapping[str, str]]:
    """The closed station that is meant, if one is, and what was entered with the one that carries it on."""
    closed = closed_station(at.house, written.get("station", ""), at.language)
    if closed is None:
        return None, written
    return closed, {**written, "station": closed.successor.code if closed.successor else ""}


def _filled_in(written: Mapping[str, str], entered: Mapping[str, Any], *, refused: bool) -> dict[str, tuple[str, ...]]:
    """The inputs, and the fields, that an address has filled in; no draft of this browser overwrites them."""
    inputs = [f"field.{name}" + (".address" if isinstance(value, Mapping) else "") for name, value in entered.items()]
    station = ["station"] if written.get("station") else []
    return {
        "given": () if refused else (*station, *inputs),
        "given_fields": () if refused or written.get("looked") else tuple(entered),
    }


def _names(at: Reception, fields: Mapping[str, Field], entered: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return choices(at.house, fields.values(), at.language, entered=entered, public=at.person is None)


def _parted(at: Reception, fields: Mapping[str, Field]) -> tuple[list[str], list[str], list[str]]:
    """What a resident is asked at once, how they are reached, and what they may add; whoever works here sees all of it at once."""
    must = [name for name, field in fields.items() if field.required or field.when is not None]
    if (at.person is not None and at.person.kind != "citizen") or not must:
        return list(fields), [], []
    reach = [name for name, field in fields.items() if field.type in ("phone", "email") and name not in must]
    return must, reach, [name for name in fields if name not in must and name not in reach]


def _found(at: Reception, written: Mapping[str, str]) -> tuple[NearLine, ...]:
    """The station that is chosen, and those that the words find; whoever cannot run a script chooses from these."""
    code, words = written.get("station", ""), written.get("sought", "").strip()
    chosen = station_line(at.house, code, at.language) if code else None
    found = stations_sought(at.house, words[:60], at.language, _FOUND) if words else ()
    return (*((chosen,) if chosen else ()), *(one for one in found if one != chosen))


def _twins(at: Reception, key: str, written: Mapping[str, str], entered: Mapping[str, Any]) -> tuple[AlikeLine, ...]:
    """Issues that may be the same; one alone where everything is large."""
    found = alike(at.house, key, written.get("station", ""), entered, at.language, at.now)
    return found[:1] if at.reading.elder else found


def _errors(refusal: Refusal | None, files: str) -> Mapping[str, Mapping[str, str]]:
    """The messages by field; a file's error stands at the files."""
    if refusal is None:
        return {}
    return refusal.errors if isinstance(refusal, Invalid) else {files: refusal.message}

"""Reporting and following issues, remarks and files."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, Request, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import Response

from definitions.model.step import Stage
from engine.refusal import Invalid
from huying.errors import NotFound, TooLarge
from huying.house.kept import LARGEST
from huying.issues.attachments import attach
from huying.issues.consent import Consent
from huying.issues.decision import Receipt
from huying.issues.deeds import comment
from huying.issues.opening import Report, open_issue
from huying.issues.record import follow_code, issue_id_of, no_issue
from huying.issues.reporter import NewReporter
from huying.issues.urgency import Urgency
from huying.issues.views.filter import Filter
from huying.issues.views.issue import IssueView, issue_view
from huying.issues.views.list import IssueList, issue_list
from huying.privacy.collection import consent_by_digest
from portal.api.caller import (
    ApiDoor,
    Caller,
    IdempotencyKey,
    KnownCaller,
    Language,
    VoiceName,
    issue_door,
    request_id,
)
from portal.api.keys import assure_station, by_key, key_of
from portal.frame.bounds import Body, Number
from portal.frame.brake import check_codes, reporting, uploading, wrong_code
from portal.frame.file import Part, file_answer
from portal.frame.here import Here, Portal, portal
from portal.frame.reader import SignInNeeded
from portal.frame.right import OWN, PUBLIC

router = APIRouter(tags=["issues"])


class GivenConsent(Body):
    """To what somebody agreed: ``notice`` is the digest of the text that they were shown (``/definitions/{key}``), ``agreed`` that they agree to the
    use of what is sensitive, ``minor`` that it is about somebody under fourteen, for whom the ``guardian`` agreed.
    """

    notice: str = Field(max_length=64)
    agreed: bool = False
    minor: bool = False
    guardian: str = Field(default="", max_length=100)


class NewIssue(Body):
    """A report; who calls with a token need not give name, phone and e-mail.

    ``taken``: they enter it for a resident (``name``, ``phone``), who told them so; the resident is its reporter.
    ``consent`` is needed where something sensitive is among the ``fields``.
    """

    definition: str
    station: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    taken: VoiceName | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    consent: GivenConsent | None = None
    request_id: str | None = Field(default=None, max_length=64)


class NewIssueAnswer(BaseModel):
    """The issue's number and the code that opens it; ``repeated`` tells that the same request came before."""

    issue_id: int
    number: str
    code: str
    repeated: bool


class NewComment(Body):
    """A remark; a ``public`` one is seen by the reporter too."""

    text: str
    public: bool = False
    request_id: str | None = Field(default=None, max_length=64)


@router.post("/issues", status_code=201, dependencies=[PUBLIC, by_key("issues:act", bounded=True)])
def report_issue(
    request: Request,
    language: Language,
    caller: KnownCaller,
    body: NewIssue,
    idempotency_key: IdempotencyKey = None,
) -> NewIssueAnswer:
    """Report an issue."""
    here = portal(request)
    key = request_id(idempotency_key, body.request_id, guest=caller is None)
    machine = key_of(request)
    assure_station(here.house, machine, body.station)
    guest = NewReporter(name=body.name, phone=body.phone, email=body.email, language=language)
    report = Report(
        definition=body.definition,
        station=body.station,
        reporter=guest if caller is None or body.taken else caller,
        values=body.fields,
        channel=body.taken or "api",
        taken_by=_taker(caller) if body.taken else None,
        via=machine.via if machine else None,
        consent=_consent(here, body),
    )
    with reporting(request, guest=caller is None):
        receipt = open_issue(here.house, report, request_id=key, now=here.clock())
    code = follow_code(here.house, receipt.issue_id)
    return NewIssueAnswer(issue_id=receipt.issue_id, number=receipt.number, code=code, repeated=receipt.repeated)


def _consent(here: Portal, body: NewIssue) -> Consent:
    """What was agreed to; of whoever says nothing it is not known that they were shown anything."""
    said = body.consent
    if said is None:
        return Consent(notice="", language="")
    definition = here.house.processes.process(
        here.house.processes.in_force(body.definition, here.clock()).id
    ).definition
    given = Consent(notice="", language="", agreed=said.agreed, minor=said.minor, guardian=said.guardian)
    return consent_by_digest(here.house, definition, said.notice, given)


def _taker(caller: int | None) -> int:
    if caller is None:
        raise SignInNeeded
    return caller


class Listed(BaseModel):
    """What a list is narrowed to; ``due`` and ``region`` are those of the board, ``before`` continues the list.

    ``number``: an issue's own, or (such as a document number) one that it was given on the way.
    """

    station: str | None = None
    region: str | None = None
    definition: str | None = None
    stage: Stage | None = None
    status: Literal["open", "closed"] | None = None
    due: Urgency | None = None
    overdue: bool = False
    cared_for: bool = False
    number: Annotated[str, Field(max_length=80)] | None = None
    before: Number | None = None


@router.get("/issues", dependencies=[OWN, by_key("issues:read", bounded=True)])
def list_issues(
    request: Request, here: Here, language: Language, caller: Caller, wanted: Annotated[Listed, Query()]
) -> IssueList:
    """The issues that the caller looks after, answers for or reported; ``due`` and ``region`` are those of the board."""
    key = key_of(request)
    within = None if key is None or key.scope.whole else key.scope.stations
    return issue_list(here.house, caller, Filter(**wanted.model_dump(), within=within), language, here.clock())


@router.post("/issues/{issue_id}/comments", status_code=201, dependencies=[OWN, by_key("issues:act", bounded=True)])
def add_comment(
    here: Here, language: Language, door: ApiDoor, body: NewComment, idempotency_key: IdempotencyKey = None
) -> Receipt:
    """Add a remark."""
    now = here.clock()
    seen = issue_view(here.house, door.issue_id, door.look(language, now))
    key, public = request_id(idempotency_key, body.request_id), body.public or not seen.inside
    return comment(here.house, door.issue_id, body.text, door.whose(now, key), public=public)


@router.post("/issues/{issue_id}/attachments", status_code=201, dependencies=[OWN, by_key("issues:act", bounded=True)])
def add_attachment(
    request: Request,
    language: Language,
    door: ApiDoor,
    file: UploadFile = File(),
    public: bool = False,
    idempotency_key: IdempotencyKey = None,
) -> Receipt:
    """Add a file of at most 10 MB, of a kind that the office takes; a ``public`` one is seen by the reporter too."""
    here = portal(request)
    now = here.clock()
    seen = issue_view(here.house, door.issue_id, door.look(language, now))
    content = file.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    if not content:
        raise Invalid({"file": {"zh": "文件是空的。", "en": "The file is empty."}})
    if door.by_code:
        uploading(request, len(content))
    return attach(
        here.house,
        door.issue_id,
        file.filename or "file",
        content,
        door.whose(now, request_id(idempotency_key, None)),
        public=public or not seen.inside,
    )


@router.get(
    "/issues/{issue_id}/attachments/{sequence}",
    response_class=Response,
    dependencies=[OWN, by_key("issues:read", bounded=True)],
)
def get_attachment(here: Here, door: ApiDoor, sequence: Number, part: Part = None) -> Response:
    """A file of an issue."""
    return file_answer(here, door, sequence, part=part)


@router.get("/issues/{number:path}", dependencies=[OWN, by_key("issues:read", bounded=True)])
def get_issue(
    request: Request, here: Here, language: Language, caller: KnownCaller, number: str, code: str | None = None
) -> IssueView:
    """An issue as the caller may see it: by the right of their token, or by the number and its code."""
    if caller is None and code is None:
        raise SignInNeeded
    try:
        door = issue_door(request, caller, issue_id_of(here.house, number), code)
    except NotFound:
        if code is not None:
            # a number that does not exist is answered, and counted, as a wrong code
            wrong_code(request, check_codes(request))
        raise
    except SignInNeeded:
        raise no_issue() from None
    return issue_view(here.house, door.issue_id, door.look(language, here.clock()))

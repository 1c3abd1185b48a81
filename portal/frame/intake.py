"""A report as pages and API take it in: who reports, the definition's fields, and files; checked as a whole, then opened once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from definitions.forms.form import check
from definitions.model.definition import Definition
from definitions.model.field import Field
from engine.refusal import Invalid
from huying.house.kept import media_type
from huying.issues.attachments import attach
from huying.issues.decision import Receipt
from huying.issues.opening import NewReporter, open_issue
from huying.issues.record import reporter_of
from huying.register.directory.references import known, resolve
from portal.frame.here import Portal
from portal.frame.submission import Upload

#: What somebody who is not signed in tells about themself.
CONTACT: Mapping[str, Field] = {
    "name": Field(type="text", title={"zh": "您的姓名", "en": "Your name"}, required=True, private=True, longest=40),
    "phone": Field(type="phone", title={"zh": "电话", "en": "Telephone"}, private=True),
    "email": Field(
        type="email",
        title={"zh": "电子邮箱", "en": "E-mail"},
        help={"zh": "办理有进展时通知您。", "en": "We write to you when there is news."},
        private=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredReport:
    """What was entered; ``reporter`` is the signed-in person, who need not say who they are."""

    key: str
    station: str
    reporter: int | None
    contact: Mapping[str, Any]
    values: Mapping[str, Any]
    request_id: str
    language: str
    files: Sequence[Upload] = field(default=())
    channel: str = "web"


def contact_fields(definition: Definition, reporter: int | None) -> Mapping[str, Field]:
    """What is asked about the reporter: nothing of a signed-in person, and nothing that the definition asks for itself."""
    return {} if reporter is not None else {name: f for name, f in CONTACT.items() if name not in definition.fields}


def own(name: str, fields: Mapping[str, Field]) -> str:
    """The name of an entry of the form itself, such as the station, beside fields that may be called so too."""
    return f"report.{name}" if name in fields else name


def open_report(here: Portal, report: EnteredReport) -> Receipt:
    """Open the issue and add its files; ``Invalid`` names everything that is wrong at once."""
    definition = here.house.processes.process(here.house.processes.in_force(report.key, here.clock()).id).definition
    asked = contact_fields(definition, report.reporter)
    about = check(asked, report.contact, required=False, known=lambda _: False)
    with here.house.database.reading() as connection:
        issue = check(
            definition.entered,
            report.values,
            required=False,
            known=partial(known, connection, here.house.files),
            resolve=partial(resolve, connection),
        )
    errors = {**about.errors, **issue.errors}
    if not report.station:
        errors[own("station", definition.entered)] = {"zh": "请选择站点。", "en": "Please choose a station."}
    if errors:
        raise Invalid(errors)
    for file in report.files:
        media_type(file.content)
    receipt = open_issue(
        here.house,
        definition=report.key,
        station=report.station,
        reporter=report.reporter if report.reporter is not None else _somebody(about.values, issue.values, report),
        values=report.values,
        request_id=report.request_id,
        now=here.clock(),
        channel=report.channel,
    )
    _add_files(here, report, receipt)
    return receipt


def _somebody(about: Mapping[str, Any], issue: Mapping[str, Any], report: EnteredReport) -> NewReporter:
    said = {**{name: issue.get(name) for name in CONTACT}, **about}
    return NewReporter(name=said["name"] or "—", phone=said["phone"], email=said["email"], language=report.language)


def _add_files(here: Portal, report: EnteredReport, receipt: Receipt) -> None:
    if not report.files:
        return
    reporter = reporter_of(here.house, receipt.issue_id)
    for number, file in enumerate(report.files):
        key = f"{report.request_id}-{number}"
        attach(
            here.house, receipt.issue_id, file.name, file.content, actor_id=reporter, request_id=key, now=here.clock()
        )

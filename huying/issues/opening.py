"""Opening an issue."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from definitions.channels.channel import Channel
from definitions.forms.form import check
from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.model.reference import Reference, participant
from engine import Opening, Outcome, Process, State
from engine.event import Open
from engine.refusal import Invalid, NotAllowed, Refusal
from engine.start import begin
from huying.database.bundle import bundled
from huying.database.tables import participants
from huying.errors import NotFound, Reused
from huying.house.by import By
from huying.house.channels import NoChannel
from huying.house.house import House
from huying.house.kept import taken
from huying.house.processes import InForce
from huying.issues.attachments import MOST_BYTES, MOST_FILES, TooMany, attach
from huying.issues.books import in_a_circle
from huying.issues.consent import Consent, keep_consent, lacking, sensitive_of
from huying.issues.decision import Receipt
from huying.issues.numbers import IssueSeries, next_number
from huying.issues.record import reporter_of
from huying.issues.report_station import ReportStation, arrival
from huying.issues.reporter import CONTACT, NEW_KIND, NewReporter, contact_fields, register, resident
from huying.issues.retold import of_what_is_retold
from huying.issues.store import NewEntry, create
from huying.issues.subject import subject_of
from huying.processes.overrides import variant_at
from huying.register.directory import RegisterDirectory
from huying.register.successor import carried_on_by, has_closed
from huying.shelf.scans import inspect
from huying.telemetry import figures, logs, tracing
from huying.webhooks.announcement import announce, to_announce
from models.sealed import ring_of

_log = logging.getLogger("huying.opening")
#: without letters and digits that are mistaken for one another
#: Stands for whoever is entered only with their issue: nobody has so many people.
_SOMEBODY = 2**53
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name is a claim, its bytes are within bounds."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody reports, as entered: by which definition, at the station of which code; ``reporter`` is a participant's id or somebody new.

    ``parent`` is the issue (a reference) that calls this one. ``taken_by``: whoever enters it for the reporter, who told them on this ``channel``.
    ``via``: the key of the machine that enters it, if one does. ``consent``: which notice stood at the form, where one did.
    ``split``: it is part of an issue that is there, so the channel need not be open any more. ``confirmed``: the reporter's mail address is theirs,
    since they wrote from it.
    """

    definition: str
    station: str
    reporter: int | NewReporter
    values: Mapping[str, Any]
    channel: str = "web"
    parent: str | None = None
    files: Sequence[Upload] = ()
    taken_by: int | None = None
    via: str | None = None
    consent: Consent | None = None
    split: bool = False
    confirmed: bool = False


def own(name: str, fields: Mapping[str, Field]) -> str:
    """The name of an entry of the form itself, such as the station, beside fields that may be called so too."""
    return f"report.{name}" if name in fields else name


def open_issue(house: House, report: Report, *, request_id: str, now: datetime) -> Receipt:
    """Open an issue by the definition in force, and add its files; ``Invalid`` names everything that is wrong at once."""
    if len(report.files) > MOST_FILES or sum(len(file.content) for file in report.files) > MOST_BYTES:
        raise TooMany
    with tracing.span("open", huying__event=figures.OPEN) as span:
        try:
            channel = house.channels.all().get(report.channel)
            opened = _Opening(house, report, request_id, now, span, channel, report.station).made()
        except Refusal as refusal:
            figures.refused(figures.OPEN, refusal.code)
            span.note(huying__refusal=refusal.code)
            raise
    if report.files:
        person = report.taken_by or reporter_of(house, opened.issue_id)
        for number, file in enumerate(report.files):
            attach(house, opened.issue_id, file.name, file.content, By(person, now, f"{request_id}-{number}"))
    return opened


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was entered, as it is kept: of the issue, and (of somebody new) of the reporter."""

    values: Mapping[str, Any]
    reporter: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Opening:
    """One report on its way into an issue; ``station``: the code of the one that takes it, if the one that was meant has closed."""

    house: House
    report: Report
    request_id: str
    now: datetime
    span: tracing.Span
    channel: Channel | None
    station: str

    def made(self) -> Receipt:
        begun, report = perf_counter(), self.report
        version = self.house.processes.opening_by(report.definition, self.now)
        version_id = variant_at(self.house, version, self.station) if version.overridden else version.id
        process = self.house.processes.process(version_id)
        checked: _Checked | None = None
        for attempt in range(5):
            try:
                with self.house.database.reading() as connection:
                    place, earlier = self._arrived(connection)
                    if earlier is not None:
                        return earlier
                    self._assure_open()
                    if place and not place.active and (other := carried_on_by(connection, place.id)):
                        # its numbers, and what was laid over the process there, are the other's
                        return replace(self, station=other).made()
                    # the reader's form has the words of the version, not of a station's variant
                    checked = checked or self._checked(connection, self.house.processes.process(version.id))
                    filing = _Filing(version, version_id, process, self._assured(place), checked)
                    issue_id, outcome = self._filed(connection, filing, again=attempt > 0)
            except IntegrityError:
                # another definition that numbers in the same way may have had this number
                continue
            except DBAPIError as error:
                # of a connection that was lost while it was written, the request's key tells whether it was
                if not (error.connection_invalidated or in_a_circle(error)):
                    raise
                continue
            return self._receipt(issue_id, process, outcome, begun)
        raise NotFound("暂时无法登记，请稍后再试。", "This could not be registered just now; please try again.")

    def _filed(self, connection: Connection, filing: _Filing, *, again: bool) -> tuple[int, Outcome]:
        """Decide as if it had a number, then take one and write it: what is refused takes none, and nobody waits long for the next one."""
        process, known, now = filing.process, self._known_reporter, self.now
        self._assure_may(connection, process.definition)
        directory = RegisterDirectory(connection, process.calendar, now, files=self.house.store)
        begin(process, self._opening(filing, known or _SOMEBODY, sequence=1), now, directory)
        with bundled(self.house.database, connection):
            series = IssueSeries(self._series, filing.place.id, now.astimezone(process.calendar.zone).year)
            # another definition that numbers in the same way may have had this number
            number = next_number(connection, series, beyond_all=again)
            person = known or self._registered(connection, filing.checked)
            if known is None or directory.books.asked:
                directory = RegisterDirectory(connection, process.calendar, now, files=self.house.store, holds=True)
            outcome = self._decided(process, self._opening(filing, person, number.sequence), directory)
            entry = self._entry(connection, filing, person)
            row = new_row(process, filing.version_id, outcome, now)
            create(connection, process, outcome, entry, {**row, "id": number.issue_id})
            self._keep_consent(connection, number.issue_id, process.definition)
            announce(connection, number.issue_id, to_announce(self.house, process, State(), outcome, now, now))
        return number.issue_id, outcome

    @property
    def _key(self) -> str:
        # a guest's key is looked for among guests' keys alone, whatever it says
        who = self.report.taken_by or self.report.reporter
        return f"open-{who}:{self.request_id}" if isinstance(who, int) else f"open:{self.request_id}"

    @property
    def _series(self) -> str:
        """By what it is counted: its definition, or its channel, where that counts apart."""
        numbers = self.channel.numbers if self.channel else None
        return f"@{self.report.channel}" if numbers and numbers.own_count else self.report.definition

    def _assure_open(self) -> None:
        """Refuse a channel that is not there, is closed, or takes no such matters; what the house opens by itself goes on."""
        report = self.report
        if report.parent is not None or report.split:
            return
        channel = self.channel
        if channel is None or channel.closed:
            channel = self.house.channels.open_one(report.channel)
        if not channel.opens_one(report.definition):
            title = {one: channel.name(one) for one in ("zh", "en")}
            raise NoChannel(
                f"渠道“{title['zh']}”不受理“{report.definition}”的事项。",
                f"The channel “{title['en']}” takes no matters of “{report.definition}”.",
            )

    def _keep_consent(self, connection: Connection, issue_id: int, definition: Definition) -> None:
        consent, values = self.report.consent, self.report.values
        if consent is not None:
            keep_consent(connection, issue_id, consent, sensitive_of(definition, values), self.now)

    def _checked(self, connection: Connection, process: Process) -> _Checked:
        """The form, checked once: whatever is wrong with it, and with what somebody new says of themself."""
        report, definition = self.report, process.definition
        new = report.reporter if isinstance(report.reporter, NewReporter) else None
        asked = contact_fields(definition) if new else {}
        about = check(asked, new.entered if new else {}, required=False, known=lambda _: False)
        directory = RegisterDirectory(connection, process.calendar, self.now, files=self.house.store)
        issue = check(
            definition.entered,
            report.values,
            required=False,
            known=directory.known,
            data={"today": process.today(self.now)},
            resolve=directory.resolve,
        )
        errors = {**about.errors, **issue.errors}
        retold = of_what_is_retold(connection, definition, issue.values)
        errors |= retold.errors
        if report.consent is not None:
            errors |= lacking(report.consent, definition, report.values)
        if not report.station:
            errors[own("station", definition.entered)] = {"zh": "请选择站点。", "en": "Please choose a station."}
        if errors:
            raise Invalid(errors)
        for file in report.files:
            whole = taken(self.house.store, file.name, file.content)
            if self.house.store.scanner is not None:
                # nothing is opened before all of it can be taken
                inspect(self.house.store.scanner, whole.content)
        return _Checked(
            {**issue.values, **retold.values}, {**{name: issue.values.get(name) for name in CONTACT}, **about.values}
        )

    def _assured(self, place: ReportStation | None) -> ReportStation:
        """The station, if there is one that takes new issues."""
        if place is None:
            code = self.report.station
            raise NotFound(f"没有代码为“{code}”的站点。", f"There is no station with the code “{code}”.")
        if not place.active and self.report.parent is None:
            raise has_closed(place)
        return place

    @property
    def _known_reporter(self) -> int | None:
        """The participant who reports, unless they may be new: an officer takes residents in by what they say of themselves."""
        who = self.report.reporter
        return who if isinstance(who, int) and self.report.taken_by is None else None

    def _assure_may(self, connection: Connection, definition: Definition) -> None:
        """Refuse whoever the definition does not let open an issue."""
        report = self.report
        if report.taken_by is not None or report.parent is not None or report.channel == "process":
            # whether they may is the kernel's to say, by the roles of the definition
            return
        known = self._known_reporter
        if (
            definition.opened_by
            and (NEW_KIND if known is None else _kind(connection, known)) not in definition.opened_by
        ):
            raise NotAllowed

    def _registered(self, connection: Connection, checked: _Checked) -> int:
        """The participant who reports, entered if they are new."""
        who = self.report.reporter
        confirmed = self.report.confirmed
        if isinstance(who, int) or self.report.taken_by is not None:
            return resident(connection, checked.reporter, self.now, confirmed=confirmed)
        return register(connection, checked.reporter, who.language, self.now, confirmed=confirmed)

    def _opening(self, filing: _Filing, person: int, sequence: int) -> Opening:
        place = filing.place
        return Opening(
            station=place.id,
            station_code=place.code,
            reporter=participant(person),
            sequence=sequence,
            values=filing.checked.values,
            industry=place.industry,
            channel=self.report.channel,
            before=self.channel.numbers.before if self.channel and self.channel.numbers else "",
            parent=self.report.parent,
            taken_by=participant(self.report.taken_by) if self.report.taken_by is not None else None,
        )

    def _decided(self, process: Process, opening: Opening, directory: RegisterDirectory) -> Outcome:
        with tracing.span("kernel"):
            deciding = perf_counter()
            outcome = begin(process, opening, self.now, directory)
            figures.decided(deciding)
        return outcome

    def _entry(self, connection: Connection, filing: _Filing, person: int) -> NewEntry:
        report, version = self.report, filing.version.version
        event = Open(_digest(connection, report), report.definition, version, filing.place.code, report.channel)
        return NewEntry(event, report.taken_by or person, self._key, self.now, via=report.via)

    def _receipt(self, issue_id: int, process: Process, outcome: Outcome, begun: float) -> Receipt:
        facts = outcome.state.facts
        assert facts is not None
        logs.about(facts.number)
        self.span.note(huying__issue=facts.number, huying__definition=process.definition.id)
        figures.happened(figures.OPEN, process.definition.id, begun)
        return Receipt(issue_id, facts.number, outcome.state.version)

    def _arrived(self, connection: Connection) -> tuple[ReportStation | None, Receipt | None]:
        """The station, and the receipt of the same request, if it was carried out before."""
        # one row always, whatever there is of either
        (row,) = arrival.rows(connection, {"key": self._key, "code": self.station})
        issue_id, number, sequence, event = row[:4]
        place = ReportStation(*row[4:]) if row[4] is not None else None
        if issue_id is None:
            return place, None
        if event.report != _digest(connection, self.report):
            raise Reused
        return place, Receipt(issue_id, number, sequence, repeated=True)


@dataclass(frozen=True, slots=True)
class _Filing:
    """What an opening has found out before it is decided."""

    version: InForce
    version_id: int
    process: Process
    place: ReportStation
    checked: _Checked


def new_row(process: Process, version_id: int, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What a new issue's row says beside its state."""
    facts = outcome.state.facts
    assert facts is not None
    return {
        "follow_code": "".join(secrets.choice(CODE_LETTERS) for _ in range(8)),
        "definition_version_id": version_id,
        "station_id": facts.station,
        "reporter_id": Reference.parse(facts.reporter).number,
        "subject": subject_of(process, outcome.state, now),
        "channel": facts.channel,
        "shown_version": 0,
    }


def _kind(connection: Connection, person: int) -> str:
    return str(connection.execute(select(participants.c.kind).where(participants.c.id == person)).scalar_one())


def _digest(connection: Connection, report: Report) -> str:
    """What tells one report from another, without keeping what it says twice."""
    said = [report.definition, report.station, dict(report.values)]
    key = ring_of(connection.dialect).sub_key("reports")
    return hmac.digest(key, orjson.dumps(said, option=orjson.OPT_SORT_KEYS, default=str), "sha256").hex()

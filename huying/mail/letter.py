"""A letter that opens a matter, by the same door as the form; whatever is missing, or not allowed, lays it before a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from definitions.forms.values import LONGEST
from definitions.model.field import Field
from engine.refusal import Invalid, Refusal
from huying.database.tables import addresses, issues, participants, stations
from huying.house.house import House
from huying.inbound.files import sorted_files, told_files
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import CONTACT, NewReporter
from huying.mail.content import short
from huying.mail.plan import MAIL
from huying.mail.recipient import MailRecipient
from huying.mail.remark import Mailed

_LONGEST_NAME = 40


def open_letter(house: House, letter: Mailed, to: MailRecipient, now: datetime) -> dict[str, Any]:
    """Open it; what the row says then: it is opened, or why a person decides."""
    content = letter.content
    try:
        version = house.processes.in_force(to.definition or "", now)
        definition = house.processes.process(version.id).definition
        asked = {name: field for name, field in definition.entered.items() if not field.derived}
        described = definition.open311.description if definition.open311 else None
        entered = entries_of(asked, content.subject, content.text, described)
        if entered is None:
            return {"state": "tray", "why": "incomplete"}
        files = sorted_files(house, content.files)
        with house.database.reading() as connection:
            code = connection.execute(select(stations.c.code).where(stations.c.id == to.station)).scalar() or ""
            person = known_by(connection, content.sender.address)
        new = NewReporter(name=content.sender.name[:_LONGEST_NAME] or None, email=content.sender.address)
        report = Report(
            definition=definition.id,
            station=code,
            reporter=new if person is None else person,
            values=entered,
            channel=MAIL,
            files=files.taken,
            confirmed=True,
        )
        receipt = open_issue(house, report, request_id=letter.request, now=now)
    except Invalid as refusal:
        return {"state": "tray", "why": f"incomplete {' '.join(sorted(refusal.errors))}"[:200]}
    except Refusal as refusal:
        return {"state": "tray", "why": f"refused {refusal.code}"}
    with house.database.reading() as connection:
        reporter = reporter_of_issue(connection, receipt.issue_id)
    told = told_files(content.files, files)
    return {"state": "opened", "issue_id": receipt.issue_id, "participant_id": reporter, "files": told, "why": ""}


def entries_of(
    fields: Mapping[str, Field], subject: str, text: str, described: str | None = None, *, cut: bool = False
) -> Mapping[str, str] | None:
    """What a letter fills in: its words go into the first long text that is asked for (or the one that is ``described``), its subject into the first
    short one. ``None``: they are too long for that; if they may be ``cut``, their beginning goes there.
    """
    known = {name: field for name, field in fields.items() if name not in CONTACT}
    texts = [name for name, one in known.items() if one.type == "long text"]
    long = described if described in known else next(iter(texts), None)
    line = next((name for name, one in known.items() if one.type == "text" and not one.private), None)
    words, entered = text.strip(), dict[str, str]()
    if line is not None:
        entered[line] = short(subject or words, _longest(known[line]))
    if long is not None and words:
        if len(words) > _longest(known[long]) and not cut:
            return None
        entered[long] = words[: _longest(known[long])]
    if long is None and len(words) > len(entered.get(line or "", "")) and not cut:
        return None
    return entered


def _longest(field: Field) -> int:
    return field.longest or LONGEST.get(field.type, 200)


def known_by(connection: Connection, address: str) -> int | None:
    """The one person who is known by this mail address; nobody, if there are several."""
    query = (
        select(addresses.c.participant_id)
        .join(participants, participants.c.id == addresses.c.participant_id)
        .where(
            addresses.c.channel == "mail",
            addresses.c.target_index == address,
            addresses.c.state != "unconfirmed",
            participants.c.active,
        )
        .distinct()
        .limit(2)
    )
    found = list(connection.execute(query).scalars())
    return int(found[0]) if len(found) == 1 else None


def reporter_of_issue(connection: Connection, issue: int) -> int:
    """Who reported it."""
    return int(connection.execute(select(issues.c.reporter_id).where(issues.c.id == issue)).scalar_one())

"""Carrying out ``publish``: a text becomes public, once; it can be withdrawn at any time, and stays in the records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.model.reference import Reference, participant, reference
from definitions.text import words
from engine.effect import Publish
from engine.refusal import Invalid, Unavailable
from huying.audit.record import AuditNote, note
from huying.database.tables import issues, outbox, publications
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.outbox.claims import Errand
from huying.publicity.credit import credit
from huying.words.private_text import masked_within

_TAKEN_BACK = "反映人撤回同意 the reporter took back their consent"


def publish_text(house: House, errand: Errand[Publish], now: datetime) -> None:
    """Make the text public, and mark the effect done. ``Unavailable`` while the issue that it tells of is open again, is erased, or is not that
    of whoever consented, or they took their consent back.
    """
    effect = errand.effect
    title, text = masked_within(effect.title), masked_within(effect.text)
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    with house.database.writing() as connection:
        row = {
            "key": errand.key,
            "issue_id": errand.issue_id,
            "kind": effect.category,
            "title": title,
            "text": text,
            "photos": list(effect.photos),
            "words": "\n".join(dict.fromkeys((*title.values(), *text.values()))).lower(),
            "published_at": now,
            **_told_of(house, connection, errand),
        }
        connection.execute(make(publications).values(**row).on_conflict_do_nothing(index_elements=["key"]))
        connection.execute(
            update(outbox).where(outbox.c.id == errand.id).values(status="done", done_at=now, error=None)
        )


def withdraw_publication(house: House, number: int, why: str, by: By) -> None:
    """Take a text back as the office, which says why; ``Invalid`` if it does not, ``NotFound`` if there is nothing public of this number."""
    if not why.strip():
        raise Invalid({"why": {"zh": "请写明撤下的原因。", "en": "Please say why it is withdrawn."}})
    with house.database.writing() as connection:
        ended = withdraw(connection, number, why.strip()[:300], by.now, by.person)
    if not ended:
        raise NotFound("没有这篇公开内容，或已撤下。", "There is no such public text, or it was withdrawn.")


def withdraw_consent(house: House, issue_id: int, person: int, by: By) -> int:
    """Take back all that was published of an issue, because its reporter (``person``) wants it; how many texts. Nobody asks them why."""
    public = publications.c.about_id == issue_id, publications.c.withdrawn_at.is_(None)
    with house.database.writing() as connection:
        own = select(issues.c.id).where(issues.c.id == issue_id, issues.c.reporter_id == person)
        if connection.execute(own).first() is None:
            raise NotFound("没有这件事项，或者您不能查看它。", "There is no such issue, or you may not see it.")
        numbers = list(connection.execute(select(publications.c.id).where(*public)).scalars())
        return sum(withdraw(connection, number, _TAKEN_BACK, by.now, by.person or person) for number in numbers)


def withdraw(connection: Connection, number: int, why: str, now: datetime, by: int | None) -> bool:
    """Take a text back in the caller's transaction; whether it was public."""
    standing = publications.c.id == number, publications.c.withdrawn_at.is_(None)
    ended = {"withdrawn_at": now, "withdrawn_by_id": by, "withdrawn_why": why}
    if not connection.execute(update(publications).where(*standing).values(**ended)).rowcount:
        return False
    told = AuditNote(what="case-withdrawn", object=reference("publication", number), by=by, reason=why, at=now)
    note(connection, told)
    return True


def _told_of(house: House, connection: Connection, errand: Errand[Publish]) -> dict[str, Any]:
    """What is said of the issue that a text tells of; of one that tells of none, where it was prepared."""
    effect = errand.effect
    named = Reference.read(effect.of) if effect.of else None
    about = named.number if named is not None else errand.issue_id
    row = connection.execute(select(issues).where(issues.c.id == about)).one()
    if named is None:
        return {"station_id": row.station_id, "days": _days(row)}
    if effect.person != participant(row.reporter_id):
        raise Unavailable("同意公开的不是这件事的反映人。", "Whoever consented did not report the issue.")
    if _taken_back(connection, errand.issue_id, about):
        raise Unavailable("反映人已撤回同意，不能公开。", "The reporter took back their consent: it stays unpublished.")
    if row.status != "closed" or row.erased is not None:
        raise Unavailable(
            "原事项正在重新办理，或已按规定删除，不能公开。",
            "The issue is open again, or was erased: it stays unpublished.",
        )
    return {
        "about_id": about,
        "station_id": row.station_id,
        "days": _days(row),
        "matter": _matter(house, row),
        "credit": [one.written() for one in credit(connection, about, row.reporter_id)],
    }


def _taken_back(connection: Connection, prepared: int, about: int) -> bool:
    """Whether the reporter took back their consent to another text since this one was begun: they mean all that is told of their issue."""
    begun = select(issues.c.opened_at).where(issues.c.id == prepared).scalar_subquery()
    p = publications.c
    query = select(p.id).where(p.about_id == about, p.withdrawn_why == _TAKEN_BACK, p.withdrawn_at >= begun)
    return connection.execute(query.limit(1)).first() is not None


def _days(row: Row[Any]) -> int | None:
    return (row.closed_at - row.opened_at).days if row.closed_at is not None else None


def _matter(house: House, row: Row[Any]) -> Mapping[str, str] | None:
    """What kind of matter it was, in both languages; ``None`` where its definition sorts by nothing."""
    definition = house.processes.process(row.definition_version_id).definition
    field = definition.fields.get(definition.sorted_by or "")
    title = field.options.get(row.kind) if field is not None and row.kind else None
    return {language: words(title, language, row.kind) for language in ("zh", "en")} if title is not None else None

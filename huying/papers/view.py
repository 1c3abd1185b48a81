"""Papers as people see them: those of an issue or of the house, and one as it was made, for whoever may read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Row, Select, select

from definitions.model.reference import reference
from huying.access.viewer import Look, viewer
from huying.audit.record import AuditNote, note_at_once
from huying.database.tables import issues, papers, participants
from huying.errors import NotFound
from huying.house import kept
from huying.house.house import House
from huying.issues.record import station_of
from huying.issues.views.issue import issue_view
from huying.papers.issuance import MAKE
from huying.papers.stock import stocked
from huying.rights.right import may_everywhere
from huying.words.moments import moment_words


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in a list: ``replaces`` and ``replaced_by`` are numbers of others; ``voided`` says why it is void, ``erased`` that it is gone.

    ``foreign``: it is about no issue, and the reader may not correct or void what somebody else made.
    ``digest``: the SHA-256 of its Word file, by which anybody tells whether what they hold is what was made.
    """

    id: int
    kind: str
    title: str
    number: str
    made: str
    made_by: str
    digest: str
    size: int
    issue_id: int | None
    issue: str
    language: str
    private: bool
    replaces: str = ""
    replaced_by: str = ""
    voided: str = ""
    erased: bool = False
    foreign: bool = False

    @property
    def stands(self) -> bool:
        """Whether it holds: neither void nor replaced."""
        return not self.voided and not self.replaced_by


def papers_of(house: House, issue_id: int, look: Look) -> tuple[PaperLine, ...]:
    """The papers of an issue that somebody may read, the newest first; none for whoever sees it from outside."""
    seen = issue_view(house, issue_id, look)
    with house.database.reading() as connection:
        person = viewer(connection, look.person)
        if not seen.inside or seen.own or look.by_code or look.by_link:
            return ()
        all_of_them = not seen.masked or person.may(MAKE, look.now, station_of(house, issue_id))
        rows = connection.execute(_query().where(papers.c.issue_id == issue_id).order_by(papers.c.id.desc())).all()
        return tuple(_line(house, connection, row, look) for row in rows if all_of_them or not row.private)


def newest_papers(house: House, look: Look, most: int = 100) -> tuple[PaperLine, ...]:
    """The last papers that somebody may read as one of the staff: of their stations, and those about no issue."""
    with house.database.reading() as connection:
        person = viewer(connection, look.person)
        rows = connection.execute(_query().order_by(papers.c.id.desc()).limit(5 * most)).all()
        mine = [row for row in rows if person.may(MAKE, look.now, row.station_id)][:most]
        return tuple(_line(house, connection, row, look) for row in mine)


def paper(house: House, number: int, look: Look) -> PaperLine:
    """One paper; ``NotFound`` for whoever may not read it."""
    with house.database.reading() as connection:
        row = connection.execute(_query().where(papers.c.id == number)).one_or_none()
        person = viewer(connection, look.person)
        if row is None:
            raise _no_paper()
        if row.issue_id is None:
            if not person.may(MAKE, look.now):
                raise _no_paper()
            own = row.made_by_id == look.person or may_everywhere(MAKE, person.entitlement, look.now)
            return replace(_line(house, connection, row, look), foreign=not own)
    found = next((one for one in papers_of(house, row.issue_id, look) if one.id == number), None)
    if found is None:
        raise _no_paper()
    return found


def document(house: House, one: PaperLine) -> bytes:
    """The Word file of a paper that somebody reads, as it was made; it is noted that they took it out of the house."""
    told = {"number": one.number}
    note_at_once(house.database.engine, AuditNote(what="paper-opened", object=reference("paper", one.id), detail=told))
    return kept.read(house.store, one.digest)


def _query() -> Select[tuple[object, ...]]:
    made_by = select(participants.c.name).where(participants.c.id == papers.c.made_by_id).scalar_subquery()
    voided_by = select(participants.c.name).where(participants.c.id == papers.c.voided_by_id).scalar_subquery()
    old, new = papers.alias("old"), papers.alias("new")
    return (
        select(
            papers,
            made_by.label("made_by"),
            voided_by.label("voided_by"),
            issues.c.number.label("issue"),
            issues.c.station_id,
            issues.c.erased,
            select(old.c.number).where(old.c.id == papers.c.replaces_id).scalar_subquery().label("replaces"),
            select(new.c.number).where(new.c.replaces_id == papers.c.id).scalar_subquery().label("replaced_by"),
        )
        .select_from(papers)
        .outerjoin(issues, issues.c.id == papers.c.issue_id)
    )


def _line(house: House, connection: Connection, row: Row[tuple[object, ...]], look: Look) -> PaperLine:
    def when(moment: datetime) -> str:
        return moment_words(moment, house.zone, look.language)

    voided = f"{when(row.voided_at)} {row.voided_by} {row.void_reason}" if row.voided_at else ""
    return PaperLine(
        id=row.id,
        kind=row.kind,
        title=stocked(connection, row.kind, row.language, row.template).title(look.language),
        number=row.number,
        made=when(row.made_at),
        made_by=row.made_by,
        digest=row.file["digest"],
        size=row.file["size"],
        issue_id=row.issue_id,
        issue=row.issue or "",
        language=row.language,
        private=row.private,
        replaces=row.replaces or "",
        replaced_by=row.replaced_by or "",
        voided=voided,
        erased=row.erased is not None,
    )


def _no_paper() -> NotFound:
    return NotFound("没有这份文书，或者您不能查看它。", "There is no such paper, or you may not read it.")

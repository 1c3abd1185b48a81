"""Publishing what an office has made of a kind of papers: its next version, in force at once; papers that were made stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from definitions.finding import Finding
from definitions.model.reference import reference
from engine.refusal import Refusal, Unavailable
from huying.audit.record import AuditNote, note
from huying.database.connections import Writing
from huying.database.tables import paper_templates
from huying.house import kept
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.papers.checks import TemplateFault, examine_template
from huying.papers.kind import read_kind

_LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class PaperEdition:
    """A kind as somebody would have it: what it says (YAML), and the digest of its Word template on the shelf; ``newest``: the version they saw."""

    kind: str
    language: str
    source: str
    digest: str
    newest: int


@dataclass(frozen=True, slots=True)
class PaperFaults:
    """All that is wrong with an edition, in its text and in its template."""

    findings: tuple[Finding, ...] = ()
    faults: tuple[TemplateFault, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.findings or self.faults)


class UnsoundPaper(Refusal):
    """An edition must not be published; ``told`` says why."""

    code = "invalid"

    def __init__(self, told: PaperFaults) -> None:
        super().__init__("这份模板还有问题，没有发布。", "This template has faults, and was not published.")
        self.told = told


def examine_edition(house: House, edition: PaperEdition, template: bytes, now: datetime) -> PaperFaults:
    """What is wrong with an edition; ``Unreadable`` when its text is no YAML, ``WrongFile`` for what is no template."""
    found = read_kind(edition.source, f"{edition.kind}.yaml")
    if found.kind is None or found.findings:
        return PaperFaults(found.findings)
    if found.kind.paper != edition.kind:
        raise Unavailable(
            f"这里是“{edition.kind}”，文字里写的是“{found.kind.paper}”。",
            f"This is “{edition.kind}”; the text says “{found.kind.paper}”.",
        )
    return PaperFaults((), tuple(examine_template(house, found.kind, template, now)))


def publishing(house: House, edition: PaperEdition, imprint: Imprint) -> Writing:
    """What is to be written for an edition; ``UnsoundPaper``, or ``Unavailable`` if somebody published another one meanwhile."""
    told = examine_edition(house, edition, kept.read(house.store, edition.digest), imprint.now)
    if told:
        raise UnsoundPaper(told)
    size = len(kept.read(house.store, edition.digest))

    def write(connection: Connection) -> None:
        if newest_version(connection, edition.kind, edition.language) != edition.newest:
            raise Unavailable(
                "别人刚发布了这种文书的新版本，请重新打开页面。",
                "Somebody published another version meanwhile; open the page again.",
            )
        row: dict[str, Any] = {
            "kind": edition.kind,
            "language": edition.language,
            "version": edition.newest + 1,
            "source": edition.source,
            "file": {"digest": edition.digest, "size": size},
            "published_at": imprint.now,
            "published_by": imprint.by[:200],
            "note": imprint.note[:_LONGEST_NOTE],
        }
        connection.execute(insert(paper_templates), row)
        detail = {"language": edition.language, "version": edition.newest + 1}
        note(connection, AuditNote(what="paper-published", object=reference("template", edition.kind), detail=detail))

    return write


def publish_paper(house: House, edition: PaperEdition, imprint: Imprint) -> None:
    """Publish an edition at once; errors as of ``publishing``."""
    write = publishing(house, edition, imprint)
    with house.database.writing() as connection:
        write(connection)


def newest_version(connection: Connection, kind: str, language: str) -> int:
    """The number of the version in force: 0 for what came with the house."""
    t = paper_templates.c
    mine = select(func.coalesce(func.max(t.version), 0)).where(t.kind == kind, t.language == language)
    return int(connection.execute(mine).scalar_one())

"""The kinds of papers in force, with their templates: what the office has published, else what came with the house."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, select

from definitions.text import words
from huying.database.tables import paper_templates
from huying.errors import NotFound
from huying.house import kept
from huying.house.house import House
from huying.papers.kind import PaperKind, read_kind
from huying.papers.shipped import letters, slips

_SHIPPED = Path(__file__).parent / "shipped"
LANGUAGES = ("zh", "en")
#: The papers that come with the house, in the order in which they are offered, and what makes their templates.
_TEMPLATES: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {
        "acceptance": slips.acceptance,
        "handover": letters.handover,
        "supervision": letters.supervision,
        "talk": slips.talk,
        "reply": letters.reply,
        "opinion": slips.opinion,
        "minutes": letters.minutes,
        "circular": letters.circular,
    }
)
KINDS = tuple(_TEMPLATES)


@dataclass(frozen=True, slots=True)
class StockedKind:
    """A kind in a language, in force: ``version`` 0 is the shipped one. ``digest`` is that of the template."""

    kind: PaperKind
    language: str
    version: int
    source: str
    digest: str
    published_at: datetime | None = None
    published_by: str = ""
    note: str = ""

    def title(self, language: str) -> str:
        """What it is called."""
        return words(self.kind.title, language, self.kind.paper)


def stocked(connection: Connection, key: str, language: str, version: int | None = None) -> StockedKind:
    """A kind in force, or a version of it; ``NotFound`` if there is none."""
    if key not in _TEMPLATES or language not in LANGUAGES:
        raise NotFound("没有这种文书。", "There is no such paper.")
    t = paper_templates.c
    mine = select(paper_templates).where(t.kind == key, t.language == language)
    if version is not None:
        mine = mine.where(t.version == version)
    row = connection.execute(mine.order_by(t.version.desc()).limit(1)).one_or_none() if version != 0 else None
    if row is None:
        if version:
            raise NotFound("没有这个版本。", "There is no such version.")
        source = shipped_source(key)
        digest = hashlib.sha256(shipped_template(key, language)).hexdigest()
        return StockedKind(_read(source), language, 0, source, digest)
    return StockedKind(
        kind=_read(row.source),
        language=language,
        version=row.version,
        source=row.source,
        digest=row.file["digest"],
        published_at=row.published_at,
        published_by=row.published_by,
        note=row.note,
    )


def versions(connection: Connection, key: str, language: str) -> list[StockedKind]:
    """All versions of a kind, the newest first, the shipped one last."""
    t = paper_templates.c
    numbers = connection.execute(
        select(t.version).where(t.kind == key, t.language == language).order_by(t.version.desc())
    ).scalars()
    return [stocked(connection, key, language, number) for number in (*numbers, 0)]


def template_of(house: House, one: StockedKind) -> bytes:
    """The Word template of a kind."""
    return kept.read(house.store, one.digest) if one.version else shipped_template(one.kind.paper, one.language)


@lru_cache(maxsize=32)
def shipped_template(key: str, language: str) -> bytes:
    """The template that came with the house."""
    return _TEMPLATES[key](language)


@lru_cache(maxsize=16)
def shipped_source(key: str) -> str:
    """What a shipped kind says, as YAML."""
    return (_SHIPPED / f"{key}.yaml").read_text("utf-8")


@lru_cache(maxsize=64)
def _read(source: str) -> PaperKind:
    found = read_kind(source, "paper").kind
    if found is None:
        raise ValueError("a published kind of papers has no sound shape")
    return found

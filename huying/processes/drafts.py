"""Definitions that administrators are writing: begun, saved, looked at by others, and published or thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from definitions.loader import LIBRARY
from definitions.trials.scenario import scenarios_beside
from engine.refusal import Refusal, Unavailable
from huying.database.tables import definition_drafts as drafts
from huying.errors import NotFound, TooLarge
from huying.house.house import House
from huying.house.processes import Version
from huying.processes.versions import report_of

#: The most characters that a definition or its scenarios may have here.
LONGEST = 120_000
#: A process with one step, for those who begin with nothing.
BEGINNING = LIBRARY.parent / "beginning" / "definition.yaml"

_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ID = re.compile(r"^id:.*$", re.MULTILINE)


class Manuscript(NamedTuple):
    """What somebody writes: the text of a definition, and of its scenarios."""

    source: str
    scenarios: str


@dataclass(frozen=True, slots=True)
class DefinitionDraft:
    """A text with its scenarios; ``base_version`` is the version of ``base_key`` that it was begun from."""

    id: int
    base_key: str | None
    base_version: int | None
    source: str
    scenarios: str
    revision: int
    saved_at: datetime
    saved_by: str

    @property
    def written(self) -> Manuscript:
        """Both texts."""
        return Manuscript(self.source, self.scenarios)


_COLUMNS = [drafts.c[name] for name in DefinitionDraft.__slots__]


class Overtaken(Refusal):
    """Somebody else has saved the draft since it was opened."""

    code = "draft-overtaken"


def examples() -> dict[str, Path]:
    """The files that a new definition can begin with, by the names of the shipped definitions."""
    return {path.parent.name: path for path in (BEGINNING, *sorted(LIBRARY.glob("*/definition.yaml")))}


def begin_new(house: House, example: str, key: str, *, by: str, now: datetime) -> DefinitionDraft:
    """Begin a definition called ``key`` with the text of an example; ``NotFound`` if there is no such example."""
    path = examples().get(example)
    if path is None:
        raise NotFound(f"没有名为“{example}”的示例。", f"There is no example “{example}”.")
    if not _KEY.fullmatch(key) or len(key) > 60:
        raise Unavailable(
            f"流程标识“{key}”不合要求：应为小写字母、数字和连字符，如 pothole-repair。",
            f"“{key}” cannot be the id of a process: lower-case letters, digits and hyphens, such as pothole-repair.",
        )
    if house.processes.versions(key):
        raise Unavailable(
            f"已有标识为“{key}”的流程；请换一个，或修改那个流程。",
            f"There is a process “{key}” already: choose another id, or edit that one.",
        )
    source = _ID.sub(f"id: {key}", path.read_text("utf-8"), count=1)
    return _begin(house, None, Manuscript(source, _scenarios_of(path)), by, now)


def begin_from(house: House, key: str, *, by: str, now: datetime) -> DefinitionDraft:
    """Begin with the version that was published last, and the scenarios that were kept with it."""
    newest = house.processes.newest(key)
    kept = (report_of(house, key, newest.version) or {}).get("scenarios_source")
    shipped = LIBRARY / key / "definition.yaml"
    if kept is None and shipped.is_file():
        kept = _scenarios_of(shipped)
    return _begin(house, newest, Manuscript(newest.source, kept or ""), by, now)


def _scenarios_of(path: Path) -> str:
    beside = scenarios_beside(path)
    return beside.read_text("utf-8") if beside.is_file() else ""


def _begin(house: House, base: Version | None, written: Manuscript, by: str, now: datetime) -> DefinitionDraft:
    key, version = (base.key, base.version) if base else (None, None)
    row = {"base_key": key, "base_version": version, "source": written.source, "scenarios": written.scenarios}
    saved = {"revision": 1, "saved_at": now, "saved_by": by[:100]}
    with house.database.writing() as connection:
        made = connection.execute(insert(drafts).values(**row, **saved).returning(drafts.c.id)).scalar_one()
    return draft(house, made)


def save(house: House, number: int, revision: int, written: Manuscript, *, by: str, now: datetime) -> DefinitionDraft:
    """Keep what was written; ``Overtaken`` if somebody else has saved something else since ``revision``."""
    if max(map(len, written)) > LONGEST:
        raise TooLarge(
            f"文本太长：定义和场景各不超过 {LONGEST} 个字符。",
            f"The text is too long: {LONGEST} characters at most, for the definition and for its scenarios.",
        )
    with house.database.writing() as connection:
        before = _draft(connection, number, alone=True)
        if written == before.written:
            return before
        if revision != before.revision:
            raise Overtaken(
                f"您打开之后，{before.saved_by}已保存过这份草稿。您写的还在下面，没有保存；再次保存将以您的为准。",
                f"{before.saved_by} has saved this draft since you opened it. Yours stands below and is not saved;"
                " saving once more puts it in place of theirs.",
            )
        texts = {**written._asdict(), "revision": revision + 1}
        connection.execute(update(drafts).where(drafts.c.id == number).values(**texts, saved_at=now, saved_by=by[:100]))
        return _draft(connection, number)


def rebase(house: House, number: int, version: int) -> None:
    """Remember that whoever writes knows of a version that was published meanwhile."""
    with house.database.writing() as connection:
        connection.execute(update(drafts).where(drafts.c.id == number).values(base_version=version))


def draft(house: House, number: int) -> DefinitionDraft:
    """One draft; ``NotFound`` if there is none, or it was published."""
    with house.database.reading() as connection:
        return _draft(connection, number)


def _draft(connection: Connection, number: int, *, alone: bool = False) -> DefinitionDraft:
    wanted = select(*_COLUMNS).where(drafts.c.id == number)
    row = connection.execute(wanted.with_for_update() if alone else wanted).one_or_none()
    if row is None:
        raise NotFound("没有这份草稿，可能已经发布或丢弃。", "There is no such draft; it was published or thrown away.")
    return DefinitionDraft(*row)


def all_drafts(house: House) -> tuple[DefinitionDraft, ...]:
    """All drafts, the one saved last first."""
    with house.database.reading() as connection:
        rows = connection.execute(select(*_COLUMNS).order_by(drafts.c.saved_at.desc(), drafts.c.id.desc()))
        return tuple(DefinitionDraft(*row) for row in rows)


def discard(house: House, number: int) -> None:
    """Throw a draft away, or put it away when it was published."""
    with house.database.writing() as connection:
        connection.execute(delete(drafts).where(drafts.c.id == number))

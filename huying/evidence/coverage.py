"""What is evidence: the tables that prove something, a line each, and which of their columns never change.

A row is sealed by aspects. All columns of its first one never change. Its ``content`` does not change either, but may be erased by name
(``exempt``). What ``ends`` it is empty at first, is written once, and is sealed then. Columns that are named nowhere may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    TypeDecorator,
    cast,
    select,
    tuple_,
    type_coerce,
)

from definitions.text import Said
from huying.database import tables as t
from huying.keys.ring import Sealed
from models.base import MomentColumn
from models.sealed import FIELDS, SealedColumn, Seals

#: The aspects: of a new row, of what may be erased in it, of what ends it.
NEW, CONTENT, ENDED = "", "content", "ended"
#: What stands between the columns of a key: no text of people holds it.
BETWEEN = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """A table that proves something. ``label``: the column by which people know a row, where it holds nothing private."""

    table: Table
    words: Said
    columns: tuple[str, ...]
    content: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    label: str | None = None

    @property
    def name(self) -> str:
        """The name of the table."""
        return str(self.table.name)

    def of(self, aspect: str) -> tuple[str, ...]:
        """The columns of an aspect, as this program seals them."""
        return {NEW: self.columns, CONTENT: self.content, ENDED: self.ends}[aspect]

    def aspects(self, row: dict[str, Any], due: str) -> Iterator[str]:
        """What is to be sealed of a row that is due."""
        if due == NEW:
            yield NEW
            if self.content:
                yield CONTENT
        if self.ends and row[self.ends[0]] is not None:
            yield ENDED

    def rows(self, keys: Sequence[str], also: Iterable[str] = ()) -> Select[Any]:
        """The rows of these keys, as they stand in the database: what is JSON as its text. ``also``: columns that an earlier program sealed."""
        own = list(self.table.primary_key)
        parsed = [tuple(_value(column, part) for column, part in zip(own, parts_of(key), strict=True)) for key in keys]
        mine = own[0].in_([one[0] for one in parsed]) if len(own) == 1 else tuple_(*own).in_(parsed)
        label = (self.label,) if self.label else ()
        names = {*(column.name for column in own), *self.columns, *self.content, *self.ends, *label, *also}
        return select(*(_raw(column) for column in self.table.columns if column.name in names)).where(mine)

    def opened(self, row: Mapping[str, Any], ring: Seals | None) -> dict[str, Any]:
        """A row with what the ring's own keys seal opened: it is another text each time that it is sealed."""
        found = dict(row)
        for column in self.table.columns:
            if isinstance(column.type, SealedColumn) and column.name in found:
                found[column.name] = _opened(found[column.name], column.type.place, ring)
        return found

    def key_of(self, row: Mapping[str, Any]) -> str:
        """The key of a row as one text."""
        return BETWEEN.join(str(row[column.name]) for column in self.table.primary_key)


def parts_of(key: str) -> list[str]:
    """The columns of a key."""
    return key.split(BETWEEN)


def place_of(table: str, aspect: str, key: str) -> str:
    """Where something stands: the same words wherever it is sealed or checked."""
    return f"{table}.{aspect}:{key}"


def said_by(place: str, columns: Sequence[str], row: dict[str, Any]) -> bytes:
    """What stands at a place, as canonical JSON: a list of the place, and of each column with its value."""
    return orjson.dumps([place, [[name, row[name]] for name in columns]])


def _value(column: ColumnElement[Any], part: str) -> Any:
    return int(part) if isinstance(column.type, Integer) else part


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """As the database holds it: what a key opens is opened afterwards, or not at all."""
    kind = column.type
    if isinstance(kind, JSON) or (isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, JSON)):
        return cast(column, Text).label(column.name)
    if isinstance(kind, TypeDecorator) and not isinstance(kind, MomentColumn):
        return type_coerce(column, Text).label(column.name)
    return column


def _opened(value: str | None, place: str, ring: Seals | None) -> str | None:
    """What is sealed by a key that is changed from time to time is evidence as it was told; what does not open, as it stands there."""
    if value is None or ring is None:
        return value
    try:
        return ring.open(FIELDS, value, place).decode()
    except Sealed:
        return value


COVERED: tuple[Coverage, ...] = (
    Coverage(
        table=t.issues,
        words=Said("事项", "issue"),
        columns=("id", "number", "follow_code", "reporter_id", "subject", "channel", "opened_at"),
        label="number",
    ),
    Coverage(
        table=t.history,
        words=Said("历史", "entry of a history"),
        columns=(
            *("issue_id", "sequence", "at", "actor_id", "kind", "event", "changes", "via", "previous_hash", "hash"),
        ),
    ),
    Coverage(
        table=t.register_deeds,
        words=Said("名册变更", "change of the register"),
        columns=("id", "way", "by_id", "at", "undoes_id"),
        content=("why",),
    ),
    Coverage(
        table=t.register_changes,
        words=Said("名册变更的一行", "row that was changed in the register"),
        columns=("id", "deed_id", "of_table", "row_key", "person_id", "station_id", "organisation_id"),
        content=("before", "after"),
    ),
    Coverage(
        table=t.file_entries,
        words=Said("履职档案的一条", "entry of a file"),
        columns=("id", "key", "participant_id", "year", "kind", "points", "issue_id", "at"),
        content=("title",),
        label="key",
    ),
    Coverage(
        table=t.file_deeds,
        words=Said("对履职档案的填写、核实", "deed to a file"),
        columns=("id", "at", "by_id", "participant_id", "year", "what", "line", "evidence"),
        content=("body",),
    ),
    Coverage(
        table=t.publications,
        words=Said("公开的内容", "publication"),
        columns=("id", "key", "issue_id", "kind", "published_at"),
        content=("title", "text"),
        ends=("withdrawn_at",),
        label="key",
    ),
    Coverage(
        table=t.deliveries,
        words=Said("消息", "message"),
        columns=(
            *("id", "key", "issue_id", "sequence", "participant_id", "channel", "occasion", "template"),
            *("template_version", "language", "item", "created_at"),
        ),
        content=("subject", "text", "html"),
        label="key",
    ),
    Coverage(
        table=t.definition_versions,
        words=Said("已发布的流程", "published definition"),
        columns=(
            *("id", "key", "version", "variant", "digest", "source", "body", "schema_version"),
            *("published_at", "published_by", "note", "in_force_from"),
        ),
        ends=("withdrawn_at", "withdrawn_by", "withdrawn_because"),
        label="key",
    ),
    Coverage(
        table=t.definition_overrides,
        words=Said("已发布的调整", "published override"),
        columns=(
            *("id", "definition_key", "scope", "version", "digest", "source", "body", "published_at", "published_by"),
            "note",
        ),
        label="definition_key",
    ),
    Coverage(
        table=t.calendar_versions,
        words=Said("已发布的日历", "published calendar"),
        columns=("id", "key", "version", "digest", "source", "published_at", "published_by", "note"),
        label="key",
    ),
    Coverage(
        table=t.plan_versions,
        words=Said("已发布的计划", "published plan"),
        columns=("id", "key", "version", "digest", "source", "body", "published_at", "published_by", "note"),
        label="key",
    ),
    Coverage(
        table=t.channel_versions,
        words=Said("已启用的渠道", "adopted way in"),
        columns=("id", "key", "version", "digest", "source", "body", "published_at", "published_by", "note"),
        label="key",
    ),
    Coverage(
        table=t.score_versions,
        words=Said("已启用的计分表", "adopted scoring table"),
        columns=(
            *("id", "key", "version", "digest", "source", "body", "begins", "ends"),
            *("published_at", "published_by", "note"),
        ),
        label="key",
    ),
    Coverage(
        table=t.score_results,
        words=Said("考核结果", "result of an assessment"),
        columns=(
            *("id", "version_id", "participant_id", "station_id", "issue_id", "begins", "ends"),
            *("entries", "digest", "points", "band", "made_at"),
        ),
    ),
    Coverage(
        table=t.paper_templates,
        words=Said("已发布的文书模板", "published template of a paper"),
        columns=("id", "kind", "language", "version", "source", "file", "published_at", "published_by", "note"),
        label="kind",
    ),
    Coverage(
        table=t.papers,
        words=Said("文书", "paper"),
        columns=(
            *("id", "issue_id", "kind", "language", "template", "series", "year", "sequence", "number", "private"),
            *("file", "replaces_id", "made_by_id", "made_at"),
        ),
        ends=("voided_at", "voided_by_id"),
        label="number",
    ),
    Coverage(
        table=t.frozen_reports,
        words=Said("月报、年报", "report of a period"),
        columns=("id", "number", "plan_key", "span", "first_day", "last_day", "as_of", "title", "body", "digest"),
        ends=("issued_at", "issued_by_id", "issued_by", "note", "files"),
        label="number",
    ),
    Coverage(
        table=t.report_amendments,
        words=Said("报告的更正", "correction of a report"),
        columns=("id", "report_id", "nth", "made_at", "made_by_id", "made_by", "why", "changes", "digest"),
    ),
    Coverage(
        table=t.grants,
        words=Said("授权", "grant"),
        columns=(
            *("id", "participant_id", "role", "area_id", "station_id", "since", "until", "reason"),
            *("made_at", "made_by_id", "approved_by_id"),
        ),
        ends=("ended_at", "ended_by_id", "end_reason"),
    ),
    Coverage(
        table=t.proposals,
        words=Said("提请", "proposal"),
        columns=("id", "kind", "digest", "about", "diff", "reason", "proposed_by_id", "hand", "proposed_at"),
        ends=("decided_at", "decided_by_id", "said"),
    ),
    Coverage(
        table=t.four_eyes,
        words=Said("双人复核的开关", "rule of two people"),
        columns=("id", "rule", "changed_at", "changed_by_id"),
    ),
    Coverage(
        table=t.process_migrations,
        words=Said("流程迁移", "migration"),
        columns=(
            *("id", "key", "leaving", "entering", "plan", "reason", "reverts", "asked_by", "asked_by_id", "asked_at"),
        ),
        label="key",
    ),
    Coverage(
        table=t.given_numbers,
        words=Said("给出的编号", "number that was given"),
        columns=("series", "station", "year", "sequence", "number", "issue_id", "field", "given_at"),
        label="number",
    ),
    Coverage(
        table=t.private_searches,
        words=Said("对隐私的查询", "search in private data"),
        columns=("id", "participant_id", "at", "kind", "said", "found"),
    ),
    Coverage(
        table=t.audit,
        words=Said("审计记录", "line of the audit log"),
        columns=tuple(column.name for column in t.audit.columns),
    ),
    Coverage(
        table=t.restorations,
        words=Said("从备份恢复", "restoration"),
        columns=("id", "source", "taken_at", "restored_at"),
    ),
    Coverage(
        table=t.evidence_exemptions,
        words=Said("解除存证", "exemption"),
        columns=("id", "at", "of_table", "row_keys", "aspects", "why", "until"),
    ),
)

#: By the name of the table.
COVERAGE = {one.name: one for one in COVERED}

"""The words of issues as the databases keep them, and what is asked of them: one shape, written for FTS5 and for a ``tsvector``.

SQLite: a table of FTS5 with a column for each reach, a row an issue. PostgreSQL: one ``tsvector`` an issue, whose weights are those columns, with a
GIN index. A phrase is a phrase in both; what else a text says (signs, quotes, operators) never gets here, for tokens are letters alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, FromClause, Integer, bindparam, column, select, table, text

from huying.search.entry import Entry
from huying.search.letters import GAP

COLUMNS = ("subject", "words", "private", "reporter")
_WEIGHTS: Mapping[str, str] = {"subject": "A", "words": "B", "private": "C", "reporter": "D"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one after the other; ``open`` ends: the last may go on."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these."""

    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each of these."""

    parts: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """This, in these columns alone."""

    columns: tuple[str, ...]
    part: Asked


Asked = Phrase | AnyOf | AllOf | Within


def for_fts5(asked: Asked) -> str:
    """What is asked, in the language of FTS5."""
    match asked:
        case Phrase(tokens, open):
            return f'"{" ".join(tokens)}"' + (" *" if open else "")
        case Within(columns, part):
            return f"({{{' '.join(columns)}}} : ({for_fts5(part)}))"
        case AnyOf(parts):
            return "(" + " OR ".join(for_fts5(part) for part in parts) + ")"
        case AllOf(parts):
            return "(" + " AND ".join(for_fts5(part) for part in parts) + ")"


def for_tsquery(asked: Asked, columns: Sequence[str] = COLUMNS) -> str:
    """What is asked, as a ``tsquery``."""
    match asked:
        case Phrase(tokens, open):
            weights = "".join(_WEIGHTS[name] for name in columns)
            marks = ["", *([""] * (len(tokens) - 2)), "*" if open else ""][-len(tokens) :]
            return "(" + " <-> ".join(f"'{t}':{m}{weights}" for t, m in zip(tokens, marks, strict=True)) + ")"
        case Within(inside, part):
            return for_tsquery(part, inside)
        case AnyOf(parts):
            return "(" + " | ".join(for_tsquery(part, columns) for part in parts) + ")"
        case AllOf(parts):
            return "(" + " & ".join(for_tsquery(part, columns) for part in parts) + ")"


def _vector(entry: Entry) -> str:
    """An entry as a ``tsvector``: between two texts a place is left empty, so that no phrase goes across."""
    places: dict[str, list[str]] = {}
    position = 0
    for name in COLUMNS:
        for token in getattr(entry, name):
            position += 1
            if token != GAP:
                places.setdefault(token, []).append(f"{position}{_WEIGHTS[name]}")
        position += 2
    return " ".join(f"'{token}':{','.join(at[:255])}" for token, at in places.items())


def _row(issue_id: int, entry: Entry) -> dict[str, Any]:
    return {"issue": issue_id, **{name: " ".join(getattr(entry, name)) for name in COLUMNS}}


_kept = text("SELECT rowid, subject, words, private, reporter FROM search_text WHERE rowid IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_forget = text("DELETE FROM search_text WHERE rowid = :issue")
_keep = text(
    "INSERT INTO search_text (rowid, subject, words, private, reporter)"
    " VALUES (:issue, :subject, :words, :private, :reporter)"
)
_keep_vector = text(
    "INSERT INTO search_text (issue_id, words) VALUES (:issue, CAST(:words AS tsvector)) ON CONFLICT (issue_id)"
    " DO UPDATE SET words = excluded.words WHERE search_text.words <> excluded.words"
)
_other_vector = text("SELECT words <> CAST(:words AS tsvector) FROM search_text WHERE issue_id = :issue")


def write(connection: Connection, entries: Mapping[int, Entry]) -> None:
    """Write the entries of issues by their ids, in the caller's transaction; what is the same already is left alone."""
    if not entries:
        return
    if connection.dialect.name != "sqlite":
        rows = [{"issue": issue_id, "words": _vector(one)} for issue_id, one in entries.items()]
        connection.execute(_keep_vector, rows)
        return
    kept: Mapping[object, tuple[str, ...]] = _kept_rows(connection, entries)
    rows = [_row(issue_id, one) for issue_id, one in entries.items()]
    changed = [row for row in rows if kept.get(row["issue"]) != tuple(row[name] for name in COLUMNS)]
    if changed:
        connection.execute(_forget, changed)
        connection.execute(_keep, changed)


def other(connection: Connection, entries: Mapping[int, Entry]) -> Iterator[int]:
    """The issues whose words are not those of their entries, or are not there."""
    if connection.dialect.name == "sqlite":
        kept = _kept_rows(connection, entries)
        for issue_id, one in entries.items():
            if kept.get(issue_id) != tuple(" ".join(getattr(one, name)) for name in COLUMNS):
                yield issue_id
        return
    for issue_id, one in entries.items():
        if connection.execute(_other_vector, {"issue": issue_id, "words": _vector(one)}).scalar() is not False:
            yield issue_id


def _kept_rows(connection: Connection, ids: Iterable[int]) -> Mapping[object, tuple[str, ...]]:
    return {row[0]: tuple(row[1:]) for row in connection.execute(_kept, {"ids": list(ids)})}


def hits(connection: Connection, asked: Asked) -> FromClause:
    """The ids (``issue_id``) of the issues in which this is found; SQLite gives them from the newest on, one by one as they are wanted."""
    if connection.dialect.name == "sqlite":
        found = table("search_text", column("rowid", Integer))
        condition = text("search_text MATCH :asked").bindparams(asked=for_fts5(asked))
        return select(found.c.rowid.label("issue_id")).where(condition).subquery("hit")
    vectors = table("search_text", column("issue_id", BigInteger))
    condition = text("words @@ CAST(:asked AS tsquery)").bindparams(asked=for_tsquery(asked))
    # by the index of words, whatever the planner hopes of the limit that follows
    return select(vectors.c.issue_id).where(condition).cte("hit").prefix_with("MATERIALIZED")

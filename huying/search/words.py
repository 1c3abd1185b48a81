"""The words of issues as the databases keep them, and what is asked of them: one shape, written for FTS5 and for a ``tsvector``.

SQLite: a table of FTS5 with a column for each reach, a row an issue. PostgreSQL: one ``tsvector`` an issue, whose weights are those columns, with a
GIN index. A phrase is a phrase in both; what else a text says (signs, quotes, operators) never gets here, for tokens are letters alone.
What stands in the columns that not everybody may read, and in the second table, are hashes; so are the tokens that are looked for there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Integer,
    String,
    TextClause,
    bindparam,
    column,
    select,
    table,
    text,
)

from huying.search.entry import Entry
from huying.search.letters import GAP

COLUMNS = ("subject", "words", "private", "reporter")
#: What stands there is hashed.
_VEILED = frozenset({"private", "reporter"})
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


def hidden(asked: Asked, veil: Callable[[str], str], columns: tuple[str, ...] = COLUMNS) -> Asked:
    """What is asked, with each phrase hashed by ``veil`` for those columns that not everybody may read."""
    match asked:
        case Phrase():
            plainly = tuple(name for name in columns if name not in _VEILED)
            other = tuple(name for name in columns if name in _VEILED)
            parts = [Within(plainly, asked)] * bool(plainly) + [Within(other, hashes(asked, veil))] * bool(other)
            return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]
        case Within(inside, part):
            return asked if _VEILED.isdisjoint(inside) else hidden(part, veil, inside)
        case AnyOf(several):
            return AnyOf(tuple(hidden(part, veil, columns) for part in several))
        case AllOf(several):
            return AllOf(tuple(hidden(part, veil, columns) for part in several))


def hashes(asked: Asked, veil: Callable[[str], str]) -> Asked:
    """What is asked, with every phrase hashed."""
    match asked:
        case Phrase(tokens):
            return Phrase(tuple(veil(token) for token in tokens))
        case Within(inside, part):
            return Within(inside, hashes(part, veil))
        case AnyOf(several):
            return AnyOf(tuple(hashes(part, veil) for part in several))
        case AllOf(several):
            return AllOf(tuple(hashes(part, veil) for part in several))


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


def _vector(columns: Mapping[str, tuple[str, ...]]) -> str:
    """Texts by their weights as a ``tsvector``: between two of them a place is left empty, so that no phrase goes across."""
    places: dict[str, list[str]] = {}
    position = 0
    for weight, tokens in columns.items():
        for token in tokens:
            position += 1
            if token != GAP:
                places.setdefault(token, []).append(f"{position}{weight}")
        position += 2
    return " ".join(f"'{token}':{','.join(at[:255])}" for token, at in places.items())


def _vector_of(entry: Entry) -> str:
    return _vector({_WEIGHTS[name]: getattr(entry, name) for name in COLUMNS})


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
        rows = [{"issue": issue_id, "words": _vector_of(one)} for issue_id, one in entries.items()]
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
        if connection.execute(_other_vector, {"issue": issue_id, "words": _vector_of(one)}).scalar() is not False:
            yield issue_id


def _kept_rows(connection: Connection, ids: Iterable[int]) -> Mapping[object, tuple[str, ...]]:
    return {row[0]: tuple(row[1:]) for row in connection.execute(_kept, {"ids": list(ids)})}


_kept_shared = text("SELECT rowid, words FROM search_text_shared WHERE rowid BETWEEN :first AND :last")
_kept_shared_vectors = text("SELECT passage, words FROM search_text_shared WHERE passage BETWEEN :first AND :last")
_forget_shared = text("DELETE FROM search_text_shared WHERE rowid = :row")
_keep_shared = text("INSERT INTO search_text_shared (rowid, words) VALUES (:row, :words)")
_forget_shared_vector = text("DELETE FROM search_text_shared WHERE passage = :row")
_keep_shared_vector = text(
    "INSERT INTO search_text_shared (passage, words) VALUES (:row, CAST(:words AS tsvector)) ON CONFLICT (passage)"
    " DO UPDATE SET words = excluded.words WHERE search_text_shared.words <> excluded.words"
)
_same_shared_vector = text("SELECT words = CAST(:words AS tsvector) FROM search_text_shared WHERE passage = :row")


def write_shared(connection: Connection, rows: range, wanted: Mapping[int, tuple[str, ...]]) -> None:
    """Have these rows of the second table hold what is wanted, and nothing else; what is the same already is left alone."""
    if connection.dialect.name != "sqlite":
        span = {"first": rows[0], "last": rows[-1]}
        there = set(connection.execute(_kept_shared_vectors, span).scalars())
        if gone := [{"row": row} for row in there - set(wanted)]:
            connection.execute(_forget_shared_vector, gone)
        if wanted:
            kept = [{"row": row, "words": _vector({"": tokens})} for row, tokens in wanted.items()]
            connection.execute(_keep_shared_vector, kept)
        return
    known = _kept_shared_rows(connection, rows)
    said = {row: " ".join(tokens) for row, tokens in wanted.items()}
    if gone := [{"row": row} for row, words in known.items() if said.get(row) != words]:
        connection.execute(_forget_shared, gone)
    if kept := [{"row": row, "words": words} for row, words in said.items() if known.get(row) != words]:
        connection.execute(_keep_shared, kept)


def _kept_shared_rows(connection: Connection, rows: range) -> Mapping[int, str]:
    found = connection.execute(_kept_shared, {"first": rows[0], "last": rows[-1]})
    return {row.rowid: row.words for row in found}


def same_shared(connection: Connection, rows: range, wanted: Mapping[int, tuple[str, ...]]) -> bool:
    """Whether these rows hold what is wanted, and nothing else."""
    if connection.dialect.name == "sqlite":
        known = _kept_shared_rows(connection, rows)
        return known == {row: " ".join(tokens) for row, tokens in wanted.items()}
    span = {"first": rows[0], "last": rows[-1]}
    if set(connection.execute(_kept_shared_vectors, span).scalars()) != set(wanted):
        return False
    asked = ({"row": row, "words": _vector({"": tokens})} for row, tokens in wanted.items())
    return all(connection.execute(_same_shared_vector, one).scalar() is True for one in asked)


def query_text(asked: Asked, *, sqlite: bool) -> str:
    """What is asked, as ``hits`` and ``shared_hits`` want it in their blank ``asked``."""
    return for_fts5(asked) if sqlite else for_tsquery(asked)


def hits(*, sqlite: bool) -> FromClause:
    """The ids (``issue_id``) of the issues in which this is found; SQLite gives them from the newest on, one by one as they are wanted."""
    if sqlite:
        found = table("search_text", column("rowid", Integer))
        return select(found.c.rowid.label("issue_id")).where(_blank("search_text MATCH :asked")).subquery("hit")
    vectors = table("search_text", column("issue_id", BigInteger))
    # by the index of words, whatever the planner hopes of the limit that follows
    return select(vectors.c.issue_id).where(_blank(_QUERIED)).cte("hit").prefix_with("MATERIALIZED")


def shared_hits(*, sqlite: bool) -> FromClause:
    """The rows (``passage``) of the second table in which this is found, the newest first on SQLite as above; its phrases are hashed already."""
    if sqlite:
        found = table("search_text_shared", column("rowid", Integer))
        return select(found.c.rowid.label("passage")).where(_blank("search_text_shared MATCH :asked")).subquery("hit")
    vectors = table("search_text_shared", column("passage", BigInteger))
    return select(vectors.c.passage).where(_blank(_QUERIED)).cte("hit").prefix_with("MATERIALIZED")


_QUERIED = "words @@ CAST(:asked AS tsquery)"


def _blank(condition: str) -> TextClause:
    return text(condition).bindparams(bindparam("asked", type_=String()))

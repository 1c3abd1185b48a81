"""How a connection tells of calls: its mapping, kept as data, checked before it is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from definitions.channels.telephone import read_mapping
from definitions.finding import Finding
from huying.audit.record import AuditNote, note
from huying.database.tables import connections
from huying.errors import NotFound
from huying.house.house import House

#: What a text that somebody typed is called in findings.
MAPPING_FILE = "calls.yaml"


def mapping_source(house: House, key: str) -> str:
    """The text of a connection's mapping; empty: it tells in our own form. ``NotFound`` if there is no such connection."""
    with house.database.reading() as connection:
        row = connection.execute(select(connections.c.key, connections.c.calls).where(connections.c.key == key)).first()
    if row is None:
        raise NotFound(f"没有名为“{key}”的外部系统连接。", f"There is no connection “{key}”.")
    return str(row.calls["source"]) if row.calls else ""


def keep_mapping(house: House, key: str, source: str) -> tuple[Finding, ...]:
    """Keep the mapping of a connection, or (of an empty text) let it tell in our own form; what is wrong, if anything is."""
    mapping_source(house, key)
    kept: dict[str, Any] | None = None
    if source.strip():
        found, body, findings = read_mapping(source, MAPPING_FILE)
        if found is None or findings:
            return findings
        kept = {"source": source, "body": body}
    with house.database.writing() as connection:
        connection.execute(update(connections).where(connections.c.key == key).values(calls=kept))
        note(
            connection, AuditNote(what="connection-changed", object=f"connection:{key}", detail={"changes": ["calls"]})
        )
    return ()

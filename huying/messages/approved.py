"""Approved templates of senders, as messages go by them: of each sender its register, made of the rows that are approved and given to an occasion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, Row, select

from huying.database.tables import sender_templates
from notifications import ApprovedTemplate, TemplateRegister, TemplateValue, ValueKind

_t = sender_templates.c


def registers(connection: Connection) -> Mapping[str, TemplateRegister]:
    """The registers of all senders that have any approved template, by sender."""
    query = select(sender_templates).where(_t.state == "approved", _t.occasion != "").order_by(_t.id)
    found: dict[str, dict[tuple[str, str], ApprovedTemplate]] = defaultdict(dict)
    for row in connection.execute(query):
        found[row.sender_key][row.occasion, row.language] = ApprovedTemplate(row.code, values_of(row))
    return {key: TemplateRegister(lines) for key, lines in found.items()}


def values_of(row: Row[Any]) -> tuple[TemplateValue, ...]:
    """The variables of a template in order."""
    return tuple(
        TemplateValue(
            theirs=str(one["theirs"]),
            ours=str(one["ours"]),
            longest=int(one["longest"]),
            kind=cast(ValueKind, str(one["kind"])),
        )
        for one in row.params or ()
    )

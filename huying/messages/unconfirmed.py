"""Messages to an address that a stranger named: in the house's own words alone, and few, until somebody there acts by a link in one of them.

Else anybody could have the office write to anybody whatever they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from definitions.text import Said
from huying.database.tables import addresses, deliveries

#: So many in a day go to such an address, whoever named it, and however often.
MOST = 5
_DAY = timedelta(days=1)
_HELLO = Said("您好", "Hello")


def without_words(context: Mapping[str, Any], title: str, language: str) -> dict[str, Any]:
    """What a message may show there: nothing that the stranger wrote, not even a name; ``title`` is the process's."""
    said = {**context["issue"], "subject": title}
    return {**context, "issue": said, "recipient": {"name": _HELLO.of(language)}, "note": None}


def enough_for(connection: Connection, target: str, now: datetime) -> bool:
    """Whether so many were written to this address within a day that there are no more."""
    whose = select(addresses.c.participant_id).where(addresses.c.target_index == target)
    query = select(func.count()).where(
        deliveries.c.participant_id.in_(whose),
        deliveries.c.target_index == target,
        deliveries.c.created_at > now - _DAY,
    )
    return int(connection.execute(query).scalar_one()) >= MOST

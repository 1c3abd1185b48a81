"""People who have gone, brought to the issues in which they still have something: one transaction an issue, as often as it takes.

Nothing is queued: what is still to be done is what the register and the open tasks say together, so whoever dies in between loses nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime

from engine.event import Depart
from engine.refusal import Refusal
from huying.database.tables import issues
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import change
from huying.register.vacancies import affected

_log = logging.getLogger("huying.departures")


def count_departed(house: House, limit: int = 1) -> int:
    """In how many issues somebody who has gone still has something, up to a limit."""
    with house.database.reading() as connection:
        return len(connection.execute(affected(limit)).all())


def see_off(house: House, now: datetime, limit: int = 100) -> int:
    """Have a batch of issues go on without those who have gone; in how many that was done."""
    with house.database.reading() as connection:
        rows = [(int(row[0]), str(row[1])) for row in connection.execute(affected(limit))]
    done = 0
    for issue_id, party in rows:
        try:
            change(house, issue_id, Depart(party, gone=True), By(None, now))
            done += 1
        except Refusal as refusal:
            # somebody was faster, or there is nobody at all to whom it could go
            _log.info("%s %s: %s", issues.name, issue_id, refusal)
        # one issue that cannot go on must not keep the others waiting; it is tried again with the next batch
        except Exception:
            _log.exception("issue %s, %s", issue_id, party)
    return done

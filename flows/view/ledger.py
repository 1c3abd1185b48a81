"""The ledger of the house as the figures flow shows it."""

from datetime import datetime

from flows.ports import Ledger, StationFigures, Trouble
from huying.access.mask import mask
from huying.figures.ledger import LedgerLine, TroubleLine, ledger
from huying.house.house import House


def ledger_of(house: House, now: datetime) -> Ledger:
    """The ledger at this moment, without private data."""
    seen = ledger(house, now)
    return Ledger(
        at=seen.at,
        stations=tuple(_station(one) for one in seen.stations),
        pending=seen.pending,
        failed=seen.failed,
        undelivered=seen.undelivered,
    )


def _station(line: LedgerLine) -> StationFigures:
    return StationFigures(
        code=line.code,
        name=line.name,
        region=line.region,
        open=line.open,
        overdue=line.overdue,
        soon=line.soon,
        stuck=line.stuck,
        paused=line.paused,
        worst=tuple(_trouble(one) for one in line.troubles),
    )


def _trouble(line: TroubleLine) -> Trouble:
    return Trouble(
        number=line.number,
        subject=line.subject,
        definition=line.definition,
        what=mask(line.what),
        since=line.since,
        run_id=line.run_id,
    )

"""A sweeper in a process of its own, which claims, fires a few, says so, and waits to be killed.

python -m tests.huying.sweeper DATABASE_URL NOW HOW_MANY_TO_CLAIM HOW_MANY_TO_FIRE
"""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from pathlib import Path

from huying.database.connections import Database
from huying.house.house import House
from huying.timers.sweep import claim, fire


def main(url: str, now: str, claiming: str, firing: str) -> None:
    """Claim, fire, say how many of each, and wait."""
    house, moment = House(Database(url), Path()), datetime.fromisoformat(now)
    claimed = claim(house, moment, int(claiming))
    swept = fire(house, claimed[: int(firing)], moment)
    sys.stdout.write(f"{len(claimed)} {swept.fired}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What sealing costs: actions of one office on SQLite, with what people write sealed and open in turn, in one run."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.city import furnish
from engine.codec import encode, plain
from huying.database.connections import Database
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import comment
from huying.issues.opening import Report, open_issue
from huying.issues.skeleton import Skeleton
from huying.keys.ring import Ring, new_keys
from models.kept import KeptNouns

ROUNDS, ACTIONS = 8, 100
_NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _open(self: Skeleton, noun: Any, *_: object) -> tuple[Any, KeptNouns]:
    return plain(noun), KeptNouns(encode(noun).decode())


@contextmanager
def unsealed() -> Iterator[None]:
    """What people write is kept open meanwhile."""
    with patch.object(Skeleton, "written", _open):
        yield


def main() -> None:
    """Print the median processor time of an action, both ways, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        ring = Ring(new_keys(date(2026, 3, 2)))
        database = Database(f"sqlite:///{folder}/seal.db", ring=ring)
        database.migrate()
        house, city = furnish(database, Path(folder) / "files")
        report = Report(
            definition="office", station="XG", reporter=city["resident"], values={"subject": "老人夜里摔倒了"}
        )
        issue = open_issue(house, report, request_id="one", now=_NOW).issue_id
        spent: dict[str, list[float]] = {"sealed": [], "open": []}
        for number in range(ROUNDS):
            for way in ("sealed", "open") if number % 2 else ("open", "sealed"):
                if way == "open":
                    with unsealed():
                        spent[way] += _round(house, issue, city["clerk"], f"{number}-{way}")
                else:
                    spent[way] += _round(house, issue, city["clerk"], f"{number}-{way}")
        sealed, plainly = (statistics.median(spent[way]) * 1000 for way in ("sealed", "open"))
        print(f"an action, sealed {sealed:.2f} ms, open {plainly:.2f} ms: {plainly / sealed:.2f} of the actions before")
        database.close()


def _round(house: House, issue: int, person: int, name: str) -> Iterator[float]:
    for number in range(ACTIONS):
        begun = time.process_time()
        comment(
            house, issue, "已去看过，灯杆断了，明天换新的。", By(person, _NOW + timedelta(hours=1), f"{name}-{number}")
        )
        yield time.process_time() - begun


if __name__ == "__main__":
    os.environ.pop("HUYING_KEYS", None)
    main()

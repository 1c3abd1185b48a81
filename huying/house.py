"""The house: what every use case needs at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from huying.database import Database
from huying.processes import Processes


@dataclass(frozen=True)
class House:
    """A database, the definitions published in it, and the folder of attachments."""

    database: Database
    files: Path
    processes: Processes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "processes", Processes(self.database))

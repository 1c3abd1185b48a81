"""The imprint of what is published: by whom, when, and with which note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Imprint:
    """``by`` is a name, as it is shown later; ``note`` says why."""

    by: str
    now: datetime
    note: str = ""

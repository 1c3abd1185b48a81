"""What is remembered of how an issue is shown, so that showing it again asks Prefect nothing; worthless without the run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The run and its artifacts; how many moments of the timeline its log tells; digests of its name and tags, state, card, form and incidents.

    `pause` tells the forms of one run apart: each is answered once. An unknown digest is empty.
    """

    run: str
    card: str = ""
    link: str = ""
    told: int = 0
    marks: str = ""
    state: str = ""
    text: str = ""
    form: str = ""
    wrong: str = ""
    pause: int = 0

    @property
    def run_id(self) -> UUID:
        """The id of the run."""
        return UUID(self.run)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def remembered(run_id: str | None, plain: Mapping[str, Any] | None) -> Shown | None:
    """What was kept, if it is of that run; just the run, if nothing else is known."""
    if run_id is None:
        return None
    known = {one.name for one in fields(Shown)}
    if plain and plain.get("run") == run_id:
        return Shown(**{name: value for name, value in plain.items() if name in known})
    return Shown(run=run_id)


def digest(*said: object) -> str:
    """A short name of what was said."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]

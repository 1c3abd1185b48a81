"""What would be put right in a draft, or accepted as its new course: another text, beside what was written, saved only when somebody says yes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from definitions.correction import corrected, corrected_scenarios
from definitions.finding import Unreadable
from definitions.loader import examine
from definitions.text import Said
from definitions.trials.scenario import parse_scenarios
from engine import Process
from huying.house.house import House
from huying.processes.drafts import Manuscript
from huying.trials.acceptance import offered
from huying.trials.rehearsal import play

_SOURCE, _SCENARIOS = "definition.yaml", "scenarios.yaml"


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The texts as they would be; ``kind``: what for; ``refused``: what needs a person, and why."""

    kind: str
    before: Manuscript
    after: Manuscript
    refused: tuple[Said, ...] = ()

    @property
    def lines(self) -> str:
        """What differs, line by line."""
        return "".join(self._differing())

    def _differing(self) -> Iterator[str]:
        for name, before, after in zip((_SOURCE, _SCENARIOS), self.before, self.after, strict=True):
            old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
            yield from unified_diff(old, new, name, name, n=1)

    @property
    def digest(self) -> str:
        """By what somebody who says yes says to what."""
        return hashlib.sha256("\0".join(self.after).encode()).hexdigest()


def put_right(house: House, written: Manuscript) -> Rewriting:
    """All that has one right answer, as ``check --fix`` does it."""
    source = corrected(written.source, _SOURCE, calendars=house.calendars.known())
    scenarios = corrected_scenarios(written.scenarios, _SCENARIOS) if written.scenarios.strip() else written.scenarios
    return Rewriting("mend", written, Manuscript(source, scenarios))


def new_course(house: House, written: Manuscript, only: int | None = None) -> Rewriting:
    """Scenarios (or one, from 0) that say what now happens, as ``rehearse --accept`` does it; nothing where one of the texts cannot be read."""
    unchanged = Rewriting("accept", written, written)
    if not written.scenarios.strip():
        return unchanged
    try:
        definition = examine(written.source, _SOURCE, calendars=house.calendars.known()).definition
        scenarios = parse_scenarios(written.scenarios, _SCENARIOS)
    except Unreadable:
        return unchanged
    if definition is None:
        return unchanged
    rehearsal = play(Process(definition, house.calendars.in_force(definition.calendar)), scenarios)
    text, refused = offered(written.scenarios, _SCENARIOS, rehearsal, only)
    return Rewriting("accept", written, Manuscript(written.source, text), refused)

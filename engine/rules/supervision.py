"""Named supervisors (督办): who hears of every step from now on."""

from __future__ import annotations

from engine.change import SupervisorNamed
from engine.draft import Draft
from engine.rules.roles import told


def name_supervisor(draft: Draft, role: str, step: str) -> None:
    """Let the holders of a role supervise the issue from now on."""
    parties = tuple(party for party in told(draft, (role,)) if party not in draft.state.supervisors)
    if parties:
        draft.record(SupervisorNamed(parties=parties))
        draft.tell("supervised", parties, step=step)

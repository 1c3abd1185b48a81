"""Withdrawing: the reporter takes the issue back."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, Prospect, why
from engine.event import Withdraw
from engine.rules.participation import may_withdraw, withdraw

DEED = Deed(
    event=Withdraw,
    rule=withdraw,
    done=Said("撤回了事项", "Withdrew the issue"),
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Withdraw(entered.reason),
            title=Said("撤回", "Withdraw it"),
            place="issue",
            key="withdraw",
            offered=lambda prospect: _reports(prospect) or _follows(prospect),
            form="withdraw",
            blanks=(why(required=False),),
            told=("withdraw",),
            alone=True,
        ),
    ),
)


def _reports(prospect: Prospect) -> bool:
    state, draft = prospect.state, prospect.draft
    if state.facts is None or prospect.actor.party != state.facts.reporter:
        return False
    return state.survivor is not None or (state.status == "open" and may_withdraw(draft.process, state, draft))


def _follows(prospect: Prospect) -> bool:
    """Whose issue was merged into this one takes theirs back."""
    return prospect.state.status == "open" and prospect.actor.party in prospect.state.followers

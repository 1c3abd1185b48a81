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
            offered=lambda prospect: prospect.state.status == "open" and _reports(prospect),
            form="withdraw",
            blanks=(why(required=False),),
            told=("withdraw",),
            alone=True,
        ),
    ),
)


def _reports(prospect: Prospect) -> bool:
    reporter = prospect.state.facts.reporter if prospect.state.facts else None
    draft = prospect.draft
    return prospect.actor.party == reporter and may_withdraw(draft.process, prospect.state, draft)

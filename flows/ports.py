"""What the flows ask of the rest of the house; the composition root fills it in, and tests use doubles.

The methods are synchronous, quick and called from threads; they read the clock themselves and raise when their database fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from flows.view.card import IssueCard
from huying.chores.chore import Chore, Portion
from huying.console import Asked, Replied
from huying.console.marks import Stale
from huying.figures.ledger import Ledger


@dataclass(frozen=True, kw_only=True)
class ShownEffect:
    """One thing to carry out that event `sequence` of an issue decided; `words` says it to staff, without private data.

    `run_id` is the run that shows the issue, as far as it is known; `waited` says for how many seconds it could have been carried out. `system`
    is the other system that a call is for.
    """

    id: int
    issue_id: int
    number: str
    sequence: int
    step: str
    words: str
    attempts: int = 0
    run_id: str | None = None
    waited: float = 0.0
    system: str = ""


class Outdated(Exception):
    """A newer program has changed the database under this one, which must end before it misreads anything."""


Perform = Callable[[ShownEffect], None]
PerformMany = Callable[[Sequence[ShownEffect]], Mapping[int, str]]


# a flow takes it, and Prefect makes a schema of what a flow takes
@runtime_checkable
class Ports(Protocol):
    """The house, as the dispatcher sees it."""

    def claim_effects(self, limit: int) -> Sequence[ShownEffect]:
        """Effects in turn from the stations, of each in the order in which they were decided, held under a lease of at least a minute; no calls."""

    def claim_calls(self, limit: int, under_way: Mapping[str, int]) -> Sequence[ShownEffect]:
        """Calls of other systems, few of any one of them: of each so many are `under_way`; held under a lease of at least a minute."""

    def perform(self, effect: ShownEffect) -> None:
        """Carry the effect out and mark it done in one transaction; a repeat changes nothing; raises when it fails."""

    def perform_many(self, effects: Sequence[ShownEffect]) -> Mapping[int, str]:
        """Carry out those effects that are not done, in few transactions; what became, in words, of each that failed, by its id."""

    def fail(self, effect: ShownEffect, reason: str) -> None:
        """Note a failure, so that the effect is claimed again later, ever later."""

    def due(self, chore: Chore) -> int:
        """How much of a chore waits, or 1 for some; cheap."""

    def carry_on(self, chore: Chore) -> Portion:
        """Do a portion of it; one of which nothing was `taken` means that none was left."""

    def keeps_view(self) -> bool:
        """Whether this dispatcher is the one that shows issues: of several only one does; cheap."""

    def stale_cards(self, limit: int) -> Sequence[Stale]:
        """Issues to be shown anew."""

    def card(self, issue_id: int) -> IssueCard:
        """What may be shown of an issue."""

    def shown(
        self, issue_id: int, version: int, run_id: str, until: datetime | None, how: Mapping[str, Any] | None = None
    ) -> None:
        """Note that the issue is shown as of that version; `until`: the moment at which time alone makes it look otherwise; `how`: what to keep."""

    def where_shown(self, issue_id: int) -> Stale:
        """Where and how an issue is shown."""

    def reply_to(self, asked: Asked) -> Replied:
        """Give what staff asked for to the kernel; never twice for the same request id."""

    def ledger(self) -> Ledger:
        """The figures of the house at this moment."""

    def retention(self) -> tuple[float, float]:
        """For how many days Prefect keeps the runs of closed issues, and those of work."""

    def show_again(self) -> int:
        """Have every issue shown anew, because Prefect's data is gone; how many."""

    def beat(self, connected: bool) -> None:
        """Say that the dispatcher is well, and whether its work is shown in Prefect; `Outdated` when it must end."""

    def leave(self) -> None:
        """Say that the dispatcher has ended."""

"""What the flows ask of the rest of the house; the composition root fills it in, and tests use doubles.

The methods are synchronous, quick and called from threads; they read the clock themselves and raise when their database fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from flows.view.card import IssueCard
from huying.chores.chore import Chore, Portion


@dataclass(frozen=True, kw_only=True)
class Effect:
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


@dataclass(frozen=True, kw_only=True)
class Stale:
    """An issue that moved on, or whose deadline came nearer, since it was last shown, and the id of the run that shows it, if there is one."""

    issue_id: int
    run_id: str | None
    shown_as: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What staff asked for on an issue's page in Prefect; `request_id` names this one press of a button."""

    number: str
    what: Literal["act", "cancel", "suspend", "retry", "other"]
    request_id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Replied:
    """What became of it, in words; `issue_id` is None when there is no issue of that number."""

    accepted: bool
    words: str
    issue_id: int | None


@dataclass(frozen=True, kw_only=True)
class StationFigures:
    """How many issues of a station are open, and how many of those overdue, nearly so, stuck, paused; `worst` are the oldest overdue and stuck."""

    code: str
    name: str
    region: str
    open: int
    overdue: int
    soon: int
    stuck: int
    paused: int
    worst: tuple["Trouble", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An issue that is overdue or stuck: since when, in words, and what is the matter; `run_id` is where it is shown."""

    number: str
    subject: str
    definition: str
    what: str
    since: str
    run_id: str


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The figures of every station that has open issues, and of effects and messages that wait or failed, as of a moment in words."""

    at: str
    stations: tuple[StationFigures, ...]
    pending: int
    failed: int
    undelivered: int


class Outdated(Exception):
    """A newer program has changed the database under this one, which must end before it misreads anything."""


Perform = Callable[[Effect], None]
PerformMany = Callable[[Sequence[Effect]], Mapping[int, str]]


# a flow takes it, and Prefect makes a schema of what a flow takes
@runtime_checkable
class Ports(Protocol):
    """The house, as the dispatcher sees it."""

    def claim_effects(self, limit: int) -> Sequence[Effect]:
        """Effects in turn from the stations, of each in the order in which they were decided, held under a lease of at least a minute; no calls."""

    def claim_calls(self, limit: int, under_way: Mapping[str, int]) -> Sequence[Effect]:
        """Calls of other systems, few of any one of them: of each so many are `under_way`; held under a lease of at least a minute."""

    def perform(self, effect: Effect) -> None:
        """Carry the effect out and mark it done in one transaction; a repeat changes nothing; raises when it fails."""

    def perform_many(self, effects: Sequence[Effect]) -> Mapping[int, str]:
        """Carry out those effects that are not done, in few transactions; what became, in words, of each that failed, by its id."""

    def fail(self, effect: Effect, reason: str) -> None:
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

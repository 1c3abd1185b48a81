"""What the flows ask of the rest of the house; the composition root fills it in, and tests use doubles.

The methods are synchronous, quick and called from threads; they read the clock themselves and raise when their database fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from flows.view.card import IssueCard


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


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A message that was not accepted: whom it was for, what about, and why not."""

    to: str
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a batch of messages."""

    accepted: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What became of a batch of events for other systems; of a failure, `to` is the subscription and `subject` the issue's number."""

    accepted: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fired:
    """What became of a batch of timers; `failures` says of each that could not be fired which and why, without private data.

    `claimed` is 0 when none was due, or none may be fired now; then `notice` says why not.
    """

    claimed: int
    fired: int
    failures: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """What became of a batch of issues whose calendar has changed; `looked_at` is 0 when none was left."""

    looked_at: int
    moved: int


@dataclass(frozen=True, kw_only=True)
class Recurred:
    """What was carried on of the plans that came round, and what could not be; each in words, without private data."""

    done: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


class Outdated(Exception):
    """A newer program has changed the database under this one, which must end before it misreads anything."""


Perform = Callable[[Effect], None]
PerformMany = Callable[[Sequence[Effect]], Mapping[int, str]]


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

    def due_timers(self) -> int:
        """How many timers wait to be fired, 0 while the clock is not to be believed; cheap, and asked every second or so."""

    def fire_due(self) -> Fired:
        """Fire a batch of timers; `Fired(claimed=0)` means that none was left."""

    def behind_calendar(self) -> int:
        """How many issues were reckoned by an older calendar, or 1 for some; cheap."""

    def reckon_again(self) -> Reckoned:
        """Reckon the deadlines of a batch of issues again by the calendar in force."""

    def migrations_waiting(self) -> bool:
        """Whether an issue waits to go on by another version of its definition; cheap."""

    def migrate_on(self) -> int:
        """Let a batch of them go on; how many were looked at."""

    def plans_due(self) -> bool:
        """Whether a plan has come round, or something of one is still to be carried out; cheap."""

    def carry_plans_on(self) -> Recurred:
        """Carry a batch out; `Recurred()` means that none was left."""

    def pending_deliveries(self) -> int:
        """How many messages wait to be sent, or 1 for some; cheap."""

    def send_batch(self) -> Sent:
        """Send a batch of messages; `Sent(accepted=0)` without failures means that none was left."""

    def keeps_view(self) -> bool:
        """Whether this dispatcher is the one that shows issues: of several only one does; cheap."""

    def events_waiting(self) -> bool:
        """Whether other systems are to be told of something; cheap."""

    def post_events(self) -> Posted:
        """Tell other systems of a batch; `Posted(accepted=0)` without failures means that none was left."""

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

    def housekeep(self) -> str:
        """The daily work on the database: what was done, in words."""

    def settle_incidents(self) -> int:
        """Close the incidents whose cause is over; how many. Cheap, and asked every few seconds."""

    def beat(self, connected: bool) -> None:
        """Say that the dispatcher is well, and whether its work is shown in Prefect; `Outdated` when it must end."""

    def leave(self) -> None:
        """Say that the dispatcher has ended."""

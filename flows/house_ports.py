"""The house as the dispatcher sees it: every port is a use case of the product, with the clock read here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.runtime import flow_run

from engine.refusal import Refusal
from flows.ports import Outdated, ShownEffect
from flows.view.card import IssueCard
from flows.view.effect_words import described
from flows.view.issue_card import issue_card
from huying import console
from huying.audit.retention import AuditPlan
from huying.backups.folder import BackupPlan
from huying.chores.chore import Chore, Portion, Workplace
from huying.console import Asked, Replied, marks
from huying.console.marks import Stale
from huying.database.sole import Sole
from huying.effects import carriers
from huying.evidence.anchors import AnchorPlan
from huying.figures.ledger import Ledger, ledger
from huying.house.house import House
from huying.mail.plan import MailPlan
from huying.outbox import claims
from huying.outbox.claims import Errand
from huying.privacy.erased_list import ErasedList
from huying.settings import SettingError
from huying.telemetry import figures, logs, tracing, vitals
from huying.timers.clock_memory import remember
from huying.timers.clock_watch import Watch
from notifications import Transports


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class HousePorts:
    """Fills the dispatcher's ports with a house, ways to send, and the address that links begin with."""

    house: House
    transports: Transports
    portal_url: str
    clock: Callable[[], datetime] = _now
    watch: Watch = field(default_factory=Watch)
    name: str = field(default_factory=vitals.dispatcher_name)
    console_login: str | None = None
    keep_days: tuple[float, float] = (90, 14)
    backups: BackupPlan | None = None
    audit: AuditPlan = field(default_factory=AuditPlan)
    anchors: AnchorPlan | None = None
    erased: ErasedList | None = None
    mail: MailPlan | None = None
    workplace: Workplace = field(init=False)
    view: Sole = field(init=False)

    def __post_init__(self) -> None:
        at = Workplace(
            self.house,
            self.transports,
            self.portal_url,
            self.clock,
            self.backups,
            self.audit,
            self.watch,
            self.anchors,
            self.erased,
            self.mail,
        )
        object.__setattr__(self, "workplace", at)
        object.__setattr__(self, "view", Sole(self.house.database, "view"))

    def claim_effects(self, limit: int) -> Sequence[ShownEffect]:
        """Effects in turn from the stations, held under the outbox's lease."""
        now = self.clock()
        return described(self.house, claims.claim_effects(self.house, now, limit, calls=False), now)

    def claim_calls(self, limit: int, under_way: Mapping[str, int]) -> Sequence[ShownEffect]:
        """Calls of other systems, held under the outbox's lease."""
        now = self.clock()
        return described(self.house, claims.claim_calls(self.house, now, limit, under_way), now)

    def perform(self, effect: ShownEffect) -> None:
        """Carry out the effect, and mark it done."""
        errand = claims.errand(self.house, effect.id)
        with logs.told(), tracing.following(errand.trace, f"effect {errand.effect.kind}", **watched(errand)):
            logs.about(errand.number)
            carriers.carry(self.house, errand, self.clock())
        figures.EFFECTS.labels(errand.effect.kind, "done").inc()

    def perform_many(self, claimed: Sequence[ShownEffect]) -> Mapping[int, str]:
        """Carry out the effects that nobody has carried out meanwhile; what failed, by id."""
        pending = claims.still_pending(self.house, [effect.id for effect in claimed])
        return carriers.carry_many(self.house, pending, self.clock())

    def fail(self, effect: ShownEffect, reason: str) -> None:
        """Have the effect tried again, ever later."""
        errand = replace(claims.errand(self.house, effect.id), attempts=effect.attempts)
        given_up = carriers.not_carried(self.house, errand, reason, self.clock())
        figures.EFFECTS.labels(errand.effect.kind, "failed").inc()
        if given_up:
            # given up: staff see it, though it is no event of the issue
            marks.one_again(self.house, effect.issue_id)

    def due(self, chore: Chore) -> int:
        """How much of a chore waits; of one that runs by its schedule alone, nothing."""
        return chore.due(self.workplace) if chore.due else 0

    def carry_on(self, chore: Chore) -> Portion:
        """Do a portion of it."""
        return chore.carry_on(self.workplace)

    def keeps_view(self) -> bool:
        """Whether it is this process, of all dispatchers of the house, that shows issues."""
        return self.view.is_ours()

    def stale_cards(self, limit: int) -> Sequence[Stale]:
        """Issues to be shown anew."""
        return marks.stale(self.house, self.clock(), limit)

    def card(self, issue_id: int) -> IssueCard:
        """What may be shown of an issue."""
        try:
            desk = console.desk_of(self.house, self.console_login)
        except Refusal:
            desk = None
        return issue_card(self.house, issue_id, self.portal_url, self.clock(), desk)

    def shown(
        self, issue_id: int, version: int, run_id: str, until: datetime | None, how: Mapping[str, Any] | None = None
    ) -> None:
        """Note what is shown, and for how long it is right."""
        marks.shown(self.house, issue_id, version, run_id, until, how)

    def where_shown(self, issue_id: int) -> Stale:
        """Where and how an issue is shown."""
        return marks.shown_as(self.house, issue_id)

    def show_again(self) -> int:
        """Have every issue shown anew, but those whose runs Prefect keeps no longer."""
        return marks.show_again(self.house, self.clock() - timedelta(days=self.keep_days[0]))

    def reply_to(self, asked: Asked) -> Replied:
        """Give it to the kernel, in the name of the console's account."""
        return console.reply_to(self.house, self.console_login, asked, self.clock())

    def ledger(self) -> Ledger:
        """The figures of the house, without private data."""
        return ledger(self.house, self.clock())

    def retention(self) -> tuple[float, float]:
        """Days for the runs of closed issues, and of work."""
        return self.keep_days

    def beat(self, connected: bool) -> None:
        """Say that the dispatcher is well, and whether its work is shown in Prefect."""
        try:
            self.house.database.assure_known()
        except SettingError as error:
            raise Outdated(str(error)) from None
        if begun := self.watch.to_keep():
            remember(self.house, self.watch.start, begun, self.clock())
        note = vitals.DOUBTFUL if self.watch.doubt else vitals.CONNECTED if connected else ""
        vitals.beat(self.house, self.name, self.clock(), note)

    def leave(self) -> None:
        """Say that the dispatcher has ended, and let another keep the view."""
        self.view.give_up()
        vitals.farewell(self.house, self.name)


def watched(errand: Errand[Any]) -> dict[str, str | None]:
    """What a trace says of an effect, and in which run of Prefect it was carried out."""
    return {
        "huying__issue": errand.number,
        "huying__step": errand.effect.step,
        "huying__effect": errand.effect.kind,
        "prefect__flow_run": flow_run.get_id(),
    }

"""A house in memory that fills the flows' ports, for tests and for trying the dispatcher without a database."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from definitions.text import Said
from flows.ports import ShownEffect
from flows.view.card import IssueCard, Standing
from huying.chores import deadlines, events, messages, plans, timers
from huying.chores.chore import Chore, Portion
from huying.chores.deadlines import DEADLINES
from huying.chores.events import EVENTS
from huying.chores.expiry import EXPIRY
from huying.chores.messages import MESSAGES
from huying.chores.plans import PLANS
from huying.chores.timers import TIMERS
from huying.console import Asked, Replied
from huying.console.marks import Stale
from huying.delivery.sender import Sent, Undelivered
from huying.duties.round import CarriedOn
from huying.figures.ledger import Ledger, LedgerLine, TroubleLine
from huying.timers.recalculation import Reckoned
from huying.timers.sweep import Failing, Swept
from huying.webhooks.post import Posted

_LEASE = 60.0


class MemoryHouse:
    """Issues, effects, messages and timers as plain values; every method may be called from any thread."""

    def __init__(self) -> None:
        self.cards: dict[int, IssueCard] = {}
        self.shown_as: dict[int, tuple[int, str]] = {}
        self.remembered: dict[int, Mapping[str, Any] | None] = {}
        self.asked: list[Asked] = []
        self.obeys: dict[str, dict[str, Any]] = {}
        self.keep = (90.0, 14.0)
        self.effects: dict[int, ShownEffect] = {}
        self.done: Counter[int] = Counter()
        self.performed_at: dict[int, float] = {}
        self.claimed_at: dict[int, float] = {}
        self.failures: list[tuple[int, str]] = []
        self.broken: set[int] = set()
        self.messages = 0
        self.refused: list[Undelivered] = []
        self.sent = 0
        self.events = 0
        self.posted = 0
        self.timers = 0
        self.fired = 0
        self.behind = 0
        self.stuck: list[Failing] = []
        self.recurring: list[str] = []
        self.recurred: list[str] = []
        self.beats = 0
        self.kept = 0
        self._leased_until: dict[int, float] = {}
        self._lock = threading.Lock()

    def raise_issue(self, issue_id: int, subject: str = "路灯不亮", effects: int = 2) -> None:
        """A new issue, and the effects of its first step."""
        with self._lock:
            self.cards[issue_id] = sample_card(issue_id, subject)
            for n in range(effects):
                self._add(issue_id, n)

    def _add(self, issue_id: int, n: int) -> None:
        effect = ShownEffect(
            id=issue_id * 100 + n,
            issue_id=issue_id,
            number=self.cards[issue_id].number,
            sequence=1,
            step="study",
            words=("通知 陈代表 · 新任务", "通知 反映人 · 已受理")[n % 2],
        )
        self.effects[effect.id] = effect

    def move(self, issue_id: int, **changes: object) -> None:
        """Change what is known of an issue."""
        with self._lock:
            card = self.cards[issue_id]
            self.cards[issue_id] = replace(card, version=card.version + 1, **changes)  # type: ignore[arg-type]

    def waiting(self) -> int:
        """How many effects have not been carried out."""
        with self._lock:
            return sum(1 for key in self.effects if not self.done[key])

    def unshown(self) -> int:
        """How many issues are not shown as they are."""
        with self._lock:
            return sum(1 for key, card in self.cards.items() if self.shown_as.get(key, (0, ""))[0] < card.version)

    def claim_effects(self, limit: int) -> Sequence[ShownEffect]:
        """Effects that are neither done nor leased."""
        now = time.monotonic()
        with self._lock:
            free = [e for e in self.effects.values() if not self.done[e.id] and self._leased_until.get(e.id, 0) < now]
            for effect in free[:limit]:
                self._leased_until[effect.id] = now + _LEASE
                self.claimed_at.setdefault(effect.id, time.perf_counter())
            return free[:limit]

    def claim_calls(self, limit: int, under_way: Mapping[str, int]) -> Sequence[ShownEffect]:
        """None: this house calls nobody."""
        return ()

    def perform(self, effect: ShownEffect) -> None:
        """Count it, unless it is one that cannot be carried out."""
        if effect.id in self.broken:
            raise OSError("对方系统没有应答")
        with self._lock:
            self.done[effect.id] += 1
            self.performed_at.setdefault(effect.id, time.perf_counter())

    def perform_many(self, effects: Sequence[ShownEffect]) -> Mapping[int, str]:
        """Carry out one after the other those that are not done."""
        failures = {}
        for effect in effects:
            try:
                if not self.done[effect.id]:
                    self.perform(effect)
            except OSError as error:
                failures[effect.id] = f"OSError: {error}"
        return failures

    def fail(self, effect: ShownEffect, reason: str) -> None:
        """Note the failure and free the effect after a while."""
        with self._lock:
            self.failures.append((effect.id, reason))
            self.effects[effect.id] = replace(effect, attempts=effect.attempts + 1)
            self._leased_until[effect.id] = time.monotonic() + 2

    def due(self, chore: Chore) -> int:
        """What waits of the chores that this house has."""
        waiting: Mapping[str, int] = {
            MESSAGES.name: self.messages + len(self.refused),
            EVENTS.name: self.events,
            TIMERS.name: self.timers + len(self.stuck),
            DEADLINES.name: self.behind,
            PLANS.name: len(self.recurring),
        }
        return waiting.get(chore.name, 0)

    def carry_on(self, chore: Chore) -> Portion:
        """Do all of it, and say the same of it as a real house."""
        carriers: Mapping[str, Callable[[], Portion]] = {
            MESSAGES.name: self._send,
            EVENTS.name: self._post,
            TIMERS.name: self._fire,
            DEADLINES.name: self._reckon,
            PLANS.name: self._recur,
            EXPIRY.name: self._keep,
        }
        with self._lock:
            return carriers.get(chore.name, Portion)()

    def _send(self) -> Portion:
        sent = Sent(accepted=self.messages, failures=tuple(self.refused))
        self.sent += self.messages
        self.messages, self.refused = 0, []
        return messages.portion(sent)

    def _post(self) -> Portion:
        sent, self.events = self.events, 0
        self.posted += sent
        return events.portion(Posted(sent, sent))

    def _fire(self) -> Portion:
        """All of them, but those that cannot be fired."""
        fired, self.timers = self.timers, 0
        self.fired += fired
        stuck, self.stuck = tuple(self.stuck), []
        return timers.portion(Swept(fired + len(stuck), fired, stuck))

    def _reckon(self) -> Portion:
        looked_at, self.behind = self.behind, 0
        return deadlines.portion(Reckoned(looked_at, looked_at))

    def _recur(self) -> Portion:
        done, self.recurring = tuple(self.recurring), []
        self.recurred += done
        return plans.portion(CarriedOn(done))

    def _keep(self) -> Portion:
        self.kept += 1
        return Portion(taken=1, words=("没有可整理的",))

    def keeps_view(self) -> bool:
        """There is but one."""
        return True

    def stale_cards(self, limit: int) -> Sequence[Stale]:
        """Issues that moved on."""
        with self._lock:
            seen = {key: self.shown_as.get(key, (0, "")) for key in self.cards}
            stale = [key for key, card in self.cards.items() if seen[key][0] < card.version]
            return [self.where_shown(key) for key in stale[:limit]]

    def where_shown(self, issue_id: int) -> Stale:
        """Where and how the issue was shown."""
        return Stale(
            issue_id=issue_id,
            version=self.cards[issue_id].version,
            run_id=self.shown_as.get(issue_id, (0, ""))[1] or None,
            shown_as=self.remembered.get(issue_id),
        )

    def reply_to(self, asked: Asked) -> Replied:
        """Note what was asked for, and do what the test wants; a repeat is not noted again."""
        known = {card.number: issue_id for issue_id, card in self.cards.items()}
        if asked.number in known and asked.request_id not in {one.request_id for one in self.asked}:
            self.asked.append(asked)
            if asked.what in self.obeys:
                self.move(known[asked.number], **self.obeys[asked.what])
        accepted = asked.what in self.obeys
        said = Said("已办理" if accepted else "未予办理", "")
        return Replied(accepted=accepted, said=said, issue_id=known.get(asked.number))

    def ledger(self) -> Ledger:
        """The figures of the only station."""
        overdue = sum(card.overdue for card in self.cards.values())
        one = LedgerLine(
            code="XL", name="兴隆社区联络站", region="湖里区", open=len(self.cards), overdue=overdue, soon=0, stuck=0, paused=0,
            troubles=tuple(
                TroubleLine(number=card.number, subject=card.subject, definition=card.definition_title, what="逾期",
                        since=card.due, run_id=self.shown_as.get(key, (0, ""))[1])
                for key, card in self.cards.items()
                if card.overdue
            ),
        )  # fmt: skip
        return Ledger(at="11月23日 09:00", stations=(one,), pending=self.waiting(), failed=0, undelivered=0)

    def retention(self) -> tuple[float, float]:
        """Days."""
        return self.keep

    def card(self, issue_id: int) -> IssueCard:
        """The issue's card."""
        return self.cards[issue_id]

    def shown(
        self, issue_id: int, version: int, run_id: str, until: datetime | None, how: Mapping[str, Any] | None = None
    ) -> None:
        """Note where and as of when it is shown."""
        with self._lock:
            self.shown_as[issue_id] = (version, run_id)
            self.remembered[issue_id] = how

    def show_again(self) -> int:
        """Forget what was shown."""
        with self._lock:
            self.shown_as.clear()
            return len(self.cards)

    def beat(self, connected: bool) -> None:
        """Count the call."""
        self.beats += 1

    def leave(self) -> None:
        """Nothing to be done."""


def sample_card(issue_id: int, subject: str = "路灯不亮") -> IssueCard:
    """An open issue that waits for a deputy."""
    number = f"XG-2026-{issue_id:05}"
    return IssueCard(
        number=number,
        subject=subject,
        definition_title="活动站诉求办理",
        definition_key="contact-station",
        station="兴隆社区联络站",
        area="湖里区",
        level="社区",
        stage="assignment",
        stage_title="交办",
        step_keys=("study",),
        step_titles=("研究答复",),
        waiting_for=("陈代表",),
        due="11月27日前",
        answerable="陈代表",
        status=Standing.open,
        portal_url=f"http://127.0.0.1:8080/issues/{number}",
        version=1,
    )

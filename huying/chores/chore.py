"""The noun: a chore comes round by itself, is carried on a portion at a time, and may be shown to staff as a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from definitions.text import Said
from huying.audit.retention import AuditPlan
from huying.backups.folder import BackupPlan
from huying.evidence.anchors import AnchorPlan
from huying.house.house import House
from huying.mail.plan import MailPlan
from huying.privacy.erased_list import ErasedList
from huying.timers.clock_watch import Watch
from notifications import Transports


@dataclass(frozen=True)
class Workplace:
    """What chores work with: a house, the ways out of it, the address that links begin with, the clock with who watches it, and
    where backups go and heads are handed (nowhere, if no place was named), how the audit log is kept, the list of what was erased, and
    how mail comes in (``None``: it does not).
    """

    house: House
    transports: Transports
    portal_url: str
    clock: Callable[[], datetime]
    backups: BackupPlan | None = None
    audit: AuditPlan = field(default_factory=AuditPlan)
    watch: Watch = field(default_factory=Watch)
    anchors: AnchorPlan | None = None
    erased: ErasedList | None = None
    mail: MailPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What became of a portion of a chore, or of several; what it says is for staff, and holds no private data.

    Of what was `taken` (0: nothing was left), so much is `done`, and so much has `failed` and is tried again later. `said` and `warned` are lines for
    the log, `rows` what failed, by column, `words` what the ending is made of; `notice` says why nothing may be done now.
    """

    taken: int = 0
    done: int = 0
    failed: int = 0
    said: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    words: tuple[str, ...] = ()
    notice: str = ""

    def __add__(self, later: Portion) -> Portion:
        return Portion(
            taken=self.taken + later.taken,
            done=self.done + later.done,
            failed=self.failed + later.failed,
            said=self.said + later.said,
            warned=self.warned + later.warned,
            rows=self.rows + later.rows,
            words=self.words + later.words,
            notice=later.notice,
        )


@dataclass(frozen=True, slots=True)
class Table:
    """What staff find beside a run: its address among the tables, its rows by column, and what it is."""

    key: str
    rows: tuple[Mapping[str, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class RunEnding:
    """How a run of a chore ended: the name of its last state, and what came of it."""

    name: str
    message: str
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The hours at which staff see a chore run whether anything is due or not (cron, by Beijing's clock); raise `version` with any change."""

    name: str
    cron: str
    description: str
    version: str = "1"


@dataclass(frozen=True, kw_only=True, eq=False)
class Chore:
    """Something that comes round by itself.

    `due` says how much waits, or 1 for some; it is cheap, and asked every `pace` seconds. A chore without it runs by its schedule alone. `carry_on`
    does a portion. A run takes up to `portions` of them (``None``: until nothing is left); `progress` is said after each, `ending` at its end: both
    are told what came of everything so far.
    """

    name: str
    title: Said
    #: What staff know its runs by; a chore without runs is never seen.
    run: str | None
    carry_on: Callable[[Workplace], Portion]
    ending: Callable[[Portion], RunEnding]
    due: Callable[[Workplace], int] | None = None
    progress: Callable[[Portion], str] | None = None
    pace: float = 1.0
    portions: int | None = 1
    schedule: Schedule | None = None
    #: Its work comes from effects: it is asked as soon as some were carried out.
    follows_effects: bool = False
    #: It also runs when Prefect has just come back, and may have lost what it showed.
    when_connected: bool = False

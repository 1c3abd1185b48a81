"""Events: what can happen to an issue. Who does it and when is passed beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import field

from engine.noun import Noun, OfKind, Values, kind_of
from engine.state import Party


class Act(OfKind, frozen=True):
    """A person takes an action on a work item, with the answers of its form as entered."""

    item: int
    action: str
    values: Values = field(default_factory=dict)


class TakeOption(OfKind, frozen=True):
    """Somebody takes a standing option of the definition, with the answers of its form."""

    option: str
    values: Values = field(default_factory=dict)


class Claim(OfKind, frozen=True):
    """One of several candidates takes a work item for themself."""

    item: int


class Release(OfKind, frozen=True):
    """The owner gives a work item back to all its candidates."""

    item: int


class Delegate(OfKind, frozen=True):
    """Somebody else acts on one's behalf; the responsibility stays. ``to`` is ``None``: the delegation is taken back."""

    item: int
    to: Party | None
    reason: str = ""


class Transfer(OfKind, frozen=True):
    """The responsibility for an item moves to another party, at once or once they accept."""

    item: int
    to: Party
    reason: str


class Reply(OfKind, frozen=True):
    """The party to whom a transfer was offered accepts or refuses it."""

    item: int
    accept: bool
    reason: str = ""


class Ask(OfKind, frozen=True):
    """Somebody who has a task asks another party: a ``question`` (the clock pauses), to ``consult``, or for a signature before theirs (``sign``).

    ``of``: the party; or ``reporter``, whoever that is.
    """

    item: int
    of: Party
    text: str
    how: Literal["question", "consult", "sign"] = "question"


class Answer(OfKind, frozen=True):
    """The answer to a question, consultation or request for a signature; ``agree`` is for signatures."""

    item: int
    text: str
    agree: bool = True


class AddSigner(OfKind, frozen=True):
    """One more party signs in an ``each`` step, beside the others (加签)."""

    item: int
    party: Party
    reason: str = ""


class Withdraw(OfKind, frozen=True):
    """The reporter takes the issue back."""

    reason: str


class Urge(OfKind, frozen=True):
    """Somebody urges those who have the open tasks (催办)."""

    text: str = ""


class Follow(OfKind, frozen=True):
    """Somebody who has the same matter follows the issue from now on (跟上)."""


class Supervise(OfKind, frozen=True):
    """Somebody becomes a named supervisor, who sees and hears of every step (督办)."""

    party: Party
    reason: str


class Fire(OfKind, frozen=True):
    """The moment of a timer has come."""

    timer: int


class Comment(OfKind, frozen=True):
    """A remark; ``public`` ones are seen by the reporter too."""

    text: str
    public: bool = False


class Attach(OfKind, frozen=True):
    """A file was added; its content lies outside of the kernel."""

    name: str
    media_type: str
    size: int
    digest: str
    public: bool = True


class Message(OfKind, frozen=True):
    """A message from outside for a ``receive`` step, with its values as they came."""

    name: str
    values: Values = field(default_factory=dict)


class Result(OfKind, frozen=True):
    """What became of what a visit had carried out: a request was answered, a called issue was opened (``called``) or has ended.

    ``failed`` says why it could not be done, after all attempts.
    """

    visit: int
    values: Values = field(default_factory=dict)
    called: str | None = None
    ended: bool = True
    failed: str | None = None


class TryAgain(OfKind, frozen=True, tag="retry"):
    """Staff have what failed carried out again: that for which a visit waits, or (``visit`` 0) another ``thing`` that the issue decided."""

    visit: int = 0
    reason: str = ""
    thing: str = ""


class Skip(OfKind, frozen=True):
    """Staff let the issue go on without what failed: that for which a visit waits, or (``visit`` 0) another ``thing``, such as a ``timer``."""

    visit: int
    reason: str
    thing: str = ""
    timer: int = 0


class Supply(OfKind, frozen=True):
    """Staff give the values that what failed should have brought, by field, and the issue goes on with them."""

    visit: int
    values: Values
    reason: str


class KeepPromise(OfKind, frozen=True):
    """A promise was kept."""

    promise: int
    text: str


class BreakPromise(OfKind, frozen=True):
    """A promise will not be kept, and somebody says so."""

    promise: int
    reason: str


class Move(OfKind, frozen=True):
    """Staff lead the issue to another step; with a ``visit``, only that branch."""

    to: str
    reason: str
    visit: int | None = None


class Relocate(OfKind, frozen=True):
    """Staff have the issue go on at another station (``station:5``, or its code): it was raised at the wrong one, or that one closes."""

    to: Party
    reason: str


class Reassign(OfKind, frozen=True):
    """Staff give an item to others, or (``role``) a role of the issue."""

    parties: tuple[Party, ...]
    reason: str
    item: int | None = None
    role: str | None = None


class Suspend(OfKind, frozen=True):
    """Staff stop the issue: nothing can be done, and no clock runs."""

    reason: str


class Resume(OfKind, frozen=True):
    """Staff let a stopped issue go on."""

    reason: str = ""


class Cancel(OfKind, frozen=True):
    """Staff end the issue without a result."""

    reason: str


class Reopen(OfKind, frozen=True):
    """A closed issue goes on: at the step that the definition names (participants), or at any step (staff)."""

    reason: str
    to: str | None = None
    values: Values = field(default_factory=dict)


class Merge(OfKind, frozen=True):
    """Staff end this issue in favour of another (a reference), which its people follow from now on."""

    into: str
    reason: str


class Absorb(OfKind, frozen=True):
    """Another issue (a reference) was merged into this one; these parties follow it from now on."""

    issue: str
    followers: tuple[Party, ...]


class Connect(OfKind, frozen=True):
    """This issue has to do with another (a reference): ``split``, ``started``, ``related`` …"""

    relation: str
    issue: str
    reason: str = ""


class Forsake(OfKind, frozen=True):
    """The issue that called this one (a reference, and its number) no longer waits for it: it is ended too, or (``ends`` is false) goes on."""

    issue: str
    number: str
    ends: bool = True


class AskExtension(OfKind, frozen=True):
    """Whoever has a task asks for more time, such as ``5 working days`` (延期)."""

    item: int
    length: str
    reason: str


class AskShelving(OfKind, frozen=True):
    """Whoever has a task asks to lay the matter aside until a day (ISO), because its time has not come (挂账)."""

    item: int
    day: str
    reason: str


class Unshelve(OfKind, frozen=True):
    """A matter that was laid aside is taken up again before its day."""

    visit: int
    reason: str = ""


class MoveDeadline(OfKind, frozen=True):
    """Staff give ``visit:3``, ``item:5`` or ``limit:issue`` another last day (ISO)."""

    target: str
    to: str
    reason: str


class ReckonAgain(OfKind, frozen=True):
    """The calendar has changed: deadlines are reckoned again by it."""

    calendar: str = ""


class Migrate(OfKind, frozen=True):
    """Staff have a running issue go on by another version of its definition (``before`` and ``after`` are their numbers).

    ``migration`` is the plan and the batch to which this belongs; ``leaving`` and ``entering`` are the references of the versions.
    """

    before: int
    after: int
    reason: str
    migration: int
    leaving: int
    entering: int


class Successor(Noun, frozen=True):
    """Who goes on with a task of somebody who leaves."""

    item: int
    party: Party


class Depart(OfKind, frozen=True):
    """Somebody has left an office or a place where they served, or (``gone``) is not in service any more; of a department: nobody serves there.

    ``successors`` go on with single tasks, where somebody has chosen them; with the others, whoever the rules find.
    """

    party: Party
    gone: bool = False
    successors: tuple[Successor, ...] = ()


class Open(OfKind, frozen=True):
    """Somebody raised the issue: where, by which version of a definition, through what. ``report`` is the digest of what they said."""

    report: str
    definition: str
    version: int
    station: str
    channel: str


class CarryOver(OfKind, frozen=True):
    """An issue that was begun elsewhere goes on here: by which version of a definition it stands at which ``step`` (none: it is history).

    ``ours``: the number that the office had for it; ``report`` is the digest of what its sheet says.
    """

    report: str
    definition: str
    version: int
    station: str
    channel: str
    step: str | None
    ours: str


Event = (
    Act | TakeOption | Claim | Release | Delegate | Transfer | Reply | Ask | Answer | AddSigner | Withdraw |
    Urge | Follow | Supervise | Fire | Comment | Attach | Message | Result | TryAgain | Skip | Supply |
    KeepPromise | BreakPromise | Move | Reassign | Suspend | Resume | Cancel | Reopen | Merge | Absorb |
    Connect | Forsake | AskExtension | AskShelving | Unshelve | MoveDeadline | ReckonAgain | Migrate | Depart |
    Relocate
)  # fmt: skip

#: How each is called in histories: ``AskExtension`` is ``ask-extension``.
KINDS: Mapping[type, str] = {cls: kind_of(cls.__name__) for cls in get_args(Event)}

#: What a history tells of: first that the issue was opened, or came from elsewhere, then what happened to it.
Happened = Open | CarryOver | Event

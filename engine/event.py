"""Events: what can happen to an issue. Who does it and when is passed beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from engine.state import Party


@dataclass(frozen=True, slots=True)
class Act:
    """A person takes an action on a work item, with the answers of its form as entered."""

    item: int
    action: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """One of several candidates takes a work item for themself."""

    item: int


@dataclass(frozen=True, slots=True)
class Release:
    """The owner gives a work item back to all its candidates."""

    item: int


@dataclass(frozen=True, slots=True)
class Delegate:
    """Somebody else acts on one's behalf; the responsibility stays. ``to`` is ``None``: the delegation is taken back."""

    item: int
    to: Party | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """The responsibility for an item moves to another party, at once or once they accept."""

    item: int
    to: Party
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The party to whom a transfer was offered accepts or refuses it."""

    item: int
    accept: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody who has a task asks another party: a ``question`` (the clock pauses), to ``consult``, or for a signature before theirs (``sign``)."""

    item: int
    of: Party
    text: str
    how: Literal["question", "consult", "sign"] = "question"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, consultation or request for a signature; ``agree`` is for signatures."""

    item: int
    text: str
    agree: bool = True


@dataclass(frozen=True, slots=True)
class AddSigner:
    """One more party signs in an ``each`` step, beside the others (加签)."""

    item: int
    party: Party
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The reporter takes the issue back."""

    reason: str


@dataclass(frozen=True, slots=True)
class Urge:
    """Somebody urges those who have the open tasks (催办)."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Supervise:
    """Somebody becomes a named supervisor, who sees and hears of every step (督办)."""

    party: Party
    reason: str


@dataclass(frozen=True, slots=True)
class Fire:
    """The moment of a timer has come."""

    timer: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark; ``public`` ones are seen by the reporter too."""

    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Attach:
    """A file was added; its content lies outside of the kernel."""

    name: str
    media_type: str
    size: int
    digest: str
    public: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A message from outside for a ``receive`` step, with its values as they came."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of what a visit had carried out: a request was answered, a called issue was opened (``called``) or has ended.

    ``failed`` says why it could not be done, after all attempts.
    """

    visit: int
    values: Mapping[str, Any] = field(default_factory=dict)
    called: str | None = None
    ended: bool = True
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Staff have what failed carried out again: that for which a visit waits, or (``visit`` 0) another ``thing`` that the issue decided."""

    visit: int = 0
    reason: str = ""
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """Staff let the issue go on without what failed: that for which a visit waits, or (``visit`` 0) another ``thing``, such as a ``timer``."""

    visit: int
    reason: str
    thing: str = ""
    timer: int = 0


@dataclass(frozen=True, slots=True)
class Supply:
    """Staff give the values that what failed should have brought, by field, and the issue goes on with them."""

    visit: int
    values: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class KeepPromise:
    """A promise was kept."""

    promise: int
    text: str


@dataclass(frozen=True, slots=True)
class BreakPromise:
    """A promise will not be kept, and somebody says so."""

    promise: int
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """Staff lead the issue to another step; with a ``visit``, only that branch."""

    to: str
    reason: str
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class Reassign:
    """Staff give an item to others, or (``role``) a role of the issue."""

    parties: tuple[Party, ...]
    reason: str
    item: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """Staff stop the issue: nothing can be done, and no clock runs."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Staff let a stopped issue go on."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Staff end the issue without a result."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """A closed issue goes on: at the step that the definition names (participants), or at any step (staff)."""

    reason: str
    to: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge:
    """Staff end this issue in favour of another (a reference), which its people follow from now on."""

    into: str
    reason: str


@dataclass(frozen=True, slots=True)
class Absorb:
    """Another issue (a reference) was merged into this one; these parties follow it from now on."""

    issue: str
    followers: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Connect:
    """This issue has to do with another (a reference): ``split``, ``started``, ``related`` …"""

    relation: str
    issue: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AskExtension:
    """Whoever has a task asks for more time, such as ``5 working days`` (延期)."""

    item: int
    length: str
    reason: str


@dataclass(frozen=True, slots=True)
class AskShelving:
    """Whoever has a task asks to lay the matter aside until a day (ISO), because its time has not come (挂账)."""

    item: int
    day: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unshelve:
    """A matter that was laid aside is taken up again before its day."""

    visit: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoveDeadline:
    """Staff give ``visit:3``, ``item:5`` or ``limit:issue`` another last day (ISO)."""

    target: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReckonAgain:
    """The calendar has changed: deadlines are reckoned again by it."""

    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Migrate:
    """Staff have a running issue go on by another version of its definition (``before`` and ``after`` are their numbers).

    ``migration`` is the plan and the batch to which this belongs; ``leaving`` and ``entering`` are the references of the versions.
    """

    before: int
    after: int
    reason: str
    migration: int
    leaving: int
    entering: int


Event = (
    Act
    | Claim
    | Release
    | Delegate
    | Transfer
    | Reply
    | Ask
    | Answer
    | AddSigner
    | Withdraw
    | Urge
    | Supervise
    | Fire
    | Comment
    | Attach
    | Message
    | Result
    | Retry
    | Skip
    | Supply
    | KeepPromise
    | BreakPromise
    | Move
    | Reassign
    | Suspend
    | Resume
    | Cancel
    | Reopen
    | Merge
    | Absorb
    | Connect
    | AskExtension
    | AskShelving
    | Unshelve
    | MoveDeadline
    | ReckonAgain
    | Migrate
)

#: How each is called in histories: ``AskExtension`` is ``ask-extension``.
KINDS: Mapping[type, str] = {cls: re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower() for cls in get_args(Event)}

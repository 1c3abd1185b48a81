"""Asking for something, approving it, refusing it, taking it back; and doing it alone in an emergency, which everybody is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from definitions.loader import Unsound
from definitions.text import Said
from engine.refusal import FourEyes, Invalid, Refusal, Unavailable
from huying.access.viewer import viewer
from huying.approvals.kind import ProposalKind, Signed
from huying.approvals.kinds import KINDS
from huying.audit.record import AuditNote, note
from huying.database.connections import Writing
from huying.database.tables import grants, participants, proposals
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from huying.house.house import House
from huying.messages.notices import Words, write_notice
from huying.rights.action import ACTIONS
from huying.rights.four_eyes import RULES, FourEyesRule, keep_rule, rule_of, stricter
from huying.rights.grants import holders
from huying.rights.refusal import Unentitled

MADE, DECIDED, ALONE = "proposal-made", "proposal-decided", "done-alone"
WAIT = timedelta(hours=24)
#: What becomes of a proposal. ``failed``: approved, and by then the house refused it; ``alone``: done by one, in an emergency.
STATES: dict[str, Said] = {
    "open": Said("待批准", "to be approved"),
    "approved": Said("已批准", "approved"),
    "refused": Said("未批准", "not approved"),
    "withdrawn": Said("已撤回", "taken back"),
    "alone": Said("一人办理", "done by one"),
    "failed": Said("已批准，但未能执行", "approved, but could not be carried out"),
}
#: So many others may be in the way at the same moment.
_TRIES = 5
#: So many faults of a definition are told; its draft tells them all.
_TOLD = 5


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What is asked for: of which kind, about what (a few words), what changes (lines), and why."""

    kind: str
    body: Mapping[str, Any]
    about: str
    diff: str = ""
    reason: str = ""


def wants_two(house: House) -> bool:
    """Whether what weighs is proposed first."""
    with house.database.reading() as connection:
        return rule_of(connection) != "off"


def propose(house: House, wish: NewProposal, by: By, hand: str = "") -> int:
    """Ask for something, and tell those who may approve it; its number. ``hand``: who did so at the command line, in this person's name."""
    kind = KINDS[wish.kind]
    with house.database.writing() as connection:
        number = _written(connection, wish, by, "open", hand)
        who = _name(connection, by.somebody)
        # whoever did not do it themself hears that somebody did in their name
        people = (*_others(connection, kind, by), *((by.somebody,) if hand else ()))
        _tell(connection, MADE, number, people, _asked(kind, wish, who), by)
    return number


def do_alone(house: House, wish: NewProposal, by: By) -> int:
    """Do at once and alone what would take two, with a reason; everybody who may do the same is told. ``Invalid`` without a reason."""
    kind = KINDS[wish.kind]
    if not wish.reason.strip():
        raise Invalid({"reason": {"zh": "请写明紧急的理由。", "en": "Please say why it cannot wait."}})
    with house.database.reading() as connection:
        _assure(connection, kind, by)
        name = _name(connection, by.somebody)
    if not kind.alone:
        raise Unavailable("这一项不能一个人办。", "This cannot be done by one.")
    write = kind.prepare(house, wish.body, Signed(by, by.somebody, name))
    with house.database.writing() as connection:
        write(connection)
        number = _written(connection, wish, by, "alone")
        _tell(connection, ALONE, number, _others(connection, kind, by), _asked(kind, wish, name, wish.reason), by)
    _follow(house, kind, wish.body)
    return number


def note_alone(connection: Connection, wish: NewProposal, hand: str, by: By) -> None:
    """Note what is done at the command line by one, in the transaction in which it is done; all who may approve such a thing are told.

    Whoever works at the machine has no account there: ``hand`` is the name that they gave.
    """
    kind = KINDS[wish.kind]
    number = _written(connection, wish, by, "alone", hand)
    _tell(connection, ALONE, number, _others(connection, kind, by), _asked(kind, wish, hand, wish.reason), by)


def approve(house: House, number: int, said: str, by: By) -> bool:
    """Approve a proposal, which carries it out; whether it could be. All of it in one transaction: approved and done, or neither.

    What the house refuses by now ends the proposal as ``failed``, with the reason. ``FourEyes`` for the proposer (but after ``WAIT``, where the
    rule is to wait), and for whoever was granted the right by the proposer since.
    """
    for _ in range(_TRIES):
        try:
            return _approved(house, number, said, by)
        except IntegrityError:
            # somebody else wrote the same at the same moment: look again at what holds now
            continue
    raise Unavailable("同时办理的人太多，请稍后再试。", "Too many others do the same just now; please try again.")


def _approved(house: House, number: int, said: str, by: By) -> bool:
    with house.database.reading() as connection:
        row = _open(connection, number)
        kind = KINDS[row.kind]
        _assure_may(connection, row, by)
        names = _both(_name(connection, row.proposed_by_id), _name(connection, by.somebody))
        signed = Signed(by, row.proposed_by_id, names)
    write = _ready(house, kind, row.body, signed)
    with house.database.writing() as connection:
        _open(connection, number)
        _assure_may(connection, row, by)
        _decide(connection, number, "approved", said, by)
        failure = _carried_out(connection, write)
        if failure is not None:
            failed = {"state": "failed", "failure": dict(failure)}
            connection.execute(update(proposals).where(proposals.c.id == number).values(**failed))
        _settle(connection, row, "approved" if failure is None else "failed", failure or _both_ways(said), by)
    if failure is None:
        _follow(house, kind, row.body)
    return failure is None


def _ready(house: House, kind: ProposalKind, body: Mapping[str, Any], signed: Signed) -> Writing | Mapping[str, str]:
    """What is to be written, or why it cannot be."""
    try:
        return kind.prepare(house, body, signed)
    except (Refusal, Unsound) as refusal:
        return _why(refusal)


def _carried_out(connection: Connection, write: Writing | Mapping[str, str]) -> Mapping[str, str] | None:
    """Write it, and nothing of it if it is refused; why it could not be."""
    if isinstance(write, Mapping):
        return write
    inner = connection.begin_nested()
    try:
        write(connection)
    except Refusal as refusal:
        inner.rollback()
        return _why(refusal)
    inner.commit()
    return None


def _why(refusal: Refusal | Unsound) -> Mapping[str, str]:
    """The words of a refusal, with those of each entry where there are some."""
    if isinstance(refusal, Unsound):
        told = [finding.message for finding in refusal.findings[:_TOLD]]
    elif isinstance(refusal, Invalid):
        told = list(refusal.errors.values())
    else:
        told = [refusal.message]
    return {language: " ".join(one[language] for one in told) for language in ("zh", "en")}


def _follow(house: House, kind: ProposalKind, body: Mapping[str, Any]) -> None:
    if kind.after is not None:
        kind.after(house, body)


def refuse(house: House, number: int, said: str, by: By) -> None:
    """Refuse a proposal, with a reason; whoever may approve it may refuse it."""
    if not said.strip():
        raise Invalid({"said": {"zh": "请写明不批准的理由。", "en": "Please say why not."}})
    with house.database.writing() as connection:
        row = _open(connection, number)
        _assure_judge(connection, row, by)
        _decide(connection, number, "refused", said, by)
        _settle(connection, row, "refused", _both_ways(said), by)


def take_back(house: House, number: int, by: By) -> None:
    """Take back what one has asked for oneself."""
    with house.database.writing() as connection:
        row = _open(connection, number)
        if row.proposed_by_id != by.somebody:
            raise Unavailable("只有提请人可以撤回。", "Only who proposed it can take it back.")
        _decide(connection, number, "withdrawn", "", by)
        _forget(connection, row)


def change_rule(house: House, rule: FourEyesRule, reason: str, by: By) -> int | None:
    """Let another rule hold: at once if it asks for as much, else as a proposal, whose number this is."""
    with house.database.writing() as connection:
        if not viewer(connection, by.somebody).may("keep house", by.now):
            raise Unentitled("keep house")
        held = rule_of(connection)
        if held == "off" or stricter(rule, held):
            keep_rule(connection, rule, by)
            return None
    return propose(house, NewProposal("rule", {"rule": rule}, RULES[rule].zh, "", reason), by)


def may_decide(connection: Connection, row: Row[Any], by: By) -> Refusal | None:
    """Why somebody may not approve a proposal; ``None`` if they may."""
    try:
        _assure_may(connection, row, by)
    except Refusal as refusal:
        return refusal
    return None


def _assure_may(connection: Connection, row: Row[Any], by: By) -> None:
    _assure_judge(connection, row, by)
    _assure_second(connection, row, KINDS[row.kind], by)


def _assure_judge(connection: Connection, row: Row[Any], by: By) -> None:
    """Whoever may do it may decide it, but for the person against whom it is."""
    kind = KINDS[row.kind]
    _assure(connection, kind, by)
    if kind.concerns and row.body[kind.concerns] == by.somebody:
        raise Unavailable("这件事涉及您本人，由他人决定。", "This concerns you: somebody else decides it.")


def _assure(connection: Connection, kind: ProposalKind, by: By) -> None:
    if not viewer(connection, by.somebody).may(kind.action, by.now):
        raise Unentitled(kind.action)


def _assure_second(connection: Connection, row: Row[Any], kind: ProposalKind, by: By) -> None:
    if row.proposed_by_id == by.somebody:
        if rule_of(connection) != "wait" or by.now - row.proposed_at < WAIT:
            raise _Second()
        return
    from_proposer = select(grants.c.id).where(
        grants.c.participant_id == by.somebody,
        grants.c.role.in_(ACTIONS[kind.action].roles),
        grants.c.made_by_id == row.proposed_by_id,
        grants.c.made_at >= row.proposed_at,
    )
    if connection.execute(from_proposer).first():
        raise _Second()


class _Second(FourEyes):
    """The proposer, or somebody to whom the proposer gave the right since, cannot approve."""

    def __init__(self) -> None:
        self.message = {
            "zh": "须由另一人批准：不能是提请人，也不能是提请人此后授权的人。",
            "en": "A second person approves this: not who proposed it, nor anybody to whom they granted the right since.",
        }
        Exception.__init__(self, self.message["en"])


def _written(connection: Connection, wish: NewProposal, by: By, state: str, hand: str = "") -> int:
    row = {
        "kind": wish.kind,
        "digest": hashlib.sha256(orjson.dumps(wish.body, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        "body": _public(wish.body) if state == "alone" else dict(wish.body),
        "about": wish.about[:200],
        "diff": wish.diff[:60_000],
        "reason": wish.reason.strip()[:1000],
        "state": state,
        "proposed_by_id": by.person,
        "hand": hand[:100],
        "proposed_at": by.now,
        "decided_by_id": by.person if state == "alone" else None,
        "decided_at": by.now if state == "alone" else None,
    }
    number = int(connection.execute(insert(proposals).returning(proposals.c.id), row).scalar_one())
    what = "proposal-made" if state == "open" else "proposal-decided"
    told = {"kind": wish.kind, "decision": state} if state != "open" else {"kind": wish.kind}
    made = AuditNote(what=what, object=f"proposal:{number}", by=by.person, reason=wish.reason, detail=told, at=by.now)
    note(connection, made)
    return number


def _public(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a proposal that is decided: no secrets."""
    return {name: "" if name == "secret" and value else value for name, value in body.items()}


def _open(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(proposals).where(proposals.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这项提请。", "There is no such proposal.")
    if row.state != "open":
        raise AlreadyDone("这项提请已经有结果了。", "This proposal has been decided already.")
    return row


def _decide(connection: Connection, number: int, state: str, said: str, by: By) -> None:
    values = {"state": state, "said": said.strip()[:1000], "decided_by_id": by.somebody, "decided_at": by.now}
    changed = update(proposals).where(proposals.c.id == number, proposals.c.state == "open").values(**values)
    if not connection.execute(changed).rowcount:
        raise AlreadyDone("这项提请已经有结果了。", "This proposal has been decided already.")
    told = AuditNote(
        what="proposal-decided",
        object=f"proposal:{number}",
        by=by.somebody,
        reason=said,
        detail={"decision": state},
        at=by.now,
    )
    note(connection, told)


def _settle(connection: Connection, row: Row[Any], state: str, said: Mapping[str, str], by: By) -> None:
    """Tell the proposer, and keep no secrets."""
    _forget(connection, row)
    if row.proposed_by_id == by.somebody:
        return
    name, became = _name(connection, by.somebody), STATES[state]

    def words(language: str) -> Mapping[str, str]:
        colon = Said("：", ": ").of(language)
        return {"actor": name, "note": f"{row.about}{colon}{became.of(language)} {said[language]}".strip()}

    _tell(connection, DECIDED, row.id, (row.proposed_by_id,), words, by)


def _both_ways(said: str) -> Mapping[str, str]:
    """What somebody wrote is in their language, whoever reads it."""
    return {"zh": said.strip(), "en": said.strip()}


def _forget(connection: Connection, row: Row[Any]) -> None:
    connection.execute(update(proposals).where(proposals.c.id == row.id).values(body=_public(row.body)))


def _others(connection: Connection, kind: ProposalKind, by: By) -> tuple[int, ...]:
    return holders(connection, kind.action, by.now, but=(by.person,) if by.person else ())


def _tell(connection: Connection, occasion: str, number: int, people: Iterable[int], words: Words, by: By) -> None:
    for person in people:
        write_notice(connection, occasion, f"proposal.{number}", person, words, by.now)


def _asked(kind: ProposalKind, wish: NewProposal, who: str, why: str = "") -> Words:
    """Who asks for what, in the language of whoever reads it."""

    def words(language: str) -> Mapping[str, str]:
        colon = Said("：", ": ").of(language)
        return {"actor": who, "note": f"{kind.title.of(language)}{colon}{wish.about}\n{why}".strip()}

    return words


def _name(connection: Connection, person: int) -> str:
    return str(connection.execute(select(participants.c.name).where(participants.c.id == person)).scalar_one())


def _both(proposer: str, approver: str) -> str:
    return proposer if proposer == approver else f"{proposer}（{approver}批准）"

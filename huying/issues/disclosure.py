"""Private data shown to somebody without an open task: for a reason, for ten minutes, and noted; beyond thirty a day after a fresh log-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, func, select

from definitions.model.reference import reference
from definitions.text import COLON, Said
from engine.refusal import Invalid, Refusal
from engine.state import State
from huying.access.sessions import begun_at
from huying.access.viewer import Look, Viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import audit
from huying.house.house import House
from huying.register.office import reason_names

#: So long somebody sees what they asked for.
LASTS = timedelta(minutes=10)
#: So often in a day, and since the same log-in.
MOST = 30
#: Why somebody looks, as long as the register names nothing else.
_USUAL: Mapping[str, Said] = {
    "call back": Said("回电", "to call back"),
    "visit": Said("走访", "to visit"),
    "hand over": Said("移交", "to hand over"),
}
#: Whoever looks for another reason says it in words.
_OTHER = "other"
_WHAT = "private-shown"
_c = audit.c


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks to see, when, and by the token of which log-in."""

    person: int
    now: datetime
    token: str = ""


class LooksTooOften(Refusal):
    """Somebody has looked so often that they have to show once more who they are."""

    code = "fresh-log-in"

    def __init__(self) -> None:
        super().__init__(
            f"这次登录已查看个人信息 {MOST} 次。请重新登录后再看；每次查看都有记录。",
            f"You have looked at personal data {MOST} times in this log-in. Log in anew to go on; each look is noted.",
        )


def reasons(house: House) -> Mapping[str, Said]:
    """For what somebody may look, by key: as the register says (the list ``reasons``), and another reason in words."""
    return {**(reason_names(house) or _USUAL), _OTHER: Said("其他", "other")}


def needs(state: State, person: Viewer) -> bool:
    """Whether somebody has an open task in an issue, other than as its reporter: what the definition shows them, they see in full."""
    mine, open_items = person.actor.parties, (item for item in state.items if not item.done and item.role != "reporter")
    return any(not mine.isdisjoint((*item.candidates, item.delegate or "")) for item in open_items)


def disclosed(connection: Connection, number: str, look: Look) -> bool:
    """Whether somebody has asked for it within the last minutes."""
    lately = _c.at > look.now - LASTS, _c.at <= look.now
    query = select(_c.seq).where(
        _c.by_id == look.person, _c.what == _WHAT, _c.object == reference("issue", number), *lately
    )
    return connection.execute(query.limit(1)).first() is not None


def disclose(house: House, number: str, fields: tuple[str, ...], asked: tuple[str, str], who: Asking) -> None:
    """Show an issue's private fields to somebody for a while. ``asked``: a key of ``reasons``, and what they wrote; ``Invalid`` without a reason,
    ``LooksTooOften`` as it says.
    """
    said = _reason(reasons(house), *asked)
    with house.database.writing() as connection:
        day = datetime.combine(house.day_of(who.now), time(), house.zone)
        since = max(day, begun_at(connection, who.token) or day)
        counted = select(func.count()).where(_c.by_id == who.person, _c.what == _WHAT, _c.at >= since)
        if connection.execute(counted).scalar_one() >= MOST:
            raise LooksTooOften
        told = AuditNote(
            what=_WHAT,
            object=reference("issue", number),
            by=who.person,
            reason=said,
            detail={"fields": list(fields)},
            at=who.now,
        )
        note(connection, told)


def _reason(known: Mapping[str, Said], key: str, written: str) -> str:
    if key not in known:
        raise Invalid({"reason": {"zh": "请选一个事由。", "en": "Please choose a reason."}})
    if key == _OTHER and not written.strip():
        raise Invalid({"reason": {"zh": "请写明事由。", "en": "Please say why."}})
    return f"{known[key].zh}{COLON.zh}{written.strip()}" if written.strip() else known[key].zh

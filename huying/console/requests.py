"""What staff asked for on Prefect's pages, given to the kernel as theirs; what it says comes back in words. Nothing is done twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from definitions.model.field import Field
from definitions.text import Said, words
from engine.event import Act, Cancel, Comment, Resume, Suspend
from engine.refusal import Invalid, NotAllowed, Refusal, Unavailable
from huying.console.desk import VIA, Desk, desk_of, manages, staff_parties
from huying.console.form import GO_ON, answers, asked_of_staff
from huying.console.retries import retry
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import happen
from huying.issues.record import issue_id_of, record
from huying.publicity.review import assure_reviewed

_WHICH = re.compile(r"\[(?:(?P<item>[0-9]{1,9}) )?(?P<action>[A-Za-z0-9_-]+)\]$", re.ASCII)
_REASON = {"zh": "通过 Prefect 控制台", "en": "through the Prefect console"}

What = Literal["act", "cancel", "suspend", "retry", "other"]
#: What it means that somebody gives an issue's run a state with a name of Prefect's own. Our states bear names of our own.
MEANINGS: Mapping[str, What] = {
    "Running": "act",
    "Resuming": "act",
    "Cancelling": "cancel",
    "Cancelled": "cancel",
    "Paused": "suspend",
    "Suspended": "suspend",
    "AwaitingRetry": "retry",
    "Scheduled": "retry",
    "Late": "retry",
    "Retrying": "retry",
    "Pending": "other",
    "Completed": "other",
    "Failed": "other",
    "Crashed": "other",
    "TimedOut": "other",
    "Cached": "other",
    "AwaitingConcurrencySlot": "other",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """``what`` was asked for of the issue with that number, with the form's ``values``; ``request_id`` names this one press of a button."""

    number: str
    what: What
    request_id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of it, in words; ``issue_id`` is ``None`` when there is no such issue."""

    accepted: bool
    said: Said
    issue_id: int | None

    @property
    def words(self) -> str:
        """The words in both languages, for those who read neither alone: a run's log."""
        return " ".join(part for part in self.said if part)


def reply_to(house: House, login: str | None, asked: Asked, now: datetime) -> Replied:
    """Give it to the kernel in the name of the console's account, where nobody knows who it was; a refusal is an answer, in words."""
    try:
        desk = desk_of(house, login)
    except Refusal as refusal:
        return _refused(house, asked.number, refusal)
    return reply(house, desk, asked, now)


def reply(house: House, desk: Desk, asked: Asked, now: datetime) -> Replied:
    """Give it to the kernel as what the person at the desk wants; a refusal is an answer, in words."""
    try:
        issue_id = issue_id_of(house, asked.number)
        return Replied(True, _do(house, desk, issue_id, asked, now), issue_id)
    except Refusal as refusal:
        return _refused(house, asked.number, refusal)


def _refused(house: House, number: str, refusal: Refusal) -> Replied:
    try:
        issue_id = issue_id_of(house, number)
    except NotFound:
        return Replied(False, _because(refusal, {}), None)
    with house.database.reading() as connection:
        fields = record(house, connection, issue_id, "zh").definition.fields
    return Replied(False, _because(refusal, fields), issue_id)


def _do(house: House, desk: Desk, issue_id: int, asked: Asked, now: datetime) -> Said:
    by = By(desk.participant_id, now, asked.request_id, via=VIA)
    match asked.what:
        case "cancel":
            happen(house, issue_id, Cancel(_REASON["zh"]), by)
            return Said("已终止办理。", "The issue is cancelled.")
        case "suspend":
            happen(house, issue_id, Suspend(_REASON["zh"]), by)
            return Said("已暂停办理，计时停止。", "The issue is suspended, and its clocks stand.")
        case "retry":
            return retry(house, desk, issue_id, by)
        case "act":
            return _act(house, desk, issue_id, asked.values, by)
        case _:
            raise Unavailable(
                "这里的状态由系统按事项的实际情况显示，不能直接修改；请用“Resume”“Cancel”“Retry”或在门户办理。",
                "The state here shows how the issue stands and cannot be set; use Resume, Cancel, Retry or the portal.",
            )


def _act(house: House, desk: Desk, issue_id: int, answered: Mapping[str, Any], by: By) -> Said:
    entered = answered.get("action")
    values = dict(entered) if isinstance(entered, Mapping) else {}
    told = values.pop("task", "")
    which = _WHICH.search(told) if isinstance(told, str) else None
    if which is None:
        raise Unavailable("没有选择要办理的事项，请重新填写。", "No action was chosen; please fill in the form again.")
    if which["item"] is None and which["action"] == GO_ON:
        happen(house, issue_id, Resume(str(values.get("reason") or "") or _REASON["zh"]), by)
    else:
        with house.database.reading() as connection:
            found = record(house, connection, issue_id, "zh")
        if not manages(house, desk, found):
            # only whoever looks after an issue acts in the place of its staff
            raise NotAllowed
        item = int(which["item"] or 0)
        asked = asked_of_staff(found, item, which["action"], by.now)
        act = Act(item, which["action"], answers(house, asked, values))
        assure_reviewed(house, issue_id, asked, act.values)
        happen(house, issue_id, act, by, stands_in=staff_parties(found))
    note = answered.get("note")
    if isinstance(note, str) and note.strip():
        happen(house, issue_id, Comment(note), by.part("-note"))
    what = told[: which.start()].strip()
    return Said(f"已办理：{what}。", f"Done: {what}.")


def _because(refusal: Refusal, fields: Mapping[str, Field]) -> Said:
    zh, en = (_reason(refusal, fields, language) for language in ("zh", "en"))
    return Said(f"未予办理：{zh}", f"Refused: {en}")


def _reason(refusal: Refusal, fields: Mapping[str, Field], language: str) -> str:
    said = refusal.message[language]
    if isinstance(refusal, Invalid):
        titles = {name: words(field.title, language, name) for name, field in fields.items()}
        said += " " + " ".join(f"{titles.get(at, at)}: {why[language]}" for at, why in refusal.errors.items())
    return said

"""What staff asked for on Prefect's pages, given to the kernel as theirs; what it says comes back in words. Nothing is done twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.event import Act, Cancel, Comment, Resume, Suspend
from engine.refusal import Invalid, Refusal, Unavailable
from huying.console.desk import VIA, Desk, desk_of, staff_parties
from huying.console.form import GO_ON
from huying.console.retries import retry
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import happen
from huying.issues.record import issue_id_of, record

_WHICH = re.compile(r"\[(?:(?P<item>[0-9]{1,9}) )?(?P<action>[A-Za-z0-9_-]+)\]$", re.ASCII)
_REASON = {"zh": "通过 Prefect 控制台", "en": "through the Prefect console"}

What = Literal["act", "cancel", "suspend", "retry", "other"]


@dataclass(frozen=True, slots=True)
class Asked:
    """``what`` was asked for of the issue with that number, with the form's ``values``; ``request_id`` names this one press of a button."""

    number: str
    what: What
    request_id: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of it, in words of both languages; ``issue_id`` is ``None`` when there is no such issue."""

    accepted: bool
    words: str
    issue_id: int | None


def reply_to(house: House, login: str | None, asked: Asked, now: datetime) -> Replied:
    """Give it to the kernel; a refusal is an answer, in words."""
    issue_id: int | None = None
    try:
        issue_id = issue_id_of(house, asked.number)
        done = _do(house, desk_of(house, login), issue_id, asked, now)
    except Refusal as refusal:
        return Replied(False, f"未予办理：{_said(refusal, 'zh')} Refused: {_said(refusal, 'en')}", issue_id)
    return Replied(True, done, issue_id)


def _do(house: House, desk: Desk, issue_id: int, asked: Asked, now: datetime) -> str:
    by = By(desk.participant_id, now, asked.request_id, via=VIA)
    match asked.what:
        case "cancel":
            happen(house, issue_id, Cancel(_REASON["zh"]), by)
            return "已终止办理。 The issue is cancelled."
        case "suspend":
            happen(house, issue_id, Suspend(_REASON["zh"]), by)
            return "已暂停办理，计时停止。 The issue is suspended, and its clocks stand."
        case "retry":
            return retry(house, desk, issue_id, by)
        case "act":
            return _act(house, issue_id, asked.values, by)
        case _:
            raise Unavailable(
                "这里的状态由系统按事项的实际情况显示，不能直接修改；请用“Resume”“Cancel”“Retry”或在门户办理。",
                "The state here shows how the issue stands and cannot be set; use Resume, Cancel, Retry or the portal.",
            )


def _act(house: House, issue_id: int, answered: Mapping[str, Any], by: By) -> str:
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
            stands_in = staff_parties(record(house, connection, issue_id, "zh"))
        happen(house, issue_id, Act(int(which["item"] or 0), which["action"], values), by, stands_in=stands_in)
    note = answered.get("note")
    if isinstance(note, str) and note.strip():
        happen(house, issue_id, Comment(note), by.part("-note"))
    return f"已办理：{told[: which.start()].strip()}。 Done."


def _said(refusal: Refusal, language: str) -> str:
    said = refusal.message[language]
    if isinstance(refusal, Invalid):
        said += " " + " ".join(f"{name}: {message[language]}" for name, message in refusal.errors.items())
    return said

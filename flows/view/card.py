"""What the Prefect UI shows of an issue, as values and words; pure, and it shows nothing but what it is given (no private data is asked for)."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from definitions.text import Said


class Standing(StrEnum):
    """How an issue stands, as far as staff who watch the runs need to know."""

    open = "open"
    closed = "closed"
    cancelled = "cancelled"
    incident = "incident"


@dataclass(frozen=True, kw_only=True)
class CardMoment:
    """One line of an issue's timeline, in words."""

    at: str
    who: str
    what: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueCard:
    """An issue as staff may see it; every text is ready to be shown and free of private data.

    `paused` says since when its clock stands; at `changes_at` the urgency of its deadline changes by time alone, and the card with it.
    `form` is what the Resume button shows (JSON Schema), `staff_to` what staff are to do by it; `incidents` say what went wrong and is to be
    put right; `deputy`: the answerable one is a deputy; `suspended`: staff stopped it.
    """

    number: str
    subject: str
    definition_title: str
    definition_key: str
    station: str
    area: str
    stage: str
    stage_title: str
    portal_url: str
    version: int
    status: Standing
    step_keys: tuple[str, ...] = ()
    step_titles: tuple[str, ...] = ()
    waiting_for: tuple[str, ...] = ()
    due: str = ""
    due_at: datetime | None = None
    overdue: bool = False
    due_soon: bool = False
    paused: str = ""
    provisional: bool = False
    changes_at: datetime | None = None
    answerable: str = ""
    resolution_title: str = ""
    level: str = ""
    timeline: tuple[CardMoment, ...] = field(default=())
    form: Mapping[str, Any] | None = None
    staff_to: str = ""
    incidents: tuple[str, ...] = ()
    deputy: bool = True
    suspended: bool = False


_STATE_TYPES = {
    Standing.open: "RUNNING",
    Standing.closed: "COMPLETED",
    Standing.cancelled: "CANCELLED",
    Standing.incident: "FAILED",
}
#: The tag of every issue's run.
ISSUE = "诉求"


def run_name(card: IssueCard) -> str:
    """The name of the issue's run: number and subject."""
    return f"{card.number} {card.subject}"


def flow_name(card: IssueCard) -> str:
    """The name of the issue's flow: the definition's title, without the characters that Prefect refuses in a name."""
    return re.sub(r"[/%&<>]+", " ", card.definition_title).strip() or card.definition_key


def tags(card: IssueCard) -> tuple[str, ...]:
    """What staff filter by: kind of run, definition, station, area, stage, level, deputy, and whether it is overdue, stuck or theirs to act on."""
    marks = [ISSUE, card.definition_title, card.station, card.area, card.stage_title or card.stage, card.level]
    if card.answerable:
        marks.append(f"{'代表' if card.deputy else '负责'}:{card.answerable}")
    if card.status in (Standing.open, Standing.incident):
        marks.append("在办")
        marks += [mark for holds, marks_ in _urgencies(card) if holds for mark in marks_]
    else:
        marks.append("已办结")
    return tuple(dict.fromkeys(mark for mark in marks if mark))


def _urgencies(card: IssueCard) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    """Deadlines in both languages, so that whoever filters finds them by either; the rest in one, for a page has room for few."""
    return (
        (card.status is Standing.incident, ("受阻",)),
        (card.form is not None, ("待工作人员",)),
        (card.suspended, ("已暂停",)),
        (card.overdue, Said("逾期", "overdue")),
        (card.due_soon, Said("即将到期", "due soon")),
        (bool(card.paused), Said("计时暂停", "paused")),
        (card.provisional, Said("暂定期限", "provisional")),
    )


def state(card: IssueCard) -> dict[str, Any]:
    """The state of the issue's run: its name says in words what the issue waits for, for whom, until when."""
    kind = "PAUSED" if card.status is Standing.open and (card.form is not None or card.suspended) else None
    return {"type": kind or _STATE_TYPES[card.status], "name": _state_name(card), "message": _state_message(card)}


def artifact_key(number: str, kind: str) -> str:
    """A key of the letters that Prefect allows; numbers that differ in other letters only get different keys."""
    plain = re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")
    if re.fullmatch(r"[A-Za-z0-9-]+", number) is None:
        plain = f"{plain}-{hashlib.sha256(number.encode()).hexdigest()[:8]}".strip("-")
    return f"{kind}-{plain}"


def markdown(card: IssueCard) -> str:
    """The card and the timeline as Markdown."""
    rows = [f"| {name} | {cell(value)} |" for name, value in _facts(card) if value]
    lines = [
        f"# {cell(run_name(card))}",
        "",
        f"**{cell(_state_name(card))}**",
        *(["", f"[在呼应中打开 Open in the portal]({card.portal_url})"] if card.portal_url else []),
        "",
        "| 项目 | 内容 |",
        "| --- | --- |",
        *rows,
    ]
    if card.incidents:
        lines += ["", "## 受阻 Incidents", "", *(f"- {cell(one)}" for one in card.incidents)]
    if card.timeline:
        lines += ["", "## 办理经过", "", "| 时间 | 办理人 | 事项 | 说明 |", "| --- | --- | --- | --- |"]
        lines += [f"| {cell(m.at)} | {cell(m.who)} | {cell(m.what)} | {cell(m.note)} |" for m in card.timeline]
    return "\n".join(lines)


def log_line(moment: CardMoment) -> str:
    """One line of the timeline, for the log of the issue's run."""
    line = " ".join(filter(None, (moment.at, moment.who, moment.what)))
    return f"{line}：{moment.note}" if moment.note else line


def _facts(card: IssueCard) -> tuple[tuple[str, str], ...]:
    return (
        ("编号", card.number),
        ("主题", card.subject),
        ("办理流程", card.definition_title),
        ("联络站", card.station),
        ("区域", card.area),
        ("层级", card.level),
        ("阶段", card.stage_title),
        ("当前环节", "、".join(card.step_titles)),
        ("等待", "、".join(card.waiting_for)),
        ("办理期限", _due(card)),
        ("责任代表" if card.deputy else "负责人", card.answerable),
        ("工作人员可办", card.staff_to),
        ("办理结果", card.resolution_title),
    )


def _due(card: IssueCard) -> str:
    """The deadline in words, with whatever else is to be known of it."""
    said = (
        "已逾期" if card.overdue else "",
        "即将到期" if card.due_soon else "",
        "暂定，次年放假安排公布后重新计算" if card.provisional else "",
    )
    notes = "；".join(filter(None, said))
    due = f"{card.due}（{notes}）" if card.due and notes else card.due
    return "；".join(filter(None, (due, card.paused)))


def _state_name(card: IssueCard) -> str:
    if card.status in (Standing.closed, Standing.cancelled):
        return " · ".join(filter(None, ("已办结", card.resolution_title)))
    if card.status is Standing.incident:
        return " · ".join(filter(None, ("受阻", "、".join(card.step_titles))))
    head = ("已暂停办理",) if card.suspended else ("已逾期",) if card.overdue else ()
    due = f"{card.due}（暂定）" if card.due and card.provisional else card.due
    return " · ".join(filter(None, (*head, _waiting(card), due or card.paused)))


def _waiting(card: IssueCard) -> str:
    names = card.waiting_for
    if not names:
        return f"办理中 {'、'.join(card.step_titles)}".strip()
    # a badge holds about twenty characters; the card has them all
    return f"等待{'、'.join(names[:2])}" + (f"等 {len(names)} 方" if len(names) > 2 else "")


def _state_message(card: IssueCard) -> str:
    parts = (card.stage_title, "、".join(card.step_titles), _answerable(card))
    todo = f"请工作人员办理：{card.staff_to}（点 Resume）" if card.staff_to else ""
    return " · ".join(filter(None, (*parts, *card.incidents[:1], todo)))


def _answerable(card: IssueCard) -> str:
    return f"{'责任代表' if card.deputy else '负责人'} {card.answerable}" if card.answerable else ""


def cell(text: str) -> str:
    """Text that cannot end a table cell or become a link, an image or markup."""
    flat = " ".join(text.split())
    return re.sub(r"([\\|`*_\[\]<>#!])", r"\\\1", flat)

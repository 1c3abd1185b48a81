"""Effects in words for staff: what is carried out, for whom, and why. A reporter is never named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from definitions.model.reference import participant
from definitions.text import words
from flows.ports import Effect
from huying.access import parties
from huying.house.house import House
from huying.outbox import claims

_OCCASIONS = {
    "opened": "回执",
    "task": "新任务",
    "informed": "进展",
    "reminded": "到期提醒",
    "overdue": "逾期",
    "escalated": "升级",
    "closed": "办结",
    "commented": "留言",
    "delegated": "委托",
    "transferred": "转办",
    "offered": "请接办",
    "refused": "不予接办",
    "asked": "征询",
    "answered": "答复",
    "urged": "催办",
    "supervised": "督办",
    "withdrawn": "撤回",
    "suspended": "暂停",
    "resumed": "恢复",
    "reopened": "重开",
    "moved": "改派",
    "merged": "并案",
    "handed-up": "接力上交",
    "promised": "承诺",
    "promise-due": "承诺将到期",
    "promise-kept": "承诺兑现",
    "promise-broken": "承诺未兑现",
}
_KINDS = {
    "register": "记入履职档案",
    "publish": "公开发布",
    "request": "调用外部系统",
    "open-issue": "新开事项",
    "notify": "告知关联事项",
}


def described(house: House, claimed: Sequence[claims.Effect], now: datetime) -> list[Effect]:
    """The effects as the dispatcher shows them."""
    named = {party for effect in claimed for party in effect.payload.get("parties", ())}
    with house.database.reading() as connection:
        names = parties.names(connection, named)
    return [_described(house, effect, names, now) for effect in claimed]


def _described(house: House, effect: claims.Effect, names: Mapping[str, str], now: datetime) -> Effect:
    payload = effect.payload
    reporter = participant(effect.reporter_id)
    role = words(house.processes.process(effect.definition_version_id).definition.role_title("reporter"), "zh")
    whom = "、".join(
        role if party == reporter else names[party] for party in payload.get("parties", ()) if party in names
    )
    return Effect(
        id=effect.id,
        issue_id=effect.issue_id,
        number=effect.number,
        sequence=effect.sequence,
        step=payload.get("step") or payload.get("occasion") or effect.kind,
        words=_words(effect, whom),
        attempts=effect.attempts,
        run_id=effect.run_id,
        waited=(now - effect.since).total_seconds() if effect.since else 0.0,
        system=payload["connection"] if effect.kind == "request" else "",
    )


def _words(effect: claims.Effect, whom: str) -> str:
    if effect.kind == "tell":
        occasion = effect.payload["occasion"]
        return f"通知 {whom}：{_OCCASIONS.get(occasion, occasion)}"
    what = effect.payload.get("connection") or effect.payload.get("definition") or whom
    return f"{_KINDS.get(effect.kind, effect.kind)}：{what}" if what else _KINDS.get(effect.kind, effect.kind)

"""Effects in words for staff: what is carried out, for whom, and why. A reporter is never named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from definitions.model.reference import participant
from definitions.text import words
from engine.effect import Effect, OpenIssue, Request, Tell
from flows import ports
from huying.access import parties
from huying.house.house import House
from huying.outbox.claims import Errand

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


def described(house: House, claimed: Sequence[Errand[Effect]], now: datetime) -> list[ports.Effect]:
    """The effects as the dispatcher shows them."""
    named = {party for errand in claimed for party in errand.effect.parties}
    with house.database.reading() as connection:
        names = parties.names(connection, named)
    return [_described(house, errand, names, now) for errand in claimed]


def _described(house: House, errand: Errand[Effect], names: Mapping[str, str], now: datetime) -> ports.Effect:
    effect = errand.effect
    reporter = participant(errand.reporter_id)
    role = words(house.processes.process(errand.definition_version_id).definition.role_title("reporter"), "zh")
    whom = "、".join(role if party == reporter else names[party] for party in effect.parties if party in names)
    return ports.Effect(
        id=errand.id,
        issue_id=errand.issue_id,
        number=errand.number,
        sequence=errand.sequence,
        step=effect.step or (effect.occasion if isinstance(effect, Tell) else effect.kind),
        words=_words(effect, whom),
        attempts=errand.attempts,
        run_id=errand.run_id,
        waited=(now - errand.since).total_seconds() if errand.since else 0.0,
        system=effect.connection if isinstance(effect, Request) else "",
    )


def _words(effect: Effect, whom: str) -> str:
    match effect:
        case Tell(occasion=occasion):
            return f"通知 {whom}：{_OCCASIONS.get(occasion, occasion)}"
        case Request(connection=what) | OpenIssue(definition=what):
            pass
        case _:
            what = whom
    return f"{_KINDS.get(effect.kind, effect.kind)}：{what}" if what else _KINDS.get(effect.kind, effect.kind)

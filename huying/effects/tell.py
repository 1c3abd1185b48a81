"""``tell``: people are told, many of them in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from engine.effect import Tell
from huying.effects.attempt import attempt
from huying.effects.kind import EffectKind, Failures
from huying.house.house import House
from huying.incidents.reason import reason_of
from huying.messages.tellings import Messages, messages_of, tell, write_messages
from huying.outbox.claims import Errand

_log = logging.getLogger("huying.effects")
#: For staff: why people are told.
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
    "unanswered": "逾期未答复",
    "urged": "催办",
    "supervised": "督办",
    "withdrawn": "撤回",
    "suspended": "暂停",
    "still-suspended": "仍在暂停",
    "resumed": "恢复",
    "reopened": "重开",
    "moved": "改派",
    "relocated": "转到其他站点",
    "merged": "并案",
    "handed-up": "接力上交",
    "promised": "承诺",
    "promise-due": "承诺将到期",
    "promise-kept": "承诺兑现",
    "promise-broken": "承诺未兑现",
}


def _tell_all(house: House, errands: Sequence[Errand[Tell]], now: datetime) -> Failures:
    failures: dict[int, str] = {}
    ready: list[Errand[Tell]] = []
    messages: Messages = []
    with house.database.reading() as connection:
        for errand in errands:
            try:
                messages += messages_of(house, connection, errand, now)
                ready.append(errand)
            # one message that cannot be written must not harm the others
            except Exception as error:
                failures[errand.id] = reason_of(error)
    if not ready:
        return failures
    try:
        with house.database.writing() as connection:
            write_messages(connection, ready, messages, now)
    except Exception as error:
        _log.info("%s effects are told one by one: %s", len(ready), type(error).__name__)
        for errand in ready:
            failures |= attempt(tell, house, errand, now)
    return failures


def _words(effect: Tell, whom: str) -> str:
    return f"通知 {whom}：{_OCCASIONS.get(effect.occasion, effect.occasion)}"


def _place(effect: Tell) -> str:
    return effect.step or effect.occasion


TELL = EffectKind(type=Tell, carry=tell, carry_all=_tell_all, words=_words, place=_place)

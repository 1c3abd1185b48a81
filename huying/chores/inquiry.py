"""Providers that send no receipts are asked what became of messages."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.delivery.inquiry import ROUND, ask_after, to_ask


def _due(at: Workplace) -> int:
    with at.house.database.reading() as connection:
        return len(to_ask(connection, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    asked, new = ask_after(at.house, at.clock())
    return Portion(taken=asked, done=new)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已查询", f"查询 {all_of_it.taken} 条，有新回执 {all_of_it.done} 条")


INQUIRY = Chore(
    name="inquiry",
    title=Said("查询消息回执", "asking what became of messages"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=ROUND.total_seconds(),
)

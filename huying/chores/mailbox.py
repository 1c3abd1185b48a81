"""A mailbox elsewhere is looked into."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Table, Workplace
from huying.mail.poll import is_due, poll


def _due(at: Workplace) -> int:
    return int(at.mail is not None and is_due(at.house, at.mail, at.clock()))


def _look(at: Workplace) -> Portion:
    if at.mail is None or at.mail.mailbox is None:
        return Portion()
    found = poll(at.house, at.mail, at.clock())
    if found.fault:
        return Portion(taken=1, failed=1, warned=(f"信箱读不了：{found.fault}",), rows=({"原因": found.fault},))
    return Portion(taken=found.seen, done=found.new, said=(f"新收 {found.new} 封",))


def _ending(all_of_it: Portion) -> RunEnding:
    if not all_of_it.failed:
        return RunEnding("已取信", f"新收 {all_of_it.done} 封")
    words = "信箱读不了，一分钟后再试；信都还在那里"
    return RunEnding("信箱读不了", words, Table("mailbox", all_of_it.rows[:1], words))


MAILBOX = Chore(
    name="mailbox",
    title=Said("收取信箱", "fetching mail from the mailbox"),
    run=None,
    due=_due,
    carry_on=_look,
    ending=_ending,
    pace=5.0,
)

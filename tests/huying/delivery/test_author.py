"""The author hears of every later development that the process makes theirs, from the receipt to the end and after it."""

from __future__ import annotations

from engine.event import Resume, Suspend
from huying.house.by import By
from huying.issues.deeds import comment, happen
from tests.huying.delivery.desk import address, messages, tell
from tests.huying.town import Town


def test_from_the_receipt_to_the_verdict_nothing_passes_in_silence(town: Town) -> None:
    issue = town.report()
    town.people["reporter"] = town.reporter(issue)
    address(town, "reporter", "li@example.org")
    town.act(issue, "clerk", "accept")
    comment(town.house, issue, "我们下午到现场。", By(town.people["clerk"], town.clock.now, "said"), public=True)
    comment(town.house, issue, "内部的话。", By(town.people["clerk"], town.clock.now, "inner"), public=False)
    town.clock.move(minutes=1)
    happen(town.house, issue, Suspend("等天气"), By(town.people["office"], town.clock.now, "stop"))
    town.clock.move(minutes=1)
    happen(town.house, issue, Resume(), By(town.people["office"], town.clock.now, "go"))
    town.act(issue, "deputy", "answer", reply="灯已修好。")
    town.act(issue, "reporter", "satisfied", stars=5)
    tell(town)
    told = messages(town, "reporter")
    assert [row.occasion for row in told] == [
        *("opened", "informed", "commented", "suspended", "resumed", "task", "closed")
    ]
    assert len({row.key for row in told}) == len(told)
    assert all("内部的话" not in row.text for row in told)
    assert {row.fields["number"] for row in told} == {town.number_and_code(issue)[0]}

"""The ledger of all stations on Prefect's pages is kept up to date. The house has no part in it but to count: it is written where the pages are."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace


def _carry_on(_at: Workplace) -> Portion:
    return Portion()


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已更新", "、".join(all_of_it.words))


FIGURES = Chore(
    name="figures",
    title=Said("台账", "the ledger of the stations"),
    run="figures 台账",
    carry_on=_carry_on,
    ending=_ending,
    schedule=Schedule("每十分钟", "5-59/10 * * * *", "更新台账：各站在办、逾期、即将到期、受阻，以及保存的查询"),
    # staff who open the pages of a server that has just come find the ledger, not an hour's wait for it
    when_connected=True,
)

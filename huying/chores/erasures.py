"""What was approved to be erased is erased, a portion at a time; and once more what an older backup brought back."""

from __future__ import annotations

from sqlalchemy import func, select

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.database.tables import restorations
from huying.privacy.erasures import carry_on, erase_again, waiting

#: By how often a house was restored when its list was last looked through.
_seen: dict[str, int] = {}


def _due(at: Workplace) -> int:
    return waiting(at.house) + int(_restored_since(at))


def _restored_since(at: Workplace) -> bool:
    """Whether the house came from a backup since this process looked through the list; once when it begins."""
    if at.erased is None:
        return False
    with at.house.database.reading() as connection:
        times = int(connection.execute(select(func.count()).select_from(restorations)).scalar_one())
    return _seen.get(str(at.erased.file)) != times


def _carry_on(at: Workplace) -> Portion:
    again = 0
    if at.erased is not None and _restored_since(at):
        again = erase_again(at.house, at.erased, at.clock())
        with at.house.database.reading() as connection:
            times = int(connection.execute(select(func.count()).select_from(restorations)).scalar_one())
        _seen[str(at.erased.file)] = times
    done = carry_on(at.house, at.erased, at.clock())
    return Portion(taken=done.taken + again, done=done.erased + again)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已删除", f"删除 {all_of_it.done} 件，保留 {all_of_it.taken - all_of_it.done} 件")


ERASURES = Chore(
    name="erasures",
    title=Said("删除到期的个人信息", "erasing personal data"),
    run="erasure 删除个人信息",
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=5.0,
    portions=None,
)

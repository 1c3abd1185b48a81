"""Files that lie open, or are sealed by an older key, are sealed at night."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace
from huying.house.envelopes import seal_files

_BATCH = 500


def _carry_on(at: Workplace) -> Portion:
    became = seal_files(at.house, _BATCH)
    warned = tuple(f"附件 {name[:12]}… 的密文打不开，保持原样" for name in became.faults)
    # what does not open is met again in each portion: nothing is left when that is all
    return Portion(taken=became.done, done=became.done, failed=len(became.faults), warned=warned)


def _words(all_of_it: Portion) -> str:
    failed = f"，{all_of_it.failed} 个打不开" if all_of_it.failed else ""
    return f"加密附件 {all_of_it.done} 个{failed}"


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("有附件打不开" if all_of_it.failed else "已加密", _words(all_of_it))


ENVELOPES = Chore(
    name="envelopes",
    title=Said("附件加密", "sealing of files"),
    run="envelopes 附件加密",
    carry_on=_carry_on,
    progress=_words,
    ending=_ending,
    portions=None,
    schedule=Schedule("每日夜里", "50 1 * * *", "把未加密或用旧钥匙加密的附件重新加密"),
)

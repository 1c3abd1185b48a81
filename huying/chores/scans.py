"""Files that wait for the scanner are looked at as soon as it answers again; those that came before it was set, too."""

from __future__ import annotations

from definitions.text import Said
from huying.audit.record import AuditNote, note_apart
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.shelf.scans import look_again, waiting

_BATCH = 50


def _due(at: Workplace) -> int:
    return len(waiting(at.house.store)) if at.house.store.scanner is not None else 0


def _carry_on(at: Workplace) -> Portion:
    looked = look_again(at.house.store, _BATCH)
    done = looked.clean + len(looked.infected)
    note_apart(at.house.database.engine, *(AuditNote(what="file-infected", reason=said) for said in looked.infected))
    warned = tuple(f"附件里查出病毒 {said}，已封存，谁也不能打开" for said in looked.infected)
    if looked.away:
        warned = (*warned, f"杀毒软件没有应答（{looked.away}），文件继续等待")
    words = (f"查出病毒 {len(looked.infected)} 个",) if looked.infected else ()
    return Portion(taken=done, done=done, failed=len(looked.infected), warned=warned, words=words, notice=looked.away)


def _words(all_of_it: Portion) -> str:
    return "，".join((f"已检查附件 {all_of_it.done} 个", *all_of_it.words))


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("查出病毒" if all_of_it.failed else "已检查", _words(all_of_it))


SCANS = Chore(
    name="scans",
    title=Said("附件杀毒", "the look for viruses in files"),
    run="scans 附件杀毒",
    due=_due,
    carry_on=_carry_on,
    progress=_words,
    ending=_ending,
    pace=60.0,
    portions=None,
)

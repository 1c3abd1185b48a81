"""The house is backed up every night, where a place for that was named."""

from __future__ import annotations

from datetime import timedelta

from definitions.text import Said
from huying.audit.record import AuditNote, note_at_once
from huying.backups.alarm import note_failure
from huying.backups.copy import check, take
from huying.backups.folder import newest_in, prune
from huying.backups.refusal import BackupRefusal
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace

#: A machine that is off at night, or a Prefect that is away, is caught up with.
_DAY = timedelta(hours=24)


def _due(at: Workplace) -> int:
    if at.backups is None:
        return 0
    newest = newest_in(at.backups.folder)
    return int(newest is None or at.clock() - newest.manifest.taken_at > _DAY)


def _carry_on(at: Workplace) -> Portion:
    plan = at.backups
    if plan is None:
        return Portion(words=("没有指定备份目录（HUYING_BACKUP_DIR），没有备份",))
    try:
        made = take(at.house, plan.folder, at.clock, plan.recipients)
        faults = check(made)
        gone = [] if faults else prune(plan.folder, plan.keep, at.house.zone)
        if gone:
            note_at_once(at.house.database.engine, AuditNote(what="backup-removed", detail={"removed": len(gone)}))
    except BackupRefusal as refusal:
        return _failed(at, refusal.words)
    if faults:
        listed = "；".join(faults[:5])
        return _failed(at, Said(f"备份与写入时不同：{listed}", f"The backup is not what was written: {listed}"))
    holdings = made.manifest.holdings
    words = f"已备份 {holdings.issues} 件事项、{len(made.manifest.files)} 个附件文件，清理旧备份 {len(gone)} 份"
    return Portion(taken=1, done=1, words=(words,))


def _failed(at: Workplace, why: Said) -> Portion:
    note_failure(at.house, why, at.clock())
    return Portion(taken=1, failed=1, warned=(f"备份没有成功：{why.zh}",), words=(why.zh,))


def _words(all_of_it: Portion) -> str:
    return "、".join(all_of_it.words)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("没有备份成" if all_of_it.failed else "已备份", _words(all_of_it))


BACKUPS = Chore(
    name="backups",
    title=Said("每日备份", "the backup of the day"),
    run="backup 每日备份",
    due=_due,
    carry_on=_carry_on,
    progress=_words,
    ending=_ending,
    pace=1800.0,
    schedule=Schedule("每日夜里", "30 2 * * *", "备份数据库和附件，核对写入，清理旧的"),
)

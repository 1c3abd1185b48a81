"""The daily work on the database: what has expired goes; what is history stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from definitions.text import Said
from huying.access.links import lives
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace
from huying.database.tables import (
    action_links,
    calendar_feeds,
    credential_links,
    event_deliveries,
    form_drafts,
    outbox,
    sessions,
    throttle,
    work_items,
)
from huying.house.house import House
from huying.house.orphans import remove_orphans
from huying.register.workbook.imports import forget_imports
from huying.webhooks.subscriptions import old_events

#: Effects that were carried out are kept so long, for those who look into something.
KEPT = timedelta(days=90)


def housekeep(house: House, now: datetime) -> dict[str, int]:
    """Remove expired log-ins and links, old effects, events, calendar addresses and one-time links, drafts for tasks that are over, and
    files that nobody names; how many.
    """
    open_item = exists().where(
        work_items.c.issue_id == form_drafts.c.issue_id,
        work_items.c.number == form_drafts.c.item,
        work_items.c.status == "open",
    )
    files = remove_orphans(house)
    with house.database.writing() as connection:
        return {
            "sessions": connection.execute(delete(sessions).where(sessions.c.expires_at < now)).rowcount,
            "links": connection.execute(delete(action_links).where(~lives(now))).rowcount,
            "effects": connection.execute(
                delete(outbox).where(outbox.c.status == "done", outbox.c.done_at < now - KEPT)
            ).rowcount,
            "feeds": connection.execute(
                delete(calendar_feeds).where(calendar_feeds.c.revoked_at < now - KEPT)
            ).rowcount,
            "credentials": connection.execute(
                delete(credential_links).where(credential_links.c.expires_at < now - KEPT)
            ).rowcount,
            "events": connection.execute(delete(event_deliveries).where(old_events(now - KEPT))).rowcount,
            "counts": connection.execute(delete(throttle).where(throttle.c.ends_at < now)).rowcount,
            "imports": forget_imports(connection, now),
            "files": files,
            "drafts": connection.execute(delete(form_drafts).where(~open_item)).rowcount,
        }


def _carry_on(at: Workplace) -> Portion:
    done = housekeep(at.house, at.clock())
    words = f"清理过期登录 {done['sessions']} 个、过期链接 {done['links']} 个、已办记录 {done['effects']} 条"
    return Portion(taken=1, done=1, words=(words,))


def _words(all_of_it: Portion) -> str:
    return "、".join(all_of_it.words)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已整理", _words(all_of_it))


EXPIRY = Chore(
    name="expiry",
    title=Said("例行整理", "clearing away what has expired"),
    run="housekeeping 例行整理",
    carry_on=_carry_on,
    progress=_words,
    ending=_ending,
    schedule=Schedule("每日凌晨", "20 3 * * *", "整理数据库，核对办理记录"),
)

"""The daily work on the database: what has expired goes; what is history stays."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import Connection, delete, exists, func

from definitions.text import Said
from huying.access.links import lives
from huying.chores.chore import Chore, Portion, RunEnding, Schedule, Workplace
from huying.database.tables import (
    action_links,
    calendar_feeds,
    credential_links,
    deliveries,
    event_deliveries,
    form_drafts,
    inbound_messages,
    outbox,
    private_searches,
    sessions,
    throttle,
    work_items,
)
from huying.evidence.segments import Exemption, let_go
from huying.house.house import House
from huying.house.orphans import remove_orphans
from huying.legacy.imports import forget_records
from huying.privacy.erasure import empty_inbound, empty_messages
from huying.privacy.rules import Rules
from huying.register.workbook.imports import forget_imports
from huying.webhooks.subscriptions import old_events


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
        before = _Before(house, connection, now)
        return {
            "sessions": connection.execute(delete(sessions).where(sessions.c.expires_at < now)).rowcount,
            "links": connection.execute(delete(action_links).where(~lives(now))).rowcount,
            "effects": connection.execute(
                delete(outbox).where(outbox.c.status == "done", outbox.c.done_at < before("effects"))
            ).rowcount,
            "feeds": connection.execute(
                delete(calendar_feeds).where(calendar_feeds.c.revoked_at < before("links"))
            ).rowcount,
            "credentials": connection.execute(
                delete(credential_links).where(credential_links.c.expires_at < before("links"))
            ).rowcount,
            "events": connection.execute(delete(event_deliveries).where(old_events(before("events")))).rowcount,
            "counts": connection.execute(delete(throttle).where(throttle.c.ends_at < now)).rowcount,
            "imports": forget_imports(connection, now),
            "records": forget_records(connection, now),
            "messages": clear_messages(connection, before("messages"), now),
            "letters": _empty_letters(connection, before("letters"), now),
            "searches": _forget_searches(connection, before("searches"), now),
            "files": files,
            "drafts": connection.execute(delete(form_drafts).where(~open_item)).rowcount,
        }


def _empty_letters(connection: Connection, before: datetime, now: datetime) -> int:
    """Take the words out of what came in and was settled long ago; its bytes go with the files that nobody names."""
    c = inbound_messages.c
    return len(empty_inbound(connection, c.state.not_in(("received", "tray")) & (c.settled_at < before), now))


class _Before:
    """The moment before which something has been kept as long as the office wants; for ever is before all of time."""

    def __init__(self, house: House, connection: Connection, now: datetime) -> None:
        self._rules, self._today, self._zone = Rules(connection), house.day_of(now), house.zone

    def __call__(self, what: str) -> datetime:
        day = self._rules.of(what).begin(self._today)
        return datetime.combine(day or date(1970, 1, 1), time.min, self._zone)


def _forget_searches(connection: Connection, before: datetime, now: datetime) -> int:
    """Remove what is evidence itself: whoever verifies is told in the same transaction which lines went."""
    old = delete(private_searches).where(private_searches.c.at < before).returning(private_searches.c.id)
    gone = [str(number) for number in sorted(connection.execute(old).scalars())]
    what = Exemption(of_table=private_searches.name, keys=gone, why="保存期满 kept long enough")
    let_go(connection, what, now)
    return len(gone)


def clear_messages(connection: Connection, before: datetime, now: datetime) -> int:
    """Take the words out of messages that have been on their way; to whom, when and about what stays. How many."""
    over = deliveries.c.status.not_in(("pending", "gathered", "untold")) & deliveries.c.emptied_at.is_(None)
    old = func.coalesce(deliveries.c.ended_at, deliveries.c.created_at) < before
    return empty_messages(connection, over & old, now)


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

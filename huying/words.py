"""Moments, deadlines and people in words, as messages and cards say them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.state import Visit

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip


def day(of: date, language: str, today: date) -> str:
    """A day as people write it; the year only when it is not this one."""
    if language.startswith("zh"):
        return f"{of.month}月{of.day}日" if of.year == today.year else f"{of.year}年{of.month}月{of.day}日"
    short = f"{of.day} {_MONTHS[of.month - 1]}"
    return short if of.year == today.year else f"{short} {of.year}"


def due(visit: Visit | None, language: str, now: datetime, zone: ZoneInfo) -> str | None:
    """Until when a step is to be done, in words; ``None`` without a deadline."""
    if visit is None or visit.due_at is None:
        return None
    today = now.astimezone(zone).date()
    local = visit.due_at.astimezone(zone)
    if visit.due_on and local.time() == datetime.min.time():
        text = day(date.fromisoformat(visit.due_on), language, today)
    else:
        text = f"{day(local.date(), language, today)} {local:%H:%M}"
    if visit.provisional:
        text += (
            "（暂定，节假日安排尚未公布）"
            if language.startswith("zh")
            else " (provisional: the holidays are not announced yet)"
        )
    return text

"""What people do to an issue that is open: act, claim, release, comment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.event import Act, Claim, Comment, Release
from engine.refusal import Invalid
from huying.deciding import Receipt, change
from huying.house import House

_LONGEST_COMMENT = 5_000


def act(
    house: House,
    issue_id: int,
    item: int,
    action: str,
    values: Mapping[str, Any],
    *,
    actor_id: int,
    request_id: str | None,
    now: datetime,
) -> Receipt:
    """Take an action on a work item, with the form's answers as entered."""
    return change(house, issue_id, Act(item, action, dict(values)), actor_id=actor_id, request_id=request_id, now=now)


def claim(house: House, issue_id: int, item: int, *, actor_id: int, request_id: str | None, now: datetime) -> Receipt:
    """Take a work item for oneself; the other candidates no longer see it among theirs."""
    return change(house, issue_id, Claim(item), actor_id=actor_id, request_id=request_id, now=now)


def release(house: House, issue_id: int, item: int, *, actor_id: int, request_id: str | None, now: datetime) -> Receipt:
    """Give a claimed work item back to all its candidates."""
    return change(house, issue_id, Release(item), actor_id=actor_id, request_id=request_id, now=now)


def comment(
    house: House,
    issue_id: int,
    text: str,
    *,
    actor_id: int,
    request_id: str | None,
    now: datetime,
    public: bool = False,
) -> Receipt:
    """Add a remark; a public one is seen by the reporter too."""
    text = text.strip()
    if not text or len(text) > _LONGEST_COMMENT:
        wrong = {
            "zh": f"请填写 1 到 {_LONGEST_COMMENT} 字。",
            "en": f"Please write 1 to {_LONGEST_COMMENT} characters.",
        }
        raise Invalid({"text": wrong})
    return change(house, issue_id, Comment(text, public), actor_id=actor_id, request_id=request_id, now=now)

"""What people do to an issue: act on a task and whatever else the kernel has an event for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.forms.form import check
from definitions.model.field import Field
from engine.event import Act, Claim, Comment, Event, Release
from engine.refusal import Invalid
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import Capacity, Receipt, change
from huying.issues.sight import sight_of

#: A remark is checked like an answer in a form.
_COMMENT = {"text": Field(type="long text", title={"zh": "留言", "en": "Remark"})}


def act(house: House, issue_id: int, item: int, action: str, values: Mapping[str, Any], by: By) -> Receipt:
    """Take an action on a work item, with the form's answers as entered."""
    return change(house, issue_id, Act(item, action, dict(values)), by)


def claim(house: House, issue_id: int, item: int, by: By) -> Receipt:
    """Take a work item for oneself; the other candidates no longer see it among theirs."""
    return change(house, issue_id, Claim(item), by)


def release(house: House, issue_id: int, item: int, by: By) -> Receipt:
    """Give a claimed work item back to all its candidates."""
    return change(house, issue_id, Release(item), by)


def comment(house: House, issue_id: int, text: str, by: By, *, public: bool = False) -> Receipt:
    """Add a remark, for whoever may see the issue; a public one is seen by the reporter too."""
    checked = check(_COMMENT, {"text": text}, required=True, known=lambda _: False)
    if checked.errors:
        raise Invalid(checked.errors)
    seen = sight_of(house, issue_id, by.somebody)
    # the reporter of what somebody only follows is a stranger to them
    event = Comment(checked.values["text"], public and not (seen is not None and seen.follows))
    return change(house, issue_id, event, by, capacity=Capacity(seen is not None))


def happen(house: House, issue_id: int, event: Event, by: By, *, stands_in: frozenset[str] = frozenset()) -> Receipt:
    """Let any event happen that a person may cause; the kernel refuses what is not theirs to do, and staff may do more.

    ``stands_in``: the parties beside their own for whom they may act this time.
    """
    _check_texts(event)
    sight = sight_of(house, issue_id, by.somebody)
    manages = sight is not None and sight.manages and not by.by_link
    capacity = Capacity(sight is not None, manages, stands_in)
    return change(house, issue_id, event, by, capacity=capacity)


def _check_texts(event: Event) -> None:
    """Reasons, questions and answers are checked like answers in a form; ``Invalid`` names the one that is wrong."""
    given = {name: getattr(event, name) for name in _TEXTS if isinstance(getattr(event, name, None), str)}
    fields = {name: Field(type="long text", longest=2_000, required=False) for name in given}
    errors = check(fields, given, required=False, known=lambda _: False).errors
    if errors:
        raise Invalid(errors)


_TEXTS = ("reason", "text")

"""What of an issue has a deadline, in words."""

from __future__ import annotations

from definitions.text import words
from engine.rules.clocks import Target
from huying.issues.record import Record
from huying.words.limits import limit_title


def target_title(found: Record, target: Target, language: str) -> str:
    """The title of what has a deadline."""
    if target.limit is not None:
        return limit_title(target.limit, language)
    item, visit = found.state.item(target.item), found.state.visit(target.visit)
    step = visit.step if visit else ""
    title = words(found.definition.steps[step].title, language, step) if step else ""
    if item is None:
        return title
    return f"{title} · {words(found.definition.role_title(item.role), language, item.role)}"

"""Why somebody may not do something in the house, in words that name what is missing."""

from __future__ import annotations

from definitions.text import Said
from engine.refusal import NotAllowed
from huying.rights.action import ACTIONS
from huying.rights.role import ROLES

_DUTIES = {
    "staff": Said("站点工作人员", "staff of a station"),
    "office": Said("总办公室人员", "the people of the office"),
}


class Unentitled(NotAllowed):
    """Somebody has no right to an action; the words say who has."""

    def __init__(self, action: str) -> None:
        asked = ACTIONS[action]
        zh, en = (holders(action, language) for language in ("zh", "en"))
        self.action = action
        self.message = {
            "zh": f"您没有“{asked.title.zh}”的权限；可以办理的是：{zh}。",
            "en": f"You may not {asked.title.en}; this is for: {en}.",
        }
        Exception.__init__(self, self.message["en"])


def holders(action: str, language: str) -> str:
    """Who may do something, in words: duties first, roles after them."""
    asked = ACTIONS[action]
    named = [_DUTIES[duty] for duty in asked.duties] + [ROLES[role].title for role in asked.roles]
    return Said("、", ", ").of(language).join(one.of(language) for one in named)

"""What effects, and what else can fail, are called, for those who look after them."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.text import spoken

_TITLES: Mapping[str, Mapping[str, str]] = {
    "tell": {"zh": "发送通知", "en": "telling people"},
    "register": {"zh": "记入履职档案", "en": "entry in a file"},
    "publish": {"zh": "公开发布", "en": "publishing"},
    "request": {"zh": "调用外部系统", "en": "calling another system"},
    "open-issue": {"zh": "新开事项", "en": "opening an issue"},
    "notify": {"zh": "告知关联事项", "en": "telling a linked issue"},
    "message": {"zh": "送达通知", "en": "delivering a message"},
    "timer": {"zh": "期限触发", "en": "a deadline"},
}


def effect_title(kind: str, language: str) -> str:
    """The title of a kind of effect; an unknown one is called what it is."""
    titles = _TITLES.get(kind, {})
    return titles.get(spoken(language), kind)

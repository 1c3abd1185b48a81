"""What effects, and what else can fail, are called, for those who look after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from definitions.text import Said
from engine.effect import Effect, Notify, OpenIssue, Publish, Referral, Register, Request, Tell
from engine.noun import kind_of


class EffectWords(NamedTuple):
    """What it is called while it is carried out, and among what has failed."""

    title: Said
    failed: Said


#: Effects, messages and timers, in the order in which one chooses among what has failed.
WORDS: Mapping[type[Effect] | Literal["message", "timer"], EffectWords] = {
    Request: EffectWords(
        Said("调用外部系统", "calling another system"), Said("调用外部系统", "Calling another system")
    ),
    Tell: EffectWords(Said("发送通知", "telling people"), Said("生成通知", "Writing messages")),
    "message": EffectWords(Said("送达通知", "delivering a message"), Said("发送通知", "Sending a message")),
    Register: EffectWords(Said("记入履职档案", "entry in a file"), Said("记入履职档案", "Entry in a yearly file")),
    Publish: EffectWords(Said("公开发布", "publishing"), Said("公开发布", "Publication")),
    OpenIssue: EffectWords(Said("新开事项", "opening an issue"), Said("新开事项", "Opening an issue")),
    Notify: EffectWords(Said("告知关联事项", "telling a linked issue"), Said("告知关联事项", "Telling another issue")),
    Referral: EffectWords(
        Said("转到并入的事项", "passing on to the issue merged into"),
        Said("转到并入的事项", "Passing on what was said of a merged issue"),
    ),
    "timer": EffectWords(Said("期限触发", "a deadline"), Said("到期未能触发", "A deadline that did not fire")),
}
_BY_KIND = {key if isinstance(key, str) else kind_of(key.__name__): said for key, said in WORDS.items()}


def effect_title(kind: str, language: str) -> str:
    """The title of a kind of effect; an unknown one is called what it is."""
    return _BY_KIND[kind].title.of(language) if kind in _BY_KIND else kind


def failing_titles(language: str) -> Mapping[str, str]:
    """What can fail, by kind."""
    return {kind: said.failed.of(language) for kind, said in _BY_KIND.items()}

"""Approved templates: what an office had a provider approve for each occasion and language, and which of our short values fill it.

A provider sends nothing else, and allows no link in a value: the portal's fixed address stands in the approved text. Which template it is, is looked
for from the particular to the general: occasion and language, the occasion in any language, any occasion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from definitions.text import Said, spoken
from notifications.channels.platforms.call import ProviderFault
from notifications.message import OutgoingMessage, permanent

ANY = "*"
#: What takes the place of a value that a message does not have.
_NOTHING = "—"
#: What can fill a variable: our short values, and the number in its parts, for providers whose variables hold few characters.
TEMPLATE_VALUES: Mapping[str, Said] = {
    "number": Said("编号", "number"),
    "number/1": Said("编号第一段", "first part of the number"),
    "number/2": Said("编号第二段", "second part of the number"),
    "number/3": Said("编号第三段", "third part of the number"),
    "what": Said("什么事", "what it is about"),
    "until": Said("期限或时间", "until when, or when"),
    "who": Said("谁或哪里", "who or where"),
    "code": Said("查询码或验证码", "code"),
}
#: Values that mean something else once they are cut.
WHOLE = frozenset({"number", "number/1", "number/2", "number/3", "until", "code"})

#: What a variable takes: any text, letters and digits, or digits alone.
ValueKind = Literal["text", "code", "digits"]
VALUE_KINDS: Mapping[ValueKind, Said] = {
    "text": Said("文字", "text"),
    "code": Said("字母、数字", "letters and digits"),
    "digits": Said("数字", "digits"),
}
#: Which of our values a kind takes.
TAKES: Mapping[ValueKind, frozenset[str]] = {
    "text": frozenset(TEMPLATE_VALUES),
    "code": frozenset({"number", "number/1", "number/2", "number/3", "code"}),
    "digits": frozenset({"number/2", "number/3"}),
}
TemplateState = Literal["draft", "submitted", "approved", "refused", "withdrawn"]
TEMPLATE_STATES: Mapping[TemplateState, Said] = {
    "draft": Said("草稿", "Draft"),
    "submitted": Said("已报审", "Submitted"),
    "approved": Said("已批准", "Approved"),
    "refused": Said("未通过", "Refused"),
    "withdrawn": Said("已停用", "Withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateValue:
    """A variable by the provider's name, what of ours fills it, and how many characters it holds."""

    theirs: str
    ours: str
    longest: int
    kind: ValueKind = "text"

    def of(self, fields: Mapping[str, str]) -> str:
        """What stands there for a message."""
        text = " ".join(value_of(fields, self.ours).split()) or _NOTHING
        return text if len(text) <= self.longest else text[: max(0, self.longest - 1)].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    """A template by the provider's code, with its variables in order."""

    code: str
    values: tuple[TemplateValue, ...]


@dataclass(frozen=True, slots=True)
class TemplateRegister:
    """The approved templates of one account, by occasion and language."""

    lines: Mapping[tuple[str, str], ApprovedTemplate] = field(default_factory=dict)

    def find(self, occasion: str, language: str) -> ApprovedTemplate | None:
        """The template for an occasion in a reader's language, if one is approved."""
        said = spoken(language)
        asks = ((occasion, said), (occasion, ANY), (ANY, said), (ANY, ANY))
        return next((self.lines[one] for one in asks if one in self.lines), None)

    def of(self, message: OutgoingMessage) -> tuple[ApprovedTemplate, dict[str, str]]:
        """The template for a message, and its values by the provider's names; ``ProviderFault`` where none is approved."""
        found = self.find(message.occasion, message.language)
        if found is None:
            raise ProviderFault(
                permanent("这类通知没有经批准的模板。", "No template is approved for such messages", message.occasion)
            )
        return found, {one.theirs: one.of(message.fields) for one in found.values}


NO_TEMPLATES = TemplateRegister()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTemplate:
    """A template as the provider has it."""

    code: str
    text: str
    state: TemplateState
    title: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRules:
    """How a provider writes variables (the first group is the name), how many characters one holds, and what it takes."""

    variables: re.Pattern[str]
    longest: Callable[[str], int]
    kind: Callable[[str], ValueKind] = lambda name: "text"

    def names(self, text: str) -> tuple[str, ...]:
        """The variables of a text in order, each once."""
        return tuple(dict.fromkeys(self.variables.findall(text)))


def value_of(fields: Mapping[str, str], ours: str) -> str:
    """One of our values, or a part of the number, which has hyphens between them."""
    name, _, place = ours.partition("/")
    text = fields.get(name, "")
    if not place:
        return text
    parts: Sequence[str] = text.split("-", 2)
    return parts[int(place) - 1] if len(parts) >= int(place) else ""

"""Approved templates: what an office had a provider approve for each occasion and language, and which of our short values fill it.

One line each: ``occasion language code name=value …``, such as ``task zh SMS_4711 number=number what=what``. Where a provider goes by order, the
values alone: ``task zh 1110 number what``. ``*`` stands for every occasion, or language, that has no line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notifications.channels.platforms.call import ProviderFault
from notifications.message import OutgoingMessage, permanent
from notifications.texts.fields import SHORT_FIELDS

_ANY = "*"


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    """A template by the provider's code, with pairs of its own names and ours, in its order."""

    code: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TemplateRegister:
    """The approved templates of one account, by occasion and language."""

    lines: Mapping[tuple[str, str], ApprovedTemplate]

    def of(self, message: OutgoingMessage) -> tuple[ApprovedTemplate, dict[str, str]]:
        """The template for a message, and its values by the provider's names; ``ProviderFault`` where none is approved."""
        asks = ((message.occasion, message.language), (message.occasion, _ANY), (_ANY, message.language), (_ANY, _ANY))
        found = next((self.lines[one] for one in asks if one in self.lines), None)
        if found is None:
            raise ProviderFault(
                permanent("这类通知没有经批准的模板。", "No template is approved for such messages", message.occasion)
            )
        return found, {theirs: message.fields.get(ours, "") or "—" for theirs, ours in found.values}

    def occasions(self) -> frozenset[str]:
        """For which occasions there is one; ``*`` for all."""
        return frozenset(occasion for occasion, _ in self.lines)


def register_of(text: str) -> TemplateRegister:
    """The register of what an office entered; ``ValueError`` says which line is wrong, and what would be right."""
    return TemplateRegister(dict(_line(number, line) for number, line in _lines(text)))


def _lines(text: str) -> Iterable[tuple[int, str]]:
    several = enumerate(text.replace(";", "\n").splitlines(), start=1)
    return [(number, line.strip()) for number, line in several if line.strip() and not line.strip().startswith("#")]


def _line(number: int, line: str) -> tuple[tuple[str, str], ApprovedTemplate]:
    words = line.split()
    if len(words) < 3:
        raise ValueError(
            f"模板第 {number} 行应写：事由 语言 模板编号 字段。 Line {number} of the templates should read: occasion language code values."
        )
    occasion, language, code, *pairs = words
    values = tuple((theirs, ours or theirs) for theirs, _, ours in (one.partition("=") for one in pairs))
    for _, ours in values:
        if ours not in SHORT_FIELDS:
            known = ", ".join(SHORT_FIELDS)
            raise ValueError(
                f"模板第 {number} 行的“{ours}”不是可用的值：{known}。 “{ours}” in line {number} is no value: {known}."
            )
    return (occasion, language), ApprovedTemplate(code, values)

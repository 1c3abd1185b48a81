"""Messages in words: ``render`` makes one of an event, a reader's language and a context of plain values.

An event's template has the blocks ``subject``, ``lead`` (what is asked, and till when: the first line), ``advice`` and ``call``
(the words on the link). So the words stand in one place; two layouts for each language set them as plain text and as HTML.
Nothing is looked up here: whoever calls brings all values, an absent one as ``None``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from notifications.texts.context import Context, harmless, one_line
from notifications.texts.fields import short_fields
from notifications.texts.locales import nearest_locale
from notifications.texts.placeholder import BRACKETS
from notifications.texts.template import Templates

TEMPLATES = Path(__file__).parents[1] / "templates"
_LONGEST_SUBJECT = 250
_LONGEST_WORDS = 1000


class Incomplete(Exception):
    """A message lacks values that its template shows; ``missing`` holds their paths."""

    def __init__(self, event: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"the message {event!r} lacks {', '.join(missing)}")
        self.event, self.missing = event, missing


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is kept: ``text`` and ``html`` hold the placeholder ``LINK`` where the recipient's link goes.

    ``fields`` are its short values.
    """

    template: str
    template_version: str
    subject: str
    text: str
    html: str
    locale: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words in place of those of an event's template, by block, and ``source``: all that they were made of."""

    words: Mapping[str, str]
    source: str


def render(
    event: str, locale: str, context: Context, templates: Templates | None = None, own: OwnWords | None = None
) -> Rendered:
    """The message for an event in the reader's language, with ``own`` words where there are some; ``Incomplete`` lists all values that lack."""
    chosen = templates or shipped()
    template = chosen.find(event, nearest_locale(locale))
    gaps = _absent(context, template.placeholders)
    if gaps:
        raise Incomplete(event, gaps)
    values = harmless(context)
    words = chosen.words(template, values)
    version = template.version
    if own is not None:
        words |= {
            block: text
            for block, said in own.words.items()
            if (text := one_line(said.translate(BRACKETS), _LONGEST_WORDS))
        }
        version = hashlib.sha256(f"{version}\0{own.source}".encode()).hexdigest()[: len(version)]
    return Rendered(
        template=template.name,
        template_version=version,
        subject=one_line(words["subject"], _LONGEST_SUBJECT),
        text=chosen.text(template, values, words),
        html=chosen.html(template, values, words),
        locale=template.locale,
        fields=short_fields(values),
    )


def placeholders(event: str, locale: str, templates: Templates | None = None) -> tuple[str, ...]:
    """The paths of all values that a message shows or chooses by, such as ``issue.number``."""
    return (templates or shipped()).find(event, nearest_locale(locale)).placeholders


def missing(context: Context, event: str, locale: str, templates: Templates | None = None) -> tuple[str, ...]:
    """The paths that a message needs and the context does not have; a value that is ``None`` is there."""
    return _absent(context, placeholders(event, locale, templates))


@lru_cache(maxsize=1)
def shipped() -> Templates:
    """The templates that come with the house."""
    return Templates(TEMPLATES)


def _absent(context: Context, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in wanted if not _holds(context, path.split(".")))


def _holds(values: object, path: list[str]) -> bool:
    for key in path:
        if not isinstance(values, Mapping) or key not in values:
            return False
        values = values[key]
    return True

"""A guide as it is read: title, sections, and its text as HTML; made once for each language and kept.

A section has the same name in both languages (of its English heading), so that a page leads to it whoever reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token
from markupsafe import Markup

from definitions.text import Said, spoken
from huying.errors import NotFound
from huying.guides.markup import headings, html, leading, paragraphs, slug, tokens_of
from huying.guides.shelf import KEYS, PICTURES, file_of

_BOTH = " · "


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a guide below a heading; the first one has no heading and no name."""

    guide: str
    name: str
    title: str
    level: int
    text: str

    @property
    def address(self) -> str:
        """Its address in the portal."""
        return f"/help/{self.guide}#{self.name}" if self.name else f"/help/{self.guide}"


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in one language; ``language`` is the one in which it is written, which may be another one."""

    key: str
    title: str
    summary: str
    language: str
    sections: tuple[Section, ...]
    body: Markup

    @property
    def contents(self) -> tuple[Section, ...]:
        """The headings that a table of contents lists."""
        least = min((one.level for one in self.sections if one.name), default=2)
        return tuple(one for one in self.sections if one.name and one.level == least)


@cache
def guide(key: str, language: str) -> Guide:
    """A guide in a language; ``NotFound`` if there is none of this name."""
    path = file_of(key, language)
    if path is None:
        raise NotFound("没有这份说明。", "There is no such guide.")
    tokens = tokens_of(path.read_text("utf-8"))
    title, *found = [(index, _half(said, language), level) for index, said, level in headings(tokens)]
    names = _names(key, language)
    for (index, said, _), name in zip(found, names, strict=True):
        tokens[index].attrSet("id", name)
        tokens[index + 1].content = said
        _say(tokens[index + 1], said)
    sections = _sections(key, tokens, found, names)
    leading(tokens, lambda address: _way(key, language, address))
    return Guide(
        key=key,
        title=title[1],
        # a page of reference says how it is made, in both languages at once
        summary=next(iter(paragraphs(tokens[3:])), "") if path.parent.name in ("zh", "en") else "",
        language="en" if path.parent.name == "en" else spoken(language),
        sections=sections,
        # rendered by markup.py, which lets no HTML of the text through
        body=Markup(html(tokens[3:])),
    )


def all_guides(language: str) -> tuple[Guide, ...]:
    """All guides, in the order of their shelves."""
    return tuple(guide(key, language) for key in KEYS if file_of(key, language))


def _half(heading: str, language: str) -> str:
    """What a heading in both languages says in one."""
    zh, _, en = heading.partition(_BOTH)
    return Said(zh, en or zh).of(language)


def _say(inline: Token, said: str) -> None:
    """Have a heading in both languages say its half; what is in one language keeps its marks."""
    texts = [one for one in inline.children or () if one.type == "text"]
    if len(texts) == 1 and _BOTH in texts[0].content:
        texts[0].content = said


@cache
def _headings(path: Path) -> tuple[str, ...]:
    """The headings of a file below its title, as they stand."""
    return tuple(said for _, said, _ in headings(tokens_of(path.read_text("utf-8"))))[1:]


@cache
def _names(key: str, language: str) -> tuple[str, ...]:
    """The names of a guide's sections, from its English headings; of its own where there is no English guide with as many."""
    path, english = file_of(key, language), file_of(key, "en")
    own, other = (_headings(one) if one else () for one in (path, english))
    taken: dict[str, int] = {}
    names = []
    for said in other if len(other) == len(own) else own:
        name = slug(_half(said, "en"))
        names.append(name if name not in taken else f"{name}-{taken[name]}")
        taken[name] = taken.get(name, 0) + 1
    return tuple(names)


def _sections(
    key: str, tokens: list[Token], found: list[tuple[int, str, int]], names: tuple[str, ...]
) -> tuple[Section, ...]:
    """What stands before the first heading, and below each."""
    ends = [*(index for index, _, _ in found), len(tokens)]
    made = [Section(key, "", "", 1, "\n".join(paragraphs(tokens[3 : ends[0]])))]
    for (index, said, level), name, end in zip(found, names, ends[1:], strict=True):
        made.append(Section(key, name, said, level, "\n".join(paragraphs(tokens[index + 3 : end]))))
    return tuple(made)


def _way(key: str, language: str, address: str) -> str | None:
    """Where a link of a guide leads in the portal; ``None`` if to no page of it."""
    if address.startswith(("https://", "http://", "mailto:")):
        return address
    path, _, anchor = unquote(address).partition("#")
    folder, _, name = path.rpartition("/")
    if folder.endswith("pictures") and (PICTURES / name).is_file():
        return f"/help/pictures/{name}"
    target = name.removesuffix(".md") if path else key
    if target not in KEYS or file_of(target, language) is None:
        return None
    return _named(target, language, anchor)


def _named(key: str, language: str, anchor: str) -> str:
    """The address of a section that is named after its heading in either language."""
    if not anchor:
        return f"/help/{key}"
    path = file_of(key, language)
    own = _headings(path) if path else ()
    by_own = {slug(said): name for said, name in zip(own, _names(key, language), strict=True)}
    return f"/help/{key}#{by_own.get(anchor, anchor)}"

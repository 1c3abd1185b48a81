"""Templates on disk: finding the one for an event and a language, its version, and what it shows.

Nothing here knows what a message is for; a folder of templates goes in, rendered words come out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, nodes

from notifications.texts.sandbox import Refused, refuse_unsafe, sandbox

#: What an event's template says; the last two may be left out.
BLOCKS = ("subject", "lead", "advice", "call")
_REQUIRED = frozenset({"subject", "lead"})

DEFAULT = "default"
#: Events that are told in the words of another one.
ALIASES = {"entered": "informed", "acted": "informed"}
#: Events that are about no issue, and are set in a layout of their own.
NOTICES = {
    "duty-announced": "notice",
    "duty-changed": "notice",
    "duty-short": "notice",
    "swap-asked": "notice",
    "swap-accepted": "notice",
    "swap-refused": "notice",
    "swap-withdrawn": "notice",
    "falling-behind": "notice",
    "webhook-stopped": "notice",
    "incident": "notice",
    "invited": "notice",
    "passphrase-reset": "notice",
    "guessed": "notice",
    "passkey-added": "notice",
    "passkey-removed": "notice",
    "second-factor-set": "notice",
    "second-factor-taken-off": "notice",
    "proposal-made": "notice",
    "proposal-decided": "notice",
    "done-alone": "notice",
    "grant-ends": "notice",
    "have-checked": "notice",
    "have-expires": "notice",
    "station-dormant": "notice",
    "data-code": "notice",
    "address-code": "notice",
    "letter-received": "notice",
    "erasure-proposed": "notice",
    "backup-missing": "notice",
    "recovery-used": "notice",
    "recovery-renewed": "notice",
}

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")
#: The event's words, as its layouts see them.
_WORDS = "words"


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """The words for an event in a language.

    ``version`` is a digest of all sources that made them, ``placeholders`` are paths such as ``issue.number``.
    """

    name: str
    locale: str
    version: str
    placeholders: tuple[str, ...]
    blocks: frozenset[str]
    layout: str = "layout"


class Templates:
    """A folder with one folder for each locale: ``<event>.jinja`` for each event, ``layout.text.jinja`` and ``layout.html.jinja``.

    An event with a layout of its own has ``<event>.text.jinja`` and ``<event>.html.jinja`` beside it.
    Notices that are about no issue have ``notice.text.jinja`` and ``notice.html.jinja``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        loader = FileSystemLoader(folder)
        self._plain, self._html = sandbox(loader, html=False), sandbox(loader, html=True)
        self.find = lru_cache(maxsize=256)(self._find)

    def events(self, locale: str) -> tuple[str, ...]:
        """The events that have words of their own in this locale, in alphabetical order."""
        return tuple(sorted(p.stem for p in (self._folder / locale).glob("*.jinja") if _NAME.fullmatch(p.stem)))

    def words(self, template: MessageTemplate, context: Mapping[str, Any]) -> dict[str, str]:
        """The event's own words, each block by its name, as plain text on one line."""
        made = self._plain.get_template(f"{template.locale}/{template.name}.jinja")
        scope = made.new_context(dict(context))
        said = {block: "".join(made.blocks[block](scope)) for block in BLOCKS if block in template.blocks}
        return {block: " ".join(said.get(block, "").split()) for block in BLOCKS}

    def text(self, template: MessageTemplate, context: Mapping[str, Any], words: Mapping[str, str]) -> str:
        """The words in the plain layout."""
        made = self._plain.get_template(f"{template.locale}/{template.layout}.text.jinja")
        return re.sub(r"\n{3,}", "\n\n", made.render({**context, _WORDS: dict(words)})).strip() + "\n"

    def html(self, template: MessageTemplate, context: Mapping[str, Any], words: Mapping[str, str]) -> str:
        """The words in the HTML layout, escaped."""
        made = self._html.get_template(f"{template.locale}/{template.layout}.html.jinja")
        return made.render({**context, _WORDS: dict(words)}).strip() + "\n"

    def _find(self, event: str, locale: str) -> MessageTemplate:
        """The template for an event, else that of its alias, else the default one."""
        name = event if _NAME.fullmatch(event) else DEFAULT
        own = {
            candidate: self._folder / locale / f"{candidate}.jinja" for candidate in (name, ALIASES.get(name, DEFAULT))
        }
        return self._load(next((found for found, path in own.items() if path.is_file()), DEFAULT), locale)

    def _load(self, name: str, locale: str) -> MessageTemplate:
        layout = name if (self._folder / locale / f"{name}.text.jinja").is_file() else NOTICES.get(name, "layout")
        files = [f"{locale}/{file}" for file in (f"{name}.jinja", f"{layout}.text.jinja", f"{layout}.html.jinja")]
        sources = [(self._folder / file).read_text(encoding="utf-8") for file in files]
        trees = [self._plain.parse(source, file) for source, file in zip(sources, files, strict=True)]
        for tree, file in zip(trees, files, strict=True):
            refuse_unsafe(tree, file)
        blocks = frozenset(block.name for block in trees[0].find_all(nodes.Block))
        if not _REQUIRED <= blocks <= frozenset(BLOCKS):
            raise Refused(
                f"{files[0]}: a message has the blocks {', '.join(BLOCKS)}; it has {', '.join(sorted(blocks))}"
            )
        shown = {path for tree in trees for path in _paths(tree) if path.split(".")[0] != _WORDS}
        version = hashlib.sha256("\0".join(sources).encode()).hexdigest()[:12]
        return MessageTemplate(name, locale, version, tuple(sorted(shown)), blocks, layout)


def _paths(tree: nodes.Node) -> Iterator[str]:
    """The paths that a template reads; ``find_undeclared_variables`` of Jinja2 knows their roots only."""
    for node in tree.iter_child_nodes():
        path = _path(node)
        if path is not None:
            yield path
        else:
            yield from _paths(node)


def _path(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        above = _path(node.node)
        return None if above is None else f"{above}.{node.attr}"
    return None

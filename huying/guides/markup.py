"""Markdown made HTML: nothing in it can run, its headings can be linked to, and its links stay within the product.

The text is our own, but is read as if it were not: raw HTML is shown as text, and addresses that do something are no links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Where a link to a file of docs leads; ``None`` for what is no page of the product: its words then stand without a link.
Ways = Callable[[str], str | None]


@cache
def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("table_open", _scrolled)
    made.add_render_rule("table_close", _scrolled_end)
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    return made


def _scrolled(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # who has no mouse scrolls a wide table with the keys
    return '<div class="scroll-x" tabindex="0"><table>'


def _scrolled_end(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>"


def _code(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<pre tabindex="0"><code>{_escaped(tokens[index].content)}</code></pre>\n'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text."""
    tokens = _reader().parse(text)
    for index, token in enumerate(tokens):
        if token.type == "paragraph_open" and _pictures(tokens[index + 1]):
            token.attrSet("class", "pictures")
        # figures stand on the right by a class: pages have no style of their own
        if token.attrs.pop("style", None) == "text-align:right":
            token.attrSet("class", "n")
    return list(_headed(tokens))


def _headed(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without the heads of tables in which nothing stands: Markdown asks for them."""
    start = 0
    for index, token in enumerate(tokens):
        if token.type == "thead_close":
            first = next(at for at in range(index, -1, -1) if tokens[at].type == "thead_open")
            yield from tokens[start:first]
            said = any(one.type == "inline" and one.content for one in tokens[first:index])
            start = first if said else index + 1
    yield from tokens[start:]


def _pictures(inline: Token) -> bool:
    """Whether a paragraph is pictures and nothing else."""
    children = inline.children or []
    return any(one.type == "image" for one in children) and all(
        one.type in ("image", "softbreak") or not one.content.strip() for one in children
    )


def slug(heading: str) -> str:
    """The name by which a heading is linked to, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(tokens: Sequence[Token]) -> list[tuple[int, str, int]]:
    """The headings: where the token stands, what it says, and its level."""
    return [
        (index, plain(tokens[index + 1]), int(token.tag[1:]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def plain(token: Token) -> str:
    """What an inline token says, without its marks."""
    return "".join(one.content if not one.children else plain(one) for one in token.children or ())


def paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands in the text, piece by piece, without marks: paragraphs, cells, blocks of code."""
    for token in tokens:
        if token.type == "inline":
            yield plain(token)
        elif token.type in ("fence", "code_block"):
            yield token.content


def leading(tokens: Sequence[Token], ways: Ways) -> None:
    """Have links and pictures lead where ``ways`` says, in place."""
    for token in tokens:
        if token.children:
            token.children = [one for one in token.children if _lead(one, ways)]
            _close(token.children)


def _lead(token: Token, ways: Ways) -> bool:
    """Whether the token stays."""
    if token.type == "image":
        token.attrSet("src", ways(str(token.attrGet("src"))) or "")
    if token.type == "link_open":
        way = ways(str(token.attrGet("href")))
        if way is None:
            return False
        token.attrSet("href", way)
    return True


def _close(children: list[Token]) -> None:
    """Take away the ends of links whose beginnings were taken away; links never stand in one another."""
    open_ = False
    for token in list(children):
        if token.type == "link_open":
            open_ = True
        elif token.type == "link_close":
            if not open_:
                children.remove(token)
            open_ = False


def html(tokens: Sequence[Token]) -> str:
    """The tokens as HTML."""
    made: str = _reader().renderer.render(tokens, _reader().options, {})
    return made

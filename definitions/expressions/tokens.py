"""The tokens of an expression, each with its place in the source.

Jinja2's parser notes one number with each node, the line. An expression rarely has two, so tokens carry their offset (from 0) there
instead, and every node of the tree knows where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError
from jinja2.lexer import Token, TokenStream, newline_re

from definitions.expressions.error import ExpressionError
from definitions.text import Said

#: The most tokens, and the deepest brackets, of one source.
MOST_TOKENS = 1_200
DEEPEST_BRACKETS = 40

_CODE = frozenset({"name", "integer", "float", "operator", "string"})
_TEXT_ONLY = re.compile(r"('[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\")", re.DOTALL)
_OUTSIDE = re.compile(r"(?:^|\}\}|%\}).*?(?:$|\{\{|\{%)|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A token as it stands in the source; offsets count from 0."""

    offset: int
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens of a source, as the parser wants them, and as they stand there."""

    source: str
    pieces: tuple[Piece, ...]
    tokens: tuple[Token, ...]

    def stream(self) -> TokenStream:
        """What the parser reads."""
        return TokenStream(iter(self.tokens), None, None)

    def at(self, offset: int) -> Piece | None:
        """The token that begins here, or is the last one before."""
        return next((piece for piece in reversed(self.pieces) if piece.offset <= offset), None)

    def find(self, text: str, offset: int = 0) -> Piece | None:
        """The first token of this text from here on, never within quotes."""
        return next((p for p in self.pieces if p.offset >= offset and p.text == text and p.sort in _CODE), None)


def tokens_of(environment: Environment, source: str, *, texts: bool) -> Tokens:
    """The tokens of a source; ``TemplateSyntaxError`` with the offset for a line, or ``ExpressionError`` if there are too many."""
    plain = "\n".join(newline_re.split(source)[::2])
    pieces = tuple(_pieces(environment, plain, texts))
    raw = ((piece.offset, piece.sort, piece.text) for piece in pieces)
    return Tokens(plain, pieces, tuple(environment.lexer.wrap(raw)))


def _pieces(environment: Environment, source: str, texts: bool) -> Iterator[Piece]:
    offset = depth = count = 0
    try:
        for _, sort, text in environment.lexer.tokeniter(source, None, None, None if texts else "variable"):
            # blanks that a sign such as {{- takes away are in no token
            offset = source.find(text, offset)
            count += 1
            depth += (text in "([{") - (text in ")]}") if sort == "operator" else 0
            if count > MOST_TOKENS or depth > DEEPEST_BRACKETS:
                raise ExpressionError(
                    "表达式过于复杂。",
                    "The expression is too complex.",
                    offset,
                    remedy=Said("请拆开写。", "Split it up."),
                )
            yield Piece(offset, sort, text)
            offset += len(text)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(error.message or "", offset) from None


def code_of(source: str, *, texts: bool) -> str:
    """The source with blanks for what is in quotes, and in a text for what is outside of expressions: offsets stay."""
    code = _OUTSIDE.sub(_blank, source) if texts else source
    return _TEXT_ONLY.sub(_blank, code)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])

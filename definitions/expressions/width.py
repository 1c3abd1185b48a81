"""Signs of the Chinese keyboard, and of other languages, where an expression wants plain ones: ``amount ＞＝ 2000``, ``kind ＝ “water”``.

Only what stands outside of quotes, and can be meant in no other way; what is within quotes is somebody's text.
"""

from __future__ import annotations

import re

#: What is in plain quotes already.
_QUOTED = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)
#: A text in quotes of the Chinese keyboard.
_WIDE_QUOTED = re.compile("[“”＂]([^“”＂'\"\\\\]*)[“”＂]|[‘’＇]([^‘’＇'\"\\\\]*)[‘’＇]|「([^「」'\"\\\\]*)」")
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SIGNS = {
    **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
    "\u3000": " ", "、": ",", "。": ".", "【": "[", "】": "]", "×": "*", "÷": "/", "−": "-", "—": "-",
    "≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", "≠": "!=",
}  # fmt: skip
_PLAIN = str.maketrans(_SIGNS)
#: Words and signs of other languages, by what they mean here; each once the signs are plain.
_WORDS = (
    (re.compile(r"\s*(?:并且|而且|且)\s*"), " and "),
    (re.compile(r"\s*(?:或者|或)\s*"), " or "),
    (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "),
    (re.compile(r"<>"), "!="),
    (re.compile(r"=<"), "<="),
    (re.compile(r"=>"), ">="),
    (re.compile(r"(?<![=!<>])={3}(?!=)"), "=="),
    (re.compile(r"(?<![=!<>])=(?!=)"), "=="),
    (re.compile(r"\b(?:AND|OR|NOT|IN|IS|IF|ELSE)\b"), None),
)


def plain_expression(source: str, quote: str = "'") -> str:
    """The expression in plain signs; texts in wide quotes get these. The same text if there is nothing to put right."""
    parts, at = list[str](), 0
    for found in _QUOTED.finditer(source):
        parts += [_outside(source[at : found.start()], quote), found[0]]
        at = found.end()
    return "".join([*parts, _outside(source[at:], quote)])


def plain_text(source: str, quote: str = "'") -> str:
    """A text with its expressions (``{{ … }}``) in plain signs."""
    return _CODE.sub(lambda found: found[0][:2] + plain_expression(found[0][2:-2], quote) + found[0][-2:], source)


def _outside(code: str, quote: str) -> str:
    """What stands between plain quotes."""
    parts, at = list[str](), 0
    for found in _WIDE_QUOTED.finditer(code):
        inner = next(one for one in found.groups() if one is not None)
        parts += [_signs(code[at : found.start()]), quote + inner + quote]
        at = found.end()
    return "".join([*parts, _signs(code[at:])])


def _signs(code: str) -> str:
    plain = re.sub("[，、](?![ \u3000])", ", ", code).translate(_PLAIN)
    for pattern, word in _WORDS:
        plain = pattern.sub(word if word is not None else _lower, plain)
    return plain


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()

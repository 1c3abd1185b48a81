"""What pages are made of: templates in each language, static files, cookies."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import Response

from definitions.forms.condition_tree import condition_tree
from definitions.forms.rules import spoken_rules
from definitions.forms.schema import choosable
from definitions.model.field import Field
from definitions.text import Said, words
from engine.deeds.deed import Gesture
from engine.deeds.registry import BY_FORM, gestures
from huying.house.by import VOICES
from huying.locale import LANGUAGES, translations
from huying.plots.picture import drawn
from huying.plots.plot import said
from huying.shelf.kinds import accepted, called
from huying.words.channels import way_words
from huying.words.distances import distance_words
from huying.words.moments import date_words, moment_words
from huying.words.private_text import private_parts
from huying.words.size import size_words
from portal.frame.here import portal
from portal.frame.icon import icon
from portal.frame.keyboard import KEYBOARD
from portal.frame.sheet import NAME, sheet
from portal.frame.templates import LanguageTemplates, OnceLoader, fixed, spoken

_FOLDER = Path(__file__).resolve().parents[1]
STATIC = _FOLDER / "static"
_MAKING = Lock()


@dataclass(frozen=True, slots=True)
class SpokenWay:
    """How a resident can tell something, in words."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class TakenKinds:
    """Which files are taken: what a browser is told (``accept``), and people."""

    accept: str
    words: str


def environment(language: str, zone: ZoneInfo, kinds: tuple[str, ...]) -> LanguageTemplates:
    """The templates in one language, with moments told in a zone, and forms that ask for files of these kinds."""
    # whoever asks first makes them, and all others at that moment wait
    with _MAKING:
        return _environment(language, zone, kinds)


@cache
def _environment(language: str, zone: ZoneInfo, kinds: tuple[str, ...]) -> LanguageTemplates:
    words_of = spoken(translations(language).gettext)
    made: LanguageTemplates
    known: dict[str, Callable[..., str]] = {
        "_": words_of,
        "gettext": words_of,
        "icon": icon,
        "static": _static,
        "fixed": lambda name: fixed(made, name),
    }
    made = LanguageTemplates(
        known,
        loader=OnceLoader(_FOLDER / "templates"),
        # they stay as they are while a process runs, as its code does
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters |= _filters(language, zone)
    made.globals |= {
        **_told(language),
        **{name: known[name] for name in ("static", "icon", "fixed")},
        "gestures": BY_FORM,
        "ways": _ways,
        "choosable": lambda field, names: choosable(field, language, names),
        "asks_files": asks_files,
        "rules_of": lambda field: spoken_rules(field, language),
        "condition_of": _condition,
        "way_of_telling": lambda way: way_words(way, language),
        "keyboard": KEYBOARD,
        "taken": TakenKinds(accepted(kinds), called(kinds, Said("、", ", ").of(language))),
        "new_request_id": lambda: secrets.token_hex(16),
    }
    return made


def _told(language: str) -> dict[str, Any]:
    """What templates know of the language itself."""
    return {
        "language": language,
        "html_language": {"zh": "zh-CN", "en": "en"}[language],
        "languages": LANGUAGES,
        "ways_of_telling": [SpokenWay(key, way_words(key, language)) for key in VOICES],
    }


def _filters(language: str, zone: ZoneInfo) -> Mapping[str, Callable[..., Any]]:
    """What templates put words, moments and sizes through."""
    return {
        "words": lambda text, default="": words(text, language, default),
        "said": lambda said: said.of(language),
        "moment": lambda at: moment_words(at, zone, language),
        "day": lambda at: date_words(at.astimezone(zone).date(), language),
        "lines": _lines,
        "linked": _linked,
        "path": lambda text: quote(str(text), safe=""),
        "filesize": size_words,
        "distance": distance_words,
        "drawn": lambda plot: Markup(drawn(plot)),
        "plotted": said,
        "webcal": lambda address: re.sub(r"^https?:", "webcal:", address),
    }


def _condition(field: Field, fields: Mapping[str, Field]) -> str | None:
    """The condition under which a field is shown, for the page's script; ``None`` if there is none that it could decide."""
    asked = [name for name, other in fields.items() if not other.derived and other.type not in ("place", "table")]
    tree = condition_tree(field.when, asked) if field.when is not None else None
    return json.dumps(tree, ensure_ascii=False) if tree else None


def asks_files(fields: Mapping[str, Field]) -> bool:
    """Whether a form asks for files, in a table or beside it."""
    return any(field.type in ("file", "files") or asks_files(field.columns) for field in fields.values())


def _ways(place: Literal["item", "issue", "staff"], may: Sequence[str], first: Sequence[str]) -> list[Gesture]:
    """The gestures whose forms are made of their blanks, as far as they are possible; some of them ``first``."""
    found = {one.key: one for one in gestures(place) if one.key in may and one.blanks}
    return [found[key] for key in dict.fromkeys([*first, *found]) if key in found]


@cache
def _static(name: str) -> str:
    """The address of a static file; it changes with the content, so that caches need not be asked."""
    content = sheet() if name == NAME else (STATIC / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def _lines(text: str) -> Markup:
    return Markup("<br>").join(_marked(line) for line in text.splitlines())


def _marked(line: str) -> Markup:
    """A line with the private numbers in it marked: they stay in the house."""
    found, at = Markup(), 0
    for part in private_parts(line):
        number = Markup('<mark class="private">{}</mark>').format(line[part.start : part.end])
        found, at = found + escape(line[at : part.start]) + number, part.end
    return found + escape(line[at:])


def _linked(text: str, own: str) -> Markup:
    """Plain text with the addresses of this portal made links; no other address becomes one."""
    pieces = re.split(rf"({re.escape(own)}/[^\s<>\"']*)", text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that no script and no other site can use."""
    secure = portal(request).config.secure_cookies
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")

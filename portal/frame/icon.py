"""Icons within the text of a page: drawn in its colour and read out only where no word stands beside them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup, escape

_FILE = Path(__file__).resolve().parents[1] / "icons" / "lucide.svg"


@cache
def shapes() -> dict[str, Markup]:
    """What is drawn for each icon, by its name in Lucide."""
    # our own file, no reader's text
    found = re.findall(r'<symbol id="([a-z0-9-]+)">(.*?)</symbol>', _FILE.read_text("utf-8"), re.DOTALL)
    return {name: Markup(inner) for name, inner in found}


@lru_cache(1024)
def icon(name: str, kind: str = "", label: str | None = None) -> Markup:
    """An icon; ``kind`` adds a class (``i-l`` is large), ``label`` says it where it stands alone. ``KeyError`` if there is no such icon."""
    said = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    classes = f"i {kind}".rstrip()
    return Markup('<svg class="{}" viewBox="0 0 24 24"{}>{}</svg>').format(escape(classes), said, shapes()[name])

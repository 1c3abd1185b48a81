"""QR codes as a drawing within the page: no picture to load, sharp on paper, readable in both themes."""

from __future__ import annotations

from urllib.parse import quote

import segno
from markupsafe import Markup, escape

from huying.locale import translations


def qr_code(text: str, label: str) -> Markup:
    """The code with error correction M, dark on white; ``label`` says what it is for."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, dark="#1c1714", light="#fff", border=2, svgclass=None, lineclass=None
    )
    # our own drawing: no text of anybody stands in it
    return Markup('<span role="img" aria-label="{}">{}</span>').format(escape(label), Markup(drawn))


def qr_to_follow(portal_url: str, number: str, language: str) -> Markup:
    """The code that leads whoever has its number and code to an issue."""
    address = f"{portal_url}/follow?number={quote(number, safe='')}"
    return qr_code(address, translations(language).gettext("Scan to follow the issue"))

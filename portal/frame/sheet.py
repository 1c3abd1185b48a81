"""The one stylesheet of all pages, put together from its parts by subject; later parts win over earlier ones."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[1] / "static" / "style"

#: ``narrow`` and ``print`` have the last word.
PARTS = (
    "tokens",
    "base",
    "type",
    "form",
    "pieces",
    "band",
    "desk",
    "grid",
    "home",
    "cases",
    "report",
    "slip",
    "task",
    "intake",
    "register",
    "figures",
    "file",
    "editor",
    "rights",
    "account",
    "paper",
    "guide",
    "swatch",
    "narrow",
    "workbench",
    "print",
)
NAME = "huying.css"


@cache
def sheet() -> bytes:
    """The stylesheet."""
    return b"\n".join((_FOLDER / f"{part}.css").read_bytes() for part in PARTS)


@cache
def packed_sheet() -> bytes:
    """The same, compressed once for all readers whose browsers unpack it."""
    return gzip.compress(sheet(), 9, mtime=0)

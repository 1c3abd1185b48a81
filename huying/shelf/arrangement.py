"""How a house keeps its attachments, as its settings say."""

from __future__ import annotations

from huying.keys.ring import Ring
from huying.settings import Settings
from huying.shelf.folder import Folder
from huying.shelf.scanner import Scanner
from huying.shelf.store import Store


def store_of(settings: Settings, ring: Ring | None) -> Store:
    """The store of the house of these settings, sealed by its ring."""
    scanner = Scanner(settings.clamd) if settings.clamd else None
    return Store(Folder(settings.files), settings.file_kinds, ring, scanner)

"""How a house keeps its attachments, as its settings say."""

from __future__ import annotations

from huying.keys.ring import Ring
from huying.settings import Settings
from huying.shelf.bucket import Bucket
from huying.shelf.folder import Folder
from huying.shelf.scanner import Scanner
from huying.shelf.signature import AccessKey
from huying.shelf.store import FileShelf, Store


def shelf_of(settings: Settings) -> FileShelf:
    """Where attachments lie: in a bucket where one is set, else in the data folder."""
    if settings.s3_url is None or settings.s3_key is None:
        return Folder(settings.files)
    name, _, secret = settings.s3_key.partition(":")
    return Bucket(settings.s3_url, AccessKey(name, secret, settings.s3_region))


def store_of(settings: Settings, ring: Ring | None) -> Store:
    """The store of the house of these settings, sealed by its ring."""
    scanner = Scanner(settings.clamd) if settings.clamd else None
    return Store(shelf_of(settings), settings.file_kinds, ring, scanner)

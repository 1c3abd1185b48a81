"""Atom feeds (RFC 4287) of public pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from starlette.responses import Response

from portal.frame.reception import Reception


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry: its address, what it is called, when it was published, its text, and its author."""

    address: str
    title: str
    at: datetime
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """A feed: where its page is, where it is itself (paths), and what it is called."""

    page: str
    own: str
    title: str


def feed_answer(at: Reception, head: FeedHead, entries: Iterable[FeedEntry], changed: datetime | None) -> Response:
    """The feed; ``changed``: when something in it changed last."""
    root = at.here.config.portal_url
    name = at.house.offices.now().called(at.language) or "Huying"
    updated = (changed or at.now).isoformat()
    listed = "".join(_entry(root, one) for one in entries)
    content = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{at.language}">'
        f"<id>{escape(root + head.page)}</id><title>{escape(f'{head.title} · {name}')}</title>"
        f'<link rel="self" type="application/atom+xml" href="{escape(root + head.own)}"/>'
        f'<link rel="alternate" type="text/html" href="{escape(root + head.page)}"/>'
        f"<author><name>{escape(name)}</name></author><updated>{updated}</updated>{listed}</feed>"
    )
    return Response(content, media_type="application/atom+xml")


def _entry(root: str, one: FeedEntry) -> str:
    address = escape(root + one.address)
    author = f"<author><name>{escape(one.author)}</name></author>" if one.author else ""
    return (
        f'<entry><id>{address}</id><title>{escape(one.title)}</title><link rel="alternate" href="{address}"/>'
        f"<published>{one.at.isoformat()}</published><updated>{one.at.isoformat()}</updated>{author}"
        f'<content type="text">{escape(one.text)}</content></entry>'
    )

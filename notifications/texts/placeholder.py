"""Where the link goes in a message that is kept: the link itself is made anew for each attempt to send it."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Stands in a kept body for the recipient's own link. Its brackets are taken out of every value that a message shows,
#: so that nobody can write it into a subject or a reply.
LINK = "⟦LINK⟧"
#: Stands for the name of the office that sends it, which is filled in as late as the link.
OFFICE = "⟦OFFICE⟧"
BRACKETS = str.maketrans("⟦⟧", "[]")

_ANY = re.compile(r"⟦LINK(?: [0-9]+)?⟧")
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f⟦⟧]+")


def fill_link(body: str, url: str) -> str:
    """The body with its link, plain or HTML; ``ValueError`` for anything but an http or https address that fits in both."""
    if not is_web_address(url):
        raise ValueError("a link in a message is an http or https address without quotes or spaces")
    return body.replace(LINK, url)


def link_to(number: int) -> str:
    """The placeholder for one of several links in a message, told apart by a number."""
    return f"⟦LINK {number}⟧"


def is_placeholder(value: str) -> bool:
    """Whether this stands for a link, one of several or the only one."""
    return _ANY.fullmatch(value) is not None


def links_in(body: str) -> frozenset[str]:
    """The placeholders that a body holds."""
    return frozenset(_ANY.findall(body))


def fill_links(body: str, urls: Mapping[str, str]) -> str:
    """The body with its links, each by its placeholder; ``ValueError`` as in ``fill_link``, ``KeyError`` for one that is not given."""
    if not all(map(is_web_address, urls.values())):
        raise ValueError("a link in a message is an http or https address without quotes or spaces")
    return _ANY.sub(lambda found: urls[found[0]], body)


def fill_office(body: str, name: str) -> str:
    """The body with the name of the office, as it stands in that body's kind of text."""
    return body.replace(OFFICE, name.translate(BRACKETS))


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address that can stand in plain text and in an HTML attribute as it is."""
    return _URL.fullmatch(url) is not None

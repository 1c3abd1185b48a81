"""Where the link goes in a message that is kept: the link itself is made anew for each attempt to send it."""

from __future__ import annotations

import re

#: Stands in a kept body for the recipient's own link. Its brackets are taken out of every value that a message shows,
#: so that nobody can write it into a subject or a reply.
LINK = "⟦LINK⟧"
BRACKETS = str.maketrans("⟦⟧", "[]")

_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f⟦⟧]+")


def fill_link(body: str, url: str) -> str:
    """The body with its link, plain or HTML; ``ValueError`` for anything but an http or https address that fits in both."""
    if not is_web_address(url):
        raise ValueError("a link in a message is an http or https address without quotes or spaces")
    return body.replace(LINK, url)


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address that can stand in plain text and in an HTML attribute as it is."""
    return _URL.fullmatch(url) is not None

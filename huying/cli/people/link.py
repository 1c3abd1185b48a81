"""A one-time link as a command prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import tzinfo

    from huying.access.credential_links import MadeLink


def show_link(made: MadeLink, portal_url: str, zone: tzinfo, options: Namespace) -> None:
    """Print the address, until when it works (in the house's zone), and that it is shown this once."""
    from huying.words.moments import clock_words

    print(made.address(portal_url))
    until = clock_words(made.expires_at, zone)
    said = Said(
        f"只显示这一次，只能用一次，{until.zh}前有效。请只交给本人。",
        f"Shown this once; it works once, until {until.en}. Give it to that person only.",
    )
    print(said.read(options.languages))

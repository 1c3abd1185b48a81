"""A reply by mail as a remark in its issue, with its files; what is not taken of them is said in it, and stays with the mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from huying.errors import NotFound
from huying.house.by import MAILED, By
from huying.house.house import House
from huying.inbound.files import hand_over, remark_of, sorted_files, told_files
from huying.issues.deeds import comment
from huying.issues.sight import sight_of
from huying.mail.content import MailContent
from huying.mail.quotation import reply_of


class Mailed(Protocol):
    """A mail as far as a remark or a matter is made of it."""

    @property
    def content(self) -> MailContent:
        """What it says."""

    @property
    def request(self) -> str:
        """Under which name it is done once."""


def add_reply(house: House, mail: Mailed, issue: int, person: int, now: datetime) -> dict[str, Any]:
    """Add the remark and the files of whoever wrote; what the row says of the files then. Any ``Refusal``: nothing of it was added, or not all."""
    by = By(person, now, mail.request, via=MAILED)
    seen = sight_of(house, issue, person)
    if seen is None:
        raise NotFound("没有这件事项。", "There is no such issue.")
    files = sorted_files(house, mail.content.files)
    comment(house, issue, remark_of(reply_of(mail.content.text).words, files, "zh"), by, public=not seen.inside)
    hand_over(house, issue, files.taken, by, public=not seen.inside)
    return {"files": told_files(mail.content.files, files)}

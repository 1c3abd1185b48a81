"""Whether a mail really comes from whom it names: what our own mail server found, and nobody else.

A header ``Authentication-Results`` (RFC 8601) may be written by anybody. Only those of the office's own server count, which the settings name, and of
these the topmost: it takes away what others write in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

#: ``pass``: it comes from there; ``fail``: it does not; ``unknown``: nobody has looked, or nothing can be said.
SenderVerdict = Literal["pass", "fail", "unknown"]
_METHOD = re.compile(r"^\s*(dmarc|dkim|spf|arc)\s*=\s*([a-z]+)", re.I)
_SIGNED_FOR = re.compile(r"header\.(?:d|i)\s*=\s*(?:[^@\s;]*@)?([a-z0-9.-]+)", re.I)
_MAIL_FROM = re.compile(r"smtp\.mailfrom\s*=\s*(?:[^@\s;]*@)?([a-z0-9.-]+)", re.I)
_COMMENT = re.compile(r"\([^()]{0,500}\)")


def verdict(sender: str, results: Iterable[str], servers: Iterable[str]) -> SenderVerdict:
    """What the topmost header of one of our ``servers`` says of this ``sender``."""
    ours = {one.lower() for one in servers}
    for result in results:
        name, _, said = _COMMENT.sub(" ", result).partition(";")
        if name.split()[:1] and name.split()[0].lower() in ours:
            return _said(sender.rpartition("@")[2].lower(), said)
    return "unknown"


def _said(domain: str, said: str) -> SenderVerdict:
    found = [
        (method[1].lower(), method[2].lower(), part) for part in said.split(";") if (method := _METHOD.match(part))
    ]
    for name, outcome, _ in found:
        if name == "dmarc" and outcome in ("pass", "fail"):
            return "pass" if outcome == "pass" else "fail"
    for name, outcome, part in found:
        who = (_SIGNED_FOR if name == "dkim" else _MAIL_FROM).search(part)
        if name in ("dkim", "spf") and outcome == "pass" and who and _aligned(domain, who[1].lower()):
            return "pass"
    return "fail" if any(outcome == "fail" for name, outcome, _ in found if name == "spf") else "unknown"


def _aligned(domain: str, other: str) -> bool:
    """Whether one stands for the other: the same, or below it. Two below a common one need not belong together."""
    if not domain or "." not in other:
        return False
    return domain == other or domain.endswith(f".{other}")

"""Whoever writes a private number where many read it is told once, before it is sent; sent again unchanged, it is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from definitions.model.field import Field
from engine.refusal import Invalid
from huying.words.private_text import told_of
from portal.frame.submission import Submission


class PrivateTold(Invalid):
    """What they are told, by field; ``mark`` goes along in the form that is shown again."""

    def __init__(self, errors: Mapping[str, Mapping[str, str]], mark: str) -> None:
        super().__init__(errors)
        self.mark = mark


def assure_told(form: Submission, fields: Mapping[str, Field]) -> None:
    """Let pass what holds nothing private, or of what they were told already; ``PrivateTold`` otherwise."""
    told = told_of(fields, form.fields)
    if not told:
        return
    said = repr([(name, form.fields.get(name)) for name in told])
    mark = hashlib.sha256(said.encode()).hexdigest()[:16]
    # of just these texts: a changed one is looked at again
    if form.entry("told") != mark:
        raise PrivateTold(told, mark)


def mark_of(refusal: Exception | None) -> str:
    """What the form that is shown again bears."""
    return refusal.mark if isinstance(refusal, PrivateTold) else ""

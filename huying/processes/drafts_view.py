"""Definitions that are being written, and what one can begin with, as administrators see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import yaml

from definitions.text import words
from huying.house.house import House
from huying.house.plan_calendar import local_zone
from huying.processes.drafts import DefinitionDraft, all_drafts, examples
from huying.words.moments import moment_words


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft; ``title`` is empty where the text says none that can be read, ``base`` where it was begun with nothing."""

    id: int
    title: str
    base_key: str
    base_version: int | None
    saved: str
    by: str


def draft_lines(
    house: House, language: str, now: datetime, several: Iterable[DefinitionDraft] | None = None
) -> tuple[DraftLine, ...]:
    """All drafts, or these."""
    zone = local_zone(house)
    return tuple(
        DraftLine(
            id=one.id,
            title=_title(one.source, language),
            base_key=one.base_key or "",
            base_version=one.base_version,
            saved=moment_words(one.saved_at, zone, language),
            by=one.saved_by,
        )
        for one in (all_drafts(house) if several is None else several)
    )


def example_lines(language: str) -> dict[str, str]:
    """The titles of what a new definition can begin with, by name."""
    return {key: _title(path.read_text("utf-8"), language) or key for key, path in examples().items()}


def _title(source: str, language: str) -> str:
    """The title that stands in a text, even if it is wrong in other places."""
    head = "".join(line for line in source.splitlines(keepends=True) if line.startswith(("id:", "title:")))
    try:
        body = yaml.safe_load(head)
    except yaml.YAMLError:
        return ""
    if not isinstance(body, dict):
        return ""
    title = body.get("title")
    if isinstance(title, dict) and all(isinstance(one, str) for one in title.values()):
        return words(title, language)
    return title if isinstance(title, str) else str(body.get("id") or "")

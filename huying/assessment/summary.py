"""What a process hears when it asks for a file: the year of whoever it is about, in words to begin a report on duty with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from definitions.files.chapters import FileRules, shipped_rules
from definitions.text import COLON, LISTED, Said, words
from huying.assessment.answer import year_asked
from huying.database.tables import issues, participants
from huying.files.entries import entries_of
from huying.files.entry import FileEntry, FilePeriod
from huying.house.house import House

#: So many titles of a kind are named; a report is written by the deputy.
_NAMED = 5
_TIMES = Said("{kind} {number} 次", "{kind}: {number}")
_NOTHING = Said("档案里这一年还没有记录。", "The file holds nothing of that year yet.")


def answer_with_file(house: House, issue_id: int, asked: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """``year``: which. The answer: ``summary`` by chapters, in the deputy's own language, and how many ``entries`` stand."""
    year = year_asked(asked)
    with house.database.reading() as connection:
        query = select(issues.c.reporter_id, participants.c.language).join(
            participants, participants.c.id == issues.c.reporter_id
        )
        row = connection.execute(query.where(issues.c.id == issue_id)).one()
    found = entries_of(house, [row.reporter_id], FilePeriod.of_year(year))[row.reporter_id]
    standing = [one for one in found if one.counts]
    return {"summary": summary(standing, shipped_rules(), row.language), "entries": len(standing)}


def summary(entries: Sequence[FileEntry], rules: FileRules, language: str) -> str:
    """The entries by chapter and kind: how often, and the first few by their titles."""
    lines = []
    for key, chapter in rules.chapters.items():
        mine = [one for one in entries if one.chapter == key]
        if not mine:
            continue
        counts = Counter(one.kind for one in mine)
        said = [
            _TIMES.of(language).format(
                kind=words(rules.kinds[kind].title, language) if kind in rules.kinds else kind, number=number
            )
            for kind, number in counts.items()
        ]
        titles = list(dict.fromkeys(one.title.of(language) for one in mine))[:_NAMED]
        lines.append(words(chapter.title, language) + COLON.of(language) + LISTED.of(language).join(said))
        lines += [f"  · {title}" for title in titles]
    return "\n".join(lines) or _NOTHING.of(language)

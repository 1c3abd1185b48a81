"""All rights as a workbook, for the yearly review: one row a right, with room to tick it off."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.text import Said
from huying.words.sheet import list_sheet

_COLUMNS = (
    (Said("姓名", "Name"), 16),
    (Said("可以办理", "May"), 26),
    (Said("范围", "Where"), 24),
    (Said("因为", "Because of"), 30),
    (Said("从", "From"), 16),
    (Said("到", "Until"), 16),
    (Said("谁授予", "Given by"), 20),
    (Said("理由", "Why"), 36),
    (Said("复核：仍需要（是/否）", "Review: still needed (yes/no)"), 20),
)


def rights_sheet(rows: Iterable[tuple[str, ...]], language: str) -> bytes:
    """The workbook."""
    return list_sheet(Said("谁能做什么", "Who may do what"), _COLUMNS, rows, language)

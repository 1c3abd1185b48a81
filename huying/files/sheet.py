"""A file as a sheet, a row an entry; and the office's list of all files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from definitions.text import Said
from huying.files.rounds import FileSummary
from huying.files.view import EntryLine, FilePage
from huying.words.sheet import list_sheet

STATES = {
    "draft": Said("待核实", "to be confirmed"),
    "confirmed": Said("已核实", "confirmed"),
    "corrected": Said("已更正", "corrected"),
    "objected": Said("有异议", "objected to"),
}
SOURCES = {
    "issue": Said("事项经过", "course of an issue"),
    "process": Said("流程登记", "registered by a process"),
    "hand": Said("补记", "entered by hand"),
}
_COLUMNS = (
    (Said("序号", "No."), 6),
    (Said("章", "Chapter"), 18),
    (Said("日期", "Date"), 12),
    (Said("种类", "Kind"), 14),
    (Said("事项", "Matter"), 46),
    (Said("地点", "Place"), 18),
    (Said("组织单位", "Organiser"), 18),
    (Said("作用", "Part"), 10),
    (Said("半天数", "Half-days"), 8),
    (Said("结果", "Result"), 24),
    (Said("佐证", "Evidence"), 20),
    (Said("来源", "Source"), 16),
    (Said("状态", "State"), 12),
    (Said("填写人", "Entered by"), 12),
    (Said("核实人", "Confirmed by"), 12),
)
_FILES = (
    (Said("姓名", "Name"), 14),
    (Said("站点", "Stations"), 24),
    (Said("条数", "Entries"), 8),
    (Said("待核实", "To be confirmed"), 10),
    (Said("异议", "Objections"), 10),
    (Said("空白的章", "Empty chapters"), 40),
    (Said("封账", "Closed"), 18),
)


def file_sheet(page: FilePage, language: str) -> bytes:
    """The workbook of one file."""
    title = Said(f"{page.name} {page.year}", f"{page.name} {page.year}")
    return list_sheet(title, _COLUMNS, _rows(page.lines, language), language)


def _rows(lines: Iterable[EntryLine], language: str) -> Iterable[Sequence[str]]:
    for number, line in enumerate(lines, 1):
        yield (
            str(number),
            line.chapter,
            line.day.isoformat(),
            line.kind,
            line.title + (Said("（封账后补正）", " (amended)").of(language) if line.entry.amended else ""),
            line.entry.place,
            line.entry.organiser,
            line.part,
            line.half_days,
            line.entry.result,
            "、".join(name for _, name in line.evidence),
            source_words(line, language),
            STATES[line.entry.state].of(language),
            line.entered_by,
            line.confirmed_by,
        )


def source_words(line: EntryLine, language: str) -> str:
    """Where an entry comes from: the number of its issue, the page of a paper book, or that somebody entered it."""
    if line.entry.number:
        return line.entry.number
    if line.entry.paper:
        return Said(f"纸质册 {line.entry.paper}", f"paper book {line.entry.paper}").of(language)
    return SOURCES[line.entry.source].of(language)


def files_sheet(year: int, files: Iterable[FileSummary], language: str) -> bytes:
    """The workbook of the office's list."""
    rows = (
        (
            one.name,
            "、".join(one.stations),
            str(one.entries),
            str(one.drafts),
            str(one.objections),
            "、".join(one.missing),
            one.closed,
        )
        for one in files
    )
    return list_sheet(Said(f"一人一册 {year}", f"Files {year}"), _FILES, rows, language)

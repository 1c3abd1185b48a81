"""``records``: matters from before this house, from an office's own sheet: checked, taken over, taken back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.faults import not_opened
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.by import By
    from huying.house.house import House
    from huying.legacy.imports import LegacyPreview

_WHAT = ("check", "import", "undo")


def _arguments(parser: Parser) -> None:
    parser.take(
        "what", zh="检查、承接，或撤回一次承接。", en="Check, take over, or take an import back.", choices=_WHAT
    )
    parser.take(
        "file",
        zh="表格文件（.xlsx、.csv）；撤回时写导入的编号。",
        en="The sheet (.xlsx, .csv); of undo the import's number.",
        metavar="FILE",
    )
    parser.take("--definition", zh="按哪个流程接着办。", en="By which process they go on.", metavar="KEY")
    parser.take("--skip-wrong", zh="跳过有错的行。", en="Leave out lines with an error.", action="store_true")


def _run(options: Namespace) -> int:
    from huying.errors import NotFound
    from huying.legacy.imports import NotTaken
    from huying.register.workbook.archive import WrongWorkbook

    try:
        return _undo(options) if options.what == "undo" else _take(options)
    except (WrongWorkbook, NotTaken, NotFound) as refusal:
        print(Said(**refusal.message).read(options.languages), file=sys.stderr)
        return FINDINGS
    except OSError as error:
        print(not_opened(options.file, error).read(options.languages), file=sys.stderr)
        return UNREADABLE


def _by() -> By:
    from datetime import UTC, datetime

    from huying.house.by import By

    return By(None, datetime.now(UTC))


def _take(options: Namespace) -> int:
    """Handed in and looked at, as on the page: how the last sheet with these titles was understood holds here, too."""
    from pathlib import Path

    from huying.legacy.imports import look_at, offer_records, take_records

    path = Path(options.file)
    content = path.read_bytes()
    if not options.definition:
        print(
            Said("请用 --definition 写明流程。", "Name the process by --definition.").read(options.languages),
            file=sys.stderr,
        )
        return UNREADABLE
    house, by = opened(), _by()
    number = offer_records(house, path.name, content, options.definition, by)
    found = look_at(house, number, by.now)
    sound = not found.wrong or options.skip_wrong
    count = 0
    if options.what == "import" and sound and found.lines:
        count = take_records(house, number, by, partial=options.skip_wrong)
    _show(options, found, number, count)
    return SOUND if sound else FINDINGS


def _show(options: Namespace, found: LegacyPreview, number: int, count: int) -> None:
    if options.format == "json":
        show_json(_data(found, number, count))
        return
    for one in found.findings:
        place = f"{one.row}{' ' + one.letter if one.letter else ''}"
        zh = f"第 {place} {one.title}“{one.found}”：{one.wrong.zh}；{one.remedy.zh}"
        en = f"Row {place} {one.title} “{one.found}”: {one.wrong.en}; {one.remedy.en}"
        print(Said(zh, en).read(options.languages), file=sys.stderr)
    for part in found.sheet.passed:
        print(Said(f"没有读：{part.zh}", f"Not read: {part.en}").read(options.languages))
    said = Said(
        f"在办 {found.open} 件，已办结 {found.closed} 件，已在这里 {found.here} 件，有错 {found.wrong} 行；承接了 {count} 件，编号 {number}。",
        f"{found.open} open, {found.closed} closed, {found.here} here already, {found.wrong} wrong; {count} taken over, as number {number}.",
    )
    print(said.read(options.languages))


def _data(found: LegacyPreview, number: int, count: int) -> dict[str, object]:
    findings = [
        {
            **{name: getattr(one, name) for name in ("row", "title", "letter", "found")},
            "wrong": one.wrong._asdict(),
            "remedy": one.remedy._asdict(),
        }
        for one in found.findings
    ]
    sums = {name: getattr(found, name) for name in ("open", "closed", "here", "wrong")}
    return {"number": number, "taken": count, **sums, "findings": findings}


def _undo(options: Namespace) -> int:
    from huying.legacy.undo import undo_records

    if not (options.file.isascii() and options.file.isdigit()):
        print(Said("撤回请写导入的编号。", "Give the number of the import.").read(options.languages), file=sys.stderr)
        return UNREADABLE
    house: House = opened()
    done = undo_records(house, int(options.file), _by())
    if options.format == "json":
        kept = [{"number": one.number, "ours": one.ours} for one in done.kept]
        show_json({"gone": done.gone, "kept": kept})
        return SOUND
    print(Said(f"已撤回 {done.gone} 件。", f"{done.gone} matters are gone.").read(options.languages))
    for one in done.kept:
        print(
            Said(f"有人办过，保留：{one.number}（{one.ours}）", f"Acted on, stays: {one.number} ({one.ours})").read(
                options.languages
            )
        )
    return SOUND


_LOOKED = "{number, taken, open, closed, here, wrong, findings: [{row, title, letter, found, wrong, remedy}]}"
COMMAND = Command(
    "records",
    Said("承接旧台账：检查、承接、撤回。", "Matters from before: check a sheet, take it over, take it back."),
    _run,
    _arguments,
    json=(("check", _LOOKED), ("import", _LOOKED), ("undo", "{gone, kept: [{number, ours}]}")),
)

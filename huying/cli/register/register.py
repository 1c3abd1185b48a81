"""``register``: the register as a workbook, to be filled in, checked, imported, taken back and exported."""

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
    from pathlib import Path

    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.register.workbook.preview import ImportPreview

_WHAT = ("template", "check", "import", "undo", "export")


def _arguments(parser: Parser) -> None:
    parser.take(
        "what",
        zh="做模板、检查、导入、撤回一次导入，或导出。",
        en="Make a template, check, import, take an import back, or export.",
        choices=_WHAT,
    )
    parser.take(
        "file",
        zh="表格文件（.xlsx）；撤回时写导入的编号。",
        en="The workbook (.xlsx); of undo the import's number.",
        metavar="FILE",
    )
    parser.take("--dry-run", zh="只看会改什么，不写入。", en="Only say what would change.", action="store_true")
    parser.take(
        "--skip-wrong", zh="跳过有错的行，写入其余的。", en="Leave out rows with an error.", action="store_true"
    )
    parser.take(
        "--without-private", zh="导出时不带手机和邮箱。", en="Export without phones and mail.", action="store_true"
    )


def _run(options: Namespace) -> int:
    from huying.register.workbook.archive import WrongWorkbook
    from huying.register.workbook.imports import NotAsItIs

    try:
        return _RUNS[options.what](options)
    except (WrongWorkbook, NotAsItIs) as refusal:
        print(Said(**refusal.message).read(options.languages), file=sys.stderr)
        return FINDINGS
    except OSError as error:
        print(not_opened(options.file, error).read(options.languages), file=sys.stderr)
        return UNREADABLE


def _template(options: Namespace) -> int:
    from huying.register.workbook.imports import empty_book

    return _kept(options, empty_book(opened()))


def _export(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.house.by import By
    from huying.register.workbook.imports import full_book

    by = By(None, datetime.now(UTC))
    return _kept(options, full_book(opened(), by, private=not options.without_private))


def _kept(options: Namespace, content: bytes) -> int:
    path = _path(options)
    path.write_bytes(content)
    if options.format == "json":
        show_json({"file": str(path), "bytes": len(content)})
    else:
        print(Said(f"已写到 {path}。", f"Written to {path}.").read(options.languages))
    return SOUND


def _path(options: Namespace) -> Path:
    from pathlib import Path

    path = Path(options.file)
    return path if path.suffix else path.with_suffix(".xlsx")


def _check(options: Namespace) -> int:
    house = opened()
    found = _preview(house, options)
    _show(found, options, None)
    return FINDINGS if found.errors else SOUND


def _preview(house: House, options: Namespace) -> ImportPreview:
    from huying.register.workbook.imports import looked_at
    from huying.register.workbook.opening import opened as cells

    return looked_at(house, cells(_path(options).read_bytes()))


def _import(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.house.by import By
    from huying.register.workbook.imports import offer, offered, write

    if options.dry_run:
        return _check(options)
    house, by = opened(), By(None, datetime.now(UTC))
    number = offer(house, _path(options).name, _path(options).read_bytes(), by)
    found = offered(house, number, by.now).preview
    sound = not found.errors or options.skip_wrong
    writes = sound and bool(found.changes)
    if writes:
        write(house, number, by, partial=options.skip_wrong)
    _show(found, options, number if writes else None)
    return SOUND if sound else FINDINGS


def _undo(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.house.by import By
    from huying.register.workbook.undo import undo_import

    if not (options.file.isascii() and options.file.isdigit()):
        print(Said("撤回请写导入的编号。", "Give the number of the import.").read(options.languages), file=sys.stderr)
        return UNREADABLE
    done = undo_import(opened(), int(options.file), By(None, datetime.now(UTC)))
    if options.format == "json":
        told = {"kept": done.kept, "ended": done.ended}
        show_json({"restored": done.restored, **{name: [one._asdict() for one in rows] for name, rows in told.items()}})
        return SOUND
    print(Said(f"已撤回 {done.restored} 处。", f"{done.restored} rows are as they were.").read(options.languages))
    for one in done.kept:
        print(Said(f"写入以后又改过，保持原样：{one.zh}", f"Changed since, stays: {one.en}").read(options.languages))
    for one in done.ended:
        print(Said(f"已有事项用到，只停用：{one.zh}", f"In use, put out of service: {one.en}").read(options.languages))
    return SOUND


def _show(found: ImportPreview, options: Namespace, written: int | None) -> None:
    if options.format == "json":
        show_json(_data(found, written))
        return
    from huying.register.workbook.words import finding_words, invented_words, sum_words

    for one in found.sums:
        if one.rows:
            print(sum_words(one).read(options.languages))
    for part in found.not_read:
        print(Said(f"没有读：{part.zh}", f"Not read: {part.en}").read(options.languages))
    for _, login, name in found.invented:
        print(invented_words(name, login).read(options.languages))
    for finding in found.findings:
        mark = Said("有错", "Error") if finding.error else Said("请核对", "Look at")
        told = finding_words(finding)
        print(Said(f"{mark.zh} {told.zh}", f"{mark.en} {told.en}").read(options.languages), file=sys.stderr)
    print(_ending(found, options, written).read(options.languages))


def _ending(found: ImportPreview, options: Namespace, written: int | None) -> Said:
    count = len(found.changes)
    if written is not None:
        zh = f"已写入 {count} 处，编号 {written}；七天内可用 huying register undo {written} 撤回。"
        return Said(
            zh,
            f"{count} changes written as number {written}; for seven days `huying register undo {written}` takes them back.",
        )
    if found.errors and not options.skip_wrong:
        return Said(
            f"有 {len(found.errors)} 处错误，没有写入。", f"There are {len(found.errors)} errors; nothing was written."
        )
    if not count:
        return Said("没有要改的，名册已是这样。", "There is nothing to change; the register says so already.")
    return Said(f"将改 {count} 处，没有写入。", f"{count} changes would be made; nothing was written.")


def _data(found: ImportPreview, written: int | None) -> dict[str, object]:
    sums = ("sheet", "rows", "new", "changed", "same", "bad", "absent")
    told = ("sheet", "row", "letter", "key", "found", "error")
    return {
        "written": written,
        "changes": len(found.changes),
        "sheets": [{name: getattr(one, name) for name in sums} for one in found.sums],
        "findings": [
            {
                **{name: getattr(one, name) for name in told},
                "wrong": one.wrong._asdict(),
                "remedy": one.remedy._asdict(),
            }
            for one in found.findings
        ],
    }


_RUNS = {"template": _template, "check": _check, "import": _import, "undo": _undo, "export": _export}

_ROW = "{sheet, row, letter, key, found, error, wrong, remedy}"
_LOOKED = f"{{written, changes, sheets: [{{sheet, rows, new, changed, same, bad, absent}}], findings: [{_ROW}]}}"
COMMAND = Command(
    "register",
    Said(
        "把名册做成表格：模板、检查、导入、撤回、导出。",
        "The register as a workbook: template, check, import, undo, export.",
    ),
    _run,
    _arguments,
    json=(
        ("template", "{file, bytes}"),
        ("check", _LOOKED),
        ("import", _LOOKED),
        ("undo", "{restored, kept: [{zh, en}], ended: [{zh, en}]}"),
        ("export", "{file, bytes}"),
    ),
)

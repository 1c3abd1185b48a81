"""``figures``: a table of figures, for people and programs; sets of figures are checked and published."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from definitions.text import Said
from huying.cli.arguments import at_most, moment, note
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from huying.cli.parser import Parser
    from huying.figures.table import FigureRow, FigureTable
    from huying.house.house import House


def _arguments(parser: Parser) -> None:
    one = parser.one_of()
    parser.take(
        "--period",
        zh="哪段时间：2026、2026-Q3、2026-10 或 2026-10-01..2026-10-15；不写则为本月。",
        en="Which time: 2026, 2026-Q3, 2026-10 or 2026-10-01..2026-10-15; left out: this month.",
        metavar="TIME",
    )
    parser.take("--set", zh="哪一套口径。", en="Which set of figures.", default="city", metavar="KEY")
    parser.take(
        "--by",
        zh="按什么分，可写几项，用逗号隔开：district、station、channel、month……",
        en="By what, several with commas between: district, station, channel, month …",
        default="",
        metavar="AXES",
    )
    parser.take("--area", zh="只看这个区域（代码）。", en="Only this area (its code).", metavar="CODE")
    parser.take("--station", zh="只看这些站点（代码）。", en="Only these stations.", default="", metavar="CODES")
    parser.take("--only", zh="只看这些数和率。", en="Only these measures and rates.", default="", metavar="KEYS")
    parser.take(
        "--as-of",
        zh="按当时的历史重算。",
        en="Count it again from the history, as of then.",
        type=moment,
        metavar="MOMENT",
    )
    parser.take("--check", zh="检查一套口径。", en="Check a set of figures.", metavar="FILE", within=one)
    parser.take("--publish", zh="发布一套口径。", en="Publish a set of figures.", metavar="FILE", within=one)
    note(parser)
    parser.take("--publisher", zh="发布人。", en="Who publishes.", default="命令行 command line", type=at_most(100))
    parser.take(
        "--format",
        zh="给人看，或给程序、表格读。",
        en="For people, programs or sheets.",
        choices=("text", "json", "csv"),
        default="text",
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    if options.check or options.publish:
        return _taken(options, now)
    house = opened()
    table = _table(house, options, now)
    if options.format == "json":
        show_json(_data(table))
    elif options.format == "csv":
        _csv(table)
    else:
        _show(house, table, options.languages[0])
    return SOUND


def _taken(options: Namespace, now: datetime) -> int:
    """Check or publish a set; what is wrong is said by whoever carries commands out."""
    from pathlib import Path

    from definitions.loader import Unsound
    from huying.figures.sets import examine_set, publish_set

    name = options.check or options.publish
    source = Path(name).read_bytes()
    figures, findings = examine_set(source, name)
    if figures is None or findings:
        raise Unsound(findings)
    key, version, state = figures.figures, None, "sound"
    if options.publish:
        found, new = publish_set(opened(), source, name, by=options.publisher, note=options.note, now=now)
        version, state = found.version, "published" if new else "unchanged"
    if options.format == "json":
        show_json({"key": key, "version": version, "state": state})
    else:
        said = {"sound": "没有问题 sound", "published": "已发布 published", "unchanged": "没有变化 unchanged"}
        print(f"{key}{f' v{version}' if version else ''} {said[state]}")
    return SOUND


def _table(house: House, options: Namespace, now: datetime) -> FigureTable:
    from huying.figures.question import DaySpan, FigureQuestion
    from huying.figures.recount import recount
    from huying.figures.table import table

    question = FigureQuestion(
        span=DaySpan.parse(options.period or f"{house.day_of(now):%Y-%m}"),
        figures=options.set,
        by=_several(options.by),
        area=options.area,
        stations=_several(options.station),
        measures=_several(options.only),
    )
    language = options.languages[0]
    if options.as_of:
        return recount(house, None, question, options.as_of, language=language)
    return table(house, None, question, language, now)


def _several(said: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in said.split(",") if one.strip())


def _data(table: FigureTable) -> dict[str, Any]:
    return {
        "figures": table.set.key,
        "version": table.set.version,
        "digest": table.set.digest,
        "period": str(table.span),
        "as_of": table.as_of,
        "by": [f"{axis.name}:{axis.level}" if axis.level else axis.name for axis in table.axes],
        "legend": [
            {"key": one.key, "title": one.title, "help": one.help, "of": one.of or None, "over": one.over or None}
            for one in table.columns
        ],
        "total": _numbers(table, table.total),
        "rows": [
            {"keys": list(row.keys), "labels": list(row.labels), "values": _numbers(table, row)} for row in table.rows
        ],
    }


def _numbers(table: FigureTable, row: FigureRow) -> list[dict[str, Any]]:
    several = [(one.key, row.value(one)) for one in table.columns]
    return [
        {
            "key": key,
            "number": value.number,
            "over": value.over,
            "rate": None if value.share is None else float(value.share),
        }
        for key, value in several
    ]


def _csv(table: FigureTable) -> None:
    import csv

    sheet = csv.writer(sys.stdout)
    titles = [name for one in table.columns for name in ((one.title, f"{one.title} /") if one.rate else (one.title,))]
    sheet.writerow([*(axis.level or axis.name for axis in table.axes), *titles])
    for row in table.rows or (table.total,):
        values = [row.value(one) for one in table.columns]
        numbers = [
            n for value in values for n in ((value.number,) if value.over is None else (value.number, value.over))
        ]
        sheet.writerow([*(_plain(label) for label in row.labels), *numbers])


def _plain(label: str) -> str:
    """A name that no sheet takes for a formula."""
    return f"'{label}" if label[:1] in "=+-@" else label


def _show(house: House, table: FigureTable, language: str) -> None:
    from huying.words.moments import moment_words

    as_of = moment_words(table.as_of, house.zone, language)
    print(
        Said(
            f"{table.set.figures.title['zh']} {table.span.words('zh')}，截至 {as_of}，口径第 {table.set.version} 版",
            f"{table.set.figures.title['en']}, {table.span.words('en')}, as of {as_of}, set version {table.set.version}",
        ).of(language)
    )
    for row in (*table.rows, table.total):
        print("\n" + (" · ".join(row.labels) or Said("合计", "All").of(language)))
        for one in table.columns:
            value = row.value(one)
            if value.number or value.over:
                parts = "" if value.over is None else f"  ({value.number} / {value.over})"
                print(f"  {one.title}  {value.said}{parts}")


COMMAND = Command(
    "figures",
    Said("按口径统计；检查、发布口径。", "Print figures; check and publish sets of them."),
    _run,
    _arguments,
    json=(
        (
            "",
            "{figures, version, digest, period, as_of, by: [axis], legend: [{key, title, help, of, over}], "
            "total: [{key, number, over, rate}], rows: [{keys: [key], labels: [label], values: [{key, number, over, rate}]}]}",
        ),
        ("--check", "{key, version, state}"),
    ),
)

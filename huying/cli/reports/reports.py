"""``reports``: those that were prepared and issued are listed; one is recomputed from the history as of its moment, and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.reports.store import KeptReport


def _arguments(parser: Parser) -> None:
    parser.take(
        "deed",
        zh="list 列出报告；verify 按当时的办理记录重新计算并比对。",
        en="list: the reports; verify: recompute one from the history as of its moment, and compare.",
        nargs="?",
        choices=("list", "verify"),
        default="list",
    )
    parser.take("number", zh="报告编号。", en="The number of the report.", nargs="?", metavar="NUMBER")


def _run(options: Namespace) -> int:
    from engine.refusal import Refusal
    from huying.reports.store import report_of

    house = opened()
    if options.deed == "list":
        return _list(house, options)
    if not options.number:
        raise Refusal(
            "请写报告编号，用 huying reports 查看。", "Give the number of a report; huying reports lists them."
        )
    with house.database.reading() as connection:
        report = report_of(connection, options.number)
    return _verify(house, report, options)


def _list(house: House, options: Namespace) -> int:
    from huying.reports.store import amendments_of, reports

    with house.database.reading() as connection:
        found = [(one, len(amendments_of(connection, one.id))) for one in reports(connection)]
    if options.format == "json":
        show_json([{**_said(one), "corrections": many} for one, many in found])
    else:
        for one, many in found:
            state = one.issued_at.isoformat(timespec="minutes") if one.issued_at else "未印发 not issued"
            print(
                "\t".join((one.number, one.title.read(options.languages), f"{one.first}..{one.last}", state, str(many)))
            )
    return SOUND


def _verify(house: House, report: KeptReport, options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.reports.sheet import was_and_now
    from huying.reports.verification import check_report

    found = check_report(house, report, datetime.now(UTC))
    if options.format == "json":
        wrong = [
            {
                "by": one.by,
                "row": one.row,
                "figure": one.figure,
                "was": [one.was.of, one.was.over],
                "now": [one.now.of, one.now.over],
            }
            for one in found.wrong
        ]
        show_json({"number": report.number, "sound": found.sound, "compared": found.compared, "wrong": wrong})
        return SOUND if found.right else FINDINGS
    if not found.sound:
        print(
            Said(
                "正文或口径和当时记下的不一样。", "The text, or its set of figures, is not what was written down."
            ).read(options.languages)
        )
    for one in found.wrong:
        was, now = was_and_now(report.frozen, one)
        print("\t".join((one.by, one.title.zh, one.figure, was, now)))
    if found.right:
        whole = Said(f"比对 {found.compared} 个数，完全一致。", f"{found.compared} figures compared: all the same.")
        print(whole.read(options.languages))
    return SOUND if found.right else FINDINGS


def _said(report: KeptReport) -> dict[str, object]:
    return {
        "number": report.number,
        "title": {"zh": report.title.zh, "en": report.title.en},
        "first": report.first,
        "last": report.last,
        "as_of": report.as_of,
        "issued_at": report.issued_at,
        "digest": report.digest,
    }


COMMAND = Command(
    "reports",
    Said(
        "列出月报、年报；按当时的办理记录重新计算一份并比对。",
        "List reports; recompute one from the history as of its moment, and compare.",
    ),
    _run,
    _arguments,
    json=(
        ("list", "[{number, title: {zh, en}, first, last, as_of, issued_at, digest, corrections}]"),
        ("verify", "{number, sound, compared, wrong: [{by, row, figure, was, now}]}"),
    ),
)

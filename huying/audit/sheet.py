"""The audit log as a sheet (xlsx), for those who have to look through it."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from definitions.text import Said
from huying.audit.view import AuditLine

#: Nothing that somebody wrote becomes a formula or a link, however it begins.
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLUMNS = (
    (Said("序号", "No."), 9),
    (Said("时间", "When"), 20),
    (Said("谁", "Who"), 16),
    (Said("做了什么", "What"), 22),
    (Said("对象", "Object"), 26),
    (Said("关于", "About"), 16),
    (Said("事由", "Reason"), 30),
    (Said("结果", "Outcome"), 9),
    (Said("细节", "Detail"), 36),
    (Said("途径", "Through"), 16),
    (Said("网络地址", "Address"), 18),
    (Said("浏览器或程序", "Browser or program"), 30),
    (Said("登录标记", "Log-in"), 14),
)


def audit_sheet(lines: Iterable[AuditLine], zone: ZoneInfo, language: str) -> bytes:
    """The workbook, a row a line; moments by the clock of the office."""
    into = BytesIO()
    with Workbook(into, _PLAIN) as book:
        page = book.add_worksheet(Said("审计日志", "Audit log").of(language))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 2)
        for at, (title, width) in enumerate(_COLUMNS):
            page.set_column(at, at, width)
            page.write_string(0, at, title.of(language), bold)
        for number, line in enumerate(lines, 1):
            for at, text in enumerate(_cells(line, zone)):
                page.write_string(number, at, text[:32_000], wrapped)
    return into.getvalue()


def _cells(line: AuditLine, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        str(line.seq),
        f"{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        line.who,
        line.what,
        line.object,
        line.about,
        line.reason,
        line.outcome_words,
        line.detail,
        line.through,
        line.address,
        line.agent,
        line.session,
    )

"""The audit log as a sheet (xlsx), for those who have to look through it."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from definitions.text import Said
from huying.audit.view import AuditLine
from huying.words.sheet import list_sheet

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
    rows = (_cells(line, zone) for line in lines)
    return list_sheet(Said("审计日志", "Audit log"), _COLUMNS, rows, language, standing=2)


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

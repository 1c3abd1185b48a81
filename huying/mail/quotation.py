"""What somebody wrote in a reply, without what their program put below it: the quoted mail, and the line about their telephone.

Programs differ and change: what is cut is only hidden, and the whole mail always stands beside it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from huying.messages.reply_address import ABOVE_THIS

_LINE = re.compile("|".join(re.escape(words.strip("— ")) for words in ABOVE_THIS))
#: A line below which everything is the mail that is answered.
_BELOW = re.compile(
    r"^[>\s]*(?:"
    r"[-—_=\s]{2,}\s*(?:回复的?)?(?:原始邮件|原邮件|原始信息|转发的?邮件|转发的信息|Original(?: Message)?|Forwarded message|Repl(?:y|ied) message"
    r"|Begin forwarded message).{0,40}"
    r"|(?:在|于)\s?.{0,120}(?:写道|撰写|写)\s?[：:]\s*"
    r"|.{0,120}[于在]\s?\d{2,4}\s?[年/.-].{0,60}写道\s?[：:]\s*"
    r"|(?:On|At)\b.{4,200}\bwrote\s?:\s*"
    r"|_{20,}\s*|-{20,}\s*"
    r"|Begin forwarded message:\s*"
    r")$",
    re.I,
)
#: The same broken over several lines.
_OPENED = re.compile(r"^[>\s]*(?:(?:On|At)\b.{4,200}|在\s?\d{2,4}\s?[年/.-].{0,160})$", re.I)
_CLOSED = re.compile(r"^.{0,160}(?:wrote\s?:|写道\s?[：:])\s*$", re.I)
#: The block of headers that Outlook and Foxmail set above what is quoted: two of its lines within five.
_FROM = re.compile(r"^[>\s*]*(?:发件人|寄件者|From)\s?[：:]\**\s*\S", re.I)
_HEADER = re.compile(
    r"^[>\s*]*(?:发送时间|发送日期|日期|时间|收件人|主题|抄送|Sent|Date|To|Subject|Cc)\s?[：:]\**\s*\S", re.I
)
#: What a program adds below.
_OWN_LINE = re.compile(
    r"^\s*(?:发自我的|来自我的|发送自我的|从我的.{1,20}发送|Sent from (?:my |Mail |Outlook|Samsung|Huawei|Xiaomi|HONOR)|获取\s?(?:适用于|Outlook)"
    r"|Get\s+Outlook\s+for|从\s?Windows\s?版?邮件发送|Sent with|签名由|该邮件从移动设备发送|发自.{0,14}(?:手机|iPhone|iPad|邮箱|大师)).{0,80}$",
    re.I,
)
_QUOTED = re.compile(r"^\s*>")
#: So many lines of somebody's own signature are taken for one.
_SIGNED = 8


class ReplyText(NamedTuple):
    """What is new in a reply, and whether something was cut off below it."""

    words: str
    cut: bool


def reply_of(text: str) -> ReplyText:
    """What is new; of a reply in which nothing is, or all stands between quoted lines, everything that is not quoted, else all."""
    lines = text.split("\n")
    end = next((at for at in range(len(lines)) if _ends(lines, at)), len(lines))
    above = _unsigned(lines[:end])
    while above and (not above[-1].strip() or _QUOTED.match(above[-1])):
        above.pop()
    words = "\n".join(above).strip()
    if words and not all(_QUOTED.match(line) for line in above if line.strip()):
        return ReplyText(words, words != text.strip())
    own = "\n".join(
        line
        for at, line in enumerate(lines)
        if not _QUOTED.match(line) and not _LINE.search(line) and not _ends(lines, at)
    ).strip()
    return ReplyText(own or text.strip(), bool(own))


def _ends(lines: list[str], at: int) -> bool:
    """Whether what is answered begins at this line."""
    line = lines[at]
    if len(line) > 400 or not line.strip():
        return False
    if _LINE.search(line) or _BELOW.match(line):
        return True
    if _FROM.match(line):
        return any(_HEADER.match(one) for one in lines[at + 1 : at + 6])
    return bool(_OPENED.match(line)) and any(_CLOSED.match(one) for one in lines[at + 1 : at + 3])


def _unsigned(lines: list[str]) -> list[str]:
    """Without what a program adds, and a signature below ``--``."""
    kept = [line for line in lines if not _OWN_LINE.match(line)]
    for at in range(max(0, len(kept) - _SIGNED - 1), len(kept)):
        if kept[at].rstrip() == "--" or kept[at] == "-- ":
            return kept[:at]
    return kept

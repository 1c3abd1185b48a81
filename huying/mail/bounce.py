"""A mail that came back: whether its address is gone for good, by what the report says, else by the words that providers use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huying.mail.content import MailContent, short

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s-])")
#: Of these classes of RFC 3463 nobody will ever be there: a bad address, a bad domain, an account that was switched off.
_GONE = frozenset({("1", "0"), ("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1"), ("4", "4")})
_NOBODY = re.compile(
    r"不存在|无此用户|没有此用户|用户未找到|查无此|无效(?:的)?(?:地址|收件人|邮箱)|已注销|已停用|账号.{0,6}(?:冻结|关闭)|域名.{0,8}(?:错误|无效)"
    r"|user (?:unknown|not found)|unknown user|no such (?:user|recipient|mailbox)|mailbox (?:not found|unavailable)|does not exist"
    r"|address rejected|recipient rejected|account (?:is )?disabled|host (?:or domain name )?not found",
    re.I,
)
_FOR_NOW = re.compile(
    r"已满|超出.{0,6}(?:容量|配额)|空间不足|频率|过于频繁|拒收|拒绝|垃圾|反垃圾|稍后|暂时|超时|过大"
    r"|quota|full|too (?:many|large|fast)|rate|spam|blocked|policy|deferred|temporar|timed? ?out|try (?:again )?later|greylist",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """That a mail came back: ``hard``, if nobody is there; ``late``: it has only not arrived yet; and why, in the words of the other side."""

    hard: bool
    late: bool
    reason: str


def bounce_of(content: MailContent) -> Bounce:
    """What a mail says that a machine sent back."""
    failed = [one for one in content.reports if one.action in ("failed", "")] or list(content.reports)
    if failed:
        first = failed[0]
        said = short(f"{first.status} {first.said}", 300)
        late = all(one.action in ("delayed", "relayed", "delivered", "expanded") for one in content.reports)
        return Bounce(not late and _is_gone(f"{first.status} {first.said}"), late, said)
    text = f"{content.subject}\n{content.text[:20_000]}"
    told = next((line for line in text.split("\n") if _NOBODY.search(line) or _FOR_NOW.search(line)), content.subject)
    return Bounce(_is_gone(text), False, short(told, 300))


def _is_gone(said: str) -> bool:
    """Whether nobody is there: by the class of the status; else by the words, where a word for what passes goes before."""
    status = _STATUS.search(said)
    if status and status[1] == "5" and (status[2], status[3]) in _GONE:
        return True
    if status and (status[1] == "4" or status[2] in ("2", "3", "7")):
        return False
    code = _CODE.search(said)
    if code and code[1].startswith("4"):
        return False
    return bool(_NOBODY.search(said)) and not _FOR_NOW.search(said)

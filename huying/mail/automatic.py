"""Whether a machine wrote a mail, and what kind of machine: nobody answers those, or two of them would never stop."""

from __future__ import annotations

import re
from typing import Literal

from huying.mail.content import MailContent

#: ``away``: somebody's notice that they are away; ``bounce``: a mail comes back; ``own``: one of ours; ``list``, ``auto``: other machines.
MachineKind = Literal["away", "bounce", "own", "list", "auto"]
_AWAY = re.compile(
    r"^\s*(?:\[?自动回复\]?|自动答复|自動回覆|外出自动回复|【自动回复】|（自动回复）|automatic reply|auto(?:matic)?[- ]?(?:reply|response)"
    r"|out of (?:the )?office|autoreply|vacation)",
    re.I,
)
_RETURNED = re.compile(
    r"退信|系统退信|邮件未送达|投递失败|无法送达|发送失败|未能送达"
    r"|undeliver|delivery (?:status notification|failure|has failed)|returned (?:mail|to sender)"
    r"|mail delivery (?:failed|subsystem)|failure notice",
    re.I,
)
_DAEMON = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|bounce[s]?(?:[+=-].*)?|postmaster-.*|double-bounce)@", re.I
)


def machine(content: MailContent, returned_to: str | None, own_domain: str) -> MachineKind | None:
    """What machine wrote it; ``None``: a person did.

    ``returned_to``: the envelope's sender (``None``: not known), ``own_domain``: that of our mail.
    """
    marks, sender = content.marks, content.sender.address
    empty = returned_to == "" or marks.get("return-path", "x").strip("<> ") == ""
    daemon = bool(_DAEMON.match(sender))
    if content.reports or "x-failed-recipients" in marks or (daemon and (empty or _RETURNED.search(content.subject))):
        return "bounce"
    if empty and _RETURNED.search(content.subject):
        return "bounce"
    if own_domain and content.message_id.lower().endswith(f"@{own_domain}") and "auto-submitted" in marks:
        return "own"
    submitted = re.split(r"[;(\s]", marks.get("auto-submitted", "no").strip())[0]
    if (
        _AWAY.match(content.subject)
        or submitted == "auto-replied"
        or {"x-autoreply", "x-autorespond", "x-auto-reply"} & marks.keys()
    ):
        return "away"
    if submitted not in ("", "no"):
        return "auto"
    if "list-id" in marks or "list-unsubscribe" in marks or "feedback-id" in marks:
        return "list"
    if marks.get("precedence", "").strip() in ("bulk", "list", "junk", "auto_reply"):
        return "list"
    return "auto" if empty or daemon or "x-loop" in marks else None


def hushed(content: MailContent) -> bool:
    """Whether whoever sent it asks not to be answered by a machine."""
    return "x-auto-response-suppress" in content.marks

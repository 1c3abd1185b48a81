"""What a mail server's refusal means for the message.

Only refusals of the recipient or of the mail itself are for ever. Those of our log-in, our sender or our way of connecting
concern the settings: they are repaired by the operator while the message waits.
"""

from __future__ import annotations

import smtplib

from notifications.message import DeliveryResult, permanent, temporary

#: The sender is refused because this mail is too large.
_TOO_LARGE = 552


def refusal(error: smtplib.SMTPException, place: str) -> DeliveryResult:
    """The result for an error of ``smtplib``; ``place`` names the server."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _answered(code, text, "邮件服务器拒收此收件地址。", "The mail server refused the recipient")
    if isinstance(error, smtplib.SMTPDataError) or _code(error) == _TOO_LARGE:
        return _answered(_code(error), _words(error), "邮件服务器拒收此邮件。", "The mail server refused the mail")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return temporary(
            f"登录邮件服务器 {place} 失败，请管理员检查账号和密码。", "Log-in to the mail server failed", _words(error)
        )
    if isinstance(error, smtplib.SMTPSenderRefused):
        return temporary(
            "邮件服务器拒绝发件人地址，请管理员检查。", "The mail server refused the sender", _words(error)
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return temporary(
            f"邮件服务器 {place} 缺少所需功能，请管理员检查。", "The mail server lacks something needed", error
        )
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return temporary(f"邮件服务器 {place} 中断了连接。", "The mail server broke off", error)
    return temporary(f"邮件服务器 {place} 暂不可用。", "The mail server is not available", _words(error))


def _answered(code: int, text: object, chinese: str, english: str) -> DeliveryResult:
    judge = permanent if 500 <= code <= 599 else temporary
    return judge(chinese, english, f"{code} {_decoded(text)}")


def _code(error: smtplib.SMTPException) -> int:
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _words(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error)


def _decoded(text: object) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)

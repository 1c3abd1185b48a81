"""Mails as clients and servers really write them, made here: ten clients in two languages, what comes back, what answers by itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email.charset import BASE64, QP
from quopri import encodestring
from typing import Literal

NEW = {
    "zh": "三号楼前的路灯昨晚又灭了，\n请尽快看看。谢谢！朱镕基路 12 号",
    "en": "The lamp in front of building 3 went out again.\nPlease have a look.",
}
OURS = {
    "zh": "—— 请在此线以上回复 ——\n\n您反映的事项 XG-2026-00042 已受理。\n查看：https://huying.example/t/abc",
    "en": "—— Please reply above this line ——\n\nYour issue XG-2026-00042 was taken.\nOpen: https://huying.example/t/abc",
}
SUBJECT = {"zh": "【已受理】XG-2026-00042 路灯不亮", "en": "Taken: XG-2026-00042 A lamp is out"}
Kind = Literal["reply", "forward", "bounce", "away"]


@dataclass(frozen=True)
class Client:
    """How a program writes: its charsets, what it puts above what it quotes (``above``), around it, and below what was written (``signature``)."""

    name: str
    above: dict[str, str]
    signature: dict[str, str]
    charset: str = "utf-8"
    quote: str = ""
    markup: bool = False
    way: int = BASE64
    answer: dict[str, str] | None = None


def _both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


CLIENTS = (
    Client(
        "qq",
        {
            "zh": '------------------ 原始邮件 ------------------\n发件人: "呼应" <noreply@x.gov.cn>;\n'
            '发送时间: 2026年11月1日(星期日) 上午10:00\n收件人: "张三"<zhang@qq.com>;\n主题: {subject}',
            "en": '------------------ Original ------------------\nFrom: "Huying" <noreply@x.gov.cn>;\n'
            'Date: Sun, Nov 1, 2026 10:00 AM\nTo: "Zhang"<zhang@qq.com>;\nSubject: {subject}',
        },
        {"zh": "\n张三\n发自我的iPhone", "en": "\nZhang\nSent from my iPhone"},
        charset="gb18030",
        markup=True,
    ),
    Client(
        "163",
        {
            "zh": '在 2026-11-01 10:00:00，"呼应" <noreply@x.gov.cn> 写道：',
            "en": 'At 2026-11-01 10:00:00, "Huying" <noreply@x.gov.cn> wrote:',
        },
        {"zh": "", "en": ""},
        charset="GBK",
        quote=">",
        markup=True,
    ),
    Client(
        "netease-master",
        {
            "zh": "---- 回复的原邮件 ----\n| 发件人 | 呼应<noreply@x.gov.cn> |\n| 发送日期 | 2026年11月01日 10:00 |",
            "en": "---- Replied Message ----\n| From | Huying<noreply@x.gov.cn> |\n| Date | 11/01/2026 10:00 |",
        },
        {"zh": "\n签名由 网易邮箱大师 定制", "en": ""},
        charset="gb2312",
    ),
    Client(
        "foxmail",
        {
            "zh": "发件人： 呼应\n发送时间： 2026-11-01 10:00\n收件人： zhang@example.cn\n主题： {subject}",
            "en": "From: Huying\nDate: 2026-11-01 10:00\nTo: zhang@example.cn\nSubject: {subject}",
        },
        {"zh": "", "en": ""},
        charset="gb2312",
    ),
    Client(
        "outlook",
        {
            "zh": "________________________________\n发件人: 呼应 <noreply@x.gov.cn>\n"
            "发送时间: 2026年11月1日 10:00\n收件人: 张三 <zhang@example.cn>\n主题: {subject}",
            "en": "________________________________\nFrom: Huying <noreply@x.gov.cn>\n"
            "Sent: Sunday, November 1, 2026 10:00 AM\nTo: Zhang <zhang@example.cn>\nSubject: {subject}",
        },
        {"zh": "\n获取 Outlook for iOS", "en": "\nGet Outlook for iOS"},
        way=QP,
    ),
    Client(
        "outlook-desktop",
        {
            "zh": "*发件人:* 呼应 <noreply@x.gov.cn>\n*发送时间:* 2026年11月1日 10:00\n*收件人:* 张三\n*主题:* {subject}",
            "en": "*From:* Huying <noreply@x.gov.cn>\n*Sent:* Sunday, November 1, 2026 10:00 AM\n*To:* Zhang\n*Subject:* {subject}",
        },
        {"zh": "", "en": ""},
        markup=True,
    ),
    Client(
        "ios",
        {
            "zh": "在 2026年11月1日，10:00，呼应 <noreply@x.gov.cn> 写道：",
            "en": "On Nov 1, 2026, at 10:00 AM, Huying <noreply@x.gov.cn> wrote:",
        },
        {"zh": "\n发自我的 iPhone", "en": "\nSent from my iPhone"},
        quote="> ",
        way=QP,
    ),
    Client(
        "gmail",
        {
            "zh": "呼应 <noreply@x.gov.cn> 于2026年11月1日周日 10:00写道：",
            "en": "On Sun, Nov 1, 2026 at 10:00 AM Huying <noreply@x.gov.cn>\nwrote:",
        },
        {"zh": "", "en": ""},
        quote="> ",
    ),
    Client(
        "huawei",
        {
            "zh": "-------- 原始邮件 --------\n发件人： 呼应 <noreply@x.gov.cn>\n日期： 2026年11月1日周日 上午10:00",
            "en": "-------- Original message --------\nFrom: Huying <noreply@x.gov.cn>\nDate: Sun, Nov 1, 2026, 10:00",
        },
        {"zh": "\n从我的华为手机发送", "en": "\nSent from my Huawei phone"},
    ),
    Client(
        "thunderbird",
        {
            "zh": "在 2026/11/1 10:00, 呼应 写道:",
            "en": "On 11/1/26 10:00, Huying wrote:",
        },
        {"zh": "\n-- \n张三\n某街道某社区", "en": "\n-- \nZhang San\nSome Street"},
        quote="> ",
    ),
)


@dataclass(frozen=True)
class Sample:
    """One mail, and what is right about it."""

    name: str
    kind: Kind
    raw: bytes
    words: str = ""
    subject: str = ""
    hard: bool | None = None


def word(text: str, charset: str) -> str:
    """An encoded word, all in one as Chinese clients write it."""
    codec = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    return f"=?{charset}?B?{b64encode(text.encode(codec)).decode()}?="


def _part(text: str, subtype: str, charset: str, way: int) -> bytes:
    codec = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    content = text.replace("\n", "\r\n").encode(codec)
    coded = b64encode(content) if way == BASE64 else encodestring(content)
    name = "base64" if way == BASE64 else "quoted-printable"
    lines = (
        b"\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
        if way == BASE64
        else coded.replace(b"\n", b"\r\n")
    )
    head = f"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
    return head.encode() + lines


def _markup(text: str) -> str:
    rows = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in text.split("\n")]
    inside = "".join(f"<div>{row or '<br>'}</div>" for row in rows)
    return f"<html><head><style>p{{x:y}}</style></head><body><script>alert(1)</script>{inside}</body></html>"


def letter(client: Client, language: str, kind: Kind) -> Sample:
    """A reply to a mail of ours, or that mail sent on, by a client."""
    subject = f"{ {'zh': '回复', 'en': 'Re'}[language] if kind == 'reply' else {'zh': '转发', 'en': 'Fwd'}[language] }: {SUBJECT[language]}"
    quoted = "\n".join(client.quote + line for line in OURS[language].split("\n"))
    above = client.above[language].format(subject=SUBJECT[language])
    text = f"{NEW[language]}\n{client.signature[language]}\n\n{above}\n{quoted}\n"
    head = [
        f"From: {word('张三', client.charset)} <Zhang@Example.cn>",
        f"To: {word('呼应', client.charset)} <reply@x.gov.cn>",
        f"Subject: {word(subject, client.charset)}",
        f"Message-ID: <{client.name}.{language}.{kind}@mail.example.cn>",
        "Date: Sun, 1 Nov 2026 10:05:00 +0800",
        "MIME-Version: 1.0",
    ]
    if kind == "reply":
        head += [
            "In-Reply-To: <issue.1.2.3.4.t@x.gov.cn>",
            "References: <older@x.gov.cn>\r\n <issue.1.2.3.4.t@x.gov.cn>",
        ]
    start = "\r\n".join(head).encode("ascii") + b"\r\n"
    if client.markup:
        parts = [
            _part(text, "plain", client.charset, client.way),
            _part(_markup(text), "html", client.charset, client.way),
        ]
        parts = parts[1:] if client.name in ("163", "outlook-desktop") else parts
        body = b'Content-Type: multipart/alternative; boundary="b=_1"\r\n\r\n'
        raw = start + body + b"".join(b"--b=_1\r\n" + one + b"\r\n" for one in parts) + b"--b=_1--\r\n"
    else:
        raw = start + _part(text, "plain", client.charset, client.way)
    return Sample(f"{client.name}-{language}-{kind}", kind, raw, NEW[language], subject)


def _dsn(name: str, status: str, said: str, sender: str = "MAILER-DAEMON@mx.example", action: str = "failed") -> bytes:
    return (
        f"From: {sender}\r\nTo: bounce+42-x@x.gov.cn\r\nSubject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n"
        f"Message-ID: <{name}@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
        "--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI'm sorry.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; zhang@example.cn\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n"
        "--B\r\nContent-Type: message/rfc822\r\n\r\n"
        "Message-ID: <issue.1.2.3.4.t@x.gov.cn>\r\nFrom: noreply@x.gov.cn\r\nSubject: x\r\n\r\nhi\r\n--B--\r\n"
    ).encode()


def _words(name: str, sender: str, subject: str, text: str, charset: str = "utf-8", subtype: str = "plain") -> bytes:
    head = (
        f"From: {sender}\r\nTo: bounce+42-x@x.gov.cn\r\nSubject: {word(subject, charset)}\r\nReturn-Path: <>\r\nMessage-ID: <{name}@p.example>\r\n"
        f"MIME-Version: 1.0\r\n"
    )
    return head.encode() + _part(text, subtype, charset, BASE64)


BOUNCES = (
    Sample("postfix", "bounce", _dsn("postfix", "5.1.1", "550 5.1.1 no such user"), hard=True),
    Sample("postfix-full", "bounce", _dsn("postfix-full", "5.2.2", "552 5.2.2 mailbox full"), hard=False),
    Sample("postfix-late", "bounce", _dsn("postfix-late", "4.4.1", "connect timed out", action="delayed"), hard=False),
    Sample("exchange", "bounce", _dsn("exchange", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound"), hard=True),
    Sample("policy", "bounce", _dsn("policy", "5.7.1", "550 5.7.1 rejected as spam"), hard=False),
    Sample(
        "qq-gone",
        "bounce",
        _words(
            "qq-gone",
            "PostMaster@qq.com",
            "退信: 邮件未送达",
            "<p>抱歉，您的邮件被退回来了……</p><p>收件人 zhang@qq.com 邮箱不存在。</p>550 Mailbox not found",
            subtype="html",
        ),
        hard=True,
    ),
    Sample(
        "qq-rate",
        "bounce",
        _words(
            "qq-rate", "PostMaster@qq.com", "系统退信", "发信人发信频率过高，被拒收。550 Connection frequency limited"
        ),
        hard=False,
    ),
    Sample(
        "163-gone",
        "bounce",
        _words(
            "163-gone",
            "Postmaster@163.com",
            "系统退信",
            "很抱歉，您的邮件没有送达：zhang@163.com 用户不存在 (User not found)",
            "gb18030",
        ),
        hard=True,
    ),
    Sample(
        "163-full",
        "bounce",
        _words("163-full", "Postmaster@163.com", "系统退信", "收件人邮箱空间已满 (552 Mailbox full)", "gb2312"),
        hard=False,
    ),
    Sample(
        "gmail-gone",
        "bounce",
        _words(
            "gmail-gone",
            "mailer-daemon@googlemail.com",
            "Delivery Status Notification (Failure)",
            "Address not found. The email account that you tried to reach does not exist.",
        ),
        hard=True,
    ),
)


def _away(name: str, subject: str, header: str, text: str = "我正在休假，11 月 9 日回来。") -> Sample:
    head = f"From: zhang@example.cn\r\nTo: reply@x.gov.cn\r\nSubject: {word(subject, 'utf-8')}\r\nMessage-ID: <{name}@e.cn>\r\n{header}"
    return Sample(f"away-{name}", "away", head.encode() + _part(text, "plain", "utf-8", BASE64))


AWAY = (
    _away("rfc", "休假通知", "Auto-Submitted: auto-replied\r\n"),
    _away("exchange-zh", "自动答复: 【已受理】", "X-Auto-Response-Suppress: All\r\n"),
    _away("exchange-en", "Automatic reply: Taken", "X-Auto-Response-Suppress: All\r\n"),
    _away("qq", "自动回复: 【已受理】XG-2026-00042", ""),
    _away("163", "自动回复:【已受理】", "X-Autoreply: yes\r\n"),
    _away("gmail", "Out of office Re: Taken", "Precedence: bulk\r\nX-Autoreply: yes\r\n"),
    _away("lotus", "I am away", "Auto-Submitted: auto-replied (vacation)\r\n"),
    _away("cpanel", "Autoreply: hello", "X-Autorespond: hello\r\n"),
    _away("old", "Vacation", "Precedence: auto_reply\r\n"),
    _away("sogo", "外出自动回复", "Auto-Submitted: auto-replied\r\n"),
)


def corpus() -> Iterator[Sample]:
    """All of them: sixty."""
    for client in CLIENTS:
        for language in ("zh", "en"):
            yield letter(client, language, "reply")
            yield letter(client, language, "forward")
    yield from BOUNCES
    yield from AWAY

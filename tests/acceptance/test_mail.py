"""One issue by mail, from its first word to the verdict: the house as it runs, a mail server on either side of it, and every mail read."""

from __future__ import annotations

import re
import smtplib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from huying.database.connections import Database
from huying.demo.phone import Phone
from huying.demo.sample import PASSPHRASE
from huying.house.house import House
from huying.issues.verification import verify
from tests.acceptance.running import Running, running
from tests.huying.mail.post import DOMAIN, MX
from tests.huying.town import PIXEL
from tests.patience import within
from tests.ports import free_port

RESIDENT = "zhang.xiaoman@resident.example"
_ABOVE = ("—— 请在此线以上回复 ——", "—— Please reply above this line ——")
_SCENES: tuple[tuple[str, str, Mapping[str, str | list[str]]], ...] = (
    ("@deputy.", "coordinate", {"lead": "城市管理局", "assist": ["供电"], "advice": "请三天内恢复照明。"}),
    ("leiming@", "reply", {"reply": "线路已检修，供电正常。"}),
    ("dingkai@", "reply", {"reply": "灯具已更换，今晚亮灯。"}),
    (RESIDENT, "satisfied", {"stars": "5"}),
)


@dataclass
class Postman:
    """The mail server beside the house: keeps what the house sends, and brings it what people write."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(message_from_bytes(envelope.original_content or b"", EmailMessage, policy=policy.default))
        return "250 OK"

    def brings(self, mail: EmailMessage) -> None:
        """As a server hands over what it has verified."""
        mail["Authentication-Results"] = f"{MX}; dmarc=pass header.from={RESIDENT.partition('@')[2]}"
        with smtplib.LMTP("127.0.0.1", self.port, timeout=within(10)) as server:
            refused = server.sendmail(RESIDENT, [parseaddr(mail["To"])[1]], mail.as_bytes(policy=policy.SMTP))
        assert refused == {}

    def waits_for(self, to: str, occasion: str, product: Running, after: int = 0) -> EmailMessage:
        """The mail of this kind to somebody, among those after the first few."""
        found: list[EmailMessage] = []

        def come() -> bool:
            found[:] = [one for one in self.mails[after:] if to in one["To"] and _occasion(one) == occasion]
            return bool(found)

        _wait(come, product)
        return found[0]


def _wait(what: Callable[[], bool], product: Running) -> None:
    deadline = time.monotonic() + within(60)
    while not what():
        assert time.monotonic() < deadline, product.output.read_text("utf-8")
        time.sleep(0.2)


def _occasion(mail: EmailMessage) -> str:
    """What it was written for: the last word of its key; of an acknowledgment, the first."""
    key = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    return "letter-received" if key.startswith("letter-received.") else key.rsplit(".", 1)[-1]


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def _texts(mail: EmailMessage) -> list[str]:
    return [str(one.get_content()) for one in mail.walk() if one.get_content_maintype() == "text"]


def _written(to: str, subject: str, text: str, number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"张小满 <{RESIDENT}>", to, subject
    mail["Message-ID"] = f"<{number}@resident.example>"
    mail.set_content(text, cte="base64")
    return mail


@contextmanager
def _house(tmp_path: Path) -> Iterator[tuple[Running, Postman]]:
    lmtp, smtp = free_port(), free_port()
    postman = Postman(lmtp)
    outside = Controller(postman, hostname="127.0.0.1", port=smtp)
    outside.start()
    settings = {
        "HUYING_SMTP_URL": f"smtp+plain://127.0.0.1:{smtp}",
        "HUYING_MAIL_DOMAIN": DOMAIN,
        "HUYING_MAIL_LISTEN": f"lmtp://127.0.0.1:{lmtp}",
        "HUYING_MAIL_AUTHSERV": MX,
        "HUYING_MAIL_FROM": f"呼应 <noreply@{DOMAIN}>",
    }
    try:
        with running(tmp_path / "home", settings) as product:
            product.wait_until_healthy()
            yield product, postman
    finally:
        outside.stop()


def _taken_in(product: Running) -> str:
    """A clerk finds the letter in the tray, adds what it does not say, and saves; the number of the issue."""
    with Phone(product.portal) as clerk:
        clerk.open("/login")
        clerk.submit("/login", {"login": "linxiaoyu", "passphrase": PASSPHRASE})
        assert "路灯不亮" in clerk.open("/tray")
        assert "晚上老人看不清路" in clerk.open("/tray/1")
        desk = clerk.open("/intake/letters/1")
        assert 'value="路灯不亮"' in desk
        assert 'value="张小满"' in desk
        said = {"process": "contact-station", "station": "XG", "channel": "mail", "name": "张小满"}
        known = {"subject": "路灯不亮", "description": "坏了三天，晚上老人看不清路。"}
        clerk.submit("/intake", {**said, **known, "category": "路灯照明", "place": "仙港路 12 号门口"})
        clerk.open("/tray/1")
        number = re.search(r"XG-\d{4}-\d{5}", clerk.html)
        assert number, clerk.html[:3000]
        return number[0]


def _acts(product: Running, mail: EmailMessage, action: str, entries: Mapping[str, str | list[str]]) -> None:
    link = re.search(r"https?://\S+(/t/[\w-]+)", _body(mail))
    assert link, _body(mail)
    with Phone(product.portal) as phone:
        phone.open(link[1])
        phone.submit(f"/act/{action}", entries)


def _answers(postman: Postman, mail: EmailMessage) -> None:
    """The resident answers with their program, under their own words what they answer, with a photo."""
    quoted = "\n".join(f"> {line}" for line in _body(mail).splitlines())
    said = f"今晚七点以后我都在家，可以来看。\n\n在 2026年12月1日，呼应 写道：\n{quoted}\n"
    answer = _written(str(mail["Reply-To"]), f"回复：{mail['Subject']}", said, 2)
    answer["In-Reply-To"] = mail["Message-ID"]
    answer.add_attachment(PIXEL, maintype="image", subtype="png", filename="门口的灯.png")
    postman.brings(answer)


@pytest.mark.timeout(600)
def test_one_issue_by_mail_from_first_word_to_verdict(tmp_path: Path) -> None:
    with _house(tmp_path) as (product, postman):
        first = _written(f"shiqing.xg@{DOMAIN}", "路灯不亮", "坏了三天，晚上老人看不清路。\n", 1)
        postman.brings(first)
        received = postman.waits_for(RESIDENT, "letter-received", product)
        assert received["In-Reply-To"] == "<1@resident.example>"
        # what the server brings again is there once
        del first["Authentication-Results"]
        postman.brings(first)
        number = _taken_in(product)
        opened = postman.waits_for(RESIDENT, "opened", product)
        assert number in opened["Subject"]
        code = re.search(r"查询码 (\w+)", _body(opened))
        assert code, _body(opened)
        _acts(product, postman.waits_for("linxiaoyu@", "task", product), "accept", {"kind": "诉求"})
        _answers(postman, opened)
        _wait(lambda: "今晚七点以后我都在家" in _followed(product, number, code[1]), product)
        for to, action, entries in _SCENES:
            _acts(product, postman.waits_for(to, "task", product), action, entries)
        closed = postman.waits_for(RESIDENT, "closed", product)
        assert number in _body(closed)
        told = _followed(product, number, code[1])
        assert "写道" not in told, "what was quoted is not said again"
        assert "灯具已更换，今晚亮灯。" in told
        _read(postman, number)
        database = Database(product.database_url)
        assert verify(House(database, product.home)).faults == []
        database.close()


def _followed(product: Running, number: str, code: str) -> str:
    with Phone(product.portal) as phone:
        phone.open("/follow")
        phone.submit("/follow", {"number": number, "code": code})
        return phone.html


def _read(postman: Postman, number: str) -> None:
    """Every mail that left: whole, about this issue, and one that a machine would not answer; each was sent once."""
    names = [one["Message-ID"] for one in postman.mails]
    assert len(names) == len(set(names))
    theirs = [one for one in postman.mails if RESIDENT in one["To"]]
    assert [_occasion(one) for one in theirs].count("letter-received") == 1
    for mail in postman.mails:
        said = _body(mail)
        # RFC 3834: neither is answered by a machine
        acknowledged = _occasion(mail) == "letter-received"
        assert mail["Auto-Submitted"] == ("auto-replied" if acknowledged else "auto-generated")
        assert "呼应" in mail["From"]
        assert not re.search(r"\{\{|\}\}|None|Undefined", f"{mail['Subject']}{said}"), said
        if acknowledged:
            assert "路灯不亮" in said
            continue
        assert number in f"{mail['Subject']}{said}", said
        assert said.startswith(_ABOVE), said
        assert not re.search("请勿直接回复|do not reply", "".join(_texts(mail))), said
        assert re.fullmatch(rf"(.*<)?reply\+\S+@{re.escape(DOMAIN)}>?", mail["Reply-To"]), mail["Reply-To"]
        # who wrote is nobody's business but theirs
        assert RESIDENT not in said

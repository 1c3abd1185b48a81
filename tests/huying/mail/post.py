"""The post room of a town: mails written to it as servers hand them over, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from huying.channels.publication import publish_channel
from huying.database import tables as t
from huying.delivery.sender import send_pending
from huying.effects.carriers import carry
from huying.house.imprint import Imprint
from huying.mail.acknowledgment import PostRoom
from huying.mail.arrival import MailEnvelope, take
from huying.mail.placement import PlacedMails, place_received
from huying.mail.plan import MailPlan
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from notifications import Mailbox, Transports
from tests.huying.town import DEFINITION, Town

DOMAIN = "mail.xg.example"
MX = "mx.xg.example"
PLAN = MailPlan(domain=DOMAIN, servers=(MX,), own=f"noreply@{DOMAIN}")
CHANNEL = """channel: mail
title: {zh: 电子邮件, en: By e-mail}
told: {zh: 来信告知, en: by e-mail}
at: [mail]
online: true
letters:
  - {to: "shiqing.{station}", opens: letters}
  - {to: luming, station: XG, opens: street-matters}
  - {to: shiqing}
"""
#: The process of the town, but that a letter alone can open it.
LETTERS = DEFINITION.replace("id: street-matters", "id: letters").replace(
    "    required: true\n    options: {lighting", "    required: false\n    options: {lighting"
)
_numbers = count(1)


def letter(
    sender: str = "ling@example.cn",
    subject: str = "路灯不亮",
    text: str = "三号楼前的路灯灭了。",
    *,
    proved: bool | None = True,
    **headers: str,
) -> bytes:
    """A mail of somebody, with what our own server says of its sender (``None``: nothing)."""
    said = {"From": f"林阿婆 <{sender}>", "Subject": subject, "Message-ID": f"<{next(_numbers)}@example.cn>"}
    if proved is not None:
        said["Authentication-Results"] = f"{MX}; dmarc={'pass' if proved else 'fail'} header.from=example.cn"
    lines = {**said, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


@dataclass
class Post:
    """A town with a post room; ``folder`` is where its own mail goes."""

    town: Town
    folder: Path
    plan: MailPlan = PLAN
    transports: Transports = field(init=False)

    def __post_init__(self) -> None:
        self.transports = Transports(mail=Mailbox(self.folder, f"呼应 <noreply@{DOMAIN}>"), answered_at=DOMAIN)
        publish(self.town.house, LETTERS, "letters.yaml", Imprint("test", self.town.clock.now))
        publish_channel(self.town.house, CHANNEL, "channel.yaml", Imprint("test", self.town.clock.now))

    def comes(self, raw: bytes, to: str = "shiqing.xg", returned_to: str | None = "ling@example.cn") -> bool:
        """A mail is handed over; whether it is new."""
        address = to if "@" in to else f"{to}@{DOMAIN}"
        return take(self.town.house, raw, MailEnvelope(returned_to, (address,)), self.town.clock.now)

    def place(self) -> PlacedMails:
        """All that came is put where it belongs."""
        room = PostRoom(self.plan, self.transports, "https://portal.example")
        return place_received(self.town.house, room, self.town.clock.now)

    def became(self, raw: bytes, to: str = "shiqing.xg", returned_to: str | None = "ling@example.cn") -> Row[Any]:
        """What becomes of a mail."""
        assert self.comes(raw, to, returned_to)
        self.place()
        return self.rows()[-1]

    def rows(self) -> list[Row[Any]]:
        """All messages that came in."""
        with self.town.house.database.reading() as connection:
            return list(connection.execute(select(t.inbound_messages).order_by(t.inbound_messages.c.id)))

    def tell(self) -> list[Message]:
        """Have everybody's messages written and sent; all mails that have left so far."""
        now = self.town.clock.now
        while errands := claim_effects(self.town.house, now):
            for errand in errands:
                carry(self.town.house, errand, now)
        send_pending(self.town.house, self.transports, "https://portal.example", now)
        return self.sent()

    def sent(self) -> list[Message]:
        """All mails that have left."""
        paths = sorted(self.folder.rglob("*.eml")) if self.folder.exists() else []
        return [message_from_bytes(path.read_bytes()) for path in paths]

    def address(self, person: int, target: str, **values: Any) -> int:
        """Give somebody a mail address."""
        row = {"participant_id": person, "channel": "mail", "target": target, **values}
        with self.town.house.database.writing() as connection:
            return int(connection.execute(insert(t.addresses).returning(t.addresses.c.id), row).scalar_one())

    def reported(self, email: str = "ling@example.cn") -> tuple[int, Message]:
        """An issue whose reporter was told by mail; its number of the row, and the last mail to them."""
        issue = self.town.report()
        self.address(self.town.reporter(issue), email)
        self.town.act(issue, "clerk", "accept")
        mails = [one for one in self.tell() if email in one["To"]]
        return issue, mails[-1]

    def change(self, message: int, **values: Any) -> None:
        """Have a message be in a state."""
        with self.town.house.database.writing() as connection:
            connection.execute(update(t.inbound_messages).where(t.inbound_messages.c.id == message).values(**values))

    def with_plan(self, **values: Any) -> None:
        """Have mail come in another way."""
        self.plan = replace(self.plan, **values)

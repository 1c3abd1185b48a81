"""Anchors: where heads lie outside the house, so that it cannot write its own past anew; each day's is brought to every one of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import msgspec

from definitions.text import Said
from huying.evidence.heads import Head, StoredHead, newest_heads, note_handed, read_head
from huying.evidence.time_stamp import NoStamp, ask
from huying.house.house import House
from notifications import EventPost, MailAddress, OutgoingMessage, Transports, deliver, post_events

#: How a time stamp is noted among the ways.
STAMPED = "stamp"
#: So many days back a head is still brought to where it could not be brought.
_BACK = 30
_TIMEOUT, _LARGEST = 30.0, 20_000_000


@dataclass(frozen=True, slots=True)
class AnchorPlan:
    """Where heads are handed: by mail to addresses, into a folder on another machine, to an address that takes JSON; and the address of an authority
    (``tsa``) that puts a time stamp over each.
    """

    mail: tuple[str, ...] = ()
    folder: Path | None = None
    webhook: str | None = None
    tsa: str | None = None

    def ways(self) -> Iterator[str]:
        """By what each is noted."""
        yield from (f"mail {one}" for one in self.mail)
        if self.folder is not None:
            yield f"folder {self.folder}"
        if self.webhook is not None:
            yield "webhook"
        if self.tsa is not None:
            yield STAMPED


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many heads went out by some way, and what did not work, in words for staff."""

    done: int
    failed: tuple[str, ...]


class NoHeads(Exception):
    """Heads from outside that cannot be read; its text says why in Chinese and English."""


def unhanded(house: House, plan: AnchorPlan) -> list[StoredHead]:
    """The heads that lack a way, oldest first."""
    wanted = set(plan.ways())
    return [one for one in reversed(newest_heads(house, _BACK)) if not wanted <= one.handed.keys()]


def hand_over(house: House, plan: AnchorPlan, transports: Transports, now: datetime) -> HandedOver:
    """Bring each head to where it is not yet; what fails is tried again later."""
    done, failed = 0, []
    for stored in unhanded(house, plan):
        handed, stamp = dict(stored.handed), None
        for way in plan.ways():
            if way not in handed:
                why: str | None
                if way == STAMPED:
                    stamp, why = _stamped(stored.head, plan.tsa or "")
                else:
                    why = _sent(way, stored.head, plan, transports, now)
                if why is None:
                    handed[way] = now.isoformat(timespec="seconds")
                    done += 1
                else:
                    failed.append(f"{stored.head.told.day} {way.split(' ')[0]}: {why}")
        if handed != stored.handed:
            note_handed(house, stored.head.told.day, handed, stamp)
    return HandedOver(done, tuple(failed))


def _sent(way: str, head: Head, plan: AnchorPlan, transports: Transports, now: datetime) -> str | None:
    """Why it could not be brought there; ``None`` if it could."""
    kind, _, where = way.partition(" ")
    ways: dict[str, Callable[[], str | None]] = {
        "mail": lambda: _mailed(head, where, transports),
        "folder": lambda: _laid(head, Path(where)),
        "webhook": lambda: _posted(head, plan.webhook or "", transports, now),
    }
    return ways[kind]()


def _stamped(head: Head, url: str) -> tuple[bytes | None, str | None]:
    """The time stamp over a head, or why there is none."""
    try:
        return ask(url, head.body), None
    except NoStamp as refused:
        return None, str(refused)


def _mailed(head: Head, address: str, transports: Transports) -> str | None:
    told = head.told
    words = (
        f"{told.house} 到 {told.day} 为止的记录，签名如下。请妥善留存：日后用 huying verify --heads 核对，任何改动都会与它不符。\n\n"
        f"This is what {told.house or 'the house'} has signed of all records up to {told.day}. Please keep it: huying verify --heads compares.\n\n"
        f"{head.written().decode()}"
    )
    html = f"<pre>{words.replace('&', '&amp;').replace('<', '&lt;')}</pre>"
    subject = f"每日签名 {told.day} · Head of the day"
    result = deliver(
        OutgoingMessage(key=f"head.{told.day}.{address}", subject=subject, text=words, html=html),
        MailAddress(address),
        transports,
    )
    return None if result.status == "accepted" else result.reason


def _laid(head: Head, folder: Path) -> str | None:
    """Into a folder, there whole or not at all; one that lies there already is never written over."""
    target = folder / f"{head.told.day}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.exists():
            same = target.read_bytes() == head.written()
            return None if same else f"{target.name} 已有另一份签名。 There is another head of this day."
        unfinished = folder / f".{target.name}.{os.getpid()}"
        unfinished.write_bytes(head.written())
        unfinished.replace(target)
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return None


def _posted(head: Head, url: str, transports: Transports, now: datetime) -> str | None:
    post = EventPost(
        key=f"head.{head.told.day}", url=url, secrets=(), body=head.written(), timestamp=int(now.timestamp())
    )
    (answer,) = post_events([post], allow_private=transports.allow_private)
    return None if answer.result.status == "accepted" else answer.result.reason


def outside_heads(where: str) -> list[Head]:
    """The heads of a folder, a file or an address (``https://…/heads.json``); ``NoHeads`` if there is none, or one is no head."""
    texts = _fetched(where) if where.startswith(("http://", "https://")) else _found(Path(where))
    if not texts:
        raise NoHeads(f"{where} 里没有签名。 There is no head in {where}.")
    heads = []
    for name, text in texts:
        try:
            heads.append(read_head(text))
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise NoHeads(f"{name} 不是签名文件。 {name} is no head.") from None
    return heads


def _found(path: Path) -> list[tuple[str, bytes]]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    try:
        return [(str(file), file.read_bytes()) for file in files]
    except OSError as error:
        raise NoHeads(
            Said(f"{path} 读不出：{error.strerror}。", f"{path} cannot be read: {error.strerror}.").zh
        ) from None


def _fetched(url: str) -> list[tuple[str, bytes]]:
    try:
        answer = httpx.get(url, timeout=_TIMEOUT, headers={"Accept": "application/json"})
        answer.raise_for_status()
        listed = msgspec.json.decode(answer.content[:_LARGEST], type=dict[str, list[msgspec.Raw]])
        return [(url, bytes(one)) for one in listed["heads"]]
    except (httpx.HTTPError, msgspec.DecodeError, KeyError) as error:
        raise NoHeads(f"{url} 取不到签名（{type(error).__name__}）。 No heads could be had from {url}.") from None

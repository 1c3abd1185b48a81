"""The noun: what is not as it was sealed, in words that say what, where, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from definitions.text import Said


@dataclass(frozen=True, slots=True)
class Alteration:
    """Something that was changed, is missing or is not from here. ``kind`` is one word for machines: changed, missing, added, unsealed, segment,
    head, exemption, file. ``table`` and ``key`` name the row; ``segment`` is where it was sealed.
    """

    kind: str
    said: Said
    table: str = ""
    key: str = ""
    segment: int = 0

    def __str__(self) -> str:
        return f"{self.said.zh} {self.said.en}"


@dataclass(slots=True)
class Proved:
    """How far the house is proved: how much was sealed and agrees, until which day's head, what came since, and all that does not agree.

    ``anchored``: the last day whose head somebody outside gave back to compare with. ``remarks``: what is no fault, and to be known.
    """

    segments: int = 0
    rows: int = 0
    sealed_at: datetime | None = None
    head: date | None = None
    since_head: int = 0
    waiting: int = 0
    exempted: int = 0
    anchored: date | None = None
    found: list[Alteration] = field(default_factory=list)
    remarks: list[Said] = field(default_factory=list)

    @property
    def words(self) -> Said:
        """How far, in a sentence."""
        if self.head is None:
            zh, en = "还没有每日签名", "no day is signed yet"
        else:
            zh, en = f"已证明到 {self.head} 的签名", f"proved up to the head of {self.head}"
        zh += f"；其后封存 {self.since_head} 条，还没签名；{self.waiting} 条待封存"
        en += f"; since then {self.since_head} rows were sealed and are not signed yet, and {self.waiting} wait to be sealed"
        if self.anchored is not None:
            zh += f"；与馆外留存的签名核对到 {self.anchored}"
            en += f"; compared with heads from outside up to {self.anchored}"
        return Said(f"{zh}。", f"{en[0].upper()}{en[1:]}.")

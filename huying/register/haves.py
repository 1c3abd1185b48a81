"""What every station should have: the nine that offices ask for, as a code list that a house may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from definitions.text import Said
from huying.register.changes import Change

#: The list's name among the codes.
LIST = "haves"
#: By code, in their order.
NINE = {
    "place": Said("有场所", "Place"),
    "sign": Said("有牌子", "Sign"),
    "equipment": Said("有设备", "Equipment"),
    "staff": Said("有人员", "Staff"),
    "rules": Said("有制度", "Rules"),
    "plan": Said("有计划", "Plan"),
    "activities": Said("有活动", "Activities"),
    "ledger": Said("有台账", "Ledger"),
    "archive": Said("有档案", "Archive"),
}


def nine() -> list[Change]:
    """The list as it is where nobody has changed it."""
    return [
        Change("code", (LIST, code), {"name_zh": name.zh, "name_en": name.en, "position": position}, "add")
        for position, (code, name) in enumerate(NINE.items())
    ]


#: Met, met in part, missing, to be looked at again since its time is over; empty: nobody has said.
HaveState = Literal["yes", "partly", "no", "again", ""]
STATES: Mapping[HaveState, Said] = {
    "yes": Said("具备", "has it"),
    "partly": Said("部分", "in part"),
    "no": Said("缺", "missing"),
    "again": Said("到期待复核", "to be looked at again"),
    "": Said("未填", "not said"),
}


def have_state(row: Any, day: date) -> HaveState:
    """How it stands on a day with a row of what a station has; a row of ``None`` says nothing."""
    if row is None or row.has is None:
        return ""
    if not (row.has or row.partly):
        return "no"
    if row.until is not None and row.until < day:
        return "again"
    return "yes" if row.has else "partly"

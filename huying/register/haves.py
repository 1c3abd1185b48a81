"""What every station should have: the nine that offices ask for, as a code list that a house may change."""

from __future__ import annotations

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

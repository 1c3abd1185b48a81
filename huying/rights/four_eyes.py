"""Whether the house wants two people for what weighs: off, a wait of a day, or on. Kept as data of the house, with its history."""

from __future__ import annotations

from typing import Literal, cast

from sqlalchemy import Connection, insert, select

from definitions.text import Said
from huying.audit.record import AuditNote, note
from huying.database.tables import four_eyes
from huying.house.by import By

FourEyesRule = Literal["off", "wait", "on"]
RULES: dict[FourEyesRule, Said] = {
    "off": Said("不要求：一个人就可以办", "off: one person does it"),
    "wait": Said(
        "等 24 小时：没有人否决，本人可以办", "wait: after 24 hours the same person may, unless somebody refuses"
    ),
    "on": Said("要求：须另一人批准", "on: a second person approves"),
}


def rule_of(connection: Connection) -> FourEyesRule:
    """What holds now; off in a new house."""
    newest = select(four_eyes.c.rule).order_by(four_eyes.c.id.desc()).limit(1)
    return cast(FourEyesRule, connection.execute(newest).scalar_one_or_none() or "off")


def keep_rule(connection: Connection, rule: FourEyesRule, by: By) -> None:
    """Let another rule hold from now on."""
    row = {"rule": rule, "changed_at": by.now, "changed_by_id": by.somebody}
    connection.execute(insert(four_eyes), row)
    told = AuditNote(
        what="settings-changed", object="setting:four-eyes", by=by.person, detail={"changes": rule}, at=by.now
    )
    note(connection, told)


def stricter(rule: FourEyesRule, than: FourEyesRule) -> bool:
    """Whether a rule asks for as much as another, or more."""
    order = list(RULES)
    return order.index(rule) >= order.index(than)

"""Which role may do what, at its own station and at others: not written down, but asked of ``rights`` with one sample of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from definitions.text import Said
from huying.rights.entitlement import Entitlement, Grant, Serving
from huying.rights.right import may, may_everywhere
from huying.rights.role import ROLES
from huying.rights.scope import HOUSE, Scope, at_station

#: Everywhere; at their own station alone; in the scope of the grant, which may be the house; nowhere.
Mark = Literal["yes", "station", "scope", "no"]
MARKS: dict[Mark, Said] = {
    "yes": Said("✓", "✓"),
    "station": Said("本站", "own station"),
    "scope": Said("范围内", "in scope"),
    "no": Said("·", "·"),
}
_OWN, _DAY = 1, date(2026, 1, 1)
_NOW = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """Whoever holds a role, or serves somewhere; ``bounded``: the role can be held for less than the house."""

    key: str
    title: Said
    bounded: bool = False

    def sample(self, scope: Scope = HOUSE) -> Entitlement:
        """Somebody like that, at their own station or with that scope."""
        if self.key == "staff":
            return Entitlement(1, servings=(Serving(_OWN, None, "clerk"),))
        if self.key == "office":
            return Entitlement(1, servings=(Serving(None, 1, "handler", office=True),))
        return Entitlement(1, grants=(Grant(1, self.key, scope, _DAY),))


COLUMNS = (
    MatrixColumn("staff", Said("站点工作人员", "Station staff")),
    MatrixColumn("office", Said("总办公室", "Office")),
    *(MatrixColumn(role.key, role.title, role.bounded) for role in ROLES.values()),
)


def mark(action: str, column: MatrixColumn) -> Mark:
    """Where somebody of this column may do something."""
    bounded = column.sample(at_station(_OWN)) if column.bounded else column.sample()
    if may(action, bounded, _NOW, _OWN) and not may_everywhere(action, bounded, _NOW):
        return "scope" if column.bounded else "station"
    return "yes" if may_everywhere(action, column.sample(), _NOW) else "no"


def marks(action: str) -> Iterator[Mark]:
    """Those of all columns."""
    return (mark(action, column) for column in COLUMNS)

"""Where a short address leads: a page of this portal from a closed list, with what stands there at first. No address is ever kept, or followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from definitions.text import Said

#: The pages to which a short address can lead, as they are offered.
PAGES: Mapping[str, Said] = {
    "report": Said("反映诉求", "Report an issue"),
    "home": Said("本站首页", "The station's first page"),
    "duty": Said("值班和接待", "Who is on duty"),
    "follow": Said("查进度", "Follow an issue"),
    "cases": Said("公开案例", "Public cases"),
    "open": Said("公开台账", "Public registers"),
}


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """A page, the station (its code) and the process that it is about, and the answers that stand in the form."""

    page: str
    station: str | None = None
    definition: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    def address(self, code: str) -> str:
        """The address within the portal; a report says by which ``code`` it came."""
        query: dict[str, str] = {}
        if self.page in ("report", "home") and self.station:
            query["station"] = self.station
        if self.page == "report":
            query |= {f"field.{name}": _written(value) for name, value in self.answers.items()} | {"from": code}
        return self._path() + (f"?{urlencode(query)}" if query else "")

    def _path(self) -> str:
        match self.page:
            case "report":
                return f"/report/{quote(self.definition, safe='')}" if self.definition else "/report"
            case "duty":
                return f"/duty/{quote(self.station, safe='')}" if self.station else "/duty"
            case "follow" | "cases" | "open":
                return f"/{self.page}"
            case _:
                return "/"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return str(value.get("address") or "")
    return str(value)

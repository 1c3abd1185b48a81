"""What can be counted, and which names conditions of figures know: never a field of a process, so nothing private can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from definitions.text import Said

#: What is counted beside issues and promises, by name: what a tally says.
EVENTS: Mapping[str, str] = {
    "verdict": "verdict",
    "return": "returned",
    "urging": "urged",
    "supervision": "supervised",
    "extension": "extended",
    "reopening": "reopened",
    "handing up": "handed up",
    "relocation": "relocated",
    "talk": "met",
    "grade": "grade",
    "response": "response",
    "settlement": "settlement",
}
ISSUE, PROMISE = "issue", "promise"
COUNTED = (ISSUE, PROMISE, *EVENTS)

#: At which moment something is counted: an issue when it was opened, closed or due, or while it is in hand at the end of the period.
OPENED, CLOSED, DUE, IN_HAND, HAPPENED = "opened", "closed", "due", "in hand", "happened"
MOMENTS: Mapping[str, tuple[str, ...]] = {ISSUE: (OPENED, CLOSED, DUE, IN_HAND), PROMISE: (DUE,)}

#: By what figures can be divided.
AXES = ("area", "station", "channel", "kind", "process", "deputy", "department", "month", "step")


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name that a condition knows: a ``flag`` holds or not; a text has one of these ``values`` (empty: any), a ``number`` is compared."""

    words: Said
    kind: str = "text"
    values: tuple[str, ...] = ()


_VERDICTS = ("satisfied", "basically", "dissatisfied")
ISSUE_NAMES: Mapping[str, KnownName] = {
    "status": KnownName(Said("在办还是办结", "open or closed"), values=("open", "closed")),
    "outcome": KnownName(
        Said("办理结果归类", "how it came out"),
        values=("solved", "answered", "unsolved", "excluded", "other", "withdrawn", "merged", "cancelled"),
    ),
    "verdict": KnownName(Said("最近一次评价", "the last verdict"), values=_VERDICTS),
    "grade": KnownName(Said("答复分类", "the class of the reply")),
    "channel": KnownName(Said("来源", "how it came in")),
    "kind": KnownName(Said("类别", "what kind of matter")),
    "matter": KnownName(
        Said("事项种类", "what the process counts it as"), values=("issue", "suggestion", "duty", "other")
    ),
    "process": KnownName(Said("流程", "the process")),
    "late": KnownName(Said("逾期", "past its time"), "flag"),
    "merged": KnownName(Said("已并案", "merged into another"), "flag"),
    "void": KnownName(Said("已终止（误登等）", "cancelled"), "flag"),
    "called": KnownName(Said("由另一事项转来", "opened by another issue"), "flag"),
    "returned": KnownName(Said("退回过", "sent back at least once"), "flag"),
    "urged": KnownName(Said("催办过", "urged at least once"), "flag"),
    "supervised": KnownName(Said("督办过", "supervised"), "flag"),
    "extended": KnownName(Said("延期过", "given more time"), "flag"),
    "reopened": KnownName(Said("重办过", "taken up again"), "flag"),
    "relocated": KnownName(Said("转过站点", "moved to another station"), "flag"),
    "handed_up": KnownName(Said("上交过", "handed up to another level"), "flag"),
    "met": KnownName(Said("面商过", "talked over face to face"), "flag"),
}
#: The flags that say that something was counted of the issue at least once, by what a tally says.
HAPPENINGS: Mapping[str, str] = {
    **{name: name for name in ("returned", "urged", "supervised", "extended", "reopened", "relocated", "met")},
    "handed_up": "handed up",
}
_EVENT_VALUES: Mapping[str, tuple[str, ...]] = {
    "verdict": _VERDICTS,
    "response": ("yes", "no"),
    "settlement": ("yes", "no"),
}
_TIME = KnownName(Said("第几次", "for which time"), "number")
_PROMISE = KnownName(Said("承诺的情况", "how the promise stands"), values=("open", "kept", "broken"))


def names_of(counted: str) -> Mapping[str, KnownName]:
    """The names that conditions know where this is counted."""
    if counted == ISSUE:
        return ISSUE_NAMES
    if counted == PROMISE:
        return {**ISSUE_NAMES, "promise": _PROMISE}
    value = KnownName(Said("内容", "what it says"), values=_EVENT_VALUES.get(counted, ()))
    return {**ISSUE_NAMES, "value": value, "time": _TIME}

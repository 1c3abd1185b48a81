"""What issues take of what others want too: numbers given on the way, counts over other issues, resources booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from definitions.checks.number import check_pattern, sample
from definitions.checks.places import places
from definitions.model.action import Action
from definitions.model.count import Counting
from definitions.model.definition import COMMON_RESOLUTIONS, Definition
from definitions.model.field import SEVERAL, Field
from definitions.model.number import Numbering
from definitions.model.resource import Resource
from definitions.model.step import WaitingStep
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

NUMBERS = ("integer", "number", "money")
_DAYS = ("date", "date-time")
#: Types of which it can be told whether two issues hold the same.
_ALIKE_NOT = frozenset({*SEVERAL, "place", "file", "long text"})
_FIELD, _RESOURCE = Said("字段", "field"), Said("资源", "resource")


def check(definition: Definition) -> Iterator[Problem]:
    """Numbers go into fields of their own; counts can be answered, tell no secret and do not feed themselves; bookings say what and when."""
    for key, step in definition.steps.items():
        for place, numbers in step.given():
            for name, numbering in numbers.items():
                yield from _given(definition, (definition.stage_of[key], key, *place, name), name, numbering)
    for path, value in places(definition):
        if isinstance(value, Field) and value.count is not None:
            yield from _counted(definition, path, value, value.count)
    for name, resource in definition.resources.items():
        yield from _Resource(definition, ("resources", name), resource).problems()
    yield from _booked(definition)


# -- numbers


def _given(definition: Definition, path: Path, name: str, numbering: Numbering) -> Iterator[Problem]:
    samples = [sample("A", 2026, 1), sample("A", 2026, 1_000_000)]
    samples += [sample("B", 2026, 1)] if numbering.by_station else []
    samples += [sample("A", 2027, 1)] if numbering.by_year else []
    alike = Said("编号会重复。", "Two numbers would come out alike.")
    yield from check_pattern((*path, "number"), numbering.number, samples, alike)
    field = definition.data.get(name)
    if field is None:
        yield unknown("unknown-field", path, _FIELD, name, definition.data)
    elif field.type != "text":
        said = Said(
            f"编号要写进文本字段，“{name}”的类型是“{field.type}”。",
            f"A number is a text; “{name}” has the type “{field.type}”.",
        )
        yield problem("wrong-type", path, said, Said("请把它的类型改为 text。", "Make its type text."))
    elif name in _entered(definition):
        yield problem(
            "number-entered",
            path,
            Said(
                f"“{name}”由系统编号，又由人填写。", f"“{name}” is numbered by the system, and filled in by people too."
            ),
            Said(
                f"请在 fields 里写 {name}: {{type: text, asked: false}}，别处不再询问或改写它。",
                f"Say {name}: {{type: text, asked: false}} in fields, and neither ask for it nor set it elsewhere.",
            ),
        )


def _entered(definition: Definition) -> set[str]:
    """The fields that somebody or something else fills in."""
    found = {name for name, field in definition.data.items() if field.derived}
    found |= set(definition.entered) | {name for _, _, name, _ in definition.asks()}
    for path, value in places(definition):
        if path[-1:] == ("edit",) or (path[-1:] in (("set",), ("save",)) and isinstance(value, Mapping)):
            found |= set(value)
    return found


# -- counts


def _counted(definition: Definition, path: Path, field: Field, counting: Counting) -> Iterator[Problem]:
    path = (*path, "count")
    if "columns" in path:
        said = Said("表格的一栏不能统计其他事项。", "A column of a table cannot count other issues.")
        yield problem("count-in-table", path, said, Said("请写成事项的字段。", "Make it a field of the issue."))
        return
    if field.type not in NUMBERS:
        said = Said(f"统计得出的是数字，不是“{field.type}”。", f"What is counted is a number, not “{field.type}”.")
        yield problem(
            "unfit-count",
            path,
            said,
            Said("请把类型改为 integer、number 或 money。", "Make the type integer, number or money."),
        )
    if field.compute is not None:
        said = Said("compute 和 count 只能写一个。", "Either compute or count, not both.")
        yield problem("counted-and-computed", path, said, Said("请删去一个。", "Remove one of them."))
    for name in counting.fields:
        yield from _alike(definition, (*path, "same"), name)
    if counting.fields == counting.same and counting.in_ is None:
        yield problem(
            "unbounded-count",
            path,
            Said("这样要翻遍全部旧事项。", "This would look through all issues that there ever were."),
            Said(
                "请写 in: this year，或在 same 里加上 reporter、station。",
                "Say in: this year, or add reporter or station to same.",
            ),
        )
    if counting.of in (None, definition.id):
        yield from counted_there(definition, path, field, counting)


def _alike(definition: Definition, path: Path, name: str) -> Iterator[Problem]:
    field = definition.data.get(name)
    if field is None:
        yield unknown("unknown-field", path, _FIELD, name, ("reporter", "station", *definition.data))
    elif field.type in _ALIKE_NOT or field.derived:
        said = Said(f"不能按“{name}”找相同的事项。", f"Issues cannot be found by “{name}”.")
        remedy = Said(
            "请用人填写的单个值，例如选择、单位、短文本。",
            "Use a single value that people fill in: a choice, a department, a short text.",
        )
        yield problem("unfit-same", path, said, remedy)


def counted_elsewhere(definition: Definition) -> Iterator[tuple[Path, Field, Counting]]:
    """The fields that count issues of another definition, each with the place of its count: whether it can is looked up when it is published."""
    for path, value in places(definition):
        if isinstance(value, Field) and value.count is not None and value.count.of not in (None, definition.id):
            yield (*path, "count"), value, value.count


def counted_there(there: Definition, path: Path, field: Field, counting: Counting) -> Iterator[Problem]:
    """What is wrong with a count, looked at from the definition whose issues are counted."""
    known = (*there.resolutions, *COMMON_RESOLUTIONS)
    for key in counting.resolution:
        if key not in known:
            yield unknown("unknown-resolution", (*path, "resolution"), Said("办理结果", "resolution"), key, known)
    for name in counting.fields:
        if name not in there.data:
            yield unknown("unknown-field", (*path, "same"), _FIELD, name, there.data)
    if counting.sum is not None:
        yield from _summed(there, (*path, "sum"), field, counting.sum)


def _summed(there: Definition, path: Path, field: Field, name: str) -> Iterator[Problem]:
    summed = there.data.get(name)
    if summed is None:
        yield unknown("unknown-field", path, _FIELD, name, there.data)
        return
    title = Said(words(summed.title, "zh", name), words(summed.title, "en", name))
    if summed.type not in NUMBERS:
        said = Said(f"“{title.zh}”不是数字，不能合计。", f"“{title.en}” is no number and cannot be summed up.")
        yield problem(
            "wrong-type",
            path,
            said,
            Said(
                "请写数字或金额字段；只数件数的，删去 sum。", "Name a number or amount; to count issues, leave sum out."
            ),
        )
    elif name in feeding(there):
        said = Said(
            f"“{title.zh}”本身由统计得出，会越算越大。",
            f"“{title.en}” follows from a count itself, and would feed itself.",
        )
        yield problem(
            "count-of-counts", path, said, Said("请合计人填写的字段。", "Sum up a field that people fill in.")
        )
    elif not summed.open and field.open:
        said = Said(f"“{title.zh}”不公开，合计却公开。", f"“{title.en}” is not for everybody, but its sum would be.")
        yield problem(
            "private-counted",
            path,
            said,
            Said("请给统计字段写 private: true。", "Say private: true of the field that counts."),
        )


def feeding(definition: Definition) -> frozenset[str]:
    """The fields that are counted over other issues, or computed or set from such."""
    found = {name.replace("-", "_") for name in definition.counted}
    follows = [(name, field.compute.names) for name, field in definition.computed.items() if field.compute is not None]
    for path, value in places(definition):
        if path[-1:] == ("set",) and isinstance(value, Mapping):
            follows += [(name, one.names) for name, one in value.items()]
    for _ in follows:
        found |= {name.replace("-", "_") for name, names in follows if not names.isdisjoint(found)}
    return frozenset(name for name in definition.data if name.replace("-", "_") in found)


# -- bookings


class _Resource:
    """The fields of a resource fit it."""

    def __init__(self, definition: Definition, path: Path, resource: Resource) -> None:
        self._definition, self._path, self._resource = definition, path, resource

    def problems(self) -> Iterator[Problem]:
        """All that is wrong."""
        resource, data = self._resource, self._definition.data
        named = {"which": resource.which, "from": resource.from_, "to": resource.to}
        for key, name in named.items():
            if name is not None and name not in data:
                yield unknown("unknown-field", (*self._path, key), _FIELD, name, data)
        yield from self._time(data.get(resource.from_), data.get(resource.to or ""))
        yield from self._which(data.get(resource.which or ""))
        known = (*self._definition.resolutions, *COMMON_RESOLUTIONS)
        for one in resource.kept_as:
            if one not in known:
                yield unknown(
                    "unknown-resolution", (*self._path, "kept as"), Said("办理结果", "resolution"), one, known
                )

    def _time(self, begins: Field | None, ends: Field | None) -> Iterator[Problem]:
        for key, field in (("from", begins), ("to", ends)):
            if field is not None and field.type not in _DAYS:
                said = Said(f"预订要写日期，这里是“{field.type}”。", f"A booking needs a date; this is “{field.type}”.")
                yield problem(
                    "wrong-type",
                    (*self._path, key),
                    said,
                    Said("请用 date 或 date-time 类型的字段。", "Use a field of the type date or date-time."),
                )
                return
        if begins is not None and ends is not None and begins.type != ends.type:
            said = Said(
                "from 和 to 一个只有日期，一个还有时间。", "One of from and to is a date, the other has a time too."
            )
            yield problem("wrong-type", (*self._path, "to"), said, Said("请用同一种类型。", "Use one type for both."))
        if begins is not None and begins.type == "date-time" and self._resource.to is None:
            said = Said("写了几点开始，没写几点结束。", "It says at what time it begins, and not when it ends.")
            yield problem(
                "booking-without-end",
                self._path,
                said,
                Said("请写 to: 结束时间的字段。", "Say to: and the field with its end."),
            )

    def _which(self, field: Field | None) -> Iterator[Problem]:
        if field is not None and (field.type in _ALIKE_NOT or field.derived):
            said = Said(
                f"“{self._resource.which}”说不清订的是哪一个。",
                f"“{self._resource.which}” cannot say which one is booked.",
            )
            yield problem(
                "unfit-same",
                (*self._path, "which"),
                said,
                Said("请用单个值的字段，例如选择。", "Use a field with one value, such as a choice."),
            )
        capacity = self._resource.capacity
        if isinstance(capacity, int):
            return
        for option in capacity:
            if field is None or (field.options and option not in field.options):
                known = field.options if field else ()
                yield unknown("unknown-option", (*self._path, "capacity"), Said("选项", "option"), option, known)


def _booked(definition: Definition) -> Iterator[Problem]:
    """What is booked and released is a resource, and somebody can go on when everything is taken."""
    for key, step in definition.steps.items():
        path: Path = (definition.stage_of[key], key)
        actions: Mapping[str, Action] = step.actions if isinstance(step, WaitingStep) else {}
        named = [((*path, "release"), step.release)]
        for name, action in actions.items():
            named += [
                ((*path, "actions", name, "book"), action.book),
                ((*path, "actions", name, "release"), action.release),
            ]
        for place, resource in named:
            if resource is not None and resource not in definition.resources:
                yield unknown("unknown-resource", place, _RESOURCE, resource, definition.resources)
        ways = step.overdue if isinstance(step, WaitingStep) else ()
        if actions and all(action.book for action in actions.values()) and not any(way.to for way in ways):
            yield problem(
                "booked-or-nothing",
                path,
                Said("订满时，这一步没有别的办法。", "When everything is taken, nothing can be done at this step."),
                Said(
                    "请加一种不预订的办理，例如“改期”“不办了”。",
                    "Add an action that books nothing, such as another day, or calling it off.",
                ),
            )

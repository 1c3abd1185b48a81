"""Terms make sense: every entry of a list can count, reminders lie within the time, and no clock depends on a day that may not be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.passage import deeds_of, passage
from definitions.exploration.graph import Edge
from definitions.exploration.levels import Explored
from definitions.model.definition import Definition
from definitions.model.duration import Duration, Reminder
from definitions.model.step import TimedStep
from definitions.model.steps.each import EachStep
from definitions.model.term import CloseDay, NextDay, Term, Terms, field_of
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

#: The longest that it takes until a day of its kind comes round, in days.
_TURNS = {"month": 31, "quarter": 92, "year": 366}


def check_terms(definition: Definition, path: Path, terms: Terms) -> Iterator[Problem]:
    """The entries of one list, and the fields that they name."""
    choices = tuple(terms)
    for index, choice in enumerate(choices):
        place = (*path, index) if len(choices) > 1 and not terms.plain else path
        name = field_of(choice.is_)
        if choice.when is None and name is None and index < len(choices) - 1:
            yield problem(
                "term-unreachable",
                place,
                Said(
                    "这一条没有条件，后面的期限永远用不上。",
                    "This entry has no condition, so those after it never count.",
                ),
                Said("请给它写 when，或把它放到最后。", "Give it a condition, or put it last."),
            )
        if name is not None:
            yield from _field_day(definition, place, name)
    if choices and choices[-1].when is not None:
        yield problem(
            "term-no-else",
            path,
            Said("条件都不成立时没有期限。", "There is no term for when none of the conditions holds."),
            Said(
                "请在最后加一条不带条件的期限，例如 7 days。", "Add a last entry without a condition, such as 7 days."
            ),
        )


def _field_day(definition: Definition, path: Path, name: str) -> Iterator[Problem]:
    field = definition.data.get(name)
    if field is None:
        yield unknown("unknown-field", path, Said("字段", "field"), name, definition.data)
    elif field.type not in ("date", "date-time"):
        yield problem(
            "wrong-type",
            path,
            Said(f"字段“{name}”的类型是“{field.type}”。", f"The field “{name}” has the type “{field.type}”."),
            Said("这里要 date 类型。", "Its type must be date or date-time."),
        )


def check_reminders(path: Path, within: Terms, remind: tuple[Reminder, ...]) -> Iterator[Problem]:
    """No reminder lies before the time begins, in whatever unit it is written."""
    terms = [choice.is_ for choice in within]
    for index, reminder in enumerate(remind):
        offset = reminder.offset
        if offset is None or reminder.when != "before":
            continue
        if all(_before_it_begins(term, offset) for term in terms):
            yield problem(
                "remind-never",
                (*path, index) if len(remind) > 1 else path,
                Said(
                    "提醒时间早于期限起算，不会发出。",
                    "This reminder lies before the time begins, so it is never sent.",
                ),
                Said("请改小提前的时间，或放宽期限。", "Remind later, or give more time."),
            )


def _before_it_begins(term: Term, offset: Duration) -> bool:
    """Whether so long before the end of a term is before its beginning, in an ordinary week."""
    match term:
        case Duration():
            return term.amount <= offset.amount if term.unit == offset.unit else term.usual < offset.usual
        case NextDay():
            return offset.usual.days > _TURNS[term.turn]
        case CloseDay():
            # a weekend may lie between
            return offset.usual.days > (0 if term.day == "same day" else 4)
        case _:
            return False


# -- days that may not be filled in


def check_filled(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Where the day of a deadline may be empty, another term says what counts then."""
    whole = definition.limits.get("issue")
    name = field_of(whole.within.choices[-1].is_) if whole and whole.within.choices else None
    if name is not None and not _always(definition, name):
        yield may_be_empty(definition, ("limits", "issue", "within"), name, None)
    for key, step in definition.steps.items():
        for name, path in _last_days(definition, key, step):
            if definition.data[name].compute is not None or definition.data[name].type not in ("date", "date-time"):
                continue
            found = _first_empty(definition, explored, key, name)
            if found is not None:
                yield may_be_empty(definition, path, name, found)


def _last_days(definition: Definition, key: str, step: object) -> Iterator[tuple[str, Path]]:
    """The fields whose day the last of the terms needs, with the place."""
    stage = definition.stage_of[key]
    base: Path = (stage, key)
    several: list[tuple[Path, Terms | None]] = []
    if isinstance(step, TimedStep) and not step.waits_for_time:
        several.append(((*base, "within"), step.within))
    if isinstance(step, EachStep):
        several += [((*base, "within each", role), terms) for role, terms in step.within_each.items()]
    if stage in definition.limits and key == next(iter(definition.stage(stage))):
        several.append((("limits", stage, "within"), definition.limits[stage].within))
    for path, terms in several:
        name = field_of(terms.choices[-1].is_) if terms and terms.choices else None
        if name is not None and terms is not None:
            yield name, path if terms.plain else (*path, len(terms.choices) - 1)


def _always(definition: Definition, name: str) -> bool:
    field = definition.entered.get(name)
    return field is not None and field.required is True and field.when is None


def _first_empty(definition: Definition, explored: Explored, key: str, name: str) -> tuple[Edge, ...] | None:
    """The shortest way to a step on which its day may not have been filled in."""
    graph, model = explored.graph, explored.model
    if _always(definition, name):
        return None
    for index, edges in enumerate(graph.edges):
        for edge in edges:
            if any(kind == "enter" and step == key for kind, step, _ in edge.deeds) and model.may_be_empty(
                graph.places[edge.target].env, name
            ):
                return (*graph.way_to(index), edge)
    return None


def may_be_empty(definition: Definition, path: Path, name: str, way: tuple[Edge, ...] | None) -> Problem:
    """That the day of a deadline may not be filled in, with the way on which it is not."""
    field = definition.data[name]
    zh, en = words(field.title, "zh", name), words(field.title, "en", name)
    by = passage(definition, deeds_of(way)) if way else Said("", "")
    return problem(
        "deadline-may-be-empty",
        path,
        Said(
            f"“{zh}”可能没有填写，那时就没有期限{'：' + by[0] if way else ''}。",
            f"“{en}” may not be filled in, and then there is no deadline{': ' + by[1] if way else ''}.",
        ),
        Said(
            f"请写明没有填写时的期限，例如 until {name} or 5 working days；或让这个字段必填（required: true）。",
            f"Say what counts then, for example until {name} or 5 working days; or let the field be required: true.",
        ),
    )

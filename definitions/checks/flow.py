"""Data on its way: nothing is read before somebody has filled it in, whichever way an issue came."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.events import Filling, Use, unsafe
from definitions.checks.passage import deeds_of, passage
from definitions.exploration.graph import Deed, Edge, Graph
from definitions.exploration.levels import Explored
from definitions.model.definition import Definition
from definitions.problem import Problem, problem
from definitions.text import Said, words

_REMEDY = Said(
    "请在这条路上先询问（ask）它；如果可以没有，请写 default(…)、“{name} is filled and …”，文字里写 {{% if {name} is filled %}}。",
    "Ask for it on this way first; if it may be empty, use default(…), “{name} is filled and …”, or in a text {{% if {name} is filled %}}.",
)


def check(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Each use that some way reaches with the field not yet filled in, with the shortest such way."""
    filling = Filling(definition)
    yield from _subject(definition, filling)
    if not filling.watched:
        return
    graph = explored.graph
    surely = _surely(graph, filling)
    told: set[Use] = set()
    for index, edges in enumerate(graph.edges):
        for edge in edges:
            for use in _early(edge, surely[index], filling):
                if use not in told:
                    told.add(use)
                    yield _found(definition, graph, filling, use)


def _subject(definition: Definition, filling: Filling) -> Iterator[Problem]:
    """The subject is shown from the beginning."""
    for name in sorted(unsafe(definition.subject) & filling.watched) if definition.subject else ():
        title = _title(definition, name)
        yield problem(
            "used-before-filled",
            ("subject",),
            Said(
                f"“{title[0]}”在事项提出时还没有填写。", f"“{title[1]}” is not filled in yet when an issue is opened."
            ),
            Said("请改用登记时填写的字段，或写 default(…)。", "Use a field of the form, or default(…)."),
        )


def _surely(graph: Graph, filling: Filling) -> list[frozenset[str]]:
    """The fields that are filled in on every way to each state."""
    found: list[frozenset[str] | None] = [None] * len(graph.places)
    found[0] = frozenset()
    open_ = [0]
    gains = [[_gain(edge, filling) for edge in edges] for edges in graph.edges]
    while open_:
        here = open_.pop()
        before = found[here]
        assert before is not None
        for edge, gain in zip(graph.edges[here], gains[here], strict=True):
            after, known = before | gain, found[edge.target]
            common = after if known is None else known & after
            if common != known:
                found[edge.target] = common
                open_.append(edge.target)
    return [one or frozenset() for one in found]


def _gain(edge: Edge, filling: Filling) -> frozenset[str]:
    return frozenset(
        name for deed in edge.deeds for effect in filling.of(deed) if not isinstance(effect, Use) for name in effect
    )


def _early(edge: Edge, known: frozenset[str], filling: Filling) -> Iterator[Use]:
    """The uses in an event that come before their field was filled in."""
    for deed in edge.deeds:
        for effect in filling.of(deed):
            if not isinstance(effect, Use):
                known = known | effect
            elif effect.name not in known:
                yield effect


def _found(definition: Definition, graph: Graph, filling: Filling, use: Use) -> Problem:
    way = graph.first(
        avoid=lambda edge: use.name in _gain(edge, filling),
        goal=lambda edge: use in _early(edge, frozenset(), filling),
    )
    passed = Said(*passage(definition, _up_to(deeds_of(way or ()), filling, use)))
    said = {"chased": _unchased, "role": _unknown_holder}.get(use.how, _unfilled)
    return said(definition, use, _title(definition, use.name), passed)


def _unchased(definition: Definition, use: Use, title: tuple[str, str], way: Said) -> Problem:
    return problem(
        "promise-unchased",
        use.path,
        Said(
            f"这里的承诺由“{title[0]}”跟踪，可是还没有人选定：{way.zh}。",
            f"Promises are chased by “{title[1]}”, and nobody has been chosen yet: {way.en}.",
        ),
        Said(
            "请在 promises 里改由总有人担任的角色跟踪。",
            "Let promises be chased by a role that always has somebody.",
        ),
    )


def _unknown_holder(definition: Definition, use: Use, title: tuple[str, str], way: Said) -> Problem:
    role = definition.role_title(use.role)
    return problem(
        "used-before-filled",
        use.path,
        Said(
            f"这一步由“{words(role, 'zh')}”办理，可是“{title[0]}”还没有人填写，不知道是谁：{way.zh}。",
            f"This is for “{words(role, 'en')}”, but “{title[1]}” has not been filled in yet, so nobody is meant: {way.en}.",
        ),
        Said(
            f"请在这条路上先询问（ask）{use.name}，或给角色写 fallback。",
            f"Ask for {use.name} on this way first, or give the role a fallback.",
        ),
    )


def _unfilled(definition: Definition, use: Use, title: tuple[str, str], way: Said) -> Problem:
    return problem(
        "used-before-filled",
        use.path,
        Said(
            f"用到“{title[0]}”时还没有人填写过它：{way.zh}。",
            f"“{title[1]}” is used before anybody has filled it in: {way.en}.",
        ),
        Said(_REMEDY[0].format(name=use.name), _REMEDY[1].format(name=use.name)),
    )


def _up_to(deeds: tuple[Deed, ...], filling: Filling, use: Use) -> tuple[Deed, ...]:
    """What happens on a way until its last event uses the field."""
    last = next((at for at in range(len(deeds) - 1, -1, -1) if use in filling.of(deeds[at])), len(deeds))
    return deeds[: last + 1]


def _title(definition: Definition, name: str) -> Said:
    key = next((key for key in definition.data if key.replace("-", "_") == name), name)
    field = definition.data.get(key)
    title = field.title if field else None
    return Said(words(title, "zh", name), words(title, "en", name))

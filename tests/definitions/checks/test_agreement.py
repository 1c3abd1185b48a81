"""The checks and a life lived in every way come to the same verdict, on small processes of any shape."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from definitions import checks
from definitions.checks.soundness import entered
from definitions.exploration.levels import explore
from definitions.model.definition import Definition
from tests.definitions.brute_force import live
from tests.engine.random_definitions import text
from tests.examples import examples

#: What the checks say of a process in which an issue can be stuck or run in circles.
STUCK = {"nobody-can-act", "cannot-close", "automatic-loop", "loop-without-person"}
GUARDS = ["score == 3", "score is none", "score > 2", "score != 3"]
ANSWERS = {"score": (None, 1, 3, 5), "helpers": ((), ("organisation:1", "organisation:2"))}
_SCORE = {"type": "integer", "title": text("score"), "required": False}
_HELPERS = {"type": "departments", "title": text("helpers"), "required": False}


@st.composite
def _action(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    action: dict[str, Any] = {"title": text("action"), "to": draw(targets), "as": "good", "tell": "clerk"}
    if draw(st.integers(0, 2)) == 0:
        action["when"] = draw(st.sampled_from(GUARDS))
    if draw(st.integers(0, 3)) == 0:
        action["ask"] = {"score": _SCORE}
    if draw(st.integers(0, 3)) == 0:
        action["ask"] = {**action.get("ask", {}), "helpers": _HELPERS}
    if draw(st.integers(0, 4)) == 0:
        action |= {"at most": draw(st.integers(1, 2)), "then": draw(targets)}
    return action


@st.composite
def _several(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    """Several who do their part or vote, where there may be nobody."""
    step: dict[str, Any] = {
        "title": text("step"),
        "each": "helpers",
        "until": draw(st.sampled_from(["all", "any", "majority", 2])),
        "actions": {"done": {"title": text("done")}},
        "to": draw(targets),
    }
    if draw(st.booleans()):
        step["actions"] = {"yes": {"title": text("yes"), "vote": "for"}, "no": {"title": text("no"), "vote": "against"}}
        step["rejected"] = {"to": draw(targets), "as": "good"}
        if draw(st.booleans()):
            step |= {"until": draw(st.sampled_from(["2/3 of those who voted", "more than 1/2"])), "within": "2 hours"}
            step |= {"turnout": "1/2", "too few": {"to": draw(targets), "as": "good"}} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        step["nobody"] = {"to": draw(targets), "as": "good"}
        if draw(st.integers(0, 2)) == 0:
            step["nobody"] |= {"at most": 1, "then": draw(targets)}
    return step


def _parted(draw: st.DrawFn, actions: dict[str, Any]) -> dict[str, Any]:
    """Actions of two roles, of whom the deputy may only do a part."""
    advise: dict[str, Any] = {"title": text("advise"), "by": "deputy"}
    if draw(st.integers(0, 2)) == 0:
        advise["when"] = draw(st.sampled_from(GUARDS))
    if draw(st.integers(0, 2)) == 0:
        advise["ask"] = {"score": _SCORE}
    return {**{name: {**action, "by": "clerk"} for name, action in actions.items()}, "advise": advise}


@st.composite
def _option(draw: st.DrawFn, keys: list[str]) -> dict[str, Any]:
    """Something beside the tasks, which may change an answer, or lead somewhere."""
    option: dict[str, Any] = {"title": text("option"), "by": "deputy", "tell": "clerk", "ask": {"score": _SCORE}}
    if draw(st.booleans()):
        option["to"] = draw(st.sampled_from([*keys, "end"]))
    if draw(st.booleans()):
        option["during"] = draw(st.sampled_from(["intake", *keys]))
    if draw(st.booleans()):
        option["when"] = draw(st.sampled_from(GUARDS))
    if draw(st.booleans()):
        option["at most"] = draw(st.integers(1, 2))
    return option


@st.composite
def _step(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    match draw(st.sampled_from(["task", "task", "task", "each", "several", "choose", "set", "wait"])):
        case "task":
            actions = {f"a{n}": draw(_action(targets)) for n in range(draw(st.integers(1, 2)))}
            step = {"title": text("step"), "task": "clerk", "actions": actions, "tell": "reporter"}
            if draw(st.integers(0, 3)) == 0:
                step |= {"task": ["clerk", "deputy"], "actions": _parted(draw, actions)}
            if draw(st.integers(0, 3)) == 0:
                step |= {"within": "2 hours", "overdue": {"to": draw(targets), "as": "good"}}
            return step
        case "each":
            actions = {"done": {"title": text("done")}}
            if draw(st.booleans()):
                actions["out"] = draw(_action(targets))
            return {"title": text("step"), "each": ["clerk", "deputy"], "until": draw(st.sampled_from(["all", "any"])),
                    "actions": actions, "to": draw(targets)}  # fmt: skip
        case "several":
            return draw(_several(targets))
        case "choose":
            rows = [{"when": draw(st.sampled_from(GUARDS)), "to": draw(targets)}, {"to": draw(targets)}]
            return {"title": text("step"), "choose": rows}
        case "set":
            return {
                "title": text("step"),
                "set": {"score": draw(st.sampled_from(["3", "1", "none"]))},
                "to": draw(targets),
            }
        case _:
            return {"title": text("step"), "wait": "3 hours", "to": draw(targets), "tell": "nobody"}


@st.composite
def small(draw: st.DrawFn) -> Definition:
    """A process of two to six steps, sound or not."""
    keys = [f"s{n}" for n in range(draw(st.integers(2, 6)))]
    targets = st.sampled_from([*keys, "end", "end"])
    steps: dict[str, Any] = {}
    for key in keys:
        if key != "s0" and draw(st.integers(0, 6)) == 0:
            inside = st.sampled_from([f"{key}-a", "end"])
            branch = draw(_step(st.just("end"))), draw(_step(inside))
            steps[key] = {"title": text("step"), "parallel": [f"{key}-a", f"{key}-b"], "to": "end",
                          "join": draw(st.sampled_from(["all", "any"]))}  # fmt: skip
            steps |= {f"{key}-a": branch[0], f"{key}-b": branch[1]}
        else:
            steps[key] = draw(_step(targets))
    return Definition.model_validate(
        {
            "id": "small",
            "title": text("small"),
            "calendar": "china",
            "number": "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}",
            "fields": {
                "subject": {"type": "text", "title": text("subject")},
                "score": {**_SCORE, "asked": False},
                "helpers": {**_HELPERS, "asked": False},
            },
            "roles": {
                "clerk": {"title": text("clerk"), "staff of": "station"},
                "deputy": {"title": text("deputy"), "deputies of": "station"},
                "helpers": {"title": text("helpers"), "departments": "helpers"},
            },
            "resolutions": {"good": text("good")},
            "withdraw": False,
            "options": {"beside": draw(_option(keys))} if draw(st.integers(0, 3)) == 0 else {},
            "intake": steps,
            "closure": {"end": {"title": text("end"), "close": "good"}},
        }
    )


@examples(300, healthy=False)
@given(definition=small())
def test_the_verdict_is_that_of_every_possible_life(definition: Definition) -> None:
    lived = live(definition, ANSWERS)
    assume(lived.whole)
    problems = checks.run(definition, ("china",))
    found = {problem.rule for problem in problems}
    event("broken" if lived.broken else "sound")
    assert bool(found & STUCK) == lived.broken, (found, lived)
    if not lived.endless:
        resting = {key for key, step in definition.steps.items() if step.rests}
        assert lived.entered == resting & entered(explore(definition)), "the same steps are entered"

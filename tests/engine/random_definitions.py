"""Random definitions for the kernel's invariants: any graph of all step kinds, kept if the checks find it sound."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from definitions import checks
from definitions.definition import Definition


def text(words: str) -> dict[str, str]:
    """A title in both languages."""
    return {"zh": words, "en": words}


_ROLES: dict[str, Any] = {
    "clerk": {"title": text("clerk"), "staff of": "station"},
    "deputy": {
        "title": text("deputy"),
        "deputies of": "station",
        "pick": ["on duty", "least loaded"],
        "answerable": True,
    },
    "boss": {"title": text("boss"), "staff of": "station above", "function": "head", "fallback": "clerk"},
    "lead": {"title": text("lead"), "departments": "lead"},
    "assist": {"title": text("assist"), "departments": "assist"},
}
_FIELDS: dict[str, Any] = {
    "subject": {"type": "text", "title": text("subject")},
    "score": {"type": "integer", "title": text("score")},
    "lead": {"type": "department", "title": text("lead")},
    "assist": {"type": "departments", "title": text("assist")},
}
_ASKS: list[dict[str, Any]] = [
    {},
    {"reply": {"type": "text", "title": text("reply")}},
    {"score": {"type": "integer", "title": text("score"), "required": False}},
    {"lead": {"type": "department", "title": text("lead")}, "assist": {"type": "departments", "title": text("assist"), "required": False}},
]  # fmt: skip
_GUARDS = ["score == 3", "score is none", "score > 2", "subject == 'x' and score > 1"]


@st.composite
def _action(draw: st.DrawFn, targets: st.SearchStrategy[str], leads: bool) -> dict[str, Any]:
    action: dict[str, Any] = {"title": text("action"), "ask": draw(st.sampled_from(_ASKS)), "as": "good"}
    if leads:
        action["to"] = draw(targets)
        if draw(st.booleans()):
            action |= {"at most": draw(st.integers(1, 2)), "then": draw(targets)}
    if draw(st.booleans()):
        action["tell"] = draw(st.sampled_from(["reporter", "deputy", "lead"]))
    return action


@st.composite
def _waiting(draw: st.DrawFn, targets: st.SearchStrategy[str], kind: dict[str, Any], each: bool) -> dict[str, Any]:
    actions = {"first": draw(_action(targets, leads=not each))}
    if draw(st.booleans()):
        actions["second"] = draw(_action(targets, leads=True))
        if draw(st.booleans()):
            actions["second"]["when"] = draw(st.sampled_from(_GUARDS))
    overdue = draw(st.sampled_from([{"tell": "clerk"}, {"escalate": "boss"}, {"to": draw(targets), "as": "late"}]))
    within = draw(st.sampled_from(["2 hours", "1 working day", "1 month"]))
    step = {**kind, "title": text("step"), "within": within, "overdue": overdue, "actions": actions}
    return step | (
        {"remind": draw(st.sampled_from(["at the deadline", "1 hour before", "1 day after"]))}
        if draw(st.booleans())
        else {}
    )


@st.composite
def _step(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    match draw(st.sampled_from(["task", "task", "each", "assign", "choose"])):
        case "task":
            role = draw(st.sampled_from(["clerk", "deputy", "boss", "reporter", "lead"]))
            return draw(_waiting(targets, {"task": role}, each=False))
        case "each":
            kind = {
                "each": ["lead", "assist"],
                "until": draw(st.sampled_from(["all", "any", "lead"])),
                "to": draw(targets),
            }
            return draw(_waiting(targets, kind, each=True))
        case "assign":
            return {"assign": "deputy", "to": draw(targets), "title": text("step"), "tell": "reporter"}
        case _:
            guarded = {"when": draw(st.sampled_from(_GUARDS)), "to": draw(targets)}
            return {"title": text("step"), "choose": [guarded, {"to": draw(targets)}]}


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A sound definition of two to nine steps."""
    keys = [f"s{n}" for n in range(draw(st.integers(1, 8)))]
    steps = {}
    for position, key in enumerate(keys):
        # mostly onwards, so that most graphs are sound; backwards too, so that there are loops
        onward = st.sampled_from([*keys[position + 1 :], "end"])
        steps[key] = draw(_step(st.one_of(onward, onward, st.sampled_from(["end", *keys]))))
    body = {
        "id": "random",
        "title": text("random"),
        "calendar": "china",
        "number": "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}",
        "fields": _FIELDS,
        "roles": _ROLES,
        "resolutions": {"good": text("good"), "late": text("late")},
        "intake": _only_reached(steps),
        "closure": {"end": {"title": text("end"), "close": True}},
    }
    return Definition.model_validate(body)


def _only_reached(steps: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The steps that the first one leads to: the checks refuse others."""
    found, open_ = ["s0"], ["s0"]
    while open_:
        written = str(steps[open_.pop()])
        for key in steps:
            if f"'{key}'" in written and key not in found:
                found.append(key)
                open_.append(key)
    return {key: step for key, step in steps.items() if key in found}


def sound(definition: Definition) -> bool:
    """Whether the checks find nothing."""
    return not checks.run(definition)

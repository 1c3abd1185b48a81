"""Random definitions for the kernel's invariants: any graph of all step kinds, kept if the checks find it sound."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from definitions import checks
from definitions.checks import resolutions
from definitions.model.definition import Definition


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
    "relay": {
        "title": text("relay"),
        "deputies of": "nearest station",
        "pick": ["round robin", "random"],
        "ladder": ["district", "city"],
    },
    "lead": {"title": text("lead"), "departments": "lead"},
    "assist": {"title": text("assist"), "departments": "assist"},
}
_FIELDS: dict[str, Any] = {
    "subject": {"type": "text", "title": text("subject")},
    "score": {"type": "integer", "title": text("score")},
    "lead": {"type": "department", "title": text("lead")},
    "assist": {"type": "departments", "title": text("assist")},
    "day": {"type": "date", "title": text("day")},
    "other": {"type": "issue", "title": text("other")},
    "double": {"type": "integer", "title": text("double"), "compute": "(score | default(0)) * 2"},
    "paper": {"type": "text", "title": text("paper"), "asked": False},
    "seen": {"type": "integer", "title": text("seen"), "count": {"same": ["reporter", "subject"], "in": "this year"}},
}
_RESOURCES: dict[str, Any] = {"car": {"title": text("car"), "which": "subject", "from": "day", "capacity": 2}}
_PAPER = {"paper": {"series": "papers", "number": "{{ station.code }}〔{{ year }}〕{{ sequence }}"}}
_ASKS: list[dict[str, Any]] = [
    {},
    {"reply": {"type": "text", "title": text("reply")}},
    {"score": {"type": "integer", "title": text("score"), "required": False}},
    {"day": {"type": "date", "title": text("day"), "required": False}},
    {"lead": {"type": "department", "title": text("lead")}, "assist": {"type": "departments", "title": text("assist"), "required": False}},
]  # fmt: skip
_GUARDS = [
    "score == 3",
    "score is none",
    "score > 2",
    "subject == 'x' and score > 1",
    "double > 4",
    "seen > 1",
    "promises.open > 0",
    "times['s0.first'] > 1",
]


@st.composite
def _action(draw: st.DrawFn, targets: st.SearchStrategy[str], leads: bool) -> dict[str, Any]:
    action: dict[str, Any] = {"title": text("action"), "ask": draw(st.sampled_from(_ASKS)), "as": "good"}
    if leads:
        action["to"] = draw(targets)
        if draw(st.booleans()):
            bound = {"at most": draw(st.integers(1, 2)), "then": draw(targets)}
            action |= bound if bound["then"] != action["to"] else {}
    if leads and draw(st.integers(0, 5)) == 0:
        action |= {"hand up": "relay", "then": draw(targets)}
    if leads and "at most" not in action and "hand up" not in action and draw(st.integers(0, 6)) == 0:
        action["to"] = "back"
    if draw(st.integers(0, 5)) == 0:
        action["promise"] = {"what": "what", "by": "by"}
        action["ask"] = {
            **action["ask"],
            "what": {"type": "text", "title": text("what")},
            "by": {"type": "date", "title": text("by"), "required": False},
        }
    if draw(st.integers(0, 5)) == 0:
        action |= {"set": {"score": "(score | default(0)) + 1"}, "supervised by": "boss"}
    if draw(st.integers(0, 3)) == 0:
        action |= draw(st.sampled_from([{"give": _PAPER}, {"book": "car"}, {"release": "car", "give": _PAPER}]))
    if draw(st.booleans()):
        action["tell"] = draw(st.sampled_from(["reporter", "deputy", "lead"]))
    return action


_TERMS: list[Any] = [
    "2 hours",
    "1 working day",
    "1 month",
    "4 working hours",
    "by the 25th",
    [{"when": "score == 3", "is": "2 hours"}, "5 working days"],
    "until day or 5 working days",
    "3 working days before day or 2 hours",
    "2 days after day or 1 week",
    "same day",
    "by 17:00",
    "next working day by 12:00",
    "1 quarter",
    "30 calendar days",
]
_ALLOWANCES: list[dict[str, Any]] = [
    {},
    {"limits stand": True},
    {"extend": {"by": "up to 2 working days", "approved by": ["clerk", "boss"]}},
    {"shelve": {"for": "up to 10 days", "approved by": "clerk", "at most": 2}},
    {"extend": {"by": "up to 1 day"}, "shelve": {"for": "up to 1 month"}},
]
_LIMITS: dict[str, Any] = {
    "issue": {"within": "10 working days", "remind": "1 day before", "overdue": [{"tell": "clerk"}, {"after": "1 week", "tell": "boss"}]},
    "intake": {"within": "2 days", "overdue": {"tell": "boss"}},
}  # fmt: skip


@st.composite
def _waiting(draw: st.DrawFn, targets: st.SearchStrategy[str], kind: dict[str, Any], each: bool) -> dict[str, Any]:
    actions = {"first": draw(_action(targets, leads=not each))}
    if draw(st.booleans()):
        actions["second"] = draw(_action(targets, leads=True))
        if draw(st.booleans()):
            actions["second"]["when"] = draw(st.sampled_from(_GUARDS))
    above = "relay" if kind.get("task") == "boss" else "boss"
    rungs = [{"tell": "clerk"}, {"escalate": above}, {"to": draw(targets), "as": "late"}]
    ladder = [{"tell": "clerk"}, {"after": "1 day", "tell": "boss"}, {"after": "3 working days", "escalate": above}]
    overdue = draw(st.sampled_from([*rungs, ladder, ladder[1:]]))
    within = draw(st.sampled_from(_TERMS))
    step = {**kind, "title": text("step"), "within": within, "overdue": overdue, "actions": actions}
    step |= {} if each else draw(st.sampled_from(_ALLOWANCES))
    return step | (
        {"remind": draw(st.sampled_from(["at the deadline", "1 hour before", "1 day after"]))}
        if draw(st.booleans())
        else {}
    )


_AUTOMATIC: list[dict[str, Any]] = [
    {"set": {"score": "3"}},
    {"register": {"of": "deputy", "kind": "issue", "title": {"zh": "{{ subject }}", "en": "{{ subject }}"}, "points": "2"}},
    {"publish": {"title": text("{{ subject }}"), "text": text("{{ subject }}"), "when": "score == 3"}},
    {"start": "other", "with": {"subject": "subject"}},
    {"link": "other"},
    {"set": {"score": "seen"}, "give": _PAPER, "release": "car"},
]  # fmt: skip
_OUTSIDE: list[dict[str, Any]] = [
    {"receive": "news", "ask": {"score": {"type": "integer", "title": text("score"), "required": False}}},
    {"call": "other", "with": {"subject": "subject"}, "save": {"subject": "resolution"}},
    {"request": {"to": "system", "send": {"subject": "subject"}, "save": {"score": "score"}}},
    {"wait": "until promises"},
]


@st.composite
def _outside(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    """A step that waits for something else than a person, and goes on by itself if that never comes."""
    overdue = {"to": draw(targets), "as": "late"}
    step = {**draw(st.sampled_from(_OUTSIDE)), "title": text("step"), "to": draw(targets)}
    return step | {"within": draw(st.sampled_from(["2 hours", "3 working days"])), "overdue": overdue}


@st.composite
def _each(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    until = draw(st.sampled_from(["all", "any", "lead", "2", "60 %"]))
    kind: dict[str, Any] = {"each": ["lead", "assist"], "until": until, "to": draw(targets)}
    if draw(st.booleans()):
        kind["in order"] = True
    if draw(st.booleans()):
        kind["within each"] = {"assist": "1 hour"}
    step = draw(_waiting(targets, kind, each=True))
    if until in ("2", "60 %", "all") and draw(st.booleans()):
        step["actions"]["first"]["vote"] = "for"
        step["actions"]["no"] = {"title": text("no"), "vote": "against"}
        step["rejected"] = {"to": draw(targets), "as": "late"}
    # the lead and the assistants can both be left out
    step["nobody"] = {"to": draw(targets), "as": draw(st.sampled_from(["good", "late"])), "tell": "clerk"}
    if "rejected" in step and draw(st.booleans()):
        del step["nobody"]
    return step


_KINDS = ["task", "task", "task", "each", "each", "assign", "choose", "automatic", "outside", "wait"]


@st.composite
def _step(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> dict[str, Any]:
    match draw(st.sampled_from(_KINDS)):
        case "task":
            role = draw(st.sampled_from(["clerk", "deputy", "boss", "reporter", "lead", "relay"]))
            return draw(_waiting(targets, {"task": role}, each=False))
        case "each":
            return draw(_each(targets))
        case "assign":
            role = draw(st.sampled_from(["deputy", "relay"]))
            return {"assign": role, "to": draw(targets), "title": text("step"), "tell": "reporter"}
        case "automatic":
            return {**draw(st.sampled_from(_AUTOMATIC)), "title": text("step"), "to": draw(targets)}
        case "outside":
            return draw(_outside(targets))
        case "wait":
            return {
                "wait": draw(st.sampled_from(["3 hours", "2 days", "until day"])),
                "title": text("step"),
                "to": draw(targets),
            }
        case _:
            guarded = {"when": draw(st.sampled_from(_GUARDS)), "to": draw(targets)}
            row = {"if": {"score": draw(st.sampled_from([3, [1, 2], "> 2", "1..2", "-"]))}, "to": draw(targets)}
            policy = draw(st.sampled_from(["first", "unique", "any"]))
            return {"title": text("step"), "choose": [guarded, row, {"to": draw(targets)}], "hit policy": policy}


@st.composite
def _branches(draw: st.DrawFn, key: str, targets: st.SearchStrategy[str]) -> dict[str, dict[str, Any]]:
    """A parallel step with two branches of a step each, and perhaps a way out of both."""
    joined = draw(targets)
    first, second = f"{key}-a", f"{key}-b"
    to = st.just(joined)
    one = draw(_waiting(to, {"task": draw(st.sampled_from(["clerk", "boss"]))}, each=False))
    two = draw(st.one_of(_waiting(to, {"task": "deputy"}, each=False), _outside(to), _each(to)))
    if draw(st.booleans()):
        one["actions"]["out"] = {"title": text("out"), "leaves": key, "to": draw(targets)}
    parallel = {
        "title": text("step"),
        "parallel": [first, {"when": "score is none", "to": second} if draw(st.booleans()) else second],
        "join": draw(st.sampled_from(["all", "any", 1, 2])),
        "to": joined,
    }
    return {key: parallel, first: one, second: two}


def definitions() -> st.SearchStrategy[Definition]:
    """A definition of two to nine steps, mostly sound."""
    return bodies().map(Definition.model_validate)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """What a definition of two to nine steps says."""
    keys = [f"s{n}" for n in range(draw(st.integers(1, 8)))]
    steps: dict[str, dict[str, Any]] = {}
    for position, key in enumerate(keys):
        # mostly onwards, so that most graphs are sound; backwards too, so that there are loops
        onward = st.sampled_from([*keys[position + 1 :], "end"])
        if draw(st.integers(0, 4)) == 0:
            steps |= draw(_branches(key, onward))
        else:
            steps[key] = draw(_step(st.one_of(onward, onward, st.sampled_from(["end", *keys]))))
    body = {
        "id": "random",
        "title": text("random"),
        "calendar": "china",
        "number": "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}",
        "fields": _FIELDS,
        "resources": _RESOURCES,
        "roles": _ROLES,
        "resolutions": {"good": text("good"), "late": text("late")},
        "promises": {"chased by": "deputy", "remind": "1 day before", "broken": "boss"},
        "limits": draw(st.sampled_from([{}, _LIMITS])),
        "reopen": {"within": "10 days", "to": "s0"},
        "withdraw": {"until": "closure"},
        "intake": _only_reached(steps),
        "closure": {"end": {"title": text("end"), "close": True}},
    }
    return _saying_how_it_ended(body)


def _saying_how_it_ended(body: dict[str, Any]) -> dict[str, Any]:
    """``as`` stands on every way to the end, and nowhere else: chance alone would hardly ever be right at all of them."""
    for problem in resolutions.check(Definition.model_validate(body)):
        part = body
        for key in problem.path[:-1] if problem.path[-1] in ("as", "to") else problem.path:
            part = part[key] if isinstance(part, list) or key in part else part  # the first of several may be left out
        if problem.rule == "resolution-unused":
            del part["as"]
        else:
            part["as"] = "good"
    return body


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
    return not checks.run(definition, ("china",))

"""Names must name something: steps, roles, resolutions, fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definitions.checks.places import places
from definitions.model.action import BACK, Action, Way
from definitions.model.definition import COMMON_RESOLUTIONS, Definition
from definitions.model.role import REPORTER
from definitions.model.step import STAGES, Branch, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.tell import Telling
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said, words

_STEP, _ROLE, _RESOLUTION = Said("步骤", "step"), Said("角色", "role"), Said("办理结果", "resolution")
_OF_THE_STEP = Said("这一步的角色", "role of this step")
_DEFINITION = Said("流程", "definition")
_FIELD = Said("字段", "field")


def check(definition: Definition) -> Iterator[Problem]:
    """Every step, role, resolution and field that is named exists, and every step has one name."""
    yield from _doubles(definition)
    yield from _told(definition)
    yield from _Around(definition).problems()
    for key, step in definition.steps.items():
        yield from _Step(definition, key, step).problems()


def called(definition: Definition) -> frozenset[str]:
    """The definitions that this one calls or starts: they are looked for when it is published."""
    return frozenset(
        key
        for step in definition.steps.values()
        if (key := getattr(step, "call", None) or getattr(step, "start", None))
    )


def not_among(definition: Definition, known: Iterable[str]) -> list[Problem]:
    """Where a definition calls or starts one that is not among those that there are."""
    others = sorted({*known} - {definition.id})
    return [
        unknown("unknown-definition", (definition.stage_of[key], key, word), _DEFINITION, other, others)
        for key, step in definition.steps.items()
        for word in ("call", "start")
        if isinstance(other := getattr(step, word, None), str) and other not in others
    ]


def _doubles(definition: Definition) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for stage in STAGES:
        for key in definition.stage(stage):
            if key in seen:
                yield problem(
                    "double-step",
                    (stage, key),
                    Said(
                        f"步骤“{key}”在“{seen[key]}”阶段已经有了。",
                        f"There is a step “{key}” in “{seen[key]}” already.",
                    ),
                    Said("请给其中一个换个名字。", "Give one of them another name."),
                )
            seen.setdefault(key, stage)


def _told(definition: Definition) -> Iterator[Problem]:
    """The roles that are told, wherever that stands."""
    known = (REPORTER, *definition.roles)
    for path, value in places(definition):
        if isinstance(value, Telling):
            # a plain list of roles has become one telling
            place = path[:-1] if isinstance(path[-1], int) else path
            for role in value.to:
                if role not in known:
                    yield unknown("unknown-role", place, _ROLE, role, known)


class _Names:
    """Looks names up, and says which are not there."""

    def __init__(self, definition: Definition, path: Path = ()) -> None:
        self.definition = definition
        self.path = path

    def to(self, path: Path, key: str | None, *, back: bool = False) -> Iterator[Problem]:
        if key is not None and key not in self.definition.steps and not (back and key == BACK):
            yield unknown("unknown-step", (*self.path, *path), _STEP, key, self.definition.steps)

    def roles(self, path: Path, keys: Iterable[str | None]) -> Iterator[Problem]:
        known = (REPORTER, *self.definition.roles)
        for key in keys:
            if key is not None and key not in known:
                titles = {name: (role.title or {}).values() for name, role in self.definition.roles.items()}
                yield unknown("unknown-role", (*self.path, *path), _ROLE, key, known, titles)

    def resolution(self, path: Path, key: str | None) -> Iterator[Problem]:
        known = (*self.definition.resolutions, *COMMON_RESOLUTIONS)
        if key is not None and key not in known:
            yield unknown("unknown-resolution", (*self.path, *path), _RESOLUTION, key, known)

    def fields(self, path: Path, names: Iterable[str | None], kinds: tuple[str, ...] = ()) -> Iterator[Problem]:
        for name in names:
            if name is None:
                continue
            field = self.definition.data.get(name)
            if field is None:
                yield unknown("unknown-field", (*self.path, *path), _FIELD, name, self.definition.data)
            elif kinds and field.type not in kinds:
                yield problem(
                    "wrong-type",
                    (*self.path, *path),
                    Said(f"字段“{name}”的类型是“{field.type}”。", f"The field “{name}” has the type “{field.type}”."),
                    Said(f"这里要 {'、'.join(kinds)} 类型。", f"Its type must be {' or '.join(kinds)}."),
                )


class _Around(_Names):
    """What a definition says beside its steps."""

    def problems(self) -> Iterator[Problem]:
        definition = self.definition
        if definition.withdraw:
            until = definition.withdraw.until
            if until not in (*definition.steps, *STAGES):
                yield unknown("unknown-step", ("withdraw", "until"), _STEP, until, (*STAGES, *definition.steps))
            yield from self.to(("withdraw", "to"), definition.withdraw.to)
        yield from self._takers()
        if definition.urge:
            yield from self.roles(("urge", "by"), definition.urge.by)
        if definition.alike:
            for name in definition.alike.show:
                if name not in definition.entered:
                    yield unknown("unknown-field", ("alike", "show"), _FIELD, name, definition.entered)
        if definition.promises:
            yield from self.roles(("promises", "chased by"), (definition.promises.chased_by,))
        if definition.reopen:
            yield from self.roles(("reopen", "by"), definition.reopen.by)
            yield from self.to(("reopen", "to"), definition.reopen.to)

    def _takers(self) -> Iterator[Problem]:
        """Whoever takes a matter from a resident serves somewhere: who they are must be known before there is an issue."""
        roles = self.definition.roles
        serving = [key for key, role in roles.items() if role.serving]
        for key in self.definition.taken_by:
            if key not in roles:
                yield unknown("unknown-role", ("taken by",), _ROLE, key, serving)
            elif key not in serving:
                title = self.definition.role_title(key)
                yield problem(
                    "unknown-taker",
                    ("taken by",),
                    Said(
                        f"“{words(title, 'zh', key)}”要等事项提出以后才知道是谁，不能代群众登记。",
                        f"Who the “{words(title, 'en', key)}” is shows only once there is an issue; nobody could enter one.",
                    ),
                    Said(
                        "请写在站点、单位任职的角色，例如 staff of: station 的工作人员。",
                        "Name roles of people who serve somewhere, such as one with staff of: station.",
                    ),
                )


class _Step(_Names):
    """The names that one step uses, each with its place."""

    def __init__(self, definition: Definition, key: str, step: AnyStep) -> None:
        super().__init__(definition, (definition.stage_of[key], key))
        self.key = key
        self.step = step

    def problems(self) -> Iterator[Problem]:
        yield from self.roles(("supervised by",), (self.step.supervised_by,))
        yield from self._kind()
        for place, way in _ways(self.step):
            yield from self._way(place, way)
        if isinstance(self.step, WaitingStep):
            yield from self._waiting(self.step)
        yield from self.to(("to",), self.step.onward)
        yield from self.resolution(("as",), self.step.ended)
        for place, value in places(self.step):
            if isinstance(value, Branch):
                yield from self.to((*place, "to"), value.to)
                yield from self.resolution((*place, "as"), value.resolution)
                yield from self.fields((*place, "set"), value.set)

    def _kind(self) -> Iterator[Problem]:
        for what, path, names, types in self.step.named(self.definition):
            match what:
                case "role":
                    yield from self.roles(path, names)
                case "field":
                    yield from self.fields(path, names, types)
                case "resolution":
                    yield from (one for name in names for one in self.resolution(path, name))
                case "step":
                    yield from (one for name in names for one in self.to(path, name))
        yield from self.step.faults(self.definition, self.path)

    def _waiting(self, step: WaitingStep) -> Iterator[Problem]:
        yield from self._parts(step)
        for name, action in step.actions.items():
            path: Path = ("actions", name)
            yield from self.fields((*path, "edit"), action.edit)
            yield from self.fields((*path, "set"), action.set)
            yield from self.roles((*path, "supervised by"), (action.supervised_by,))
            if action.register_:
                yield from self.roles((*path, "register", "of"), action.register_.of)
            yield from self._promise((*path, "promise"), action)
            if action.vote and not isinstance(step, EachStep):
                said = Said("只有 each 步骤可以表决。", "Only each steps can vote.")
                yield problem("vote-alone", (*self.path, *path, "vote"), said, Said("请删去 vote。", "Leave it out."))

    def _parts(self, step: WaitingStep) -> Iterator[Problem]:
        """Who does what: only the step's roles, and each of them something."""
        for name, action in step.actions.items():
            for role in action.by:
                if role not in step.acting:
                    yield unknown("unknown-role", (*self.path, "actions", name, "by"), _OF_THE_STEP, role, step.acting)
        for role in step.acting if step.actions else ():
            if not step.offered(role):
                zh, en = (words(self.definition.role_title(role), language, role) for language in ("zh", "en"))
                yield problem(
                    "nothing-to-do",
                    (*self.path, step.step_kind.key),
                    Said(f"“{zh}”在这一步没有可以办的。", f"There is nothing that “{en}” can do here."),
                    Said(
                        f"请给一种办理写 by: {role}，或从这一步删去这个角色。",
                        f"Give an action by: {role}, or leave the role out of the step.",
                    ),
                )

    def _promise(self, path: Path, action: Action) -> Iterator[Problem]:
        if action.promise is None:
            return
        for name in (action.promise.what, action.promise.by):
            if name not in action.ask and name not in action.edit:
                yield unknown("unknown-field", (*self.path, *path), _FIELD, name, action.ask)
        if action.promise.by in action.ask and action.ask[action.promise.by].type != "date":
            yield from self.fields((*path, "by"), (action.promise.by,), ("date",))
        if self.definition.promises is None:
            yield problem(
                "promise-unchased",
                (*self.path, *path),
                Said("有承诺，却没有人跟踪。", "A promise is given, and nobody chases it."),
                Said(
                    "请在流程里写 promises: {chased by: 角色}。", "Say promises: {chased by: a role} in the definition."
                ),
            )

    def _way(self, path: Path, way: Way) -> Iterator[Problem]:
        yield from self.to((*path, "to"), way.to, back=True)
        yield from self.to((*path, "then"), way.then)
        yield from self.resolution((*path, "as"), way.resolution)
        yield from self.roles((*path, "escalate"), (getattr(way, "escalate", None),))
        if way.hand_up is not None:
            yield from self._hand_up(path, way)
        elif (way.at_most is None) != (way.then is None) or (way.at_most and not way.to):
            yield problem(
                "half-bound",
                (*self.path, *path),
                Said("“at most”、“then”和“to”要一起写。", "“at most”, “then” and “to” belong together."),
                Said(
                    "例如 to: handle, at most: 2, then: supervise。",
                    "For example to: handle, at most: 2, then: supervise.",
                ),
            )
        elif way.at_most is not None and way.to == way.then:
            yield problem(
                "bound-without-effect",
                (*self.path, *path, "then"),
                Said(
                    f"次数用完以后还是走到“{way.to}”，限次数就没有意义。",
                    f"When the bound is used up it leads to “{way.to}” all the same, so that it bounds nothing.",
                ),
                Said(
                    "请让 then 通向别的步骤，或删去 at most 和 then。",
                    "Let then lead elsewhere, or remove at most and then.",
                ),
            )
        if way.leaves is not None:
            yield from self._leaves((*path, "leaves"), way.leaves)

    def _hand_up(self, path: Path, way: Way) -> Iterator[Problem]:
        place, role = (*path, "hand up"), way.hand_up or ""
        yield from self.roles(place, (role,))
        if role in self.definition.roles and not self.definition.roles[role].ladder:
            said = Said(f"角色“{role}”没有写 ladder。", f"The role “{role}” has no ladder.")
            yield problem(
                "no-ladder", (*self.path, *place), said, Said("请写 ladder: [district, city]。", "Give it one.")
            )
        if way.then is None and isinstance(way, Action):
            said = Said("没有写再没有上一级时怎么办。", "It does not say what happens when there is no further level.")
            yield problem("no-then", (*self.path, *path), said, Said("请写 then: 下一步。", "Say then: a step."))

    def _leaves(self, path: Path, key: str) -> Iterator[Problem]:
        yield from self.to(path, key)
        if key in self.definition.steps and not isinstance(self.definition.steps[key], ParallelStep):
            said = Said(f"“{key}”不是并行步骤。", f"“{key}” is not a parallel step.")
            yield problem(
                "leaves-nothing", (*self.path, *path), said, Said("请写并行步骤的名字。", "Name a parallel step.")
            )
        elif key in self.definition.steps and self.key not in inside(self.definition, key):
            said = Said(f"这一步不在“{key}”的各路之中。", f"This step is in no branch of “{key}”.")
            yield problem("leaves-nothing", (*self.path, *path), said, Said("请删去 leaves。", "Leave it out."))


def inside(definition: Definition, key: str) -> set[str]:
    """The steps to which the branches of a parallel step can lead before they join."""
    parallel = definition.steps[key]
    assert isinstance(parallel, ParallelStep)
    open_ = [branch.to for branch in parallel.parallel if branch.to]
    found: set[str] = set()
    while open_:
        one = open_.pop()
        if one not in found and one != parallel.to and one in definition.steps:
            found.add(one)
            open_ += definition.steps[one].targets()
    return found


def _ways(step: AnyStep) -> Iterator[tuple[Path, Way]]:
    """All ways out of a step that are written as such, with their places."""
    return ((path, value) for path, value in places(step) if isinstance(value, Way))

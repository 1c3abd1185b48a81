"""Steps that need nobody: they choose, give fields values, link, register, publish, and start issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from definitions.expressions.expression import Expression
from definitions.model.action import Registration
from definitions.model.cell import branch_guards
from definitions.model.reference import refers_to
from definitions.model.step import Branch
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.link import LinkStep
from definitions.model.steps.publish import PublishStep
from definitions.model.steps.register import RegisterStep
from definitions.model.steps.set import SetStep
from definitions.model.steps.start import StartStep
from engine.change import GuardFailed, Linked
from engine.draft import Draft
from engine.effect import Notify, OpenIssue, Publish, Register
from engine.rules.roles import told
from engine.state import Link, Party


def choose(draft: Draft, key: str, step: ChooseStep) -> Branch:
    """The branch that holds, by the hit policy; the last branch is taken when no other holds."""
    *guarded, last = step.choose
    otherwise = last if last.when is None and not last.if_ else None
    rules = guarded if otherwise else [*guarded, last]
    if step.hit_policy == "first":
        taken = next((branch for branch in rules if branch_holds(draft, branch, key)), otherwise or last)
    else:
        taken = _only(draft, key, step, [branch for branch in rules if branch_holds(draft, branch, key)]) or (
            otherwise or last
        )
    set_values(draft, taken.set, key)
    return taken


def _only(draft: Draft, key: str, step: ChooseStep, holding: list[Branch]) -> Branch | None:
    """The one branch that holds; where several do against the hit policy, none is, and the history says so."""
    if len(holding) < 2:
        return holding[0] if holding else None
    said = {
        (branch.to or step.to, tuple((name, str(value)) for name, value in branch.set.items())) for branch in holding
    }
    if step.hit_policy == "any" and len(said) == 1:
        return holding[0]
    why = f"{len(holding)} branches hold against the hit policy {step.hit_policy}"
    draft.record(GuardFailed(step=key, guard="choose", why=why))
    return None


def branch_holds(draft: Draft, branch: Branch, key: str) -> bool:
    """Whether the guard of a branch holds, and all cells of its row."""
    return all(draft.holds(guard, key) for guard in branch_guards(branch))


def set_values(draft: Draft, values: Mapping[str, Expression], key: str) -> None:
    """Give fields values, one after the other: a later one sees the earlier."""
    for name, expression in values.items():
        value = draft.value(expression, key)
        draft.fill({name: draft.fitting(name, value)})


def set_fields(draft: Draft, key: str, step: SetStep) -> None:
    """The step ``set``."""
    set_values(draft, step.set, key)


def link(draft: Draft, key: str, step: LinkStep) -> None:
    """The step ``link``; the other issue learns of it too."""
    other = draft.state.data.get(step.link)
    if isinstance(other, str) and refers_to(other, "issue"):
        draft.record(Linked(Link(kind=step.kind, issue=other)))
        draft.effect(Notify(issue=other, news="linked", relation=step.kind))


def start_issue(draft: Draft, key: str, step: StartStep) -> None:
    """The step ``start``."""
    values = {name: draft.value(expression, key) for name, expression in step.with_.items()}
    draft.effect(OpenIssue(definition=step.start, values=values, step=key))


def register(draft: Draft, key: str, step: RegisterStep) -> None:
    """The step ``register``."""
    enter_in_file(draft, step.register_, key)


def enter_in_file(draft: Draft, entry: Registration, key: str) -> None:
    """Have an entry made in the yearly files of those who hold the roles, if its condition holds."""
    if entry.when is not None and not draft.holds(entry.when, key):
        return
    parties = _credited(draft, entry.of)
    points = draft.value(entry.points, key) if entry.points is not None else None
    if parties:
        draft.effect(
            Register(
                parties=parties,
                category=entry.kind,
                title=draft.text(entry.title, key),
                points=float(points) if isinstance(points, int | float) else None,
                step=key,
            )
        )


def _credited(draft: Draft, roles: Sequence[str]) -> tuple[Party, ...]:
    """The holders of roles, and everybody who held one of them before it was handed up: each link of a relay counts."""
    links = [party for role in roles for party in draft.state.relay.get(role, ())]
    return tuple(dict.fromkeys((*links, *told(draft, roles))))


def publish(draft: Draft, key: str, step: PublishStep) -> None:
    """The step ``publish``: nothing becomes public without the consent that it names."""
    made = step.publish
    if made.when is None or draft.holds(made.when, key):
        title, text = draft.text(made.title, key), draft.text(made.text, key)
        of, person = _reference(draft, made.of), _reference(draft, made.consent_of)
        photos = draft.state.data.get(made.photos) if made.photos else None
        shown = tuple(str(one) for one in photos) if isinstance(photos, tuple) else ()
        draft.effect(Publish(category=made.kind, title=title, text=text, step=key, of=of, person=person, photos=shown))


def _reference(draft: Draft, field: str | None) -> str | None:
    value = draft.state.data.get(field) if field else None
    return value if isinstance(value, str) else None

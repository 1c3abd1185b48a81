"""The kinds of steps that there are, and which of them somebody probably meant who wrote none.

A new kind is a file in ``definitions/model/steps`` and a line here; a test of the registry says what it still lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Discriminator, Tag

from definitions.finding import nearest
from definitions.model.step import Step
from definitions.model.steps.assign import AssignStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.close import CloseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.link import LinkStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.publish import PublishStep
from definitions.model.steps.receive import ReceiveStep
from definitions.model.steps.register import RegisterStep
from definitions.model.steps.request import RequestStep
from definitions.model.steps.set import SetStep
from definitions.model.steps.start import StartStep
from definitions.model.steps.task import TaskStep
from definitions.model.steps.wait import WaitStep

_OneOf = (
    Annotated[TaskStep, Tag("task step")]
    | Annotated[EachStep, Tag("each step")]
    | Annotated[AssignStep, Tag("assign step")]
    | Annotated[ChooseStep, Tag("choose step")]
    | Annotated[ParallelStep, Tag("parallel step")]
    | Annotated[WaitStep, Tag("wait step")]
    | Annotated[ReceiveStep, Tag("receive step")]
    | Annotated[CallStep, Tag("call step")]
    | Annotated[StartStep, Tag("start step")]
    | Annotated[LinkStep, Tag("link step")]
    | Annotated[PublishStep, Tag("publish step")]
    | Annotated[RequestStep, Tag("request step")]
    | Annotated[RegisterStep, Tag("register step")]
    | Annotated[CloseStep, Tag("close step")]
    | Annotated[SetStep, Tag("set step")]
)

#: The models, in the order in which the language names them.
STEPS: tuple[type[Step], ...] = tuple(get_args(one)[0] for one in get_args(_OneOf))
#: The keys of which a step has exactly one.
KINDS = tuple(step.step_kind.key for step in STEPS)
#: The tags that Pydantic adds to the place of an error, and that no file holds.
TAGS = frozenset(f"{key} step" for key in KINDS)


def _tag(value: Any) -> str | None:
    """The tag of the kind of which a step is: by the key that it has, before it is read."""
    if isinstance(value, Step):
        return f"{value.step_kind.key} step"
    key = next((key for key in KINDS if key in value), None) if isinstance(value, Mapping) else None
    return key and f"{key} step"


AnyStep = Annotated[
    _OneOf,
    Discriminator(
        _tag,
        custom_error_type="step_kind",
        custom_error_message="A step needs one of: " + ", ".join(KINDS),
    ),
]

#: What a step without any kind is taken as, by the keys that it has: the first that fits.
_BY_KEYS = (({"choose"}, "choose"), ({"actions"}, "task"), ({"ask"}, "receive"), ({"save"}, "call"))
#: Keys of steps that are near a kind by their letters alone.
_OTHERS = frozenset(
    (
        *("title", "help", "tell", "to", "with", "save", "ask"),
        *("within", "as", "until", "work", "shelve", "remind", "extend"),
    )
)


def meant(step: Mapping[str, Any]) -> tuple[str | None, str]:
    """The key of a step that is no kind and was probably meant as one (``None`` if none is near), and the kind."""
    for key in step:
        near = nearest(str(key), KINDS)
        if near is not None and key not in _OTHERS:
            return str(key), near
    return None, next((kind for keys, kind in _BY_KEYS if keys <= set(step)), "task")

"""Whether what is computed surely comes to a value: sums over what everybody has to fill in do, a quotient may not."""

from __future__ import annotations

from functools import cached_property

from jinja2 import nodes

from definitions.expressions.expression import tree_of
from definitions.model.definition import Definition

#: Functions that give a value whenever they are given one of the right type.
_TOTAL = frozenset({"abs", "count", "length", "round", "sum"})


class Certainty:
    """Of one definition: the fields that are filled in from the opening to the end, and what can be computed of them."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition

    @cached_property
    def _always(self) -> frozenset[str]:
        """Fields that the form of the opening demands, and that no step fills in otherwise."""
        definition = self._definition
        steps = list(definition.steps.values())
        written = {name for step in steps for values in step.sets() for name in values}
        written |= {name for step in steps if (ending := step.ending()) for name in ending.brings}
        written |= {name for _, _, name, _ in definition.asks()}
        written |= set(definition.reopen.ask) if definition.reopen else set()
        demanded = (
            name
            for name, field in definition.entered.items()
            if field.required is True and field.when is None and not field.derived
        )
        return frozenset(name.replace("-", "_") for name in demanded if name not in written)

    def field(self, name: str) -> bool:
        """Whether a field (as expressions write it) always has a value."""
        if name in self._always or any(key.replace("-", "_") == name for key in self._definition.counted):
            return True
        field = next((f for key, f in self._definition.computed.items() if key.replace("-", "_") == name), None)
        return field is not None and field.compute is not None and self.value(tree_of(field.compute), name)

    def value(self, node: nodes.Node | None, within: str = "") -> bool:
        """Whether an expression always comes to a value; ``within`` is the field that is computed, which cannot rest on itself."""
        match node:
            case nodes.Const(value=value):
                return value is not None
            case nodes.Name(name=name):
                return name != within and self.field(name)
            case nodes.Filter(name="default", args=[nodes.Const(value=value)]):
                return value is not None
            case nodes.Filter(name=name, node=inner) if name in _TOTAL:
                return self.value(inner, within)
            case (
                nodes.Add(left=left, right=right)
                | nodes.Sub(left=left, right=right)
                | nodes.Mul(left=left, right=right)
            ):
                return self.value(left, within) and self.value(right, within)
            case _:
                return False

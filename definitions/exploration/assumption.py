"""What is assumed of that which is left open: that it comes out the same way every time that it is asked.

Whoever can choose an answer may choose another one the next time; what is computed, counted over other issues, or compared with the day need not
ever change. What is counted on the way (times, votes, promises, rungs) changes by itself, and nothing is assumed of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from definitions.exploration.domain import Variable
from definitions.exploration.model import Model, spelled
from definitions.text import Said

#: Which cells (a mask) of which variables (by index) are the case.
Assumption = Mapping[int, int]
#: What goes on meanwhile.
_MOVING = frozenset({"promises", "rung", "times", "votes"})
#: More combinations than this are not tried.
_MOST = 64


def assumptions(model: Model) -> Iterator[Assumption]:
    """Each answer of each thing left open, by itself; then all of them in every combination."""
    uses = {name: names for one in model.guards.values() for name, names in one.uses}
    several = {
        index: one.answers
        for index, one in enumerate(model.variables)
        if not one.kept and one.answers and not _moves(model, one, uses.get(one.name, frozenset()))
    }
    for index, cells in several.items():
        yield from ({index: cell} for cell in cells)
    if len(several) > 1 and prod(map(len, several.values())) <= _MOST:
        yield from (dict(zip(several, cells, strict=True)) for cells in product(*several.values()))


def _moves(model: Model, one: Variable, uses: frozenset[str]) -> bool:
    """Whether it follows from what goes on meanwhile."""
    names, open_ = set[str](), [one.name, *uses]
    computed = {spelled(key): field.compute for key, field in model.definition.computed.items()}
    while open_:
        name = open_.pop().partition(".")[0]
        if name not in names:
            names.add(name)
            compute = computed.get(name)
            open_ += compute.names if compute is not None else ()
    return not names.isdisjoint(_MOVING)


def said(model: Model, assumption: Assumption) -> Said:
    """What is assumed, in words: of what a field holds, and of the conditions that hold or do not."""
    zh, en, about = [], [], set[str]()
    values = {model.variables[index].name: model.variables[index].cell(mask) for index, mask in assumption.items()}
    for guard, one in model.guards.items():
        names = {*one.reads, *one.atoms}
        if not names.isdisjoint(values):
            about.add(str(guard))
        if names and names <= values.keys():
            holds = one.holds({name: cell.value for name, cell in values.items()})
            zh.append(f"“{guard}”{'成立' if holds else '不成立'}")
            en.append(f"“{guard}” {'holds' if holds else 'does not hold'}")
    if zh:
        return Said("，".join(zh), " and ".join(en))
    some = sorted(about)
    return Said(
        f"{'、'.join(f'“{one}”' for one in some)}里事先判断不了的部分总是同一个结果",
        f"what cannot be decided in {', '.join(f'“{one}”' for one in some)} comes out one way",
    )

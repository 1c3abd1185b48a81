"""How large things may be, and that a name means one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.house.test_rooms import modules, name_of, tree_of

#: A function's longest body in lines, and the most parameters beside ``self``.
LINES, PARAMETERS = 40, 6


def test_one_public_class_name_has_one_meaning() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name_of(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the house, with where it is."""
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(path)}:{node.name}", node


def test_functions_are_short() -> None:
    long = {where: size for where, node in functions() if (size := (node.end_lineno or 0) - node.lineno + 1) > LINES}
    assert long == {}


def test_functions_take_few_parameters() -> None:
    wide = {where: count for where, node in functions() if (count := _parameters(node)) > PARAMETERS}
    assert wide == {}, "what travels together is a noun"


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    every = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in every if name not in ("self", "cls")])

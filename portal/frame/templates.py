"""Templates made ready for one language: what is the same on every page is worked out once, when they are compiled.

Half of what a page costs is its building, and most of a page is words that never change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class OnceLoader(FileSystemLoader):
    """Compiles a template once, however many ask for it at the same moment: a portal that has just started is asked by all at once.

    It belongs to one environment.
    """

    def __init__(self, *folders: Any) -> None:
        super().__init__(*folders)
        # a template that extends or imports others asks for them while it is made
        self._lock = RLock()
        self._made: dict[str, Any] = {}

    def load(self, environment: Environment, name: str, globals: Any = None) -> Any:
        """The compiled template."""
        with self._lock:
            if name not in self._made:
                self._made[name] = super().load(environment, name, globals)
            return self._made[name]


class LanguageTemplates(Environment):
    """An environment in which calls of some functions with nothing but literals are worked out when a template is compiled.

    ``known`` are these functions by the names that templates call them by; they answer the same to the same arguments for ever.
    """

    def __init__(self, known: Mapping[str, Callable[..., str]], **options: Any) -> None:
        super().__init__(**options)
        self._known = known

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        own = {name.name for name in source.find_all(nodes.Name) if name.ctx != "load"}
        known = {name: function for name, function in self._known.items() if name not in own}
        worked_out: nodes.Template = _WorkedOut(known).visit(source)
        return super()._generate(worked_out, *args, **options)


class _WorkedOut(NodeTransformer):
    """Puts the answer in the place of a call."""

    def __init__(self, known: Mapping[str, Callable[..., str]]) -> None:
        self._known = known

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """The answer, if the call is of a known function and names its arguments in so many words; of ``_`` the words, with what stands in them."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        function = self._known.get(node.node.name)
        if function is None or not all(isinstance(one, nodes.Const) for one in node.args):
            return node
        said = [one.as_const() for one in node.args]
        if all(isinstance(named.value, nodes.Const) for named in node.kwargs):
            return nodes.Const(function(*said, **{named.key: named.value.as_const() for named in node.kwargs}))
        if node.node.name != "_":
            return node
        # the words with the gaps still in them, and what stands in each
        whole = function(*said, **{named.key: Markup(f"\0{named.key}\0") for named in node.kwargs})
        values = {named.key: named.value for named in node.kwargs}
        pieces = whole.split("\0")
        return nodes.Concat([values[one] if at % 2 else nodes.Const(Markup(one)) for at, one in enumerate(pieces)])


def fixed(templates: Environment, name: str) -> Markup:
    """A template that says the same to everybody in this language: it is rendered once, when a page that shows it is compiled."""
    return Markup(templates.get_template(name).render())


def spoken(gettext: Callable[[str], str]) -> Callable[..., Markup]:
    """What ``_`` says in a template: the words of a catalogue, which are our own, with what is put into them escaped."""
    return lambda words, /, **values: Markup(gettext(words)) % values

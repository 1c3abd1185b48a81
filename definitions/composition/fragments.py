"""Fragments: what several definitions share without copying. A definition names them with ``use``; its own words win.

Works on plain documents before the model sees them, so neither model, checks nor kernel know fragments. ``compose`` puts a definition
together with its fragments; ``resolved`` puts named texts (``$name``) and deadlines in their places. What is published is the composed
document: later edits of a fragment change nothing in it, and an override can still replace a text or a deadline by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from definitions.finding import Unreadable
from definitions.model.duration import DurationError
from definitions.model.term import terms_of
from definitions.problem import Path as Place
from definitions.problem import Problem, problem, unknown
from definitions.source.tree import Document, read
from definitions.text import Said

SHARED = Path(__file__).resolve().parents[1] / "library" / "fragments"
#: What a fragment may hold besides a title and help for people.
SECTIONS = ("fields", "roles", "resolutions", "texts", "deadlines")
_FOR_PEOPLE = ("title", "help", "use")
#: Keys whose value may be the name of a deadline.
_PERIODS = frozenset({"within", "is", "wait", "every", "after"})
#: Where an extension and a shelving say how much may be had.
_ALLOWED: Mapping[str, tuple[str, ...]] = {"extend": ("by",), "shelve": ("for",)}
_MOST_FRAGMENTS = 50

Plain = dict[str, Any]
#: Gives the text of a fragment and the name by which findings call its file; ``None`` if there is none.
Find = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Composed:
    """A definition with its fragments: the plain body, the documents that it came from (the definition's first), and what is wrong."""

    body: Any
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()

    def document_of(self, place: Place) -> Document:
        """The document in which most of a path can be walked; the definition's own if several are as good."""
        return max(self.documents, key=lambda document: _walked(document, place))


def _walked(document: Document, place: Place) -> int:
    return next((n for n in range(len(place), 0, -1) if document.find(place[:n]) is not None), 0)


def shared(beside: Path | None = None) -> Find:
    """Finds fragments beside a definition's file (its folder's ``fragments/``, or that of the folder above), then in the library."""
    folders = [beside.parent / "fragments", beside.parent.parent / "fragments"] if beside else []

    def find(name: str) -> tuple[str, str] | None:
        for folder in (*folders, SHARED):
            path = folder / f"{name}.yaml"
            if path.is_file():
                return path.read_text(encoding="utf-8"), str(path)
        return None

    return find


def known_fragments() -> tuple[str, ...]:
    """The names of the library's fragments."""
    return tuple(sorted(path.stem for path in SHARED.glob("*.yaml")))


def compose(document: Document, find: Find) -> Composed:
    """Put a definition together with the fragments that it uses, and those that they use."""
    body = document.plain()
    if not isinstance(body, dict) or "use" not in body:
        return Composed(body, (document,))
    gathered = _Gathering(find)
    gathered.gather(body, ("use",))
    own = {key: value for key, value in body.items() if key != "use"}
    merged = _merged(own, gathered.sections)
    problems = (*gathered.problems, *_conflicts(own, gathered.documents))
    return Composed(_pruned(merged, own), (document, *gathered.documents), problems)


class _Gathering:
    """The fragments that a definition uses, each read once."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._seen: list[str] = []
        self.documents: list[Document] = []
        self.problems: list[Problem] = []

    @property
    def sections(self) -> list[Plain]:
        """The plain fragments in the order in which they were named."""
        return [plain for document in self.documents if isinstance(plain := document.plain(), dict)]

    def gather(self, body: Plain, place: Place) -> None:
        """Read the fragments that ``use`` names; one that is used twice, or uses itself, is read once."""
        used = body.get("use") or []
        for name in [used] if isinstance(used, str) else used:
            if isinstance(name, str) and name not in self._seen and len(self._seen) < _MOST_FRAGMENTS:
                self._seen.append(name)
                self._read(name, place)

    def _read(self, name: str, place: Place) -> None:
        found = self._find(name) if "/" not in name and not name.startswith(".") else None
        if found is None:
            self.problems.append(unknown("unknown-fragment", place, Said("片段", "fragment"), name, known_fragments()))
            return
        document = read(*found)
        if document.findings:
            raise Unreadable(document.findings)
        self.documents.append(document)
        plain = document.plain()
        if not isinstance(plain, dict):
            return
        for key in plain:
            if key not in (*SECTIONS, *_FOR_PEOPLE):
                self.problems.append(
                    unknown("unknown-key", (key,), Said("片段内容", "part of a fragment"), key, SECTIONS)
                )
        self.gather(plain, place)


def _merged(own: Plain, fragments: Iterable[Plain]) -> Plain:
    """The definition's body with what the fragments add; a key that both have is merged, and the definition's words win."""
    body = dict(own)
    several = list(fragments)
    for section in SECTIONS:
        added: Plain = {}
        for fragment in several:
            part = fragment.get(section)
            for key, value in part.items() if isinstance(part, dict) else ():
                added.setdefault(key, value)
        mine = own.get(section, {})
        if added and isinstance(mine, dict):
            body[section] = _over(added, mine)
    return body


def _over(base: Mapping[str, Any], top: Mapping[str, Any]) -> Plain:
    """One mapping laid over another, one level deeper where both hold mappings that are no texts."""
    both = {**base, **top}
    for key in base.keys() & top.keys():
        if isinstance(base[key], dict) and isinstance(top[key], dict):
            both[key] = {**base[key], **top[key]}
    return both


def _conflicts(own: Plain, documents: Iterable[Document]) -> Iterator[Problem]:
    """Keys that two fragments say differently, and the definition does not settle."""
    first: dict[tuple[str, str], tuple[Any, str]] = {}
    for document in documents:
        plain = document.plain()
        for section in SECTIONS:
            part = plain.get(section) if isinstance(plain, dict) else None
            settled = own.get(section) or {}
            for key, value in part.items() if isinstance(part, dict) else ():
                earlier = first.setdefault((section, key), (value, document.name))
                if earlier[0] != value and key not in settled:
                    names = Path(earlier[1]).stem, Path(document.name).stem
                    yield problem(
                        "fragments-differ",
                        ("use",),
                        Said(
                            f"片段“{names[0]}”和“{names[1]}”对 {section} 中的“{key}”写法不同。",
                            f"The fragments “{names[0]}” and “{names[1]}” say “{key}” of {section} differently.",
                        ),
                        Said(f"请在流程里自己写明“{key}”。", f"Say “{key}” in the definition itself."),
                    )


def _pruned(body: Plain, own: Plain) -> Plain:
    """Without the roles of fragments that nothing names: a process shows those that take part in it, and no others."""
    roles = body.get("roles")
    if not isinstance(roles, dict):
        return body
    kept = dict(own.get("roles") or {})
    waiting = [{key: value for key, value in body.items() if key != "roles"}, own.get("roles") or {}]
    while waiting:
        for name in _names(waiting.pop()):
            if name in roles and name not in kept:
                kept[name] = roles[name]
                waiting.append(roles[name])
            elif name in roles and name in (own.get("roles") or {}):
                kept[name] = roles[name]
    return {**body, "roles": {key: kept[key] for key in roles if key in kept}}


def _names(part: Any) -> Iterator[str]:
    """Every text in a part of a document, and every key: whatever could name a role."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from _names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names(value)


def resolved(body: Any) -> tuple[Any, tuple[Problem, ...]]:
    """The body with named texts and deadlines in their places, without the lists of them; and the names that nothing bears."""
    if not isinstance(body, dict):
        return body, ()
    texts, deadlines = body.get("texts") or {}, body.get("deadlines") or {}
    rest = {key: value for key, value in body.items() if key not in ("texts", "deadlines")}
    if not (isinstance(texts, dict) and isinstance(deadlines, dict)):
        return rest, ()
    problems: list[Problem] = [*_wrong_deadlines(deadlines)]
    resolver = _Resolver(texts, deadlines, problems)
    return {key: resolver.resolve(value, (key,)) for key, value in rest.items()}, tuple(problems)


def _wrong_deadlines(deadlines: Plain) -> Iterator[Problem]:
    for name, value in deadlines.items():
        try:
            terms_of(str(value))
        except DurationError as error:
            yield Problem("wrong-value", ("deadlines", name), error.message, error.remedy)


class _Resolver:
    """Replaces names by what they stand for, wherever they stand."""

    def __init__(self, texts: Plain, deadlines: Plain, problems: list[Problem]) -> None:
        self._texts = texts
        self._deadlines = deadlines
        self._problems = problems

    def resolve(self, value: Any, place: Place, key: str = "") -> Any:
        if isinstance(value, dict):
            periods = value if key == "within each" else _ALLOWED.get(key, ())
            return {
                name: self.resolve(one, (*place, name), "within" if name in periods else name)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self.resolve(one, (*place, index), key) for index, one in enumerate(value)]
        if not isinstance(value, str):
            return value
        if value.startswith("$") and key not in ("when", "compute", "set", "with"):
            return self._text(value[1:], place)
        if key in _PERIODS and value in self._deadlines:
            return self._deadlines[value]
        return value

    def _text(self, name: str, place: Place) -> Any:
        if name not in self._texts:
            self._problems.append(unknown("unknown-text", place, Said("共用文字", "shared text"), name, self._texts))
            return {"zh": name, "en": name}
        return self._texts[name]

"""The one door through which definitions come in: text to findings and a frozen object.

``examine`` collects everything that is wrong; ``load`` is for those who expect a sound definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from definitions import checks
from definitions.calendars.reader import calendars as shipped_calendars
from definitions.checks import day
from definitions.composition.fragments import Composed, Find, compose, resolved, shared
from definitions.composition.mended import behind, beside_unknown
from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, in_order
from definitions.model.definition import Definition
from definitions.problem import Problem
from definitions.source.place import Mark
from definitions.source.tree import Document, Scalar, read

LIBRARY = Path(__file__).resolve().parent / "library"


class Unsound(Exception):
    """The definition was read, and must not be published; ``findings`` says why, all at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a text: the definition, unless its shape is wrong, its plain body, and all findings in the order of the file.

    ``notes`` say what could not be decided, and was taken as possible; they are no faults.
    """

    definition: Definition | None
    body: object
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


def examine(
    source: str | bytes,
    name: str,
    fragments: Find | None = None,
    *,
    calendars: Sequence[str] | None = None,
    today: date | None = None,
) -> Examined:
    """Read and check a definition; raises ``Unreadable`` when the text is no YAML that we read.

    ``fragments`` finds those that it uses; ``calendars`` are those that there are, by default the shipped ones. ``today``: what has
    passed already is told of, too; without it nothing is said of days.
    """
    document = read(source, name)
    composed = compose(document, fragments or shared(Path(name)))
    return _examined(composed, document.findings, calendars, today)


def examine_body(body: object, name: str, *, calendars: Sequence[str] | None = None) -> Examined:
    """Check a composed body that is in no file, such as one with an override laid over it; findings name places, not lines."""
    return _examined(Composed(body, (Document(name, Scalar(None, Mark(1, 1))),)), (), calendars)


def _examined(
    composed: Composed, findings: Iterable[Finding], calendars: Sequence[str] | None, today: date | None = None
) -> Examined:
    plain, problems = resolved(composed.body)
    found, said = [*composed.problems, *problems], list[Problem]()
    definition: Definition | None = None
    known = shipped_calendars() if calendars is None else calendars
    try:
        definition = Definition.model_validate(plain)
        checked = checks.checked(definition, known)
        found, said = [*found, *checked.problems], [*checked.notes]
        found += day.check(definition, today) if today is not None else ()
        found += beside_unknown(plain, known, checked.problems)
    except ValidationError as error:
        shape = problems_of_shape(error, plain)
        found += [*shape, *behind(plain, known, shape)]
    told, noted = ([composed.document_of(one.path).finding(one) for one in many] for many in (found, said))
    return Examined(definition, composed.body, in_order([*findings, *told]), in_order(noted))


def load(source: str | bytes, name: str) -> Definition:
    """A sound definition; ``Unreadable`` or ``Unsound`` otherwise."""
    examined = examine(source, name)
    if examined.findings or examined.definition is None:
        raise Unsound(examined.findings)
    return examined.definition


def located(source: str | bytes, name: str, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """What others than the checks here found in a definition, each with its place in the file."""
    composed = compose(read(source, name), shared(Path(name)))
    return in_order([composed.document_of(problem.path).finding(problem) for problem in problems])


def restore(body: object) -> Definition:
    """A definition that was published, from its composed body: it was sound by the checks of its time, and is not judged again by later ones."""
    return Definition.model_validate(resolved(body)[0])


def library() -> tuple[Path, ...]:
    """The files of the shipped definitions."""
    return tuple(sorted(LIBRARY.glob("*/definition.yaml")))

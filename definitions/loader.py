"""The one door through which definitions come in: text to findings and a frozen object.

``examine`` collects everything that is wrong; ``load`` is for those who expect a sound definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from definitions import checks
from definitions.checks.problem import Problem
from definitions.definition import Definition
from definitions.finding import Finding, in_order
from definitions.shape import problems_of_shape
from definitions.source import Document, Scalar, read

LIBRARY = Path(__file__).resolve().parent / "library"


class Unsound(Exception):
    """The definition was read, and must not be published; ``findings`` says why, all at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a text: the definition, unless its shape is wrong, its plain body, and all findings in the order of the file."""

    definition: Definition | None
    body: object
    findings: tuple[Finding, ...]


def examine(source: str | bytes, name: str) -> Examined:
    """Read and check a definition; raises ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    findings = list(document.findings)
    definition: Definition | None = None
    try:
        definition = Definition.model_validate(body)
        problems = checks.run(definition)
    except ValidationError as error:
        problems = problems_of_shape(error, body)
    findings += [_located(document, problem) for problem in problems]
    return Examined(definition, body, in_order(findings))


def load(source: str | bytes, name: str) -> Definition:
    """A sound definition; ``Unreadable`` or ``Unsound`` otherwise."""
    examined = examine(source, name)
    if examined.findings or examined.definition is None:
        raise Unsound(examined.findings)
    return examined.definition


def located(source: str | bytes, name: str, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    """What others than the checks here found in a definition, each with its place in the file."""
    document = read(source, name)
    return tuple(in_order([_located(document, problem) for problem in problems]))


def restore(source: str, name: str) -> Definition:
    """A definition that was published: it was sound by the checks of its time, and is not judged again by later ones."""
    return Definition.model_validate(read(source, name).plain())


def library() -> tuple[Path, ...]:
    """The files of the shipped definitions."""
    return tuple(sorted(LIBRARY.glob("*/definition.yaml")))


def _located(document: Document, problem: Problem) -> Finding:
    """The finding with its line and column: of the value if that is a single one, else of the key."""
    single = isinstance(document.find(problem.path), Scalar) and problem.rule != "unknown-key"
    return document.finding(
        problem.rule,
        problem.path,
        problem.message,
        problem.remedy,
        key=not single,
        position=problem.position if single else None,
        length=problem.length,
    )

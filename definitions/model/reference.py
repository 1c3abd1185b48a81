"""References: how one thing names another, as text: ``participant:12``, ``organisation:5``, ``issue:7``, ``file:<digest>``, ``industry:law``.

States, histories and answers of forms keep the text; this is the one place that makes it and takes it apart.
"""

from __future__ import annotations

from typing import NamedTuple


class NoReference(ValueError):
    """A text that should be a reference is none."""

    def __init__(self, text: str, wanted: str = "participant:12") -> None:
        super().__init__(f"“{text}” is no reference such as {wanted}")


class Reference(NamedTuple):
    """What kind of thing is meant, and which one; ``str`` gives the text that is kept."""

    kind: str
    key: str

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The reference in a text; ``NoReference`` if there is none."""
        found = cls.read(text)
        if found is None:
            raise NoReference(text)
        return found

    @classmethod
    def read(cls, text: str) -> Reference | None:
        """The reference in a text that somebody entered, which may be none."""
        kind, colon, key = text.partition(":")
        return cls(kind, key) if kind and colon and key else None

    @property
    def number(self) -> int:
        """The number of what is numbered; ``NoReference`` for what is called by a code."""
        if not self.numbered:
            raise NoReference(str(self), f"{self.kind}:12")
        return int(self.key)

    @property
    def numbered(self) -> bool:
        """Whether it names its thing by a number."""
        return self.key.isascii() and self.key.isdigit()

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def reference(kind: str, key: int | str) -> str:
    """The text that names a thing of this kind."""
    return f"{kind}:{key}"


def participant(number: int) -> str:
    """The reference of a person."""
    return reference("participant", number)


def organisation(number: int) -> str:
    """The reference of a department."""
    return reference("organisation", number)


def issue(number: int) -> str:
    """The reference of an issue, by its id."""
    return reference("issue", number)


def refers_to(value: object, *kinds: str) -> bool:
    """Whether a value is a reference to something of one of these kinds."""
    return isinstance(value, str) and value.partition(":")[0] in kinds and ":" in value

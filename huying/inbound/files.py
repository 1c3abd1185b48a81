"""Files that came with a message: those that this house takes, by its own check of what is in them; and what is said of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from definitions.text import LISTED, Said
from engine.refusal import Refusal
from huying.house.by import By
from huying.house.house import House
from huying.house.kept import taken
from huying.issues.attachments import MOST_BYTES, MOST_FILES, attach
from huying.issues.opening import Upload

#: As Outlook sends what no other program reads.
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
#: So long a remark may be; what is beyond stands in the message.
_LONGEST = 4_800
_MORE = Said("……（其余见来信全文）", "… (the rest is in the message)")
_NOTHING = Said("（没有正文，见附件。）", "(There are no words, only files.)")
_LEFT = Said("（{n} 个附件没有收下：{names}。）", "({n} files were not taken: {names}.)")


@dataclass(frozen=True, slots=True)
class EnclosedFile:
    """A file in a message: what it is said to be called, its declared kind, and its bytes."""

    name: str
    kind: str
    content: bytes

    @property
    def tnef(self) -> bool:
        """Whether it is a package that only Outlook opens."""
        return self.kind in _TNEF or self.name.lower() == "winmail.dat"


@dataclass(frozen=True, slots=True)
class SortedFiles:
    """Files of a message: those that this house takes, and of the others the names, each with why not."""

    taken: tuple[Upload, ...]
    left: tuple[tuple[str, str], ...]


def sorted_files(house: House, files: Iterable[EnclosedFile]) -> SortedFiles:
    """Which files are taken."""
    good: list[Upload] = []
    left: list[tuple[str, str]] = []
    size = 0
    for file in files:
        try:
            taken(house.store, file.name, file.content)
        except Refusal as refusal:
            left.append((file.name, "tnef" if file.tnef else refusal.code))
            continue
        size += len(file.content)
        if len(good) >= MOST_FILES or size > MOST_BYTES:
            left.append((file.name, "too-many"))
        else:
            good.append(Upload(file.name, file.content))
    return SortedFiles(tuple(good), tuple(left))


def told_files(files: Iterable[EnclosedFile], found: SortedFiles | None = None) -> list[dict[str, Any]]:
    """What is noted of the files: names, kinds, sizes, and why one was not taken."""
    why = dict(found.left) if found else {}
    return [
        {
            "name": one.name,
            "kind": one.kind,
            "size": len(one.content),
            **({"left": why[one.name]} if one.name in why else {}),
        }
        for one in files
    ]


def hand_over(house: House, issue: int, files: Sequence[Upload], by: By, *, public: bool) -> None:
    """Add files to an issue, each once."""
    for number, file in enumerate(files):
        attach(house, issue, file.name, file.content, by.part(f"-{number}"), public=public)


def remark_of(words: str, files: SortedFiles, language: str) -> str:
    """The words of a remark: what was written, within bounds, and which files were not taken."""
    said = words.strip() or _NOTHING.of(language)
    if len(said) > _LONGEST:
        said = said[: _LONGEST - 100] + _MORE.of(language)
    if files.left:
        names = LISTED.of(language).join(name for name, _ in files.left[:5])
        said = f"{said}\n\n{_LEFT.of(language).format(n=len(files.left), names=names)}"
    return said

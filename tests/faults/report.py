"""What a run of the fault suite came to: kinds, how many faults were injected, what the checker found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson


@dataclass
class Kind:
    """One kind of fault."""

    name: str
    title: str
    injected: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)
    note: str = ""


def as_markdown(kinds: Sequence[Kind]) -> str:
    """A table for people."""
    lines = ["| fault | injected | findings | seconds |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {kind.title} | {kind.injected:,} | {len(kind.findings)} | {kind.seconds:.0f} |" for kind in kinds]
    total = sum(kind.injected for kind in kinds)
    found = sum(len(kind.findings) for kind in kinds)
    seconds = sum(kind.seconds for kind in kinds)
    lines.append(f"| **{len(kinds)} kinds** | **{total:,}** | **{found}** | {seconds:.0f} |")
    lines += [f"\n**{kind.title}**: {one}" for kind in kinds for one in kind.findings[:20]]
    return "\n".join(lines) + "\n"


def write(path: Path, kinds: Sequence[Kind]) -> None:
    """As Markdown or JSON, by the file's name."""
    if path.suffix == ".json":
        path.write_bytes(orjson.dumps([asdict(kind) for kind in kinds], option=orjson.OPT_INDENT_2))
    else:
        path.write_text(as_markdown(kinds), "utf-8")

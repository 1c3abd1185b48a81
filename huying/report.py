"""Findings for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson

from definitions.finding import Finding


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a check, and the texts in which they were found, by file."""

    findings: tuple[Finding, ...]
    texts: Mapping[str, str]

    def json(self) -> str:
        """``{"findings": [{rule, file, line, column, message: {zh, en}, remedy: {zh, en}}]}``."""
        rows = [{**asdict(f), "message": dict(f.message), "remedy": dict(f.remedy)} for f in self.findings]
        return orjson.dumps({"findings": rows}, option=orjson.OPT_INDENT_2).decode()

    def text(self) -> str:
        """Each finding with its line and a caret under the place."""
        return "\n\n".join(self._one(finding) for finding in self.findings)

    def _one(self, finding: Finding) -> str:
        head = f"{finding.file}:{finding.line}:{finding.column}: {finding.rule}"
        said = [f"  {finding.message['zh']}{finding.remedy['zh']}", f"  {finding.message['en']} {finding.remedy['en']}"]
        return "\n".join([head, *self._excerpt(finding), *said])

    def _excerpt(self, finding: Finding) -> list[str]:
        lines = self.texts.get(finding.file, "").splitlines()
        if not 1 <= finding.line <= len(lines):
            return []
        line = lines[finding.line - 1]
        # wide characters take two cells on a terminal
        before = sum(2 if ord(c) > 0x2E80 else 1 for c in line[: finding.column - 1])
        return [f"{finding.line:>5} | {line}", f"      | {' ' * before}^"]

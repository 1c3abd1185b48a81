"""The fault suite by itself, with a report: ``python -m tests.faults [short|long|NUMBER] [FILE.md] [FILE.json]``."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def main(arguments: list[str]) -> int:
    """Run it; pytest's exit code."""
    length = next((one for one in arguments if not Path(one).suffix), "short")
    files = [one for one in arguments if Path(one).suffix]
    with TemporaryDirectory() as folder:
        table = Path(folder) / "report.md"
        options = [f"--faults={length}", f"--faults-report={','.join([str(table), *files])}"]
        code = pytest.main([str(Path(__file__).parent), "-p", "no:randomly", *options])
        if table.exists():
            sys.stdout.write(table.read_text("utf-8"))
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

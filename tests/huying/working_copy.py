"""A working copy as a newcomer has it after the first command, made in a moment: the environment is that of the tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LOCK = "requirements.txt"


def working_copy(folder: Path) -> Path:
    """A folder with the project's files and an environment that fits its lock."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    shutil.copy(ROOT / _LOCK, folder)
    for package in ("definitions", "engine", "models", "notifications", "huying", "flows", "portal", "docs"):
        (folder / package).symlink_to(ROOT / package)
    _environment(folder / ".venv", folder / _LOCK)
    return folder


def _environment(made: Path, lock: Path) -> None:
    """An environment of its own, whose packages are those that the tests run with."""
    here = Path(sys.prefix)
    (made / "bin").mkdir(parents=True)
    (made / "bin" / "python").symlink_to(sys.executable)
    (made / "lib").symlink_to(here / "lib")
    shutil.copy(here / "pyvenv.cfg", made)
    with lock.open("rb") as text:
        (made / f".lock-{_LOCK}").write_bytes(
            subprocess.run(["cksum"], stdin=text, capture_output=True, check=True).stdout
        )


def typed(line: str, folder: Path, home: Path, shell: str = "sh") -> subprocess.CompletedProcess[str]:
    """A line that somebody types in a fresh shell, which knows nothing but where programs and the home are."""
    return subprocess.run(
        [shell, "-c", line],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )

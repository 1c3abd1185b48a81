"""The usual shelf: a folder of this machine, or one that several share."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from huying.shelf.store import Lying

#: What a file is called between being set aside and being removed.
LEFT = ".left"
_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z]+)?", re.ASCII)
_HALF = "tmp"


@dataclass(frozen=True, slots=True)
class Folder:
    """Files below folders that are called by the first two digits of their names."""

    root: Path

    def place(self, name: str) -> Path:
        """Where it lies; ``ValueError`` for what is no name of ours."""
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return self.root / name[:2] / name

    def write(self, name: str, content: bytes) -> None:
        """Write beside, and give it its name when all of it is on the disk; the name, too."""
        path = self.place(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_HALF, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
        for folder in (path.parent, self.root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def read(self, name: str) -> bytes | None:
        """What lies there; ``None`` if nothing does."""
        try:
            return self.place(name).read_bytes()
        except FileNotFoundError:
            return None

    def touch(self, name: str) -> bool:
        """Whether it lies there; then it is new again."""
        try:
            os.utime(self.place(name))
        except FileNotFoundError:
            return False
        return True

    def lying(self) -> Iterator[Lying]:
        """Whole files, by the disk's own clock."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            age = _age(path) if _NAME.fullmatch(path.name) and path.suffix != LEFT else None
            if age is not None:
                yield Lying(path.name, age)

    def now(self) -> float:
        """By the clock that dates the files: neither a house's clock nor this machine's need be the same."""
        if not self.root.is_dir():
            return 0.0
        with tempfile.TemporaryFile(dir=self.root) as file:
            return os.fstat(file.fileno()).st_mtime

    def remove(self, name: str, before: float) -> bool:
        """Set it aside, look once more whether it is new again, and only then remove it."""
        path = self.place(name)
        aside = path.with_name(path.name + LEFT)
        try:
            os.replace(path, aside)
            if aside.stat().st_mtime >= before:
                os.replace(aside, path)
                return False
            aside.unlink()
        except FileNotFoundError:
            # another process clears up, too
            return False
        return True

    def begins(self, name: str) -> bytes:
        """The first 256 bytes of what lies there; none if nothing does."""
        try:
            with self.place(name).open("rb") as file:
                return file.read(256)
        except FileNotFoundError:
            return b""

    def drop(self, name: str) -> None:
        """Take it away, whenever it was new."""
        self.place(name).unlink(missing_ok=True)

    def mend(self, before: float) -> int:
        """What was set aside lies where it lay, and is new again; what was half written goes."""
        for aside in self.root.glob(f"[0-9a-f][0-9a-f]/*{LEFT}"):
            try:
                os.utime(aside)
                os.replace(aside, aside.with_name(aside.name.removesuffix(LEFT)))
            except FileNotFoundError:
                continue
        gone = 0
        for half in self.root.glob(f"[0-9a-f][0-9a-f]/{_HALF}*"):
            age = _age(half)
            if age is not None and age < before:
                half.unlink(missing_ok=True)
                gone += 1
        return gone

    def clear(self) -> None:
        """Take the folder away."""
        if self.root.is_dir():
            shutil.rmtree(self.root)


def _age(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None

"""Merkle trees as RFC 6962 has them: one root over any number of leaves, and a short path by which somebody sees that a leaf is under a root."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """A leaf; it cannot be mistaken for a node."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """What stands over two."""
    return sha256(b"\x01" + left + right).digest()


class Growth:
    """A tree that grows leaf by leaf, of which no more is kept than its root needs."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, content: bytes) -> None:
        """One more leaf."""
        made, size = leaf_hash(content), self.size
        while size & 1:
            made, size = node_hash(self._peaks.pop(), made), size >> 1
        self._peaks.append(made)
        self.size += 1

    @property
    def root(self) -> bytes:
        """Over all leaves so far."""
        if not self._peaks:
            return EMPTY
        made = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            made = node_hash(peak, made)
        return made


def root_of(contents: Iterable[bytes]) -> bytes:
    """The root over leaves."""
    tree = Growth()
    for content in contents:
        tree.add(content)
    return tree.root


def path_to(contents: Sequence[bytes], position: int) -> list[tuple[str, str]]:
    """The way from a leaf to the root: at each step on which side the other one stands, and its hash as hexadecimal characters."""
    level, path = [leaf_hash(content) for content in contents], []
    while len(level) > 1:
        other = position ^ 1
        if other < len(level):
            path.append(("left" if other < position else "right", level[other].hex()))
        paired = [node_hash(*level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        # the last one without another goes up as it is
        level, position = paired + level[len(paired) * 2 :], position >> 1
    return path


def climbed(content: bytes, path: Iterable[tuple[str, str]]) -> bytes:
    """The root to which a path leads."""
    made = leaf_hash(content)
    for side, other in path:
        made = node_hash(bytes.fromhex(other), made) if side == "left" else node_hash(made, bytes.fromhex(other))
    return made

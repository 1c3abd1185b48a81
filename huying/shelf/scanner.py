"""A scanner for viruses: ClamAV's daemon, asked over its socket. The file is sent to it; it needs no right to read anything."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_ADDRESS = re.compile(r"unix:(/.+)|tcp:([^:/\s]+|\[[0-9a-f:]+\]):(\d{1,5})")
#: So long may looking at a file of ten megabytes take, in seconds; to be let in takes a moment or nothing.
_WITHIN, _LET_IN = 30.0, 2.0


class ScanFinding(Enum):
    """What a scanner says of a file; ``AWAY``: it says nothing, and has to be asked again."""

    CLEAN = "clean"
    INFECTED = "infected"
    AWAY = "away"


class Verdict(NamedTuple):
    """What was found, and how it is called, or why nothing was said."""

    finding: ScanFinding
    said: str = ""


@dataclass(frozen=True, slots=True)
class Scanner:
    """The daemon at ``unix:/run/clamav/clamd.ctl`` or ``tcp:HOST:PORT``."""

    address: str

    def look(self, content: bytes) -> Verdict:
        """What it says of these bytes. Whatever it says that is not understood is no “clean”."""
        try:
            with self._socket() as talk:
                talk.settimeout(_WITHIN)
                talk.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), _CHUNK):
                    part = content[start : start + _CHUNK]
                    talk.sendall(len(part).to_bytes(4, "big") + part)
                talk.sendall(bytes(4))
                answer = _answer(talk)
        except (OSError, ValueError) as error:
            return Verdict(ScanFinding.AWAY, type(error).__name__)
        if answer == "stream: OK":
            return Verdict(ScanFinding.CLEAN)
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return Verdict(ScanFinding.INFECTED, answer[8:-6][:100])
        return Verdict(ScanFinding.AWAY, answer[:100] or "no answer")

    def _socket(self) -> socket.socket:
        found = _ADDRESS.fullmatch(self.address)
        if found is None:
            raise ValueError(self.address)
        if found[1] is None:
            return socket.create_connection((found[2].strip("[]"), int(found[3])), _LET_IN)
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(_LET_IN)
        try:
            made.connect(found[1])
        except OSError:
            made.close()
            raise
        return made


def _answer(talk: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        part = talk.recv(_LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", errors="replace") if said.endswith(b"\0") else ""
